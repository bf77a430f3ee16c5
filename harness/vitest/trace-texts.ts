import { factText } from '../../reports/text/fact-text.ts';
import { plural } from '../model/numbers.ts';
import type { SeenCall, SeenElsewhere, SeenSpan, SeenTrace } from '../model/seen-trace.ts';

// What was seen of a trace, in words, for the messages of the matchers.

/** Which spans a tag is looked for on; absent: all. */
export interface TaggedSpans {
  /** Service that made the span. */
  readonly of?: string;
  readonly kind?: 'client' | 'server';
}

const arrow = ({ caller, callee }: Pick<SeenCall, 'caller' | 'callee'>) => `${caller} → ${callee}`;
const each = (names: readonly string[]) => [...new Set(names)].join(', ') || 'none';

export function noSpans({ settled }: SeenTrace): string {
  const why =
    settled === 'absent' ? 'although a later probe was traced' : 'and the time for waiting (--settle-timeout) is over';
  return `no span of this trace came, ${why}`;
}

export function mayChange({ spans }: SeenTrace): string {
  return `${plural(spans.length, 'span')}, and more may come: the trace still changed when the time for waiting (--settle-timeout) was over`;
}

export function wholeCall(call: SeenCall): string {
  return `${arrow(call)}${answered(call)}`;
}

export function callElsewhere(call: SeenCall): string {
  const where = call.elsewhere === undefined ? 'in another trace' : `in trace ${call.elsewhere}`;
  return `${arrow(call)} was made ${where}${because(call)}`;
}

export function halfCall(call: SeenCall): string {
  return `${call.caller} calls ${call.callee}${answered(call)}, and ${call.callee} has no span below that call${because(call)}`;
}

export function callNowhere(call: SeenCall): string {
  return `no span of ${arrow(call)}${because(call)}`;
}

export function callUnknown(caller: string, callee: string): string {
  return `no span of ${caller} → ${callee}, and nothing shows that the mesh would see it: does the port of ${callee} name a protocol, and does ${callee} have a sidecar?`;
}

export function callerAbsent({ spans }: SeenTrace, caller: string): string {
  return `no span of ${caller}; spans of ${each(spans.map(({ service }) => service))}`;
}

export function callsNotShown(caller: string, callee: string): string {
  return `no span of ${caller} → ${callee}, and no whole set of other calls of ${caller} that would show that its calls are seen`;
}

export function otherCalls(calls: readonly SeenCall[]): string {
  return `${calls.map(arrow).join(', ')}, and no other call of this caller`;
}

export function partsElsewhere(parts: readonly SeenElsewhere[]): string {
  const one = ({ id, spans, services, link }: SeenElsewhere) =>
    `${plural(spans, 'span')} of ${each(services)} in trace ${id}${link === undefined ? '' : ` (${link})`}`;
  return `parts of the request in other traces: ${parts.map(one).join('; ')}`;
}

const MARKS: Readonly<Record<SeenSpan['marks'][number], string>> = {
  entry: 'entry',
  'second-entry': 'a second entry',
  orphan: 'its parent is not in the trace',
  'self-parent': 'it is its own parent',
  duplicate: 'its id is there twice',
  cycle: 'it is its own ancestor',
};

export function looseSpans(spans: readonly SeenSpan[]): string {
  const one = ({ kind, service, id, marks }: SeenSpan) =>
    `${kind.toUpperCase()} span ${id} of ${service} (${marks.map((mark) => MARKS[mark]).join(', ')})`;
  const more = spans.length > 3 ? `; and ${spans.length - 3} more` : '';
  return `${spans.slice(0, 3).map(one).join('; ')}${more}`;
}

export function unseenCalls(calls: readonly SeenCall[]): string {
  return `one tree of what was seen, but not all of the request was: ${calls.map(arrow).join(', ')}`;
}

export function treeOf({ spans }: SeenTrace): string {
  return `${plural(spans.length, 'span')} below one entry`;
}

export function noCalls({ spans }: SeenTrace): string {
  return `no call that the definition has; spans of ${each(spans.map(({ service }) => service))}`;
}

export function callNotSeen({ calls }: SeenTrace, caller: string, callee?: string): string {
  return `no span of ${caller} → ${callee ?? 'any service'}; calls: ${calls.map(arrow).join(', ') || 'none'}`;
}

export function harmedCall(call: SeenCall): string {
  return `${arrow(call)}${because(call)}`;
}

export function contextUnknown(call: SeenCall): string {
  const what = call.seen === 'half' ? halfCall(call) : `${arrow(call)}: nothing shows what became of its context`;
  return what;
}

export function keptCalls(calls: readonly SeenCall[]): string {
  const waived = calls.filter((call) => call.waived !== undefined);
  const note =
    waived.length === 0
      ? ''
      : ` (does not count: ${waived.map((call) => `${arrow(call)}, ${waiver(call)}`).join('; ')})`;
  return `kept at ${
    calls
      .filter(({ context }) => context === 'kept')
      .map(arrow)
      .join(', ') || 'no call'
  }${note}`;
}

export function noSuchSpans({ spans }: SeenTrace, asked: TaggedSpans): string {
  return `no ${spanWords(asked)}; spans of ${each(spans.map(({ service }) => service))}`;
}

export function tagSeen(tag: string, value: string, asked: TaggedSpans): string {
  return `${tag} = ${JSON.stringify(value)} on a ${spanWords(asked)}`;
}

export function tagNotSeen(tag: string, values: readonly string[], spans: readonly SeenSpan[]): string {
  const count = plural(spans.length, 'span');
  if (values.length > 0) return `${tag} = ${each(values.map((value) => JSON.stringify(value)))} on ${count}`;
  const names = each(spans.flatMap(({ tags }) => Object.keys(tags)).toSorted());
  return `no tag ${tag} on ${count}; tags: ${names}`;
}

/** `SERVER span of orders` */
export function spanWords({ of, kind }: TaggedSpans): string {
  return `${kind === undefined ? '' : `${kind.toUpperCase()} `}span${of === undefined ? '' : ` of ${of}`}`;
}

function answered({ answer }: SeenCall): string {
  if (answer === undefined || (answer.status === undefined && answer.flags.length === 0)) return '';
  const status = answer.status === 0 ? 'no answer' : `answer ${answer.status ?? 'unknown'}`;
  return ` (${[status, ...answer.flags].join(' ')})`;
}

function because({ defect }: SeenCall): string {
  if (defect === undefined) return '';
  return `: ${factText(defect.received)} (${defect.code}, ${defect.causes.join(' or ') || 'cause unknown'})`;
}

function waiver({ waived }: SeenCall): string {
  return `--${waived?.by ?? ''}${waived?.reason === undefined ? '' : `: ${waived.reason}`}`;
}
