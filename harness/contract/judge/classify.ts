import type { ServiceKind } from '../../model/contract.ts';
import { compareValues, type How } from './compare-values.ts';
import type { HeaderOutcome } from './forms.ts';
import { type HeaderFamily, headerOf } from './headers.ts';
import type { Pairs } from './identity.ts';
import {
  contextOf,
  type ReadContext,
  readB3,
  readTraceparent,
  sameDecision,
  sameTraceForm,
  valuesOf,
} from './read-context.ts';

/** What became of one header at one call. */
export interface HeaderCell {
  readonly header: string;
  readonly outcome: HeaderOutcome;
  /** In which way it was changed. */
  readonly how?: How;
  readonly sent: readonly string[];
  readonly got: readonly string[];
}

/** By family: whether the service copies the headers, or writes a context of its tracer. */
export type Kinds = Readonly<Partial<Record<HeaderFamily, ServiceKind>>>;

export interface ClassifyContext {
  readonly kinds: Kinds;
  /** True where a value has an id of another request of the run. */
  readonly isForeign: (value: string) => boolean;
}

/** What became of each of these headers, those that were neither sent nor received left out. */
export function classifyCall(
  sent: Pairs,
  got: Pairs,
  names: readonly string[],
  context: ClassifyContext,
): readonly HeaderCell[] {
  const request = contextOf(sent);
  return names.flatMap((header): HeaderCell[] => {
    const values = { sent: valuesOf(header, sent), got: valuesOf(header, got) };
    if (values.sent.length === 0 && values.got.length === 0) return [];
    const verdict = classify(header, values, { ...context, request, call: contextOf(got), gotNames: got });
    return [{ header, ...verdict, ...values }];
  });
}

interface Values {
  readonly sent: readonly string[];
  readonly got: readonly string[];
}

interface Around extends ClassifyContext {
  readonly request: ReadContext;
  readonly call: ReadContext;
  readonly gotNames: Pairs;
}

type Verdict = Pick<HeaderCell, 'outcome' | 'how'>;

function classify(header: string, values: Values, around: Around): Verdict {
  const { sent, got } = values;
  const same = compareValues(header, sent, got);
  if (same.outcome === 'unchanged' || same.outcome === 'allowed') return same;
  if (got.some(around.isForeign)) return { outcome: 'foreign' };
  if (got.length === 0) return lost(header, around);
  const { family } = headerOf(header);
  const isTracer = around.kinds[family] === 'tracer';
  if (sent.length === 0) return unasked(header, got, around, isTracer);
  if (header === 'x-b3-spanid' && got[0] === around.request.parentId)
    return { outcome: 'changed', how: 'parent-as-span' };
  return isTracer ? byTracer(header, values, around, same) : same;
}

/** Lost, unless the call carries the same in the other form of B3, or a tracer has replaced it. */
function lost(header: string, { kinds, request, call, gotNames }: Around): Verdict {
  const { family } = headerOf(header);
  // Of the decision alone there is no trace to compare.
  const isSameTrace = (request.traceId ?? request.sampled) !== undefined && call.traceId === request.traceId;
  const others = { b3: ['b3'], 'b3-single': ['x-b3-traceid', 'x-b3-sampled'] }[family as string] ?? [];
  const isTracer = kinds[family] === 'tracer';
  if (isSameTrace && others.some((other) => valuesOf(other, gotNames).length > 0))
    return { outcome: 'allowed', how: 'translated' };
  // A new span has no need to name its parent, and debug is a decision to sample.
  if (isTracer && header === 'x-b3-parentspanid' && isSameTrace) return { outcome: 'child' };
  if (isTracer && header === 'x-b3-flags' && call.sampled === '1')
    return { outcome: 'allowed', how: 'debug-as-sampled' };
  return { outcome: 'dropped' };
}

/** Received without having been sent: the same context in another format, what a tracer adds, or invented. */
function unasked(header: string, got: readonly string[], { kinds, request }: Around, isTracer: boolean): Verdict {
  const translated: Verdict = { outcome: 'allowed', how: 'translated' };
  const [value = ''] = got;
  const anyTracer = isTracer || Object.values(kinds).includes('tracer');
  if (header === 'x-request-id') return { outcome: 'allowed', how: 'generated' };
  const read = readUnasked(header, value);
  if (read !== undefined && (request.traceId ?? request.sampled) !== undefined) {
    const isSame = (part: keyof ReadContext) => read[part] === undefined || read[part] === request[part];
    if (isSame('traceId') && (isSame('spanId') || anyTracer)) {
      const decided = read.sampled === undefined || decisionOf(read.sampled) === decisionOf(request.sampled);
      if (decided || (request.sampled === undefined && anyTracer)) return translated;
    }
  }
  if (anyTracer) return { outcome: 'restarted' };
  return { outcome: 'invented' };
}

/** Debug implies a decision to sample (openzipkin/b3-propagation, "Debug Flag"). */
const decisionOf = (sampled: string | undefined) => (sampled === 'd' ? '1' : sampled);

function readUnasked(header: string, value: string): ReadContext | undefined {
  switch (header) {
    case 'traceparent':
      return readTraceparent(value);
    case 'b3':
      return readB3(value);
    case 'x-b3-traceid':
      return { traceId: sameTraceForm(value) };
    case 'x-b3-spanid':
      return { spanId: value.toLowerCase() };
    case 'x-b3-parentspanid':
      return { parentId: value.toLowerCase() };
    case 'x-b3-sampled':
      return { sampled: sameDecision(value) };
    default:
      return undefined;
  }
}

/** The rule of a tracer: the same trace, a new span, the same decision; own members before those of tracestate. */
function byTracer(header: string, { sent, got }: Values, { request, call }: Around, otherwise: Verdict): Verdict {
  const [value = ''] = got;
  switch (header) {
    case 'traceparent':
    case 'b3': {
      const read = header === 'b3' ? readB3(value) : readTraceparent(value);
      if (read?.traceId === undefined) return { outcome: 'changed', how: 'unreadable' };
      return ofTracer(read, request);
    }
    case 'x-b3-traceid':
      return sameTraceForm(value) === request.traceId ? { outcome: 'child' } : ofTracer(call, request);
    case 'x-b3-spanid':
    case 'x-b3-parentspanid':
      return call.traceId === request.traceId ? { outcome: 'child' } : { outcome: 'restarted' };
    case 'x-b3-sampled':
      if (call.traceId !== request.traceId) return { outcome: 'restarted' };
      return decisionOf(sameDecision(value)) === decisionOf(request.sampled)
        ? { outcome: 'allowed', how: 'same-decision' }
        : { outcome: 'changed', how: 'sampled-changed' };
    case 'tracestate': {
      const members = sent
        .join(',')
        .split(',')
        .map((member) => member.trim());
      const kept = got
        .join(',')
        .split(',')
        .map((member) => member.trim());
      return members.every((member) => kept.includes(member)) ? { outcome: 'allowed', how: 'own-member' } : otherwise;
    }
    default:
      return otherwise;
  }
}

function ofTracer(call: ReadContext, request: ReadContext): Verdict {
  if (call.traceId !== request.traceId) {
    const isCut = request.traceId !== undefined && call.traceId?.endsWith(request.traceId.slice(16)) === true;
    return isCut ? { outcome: 'changed', how: 'truncated' } : { outcome: 'restarted' };
  }
  const isDecided = request.sampled === undefined || decisionOf(call.sampled) === decisionOf(request.sampled);
  return isDecided ? { outcome: 'child' } : { outcome: 'changed', how: 'sampled-changed' };
}
