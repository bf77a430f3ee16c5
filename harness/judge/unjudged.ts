import { countKinds } from '../diagnose/alike.ts';
import { causesOfCall } from '../diagnose/call-answer.ts';
import type { ExaminedRequest } from '../diagnose/request.ts';
import { callsFrom } from '../model/application.ts';
import { versionOf } from '../model/expected.ts';
import { type RunView, tracesToJudge } from './run-view.ts';

/** Calls of a hop that lie below a break and were found nowhere, so that they are not judged. */
export interface UnjudgedHop {
  readonly caller: string;
  readonly callee: string;
  readonly calls: number;
}

const known = new WeakMap<RunView, readonly UnjudgedHop[]>();

/**
 * Counts the calls that must have been made below breaks and are not judged (docs/architecture.md#rule-11): those of services
 * whose SERVER span is neither in the trace nor in a fragment that was found. A callee that did not answer made none. By
 * hop, in the order of the definition; counted once per view.
 */
export function unjudgedHops(view: RunView): readonly UnjudgedHop[] {
  const before = known.get(view);
  if (before !== undefined) return before;
  const { application, diagnosis } = view;
  const partsOf = Map.groupBy(diagnosis.parts, ({ exchange }) => exchange.probe.id);
  const unseen = new Set(
    diagnosis.facts.ofOthers.flatMap(({ request, hop, context }) =>
      request.isPart === true && context === 'unseen'
        ? [`${request.exchange.probe.id} ${hop.caller} ${hop.callee}`]
        : [],
    ),
  );
  const counts = new Map(application.calls.map(({ caller, callee }) => [`${caller} ${callee}`, 0]));
  // A request with fragments has no kind.
  for (const { request: trace, times } of countKinds(tracesToJudge(view))) {
    const { id } = trace.exchange.probe;
    const parts = partsOf.get(id) ?? [];
    const isBroken = trace.hops.flatMap(({ half, callee, arrived, clientSpan }) =>
      half === undefined || arrived !== undefined || (clientSpan !== undefined && causesOfCall(clientSpan).length > 0)
        ? []
        : [callee],
    );
    // Grows while it is gone through: a set gives what is added on the way.
    const below = new Set(isBroken);
    for (const service of below) {
      const version = versionOf({ service }, trace.application, trace.context);
      const isFound = parts.some((part) => hasServer(part, service)) || hasServer(trace, service);
      for (const { caller, callee, optional, peer } of callsFrom(trace.application, service, version)) {
        // Perhaps it was not made; or nothing ever shows it.
        if (optional === true || peer === 'unseen') continue;
        const key = `${caller} ${callee}`;
        if (!isFound || unseen.has(`${id} ${key}`)) counts.set(key, (counts.get(key) ?? 0) + times);
        below.add(callee);
      }
    }
  }
  const hops = application.calls.flatMap(({ caller, callee }) => {
    const calls = counts.get(`${caller} ${callee}`) ?? 0;
    return calls === 0 ? [] : [{ caller, callee, calls }];
  });
  known.set(view, hops);
  return hops;
}

function hasServer({ made }: ExaminedRequest, service: string): boolean {
  return made.some(({ span, workload }) => span.kind === 'server' && workload?.service === service);
}
