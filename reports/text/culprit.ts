import { type FindingRef, type Severity, type Subject, subjectKey } from '../../harness/model/finding.ts';
import type { OutcomeStatus } from '../../harness/model/outcome.ts';
import { type PromiseId, TELLING_ORDER } from '../../harness/model/promises.ts';
import type { Verdict } from '../../harness/model/report.ts';

/** The parts of a finding that the choice needs, as it is judged or as it is reported. */
interface Told {
  readonly code: string;
  readonly severity: Severity;
  readonly subject: Subject;
  readonly share: { readonly affected: number };
  readonly explainedBy?: FindingRef;
  readonly baseline?: string;
  readonly waived?: unknown;
}

interface Promised<Finding> {
  readonly id: PromiseId;
  readonly status: OutcomeStatus;
  readonly findings: readonly Finding[];
}

/**
 * The finding that the verdict's sentence is about, and the one to read first. Of a failed run the first error, new ones
 * before known ones; where there is none, the finding that the failures follow from. Of an undecided run the error of the
 * environment. undefined: the run passed, or no finding says why it did not.
 */
export function culpritOf<Finding extends Told>(run: {
  readonly verdict: Verdict;
  readonly promises: readonly Promised<Finding>[];
  readonly policy?: { readonly failOn: readonly string[] };
}): Finding | undefined {
  const { verdict, promises, policy } = run;
  if (verdict === 'pass') return undefined;
  if (verdict === 'inconclusive')
    return promises
      .find(({ id }) => id === 'environment')
      ?.findings.find(({ severity, waived: waiver }) => severity === 'error' && waiver === undefined);
  const failed = byTelling(promises.filter(({ status }) => status === 'fail'));
  const [first] = errorsOf(failed);
  if (first !== undefined) return first;
  const found = failed.flatMap(({ findings }) => findings).filter(({ waived }) => waived === undefined);
  const warning = found.find(({ severity }) => severity === 'warning');
  if (warning !== undefined && policy?.failOn.includes('warning')) return warning;
  const ref = found.find(({ explainedBy }) => explainedBy !== undefined)?.explainedBy;
  return promises
    .find(({ id }) => id === ref?.promise)
    ?.findings.find(({ code, subject }) => code === ref?.code && subjectKey(subject) === subjectKey(ref.subject));
}

/** The promise that says most about what is wrong comes first. */
export function byTelling<Promise extends { readonly id: PromiseId }>(
  promises: readonly Promise[],
): readonly Promise[] {
  return promises.toSorted((a, b) => TELLING_ORDER.indexOf(a.id) - TELLING_ORDER.indexOf(b.id));
}

/** Errors that count: within a promise what was seen most often first, and new ones before all, because a gate asks for those. */
export function errorsOf<Finding extends Told>(promises: readonly Promised<Finding>[]): readonly Finding[] {
  const isNews = ({ baseline }: Finding) => baseline === 'new' || baseline === 'worse';
  return promises
    .flatMap(({ findings }) =>
      findings
        .filter(({ severity, waived }) => severity === 'error' && waived === undefined)
        .toSorted((a, b) => b.share.affected - a.share.affected),
    )
    .toSorted((one, other) => Number(isNews(other)) - Number(isNews(one)));
}
