import type { Precondition } from '../model/doctor.ts';
import type { Examination } from './doctor.ts';
import { whyUnknown } from './why-unknown.ts';

/** The traces are there already: a run of this mesh would fail, and the hops where it would are known. */
export function tracesWhole({ preflight, broken }: Examination): Precondition {
  const line = { id: 'whole-traces', statement: 'the forced-on traces are whole' };
  if (broken === undefined) return { ...line, status: 'unknown', observed: whyUnknown(preflight) };
  if (broken.broken === 0) return { ...line, status: 'ok', observed: `${broken.of} of ${broken.of}` };
  const hops = broken.hops.length === 0 ? 'a span whose parent is missing' : `not joined: ${broken.hops.join(', ')}`;
  return {
    ...line,
    status: 'warning',
    observed: `${broken.broken} of ${broken.of} are already broken; ${hops}`,
    fix: 'start a run: it will not pass, and it names the service and the headers',
  };
}
