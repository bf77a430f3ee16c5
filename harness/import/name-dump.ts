import type { Application } from '../model/application.ts';
import type { Expectations, Sourced } from '../model/capture.ts';
import { findGateway } from '../model/gateway.ts';
import { learnProcesses } from '../model/naming.ts';
import { settlePending } from '../model/pending.ts';
import { calledService } from '../model/span.ts';
import type { Trace } from '../model/trace.ts';
import { identify, type Naming } from '../model/workload.ts';
import { DumpForms } from './dump-forms.ts';

export interface NamedDump {
  /** With the gateway's name as it is in the dump. */
  readonly application: Application;
  readonly naming: Naming;
  readonly gateway?: Sourced<string>;
}

/** How the names of a dump are read. Traces in which nothing of the application takes part tell nothing of its gateway. */
export function nameDump(
  traces: readonly Trace[],
  defined: Application,
  { services }: Pick<Expectations, 'services'>,
  forms = new DumpForms(traces),
): NamedDump {
  const configured = services?.value ?? {};
  const application = settlePending(defined);
  const naming = {
    services: configured,
    processes: learnProcesses(
      [...forms.count(traces).keys()].map(({ spans }) => spans),
      configured,
    ),
  };
  const known = new Set(application.services.map(({ name }) => name));
  const isOurs = forms.once(({ spans }) =>
    spans.some((span) => calledService(span) === application.entry || known.has(identify(span, naming)?.service ?? '')),
  );
  const ours = [...forms.count(traces.filter(isOurs))].map(([{ spans }, times]) => ({ spans, times }));
  const gateway = findGateway(ours, { application, naming, ...(services !== undefined && { configured: services }) });
  if (gateway === undefined) return { application, naming };
  return { application: { ...application, gateway: gateway.value }, naming, gateway };
}
