import type { Application } from '../model/application.ts';
import type { Subject } from '../model/finding.ts';

/** A hop as a subject; versions are named only where the application distinguishes a service's versions. */
export function hopSubject(
  application: Application,
  hop: { caller: string; callee: string; callerVersion?: string },
): Subject {
  const { caller, callee, callerVersion } = hop;
  const told = application.services.some(({ name, versions }) => name === caller && versions !== undefined);
  return {
    kind: 'hop',
    caller,
    callee,
    ...(told && callerVersion !== undefined && { callerVersions: [callerVersion] }),
  };
}
