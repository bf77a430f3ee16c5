import type { UpstreamCall } from '../../model/contract.ts';
import type { JudgedFinding } from '../../model/finding.ts';
import { claimantsOf, idsIn } from './attribute.ts';
import { contractFinding } from './finding.ts';
import type { HeaderOutcome } from './forms.ts';
import { type ContractView, callsInFlight } from './judged-calls.ts';
import { valuesOf } from './read-context.ts';
import { stackOf } from './stack.ts';

/** How many examples of a set of requests are named. */
const EXAMPLES = 5;

/** What came of one header while many requests were in flight. */
interface Tally {
  readonly header: string;
  /** Requests whose ids came fewer times than alone, and more times. */
  readonly missing: readonly string[];
  readonly doubled: readonly string[];
  /** Calls without the header. */
  readonly without: readonly UpstreamCall[];
}

/**
 * Whether requests keep their headers apart while many are in flight: each id arrives upstream as often as in a request
 * that runs alone. Ids that are missing while others come too often are those of another request; which request got
 * which is known only where there is one of each. Fewer calls alone prove nothing, because a service may answer from a cache.
 */
export function judgeIsolation(view: ContractView): readonly JudgedFinding[] {
  return view.capture.upstreams.flatMap(({ name }) => ofUpstream(view, name));
}

function ofUpstream(view: ContractView, callee: string): readonly JudgedFinding[] {
  const usual = usualRange(view, callee);
  const calls = callsInFlight(view.capture).filter(({ upstream }) => upstream === callee);
  const kept = view.headers.filter((header) => keptAlone(view, callee, header));
  if (usual.most === 0 || calls.length === 0 || kept.length === 0) return [];
  const tallies = kept.map((header) => tallyOf(view, header, calls, usual));
  return [...leaks(view, callee, tallies, calls), ...losses(view, callee, tallies, calls)];
}

/** How many calls of the upstream requests made that were sent alone: the fewest and the most. */
interface UsualRange {
  readonly fewest: number;
  readonly most: number;
}

function usualRange({ capture, calls }: ContractView, callee: string): UsualRange {
  const alone = capture.exchanges.filter(
    ({ phase, status }) => (phase === 'alone' || phase === 'forms') && status !== undefined,
  );
  const counts = alone.map(
    ({ id }) => calls.filter(({ exchange, call }) => exchange.id === id && call.upstream === callee).length,
  );
  return counts.length === 0
    ? { fewest: 0, most: 0 }
    : {
        fewest: counts.reduce((a, b) => Math.min(a, b)),
        most: counts.reduce((a, b) => Math.max(a, b)),
      };
}

/** It arrived with every call of the requests that carried it alone: only then its absence means anything. */
function keptAlone({ calls }: ContractView, callee: string, header: string): boolean {
  const alone = calls.filter(({ exchange, call }) => exchange.phase === 'alone' && call.upstream === callee);
  const cells = alone.map(({ cells: all }) => all.find((cell) => cell.header === header));
  // A tracer's span ids are new, so only its trace ids can be found again.
  const isRight = (outcome: HeaderOutcome) => {
    return ['unchanged', 'allowed'].includes(outcome) || (outcome === 'child' && WITH_TRACE_ID.includes(header));
  };
  return cells.length > 0 && cells.every((cell) => cell !== undefined && cell.got.length > 0 && isRight(cell.outcome));
}

const WITH_TRACE_ID = ['traceparent', 'x-b3-traceid', 'b3'];

function tallyOf(view: ContractView, header: string, calls: readonly UpstreamCall[], usual: UsualRange): Tally {
  const { capture, owners } = view;
  // A request that was answered in another way may have made other calls.
  const [usualStatus] = capture.exchanges.flatMap(({ phase, status }) =>
    phase === 'alone' && status !== undefined ? [status] : [],
  );
  const answered = capture.exchanges.filter(
    ({ phase, status, headers }) =>
      phase === 'isolation' && status === usualStatus && valuesOf(header, headers).some(hasId),
  );
  const arrived = new Map<string, number>();
  for (const call of calls)
    for (const id of claimantsOf(
      valuesOf(header, call.headers).map((value) => [header, value] as const),
      owners,
    ))
      arrived.set(id, (arrived.get(id) ?? 0) + 1);
  return {
    header,
    missing: answered.filter(({ id }) => (arrived.get(id) ?? 0) < usual.fewest).map(({ id }) => id),
    doubled: [...arrived].filter(([, times]) => times > usual.most).map(([id]) => id),
    without: calls.filter((call) => valuesOf(header, call.headers).length === 0),
  };
}

