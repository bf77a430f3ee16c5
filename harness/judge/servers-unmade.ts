import { oneOfEach } from '../diagnose/alike.ts';
import { refTo } from '../model/finding.ts';
import { calledService, isProxySpan } from '../model/span.ts';
import { proxyAbove } from '../model/trace.ts';
import { type Circumstance, traceOf } from './circumstance.ts';
import type { RunView } from './run-view.ts';

/**
 * No service behind the gateway has a SERVER span in the run, and its calls hang below the call that leads to it: the
 * context passes, and only these spans are not made (docs/facts/istio.md#providers, `match: mode: SERVER`). The entry's
 * silence (HC306) is that of all, and each such link follows from it.
 */
export function serversUnmade(view: RunView): Circumstance | undefined {
  const { application, traces } = view;
  const isServed = oneOfEach(traces).some(({ made }) =>
    made.some(
      ({ span, workload }) => span.kind === 'server' && isProxySpan(span) && workload?.service !== application.gateway,
    ),
  );
  if (isServed || traces.length === 0) return undefined;
  return {
    explains: (note) => {
      const [span] = note.spans ?? [];
      const trace = traceOf(note, view);
      if (note.code !== 'HC408' || span === undefined || trace === undefined) return undefined;
      const above = proxyAbove(span, trace.assembly);
      const leadsHere = above?.kind === 'client' && calledService(above) === trace.makers.get(span)?.service;
      return leadsHere ? refTo('HC306', { kind: 'service', service: trace.application.entry }) : undefined;
    },
  };
}
