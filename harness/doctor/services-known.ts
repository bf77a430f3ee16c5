import type { Application } from '../model/application.ts';
import type { Precondition } from '../model/doctor.ts';
import { mappingFor } from '../model/name-mapping.ts';
import type { Examination } from './doctor.ts';

/** Each service of the application has left a span, or is in the backend's list, by a name that hopcheck can read. */
export function servicesKnown(
  { known, unknownNames = [], preflight }: Examination,
  { gateway: defined, services }: Application,
): Precondition {
  const line = { id: 'services', statement: "the trace backend knows the application's services" };
  if (known === undefined) return { ...line, status: 'unknown', observed: 'the trace backend could not be asked' };
  const wanted = [preflight.gateway?.value ?? defined, ...services.map(({ name }) => name)];
  const missing = wanted.filter((name) => !known.includes(name));
  if (unknownNames.length > 0)
    return {
      ...line,
      status: 'warning',
      observed: `spans have ${unknownNames.map(({ seen, expected }) => `${seen} in place of ${expected}`).join(', ')}`,
      fix: `if the names mean the same, put this into hopcheck.config.json: ${mappingFor(unknownNames)}`,
    };
  if (missing.length === 0) return { ...line, status: 'ok', observed: wanted.join(', ') };
  return {
    ...line,
    status: 'warning',
    observed: `${known.length} of ${wanted.length}; not ${missing.join(', ')}`,
    fix: 'call each of them once: the trace backend does not know a service before its first call. Map names that differ with "services" in the configuration file',
  };
}