function hasId(value: string): boolean {
  return idsIn(value).length > 0;
}

function leaks(
  view: ContractView,
  callee: string,
  tallies: readonly Tally[],
  calls: readonly UpstreamCall[],
): readonly JudgedFinding[] {
  // Before the isolation test the same was seen of one request at a time: that is the same finding.
  const leaking = tallies
    .map((tally) => ({ ...tally, old: strangersOf(view, tally.header, calls) }))
    .filter(({ missing, doubled, old }) => missing.length > 0 && (doubled.length > 0 || old.length > 0));
  const [worst] = leaking.toSorted((a, b) => b.missing.length - a.missing.length);
  if (worst === undefined) return [];
  const caller = view.capture.service.name;
  const doubled = [...new Set([...worst.doubled, ...worst.old])];
  return [
    contractFinding({
      code: 'HC504',
      causes: ['context-reused'],
      subject: { kind: 'hop', caller, callee },
      facts: {
        expected: { kind: 'own-context', caller, callee },
        received: {
          kind: 'headers-foreign',
          headers: leaking.map(({ header, missing }) => ({ name: header, calls: missing.length })),
          share: { calls: worst.missing.length, of: calls.length },
          where: 'in-flight',
          missing: worst.missing.slice(0, EXAMPLES),
          doubled: doubled.slice(0, EXAMPLES),
          missingCount: worst.missing.length,
          doubledCount: doubled.length,
        },
      },
      affected: worst.missing.length,
      of: calls.length,
      requests: [...worst.missing.slice(0, 2), ...doubled.slice(0, 1)],
    }),
  ];
}

/** Requests from before the isolation test whose ids its calls carry. */
function strangersOf(
  { capture, owners }: ContractView,
  header: string,
  calls: readonly UpstreamCall[],
): readonly string[] {
  const inFlight = new Set(capture.exchanges.filter(({ phase }) => phase === 'isolation').map(({ id }) => id));
  const claimed = calls.flatMap((call) => [
    ...claimantsOf(
      valuesOf(header, call.headers).map((value) => [header, value] as const),
      owners,
    ),
  ]);
  return [...new Set(claimed.filter((id) => !inFlight.has(id)))];
}

function losses(
  view: ContractView,
  callee: string,
  tallies: readonly Tally[],
  calls: readonly UpstreamCall[],
): readonly JudgedFinding[] {
  const required = new Set(view.capture.required);
  const lost = tallies.filter(({ header, without }) => required.has(header) && without.length > 0);
  if (lost.length === 0) return [];
  const caller = view.capture.service.name;
  const headers = lost.map(({ header }) => header);
  const affected = new Set(lost.flatMap(({ without }) => without.map(({ number }) => number))).size;
  const isContext = headers.some((header) => ['traceparent', 'x-b3-traceid', 'x-b3-spanid', 'b3'].includes(header));
  const stack = stackOf(view.capture);
  const isRequestId = headers.includes('x-request-id');
  return [
    contractFinding({
      code: isContext ? 'HC501' : isRequestId ? 'HC507' : 'HC521',
      causes: [isContext ? 'context-dropped' : isRequestId ? 'request-id-dropped' : 'header-dropped'],
      subject: { kind: 'hop', caller, callee },
      facts: {
        expected: { kind: 'headers-forwarded', caller, callee, headers, how: 'pass-through' },
        received: {
          kind: 'headers-lost',
          headers: lost.map(({ header, without }) => ({ name: header, calls: without.length })),
          share: { calls: affected, of: calls.length },
          where: 'in-flight',
        },
        remedy: { kind: 'forward-headers', caller, callee, headers, ...(stack !== undefined && { stack }) },
      },
      affected,
      of: calls.length,
    }),
  ];
}
