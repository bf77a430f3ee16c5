import type { SeenCall, SeenTrace } from '../model/seen-trace.ts';
import { readTag } from '../model/tag-names.ts';
import type { TaggedSpans } from './trace-texts.ts';
import * as say from './trace-texts.ts';

/**
 * What one trace says to a claim about it.
 * - `holds`: seen.
 * - `refuted`: the opposite was seen, so that `.not` holds.
 * - `fails`: the trace is not as claimed, and the opposite is not shown either. Neither the claim nor `.not` holds.
 * - `open`: nothing was seen that decides it. Neither holds (docs/architecture.md#rule-10).
 */
export interface Claim {
  readonly state: 'holds' | 'refuted' | 'fails' | 'open';
  /** What was seen. */
  readonly received: string;
}

/** A caller calls a callee, and both spans of the call are in the trace. */
export function callClaim(trace: SeenTrace, caller: string, callee: string): Claim {
  if (trace.spans.length === 0) return open(say.noSpans(trace));
  const calls = trace.calls.filter((call) => call.caller === caller && call.callee === callee);
  const whole = calls.find(({ seen }) => seen === 'whole');
  if (whole !== undefined) return { state: 'holds', received: say.wholeCall(whole) };
  const elsewhere = calls.find(({ seen }) => seen === 'elsewhere');
  if (elsewhere !== undefined) return fails(say.callElsewhere(elsewhere));
  const half = calls.find(({ seen }) => seen === 'half');
  if (half !== undefined) return isOpen(trace) ? open(say.mayChange(trace)) : fails(say.halfCall(half));
  if (isOpen(trace)) return open(say.mayChange(trace));
  const nowhere = calls.find(({ seen }) => seen === 'nowhere');
  if (nowhere !== undefined) return fails(say.callNowhere(nowhere));
  if (calls.length > 0) return open(say.callUnknown(caller, callee));
  return notCalled(trace, caller, callee);
}

/** No call was seen, and none was expected: it counts as not made only where calls of the caller are seen at all. */
function notCalled(trace: SeenTrace, caller: string, callee: string): Claim {
  const isAtWork = trace.spans.some(({ service, proxy }) => service === caller && proxy);
  if (!isAtWork) return open(say.callerAbsent(trace, caller));
  const own = trace.calls.filter((call) => call.caller === caller);
  const shown = own.find(({ seen, context }) => seen === 'whole' && context === 'kept');
  const hidden = own.find(({ context }) => context !== 'kept');
  if (shown === undefined || hidden !== undefined || trace.elsewhere.length > 0)
    return open(say.callsNotShown(caller, callee));
  return { state: 'refuted', received: say.otherCalls(own) };
}

/** One entry, every span below it, and nothing of the request in another trace. */
export function oneTreeClaim(trace: SeenTrace): Claim {
  const { spans, elsewhere } = trace;
  if (spans.length === 0) return open(say.noSpans(trace));
  if (elsewhere.length > 0) return { state: 'refuted', received: say.partsElsewhere(elsewhere) };
  if (isOpen(trace)) return open(say.mayChange(trace));
  const loose = spans.filter(({ marks }) => marks.some((mark) => mark !== 'entry'));
  if (loose.length > 0) return { state: 'refuted', received: say.looseSpans(loose) };
  if (!spans.some(({ marks }) => marks.includes('entry'))) return { state: 'refuted', received: 'no entry span' };
  const unseen = trace.calls.filter(({ seen, declared }) => declared && seen !== 'whole');
  if (unseen.length > 0) return open(say.unseenCalls(unseen));
  return { state: 'holds', received: say.treeOf(trace) };
}

/** The trace context survives the calls of applications in it, or one of them. */
export function contextClaim(trace: SeenTrace, caller?: string, callee?: string): Claim {
  if (trace.spans.length === 0) return open(say.noSpans(trace));
  const isAsked = (call: SeenCall) =>
    caller === undefined ? call.declared : call.caller === caller && (callee === undefined || call.callee === callee);
  const calls = trace.calls.filter(isAsked);
  if (calls.length === 0)
    return open(caller === undefined ? say.noCalls(trace) : say.callNotSeen(trace, caller, callee));
  const harmed = calls.filter(({ context, waived }) => context === 'harmed' && waived === undefined);
  const [first] = harmed;
  if (first !== undefined) return { state: 'refuted', received: say.harmedCall(first) };
  const unknown = calls.find(({ context }) => context === 'unknown');
  if (unknown !== undefined) return open(isOpen(trace) ? say.mayChange(trace) : say.contextUnknown(unknown));
  return { state: 'holds', received: say.keptCalls(calls) };
}

/** At least one span has the tag, with this value where one is given. Values are texts, as all tags of a capture. */
export function tagClaim(trace: SeenTrace, tag: string, value: TagValue | undefined, spans: TaggedSpans): Claim {
  const { of, kind } = spans;
  const asked = trace.spans.filter(
    (span) => (of === undefined || span.service === of) && (kind === undefined || span.kind === kind),
  );
  if (trace.spans.length === 0) return open(say.noSpans(trace));
  if (asked.length === 0) return open(say.noSuchSpans(trace, spans));
  const values = asked.flatMap((span) => readTag(span.tags, tag) ?? []);
  const found = values.find((one) => fits(one, value));
  if (found !== undefined) return { state: 'holds', received: say.tagSeen(tag, found, spans) };
  // A span that is missing may have it.
  if (isOpen(trace)) return open(say.mayChange(trace));
  const isWhole =
    trace.elsewhere.length === 0 &&
    trace.calls.every(
      (call) => call.seen === 'whole' || (of !== undefined && call.caller !== of && call.callee !== of),
    );
  const received = say.tagNotSeen(tag, values, asked);
  return isWhole ? { state: 'refuted', received } : fails(received);
}

/** A text or number that the tag has, or an expression that it matches. */
export type TagValue = string | number | boolean | RegExp;

function fits(text: string, value: TagValue | undefined): boolean {
  if (value === undefined) return true;
  if (!(value instanceof RegExp)) return text === String(value);
  // A sticky or global one remembers where it was.
  return text.search(value) >= 0;
}

const open = (received: string): Claim => ({ state: 'open', received });
const fails = (received: string): Claim => ({ state: 'fails', received });
const isOpen = ({ settled }: SeenTrace) => settled === 'deadline';
