import { OUTAGE_CAUSES } from '../../harness/model/facts/values.ts';
import type { Cause, Finding } from '../../harness/model/finding.ts';

/** Where something has to be changed: a service, or a call where neither end of it is at fault by itself. */
export type FixPlace = { readonly service: string } | { readonly caller: string; readonly callee: string };

/** The service that is called answers wrongly, late or not at all. */
const AT_CALLEE: ReadonlySet<Cause> = new Set<Cause>(OUTAGE_CAUSES.filter((cause) => cause !== 'caller-cancelled'));
/** Between the two: a rule of the mesh, or a proxy. */
const BETWEEN: ReadonlySet<Cause> = new Set([
  'stripped-in-transit',
  'not-captured',
  'fault-injected',
  'call-refused',
  'parent-outside',
  'unexpected-call',
  'retried',
]);

/** undefined: in the mesh or the trace backend as a whole, which is not a place on the map. */
export function fixPlace({ subject, causes }: Pick<Finding, 'subject' | 'causes'>): FixPlace | undefined {
  if (subject.kind === 'service') return { service: subject.service };
  if (subject.kind !== 'hop') return undefined;
  const { caller, callee } = subject;
  const [cause] = causes;
  if (cause === undefined || BETWEEN.has(cause)) return { caller, callee };
  return { service: AT_CALLEE.has(cause) ? callee : caller };
}
