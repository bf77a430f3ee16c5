import { countKinds } from '../diagnose/alike.ts';
import { isCarriedTrial } from '../diagnose/request.ts';
import { hopKey } from '../model/expected.ts';
import { entriesOf } from '../model/of-request.ts';
import type { JudgedHop } from '../model/report.ts';
import { type RunView, tracesToJudge } from './run-view.ts';

/** Each hop with the traces it was expected and seen in, in the order of the definition. */
export function countHops(view: RunView): readonly JudgedHop[] {
  const { application } = view;
  const tally = new Map<string, { caller: string; callee: string; seen: number; expected: number }>();
  const entries = entriesOf(application).map((callee) => ({ caller: application.gateway, callee }));
  const visible = application.calls.filter(({ peer }) => peer !== 'unseen');
  for (const { caller, callee } of [...entries, ...visible])
    tally.set(`${caller} ${callee}`, { caller, callee, seen: 0, expected: 0 });
  for (const { request, times } of countKinds(tracesToJudge(view))) {
    const once = new Map(request.hops.map((hop) => [`${hop.caller} ${hop.callee}`, hop]));
    for (const [key, { half }] of once) {
      const counted = tally.get(key);
      if (counted === undefined) continue;
      counted.expected += times;
      if (half === undefined) counted.seen += times;
    }
  }
  return [...tally.values()].map((hop) => ({ ...hop, headers: {} }));
}

/**
 * How often each hop, by its caller's version, was looked at: by {@link hopKey}.
 * @param trials true: the requests that tried a format which the mesh reads; false: those of probes that try none, which
 *   are the ones that every promise counts.
 */
export function countFacts({ diagnosis }: RunView, trials: boolean): ReadonlyMap<string, number> {
  const counts = new Map<string, number>();
  for (const { fact, calls } of diagnosis.facts.counted()) {
    const { hop, request } = fact;
    if (trials ? !isCarriedTrial(request) : request.exchange.probe.trial === true) continue;
    const key = hopKey(hop);
    counts.set(key, (counts.get(key) ?? 0) + calls);
  }
  return counts;
}
