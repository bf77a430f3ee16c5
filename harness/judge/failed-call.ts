import { causesOfCall } from '../diagnose/call-answer.ts';
import { isCancelled } from '../diagnose/cancelled.ts';
import type { Banner } from '../model/application.ts';
import type { Exchange } from '../model/exchange.ts';
import { ofRequest } from '../model/of-request.ts';
import { calledService } from '../model/span.ts';
import { byStart, spansAbove } from '../model/trace.ts';
import type { RunView, TraceView } from './run-view.ts';

/** Whose call of the service fails: the definition names it. */
export function callerOf(service: string, { application }: Pick<RunView, 'application'>): string {
  const { calls, entry, gateway } = application;
  return calls.find(({ callee }) => callee === service)?.caller ?? (service === entry ? gateway : entry);
}

/**
 * The call that an error in an answer is about. Of an error that the answer gives to no other service the trace may show whose
 * it is; of a probe without a trace, those of the same request.
 */
export function failedCall(
  { service: blamed }: Banner,
  { probe: { request } }: Exchange,
  trace: TraceView | undefined,
  view: Pick<RunView, 'application' | 'naming' | 'traces'>,
): { readonly service: string; readonly caller: string } {
  const application = ofRequest(view.application, request);
  const alike = () =>
    trace === undefined ? view.traces.filter(({ exchange }) => exchange.probe.request === request) : [trace];
  const isOpen = blamed === application.entry;
  const failed = isOpen
    ? alike()
        .map((one) => failedService(one, view.naming))
        .find((one) => one !== undefined)
    : undefined;
  const service = failed ?? blamed;
  return { service, caller: callerOf(service, { application }) };
}

/** Whose call failed furthest down: the calls above it failed because of it. */
function failedService({ made, assembly, application }: TraceView, { homes }: RunView['naming']): string | undefined {
  const failed = made.filter(
    ({ span, workload }) =>
      span.kind === 'client' &&
      workload?.service !== application.gateway &&
      causesOfCall(span).length > 0 &&
      !isCancelled(span, assembly),
  );
  const above = new Set(failed.flatMap(({ span }) => spansAbove(span, assembly)));
  const deepest = failed.map(({ span }) => span).filter((span) => !above.has(span));
  const [last] = deepest.toSorted(byStart).slice(-1);
  return last && calledService(last, homes);
}
