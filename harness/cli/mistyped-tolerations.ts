import { tolerationWarnings } from '../../reports/toleration-words.ts';
import { didYouMean } from '../config/did-you-mean.ts';
import { unmetSelections } from '../config/unmet-selections.ts';
import { subjectName } from '../model/policy.ts';
import type { RunReport } from '../model/report.ts';

/**
 * A toleration that fits nothing may be one that is not needed any more, which the report says; or its subject was not
 * tested, and the finding it was meant for fails the run. Then this names the likely subject, or the subjects that were
 * seen.
 */
export function mistypedTolerations({ policy, hops, promises }: RunReport): readonly string[] {
  const found = promises.flatMap(({ findings }) => findings);
  const services = hops.flatMap(({ caller, callee }) => [caller, callee]);
  const subjects = [...hops.map(({ caller, callee }) => `${caller}->${callee}`), ...new Set(services)];
  const known = new Set([
    ...subjects,
    'probe',
    'mesh',
    'backend',
    ...found.map((finding) => subjectName(finding.subject)),
  ]);
  return (policy?.tolerated ?? []).flatMap(({ code, subject, findings }) => {
    if (findings > 0 || subject === undefined || known.has(subject)) return [];
    const seen = [...new Set(found.filter((finding) => finding.code === code).map((one) => subjectName(one.subject)))];
    const near = didYouMean(subject, seen) ?? didYouMean(subject, subjects);
    const perhaps = near === undefined ? '' : `; perhaps ${code}:${near}`;
    const others = seen.filter((name) => name !== near);
    const was = others.length === 0 ? '' : `; ${code} was seen, but of ${others.join(', ')}`;
    return perhaps + was === '' ? [] : [`--tolerate ${code}:${subject} fits nothing here${perhaps}${was}`];
  });
}

/** Tolerations that end within a week, or have ended. */
export function datedTolerations({ policy }: RunReport): readonly string[] {
  if (policy === undefined) return [];
  const tolerated = policy.tolerated.filter(({ state }) => state === 'ending' || state === 'over');
  return tolerationWarnings({ ...policy, tolerated });
}

/** Why nothing was judged of what --only names, where this run has no such promise: a list of the others does not tell. */
export function unmetSelectionLines({ policy, promises }: RunReport): readonly string[] {
  const unmet = unmetSelections(policy?.only ?? [], (id) => promises.some((promise) => promise.id === id));
  return unmet.map(({ what, needs }) => `--only ${what} selects nothing of this run: it needs ${needs}`);
}
