import type { ContractFact } from '../../model/facts/contract.ts';
import { type ContractView, callsInFlight } from './judged-calls.ts';
import { valuesOf } from './read-context.ts';

type Observed = Extract<ContractFact, { kind: 'contract-run' }>;

/** What was sent and received. */
export function sentOf({ capture, calls }: ContractView): Extract<ContractFact, { kind: 'contract-sent' }> {
  return {
    kind: 'contract-sent',
    protocol: capture.service.protocol,
    requests: capture.exchanges.length,
    calls: calls.length + callsInFlight(capture).length,
    isolation: capture.exchanges.filter(({ phase }) => phase === 'isolation').length,
  };
}

/** The behaviour of the service, also where all is well: its kind, late calls, retries. */
export function observedOf(view: ContractView): Observed {
  const { capture, calls, kinds } = view;
  const kindsSeen = new Set(Object.values(kinds));
  return {
    kind: 'contract-run',
    calls: calls.length,
    service: kindsSeen.size > 1 ? 'both' : ([...kindsSeen][0] ?? 'pass-through'),
    late: calls.filter(({ isLate }) => isLate).length,
    troubles: troublesOf(view),
    notes: notesOf(view),
    ...(capture.spans !== undefined && { exported: capture.spans.length > 0 }),
  };
}

/** The behaviour where an upstream did not answer. No retry is a state, and not a fault. */
function troublesOf({ capture, calls }: ContractView): Observed['troubles'] {
  const seen = capture.exchanges.flatMap(({ id, trouble }) => {
    if (trouble === undefined) return [];
    const own = calls.filter(({ exchange, call }) => exchange.id === id && call.upstream === trouble.upstream);
    const troubled = own.find(({ call }) => call.trouble !== undefined);
    if (troubled === undefined) return [];
    const { gaveUpMs } = troubled.call;
    return [
      {
        upstreams: [trouble.upstream],
        trouble: trouble.kind,
        retries: own.filter(({ after }) => after !== undefined).length,
        ...(gaveUpMs !== undefined && { gaveUpMs: Math.round(gaveUpMs) }),
      },
    ];
  });
  // Upstreams with the same are one entry; times to give up differ by a little.
  const same = Map.groupBy(seen, ({ trouble, retries, gaveUpMs }) => `${trouble} ${retries} ${gaveUpMs === undefined}`);
  return [...same.values()].flatMap((group) => {
    const [first] = group;
    return first === undefined ? [] : [{ ...first, upstreams: group.flatMap(({ upstreams }) => upstreams) }];
  });
}

/**
 * Habits of known stacks. `b3-single`: B3 arrives as the single header, OpenTelemetry's default. `b3-reinjected`: B3 is
 * written anew without parent and flags, as some services of Istio's samples do. `deferred-to-0`: an open decision became 0.
 */
function notesOf({ calls }: ContractView): readonly string[] {
  const notes = new Set<string>();
  for (const { call, exchange } of calls) {
    const sent = (name: string) => valuesOf(name, exchange.headers);
    const got = (name: string) => valuesOf(name, call.headers);
    if (sent('x-b3-traceid').length > 0 && got('x-b3-traceid').length === 0 && got('b3').length > 0)
      notes.add('b3-single');
    const isKept = got('x-b3-traceid').length > 0;
    if (sent('x-b3-parentspanid')[0] && isKept && got('x-b3-parentspanid').length === 0) notes.add('b3-reinjected');
    const isDeferred =
      sent('x-b3-traceid').length > 0 && sent('x-b3-sampled').length === 0 && sent('x-b3-flags').length === 0;
    if (isDeferred && sent('traceparent').length === 0 && got('x-b3-sampled')[0] === '0') notes.add('deferred-to-0');
  }
  return [...notes];
}
