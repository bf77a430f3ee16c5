import { didYouMean } from '../config/did-you-mean.ts';
import type { RunReport } from '../model/report.ts';

/**
 * A toleration that fits nothing may be one that is not needed any more, which the report says; or its subject is
 * misspelt, and what was to be tolerated fails the run. Then this says what was meant.
 */
export function mistypedTolerations({ policy, hops }: RunReport): readonly string[] {
  const services = hops.flatMap(({ caller, callee }) => [caller, callee]);
  const subjects = [...hops.map(({ caller, callee }) => `${caller}->${callee}`), ...new Set(services)];
  return (policy?.tolerated ?? []).flatMap(({ code, subject, findings }) => {
    if (findings > 0 || subject === undefined || subjects.includes(subject)) return [];
    const near = didYouMean(subject, subjects);
    return near === undefined ? [] : [`--tolerate ${code}:${subject} fits nothing here; perhaps ${code}:${near}`];
  });
}
