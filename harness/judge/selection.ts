import type { FindingCode } from '../model/codes.ts';
import { type FindingRef, type JudgedFinding, type JudgedWaiver, subjectKey } from '../model/finding.ts';
import { codesOf, type Policy } from '../model/policy.ts';
import type { PromiseId } from '../model/promises.ts';
import type { JudgedPromise } from '../model/report.ts';

type Selecting = Pick<Policy, 'only' | 'skip'>;

/**
 * `--only` and `--skip` choose what is judged; everything that was seen still explains it. A promise none of whose codes is
 * wanted is `skipped`, with the reason, and what it found is left out, except findings that account for a wanted one. Findings of
 * unwanted codes stay in sight and do not count. Whether the run could decide is always judged.
 */
export function selectPromises(promises: readonly JudgedPromise[], selecting: Selecting): readonly JudgedPromise[] {
  if (selecting.only.length + selecting.skip.length === 0) return promises;
  const explaining = explainingWanted(promises, selecting);
  return promises.map((promise): JudgedPromise => {
    if (promise.id === 'environment') return promise;
    const unwanted = (codesOf(promise.id) ?? []).map((code) => whyUnwanted(code, selecting));
    const [first] = unwanted;
    if (first !== undefined && unwanted.every((why) => why !== undefined)) {
      const { id, status } = promise;
      const facts = { observed: { kind: 'not-asked-for' }, reason: { kind: 'left-out', ...first } } as const;
      const findings = promise.findings.filter((finding) => explaining.has(finding));
      return { id, status: 'skipped', facts, judged: status, findings: findings.map((one) => waive(one, first)) };
    }
    const findings = promise.findings.map((finding) => {
      const why = whyUnwanted(finding.code, selecting);
      return why === undefined ? finding : waive(finding, why);
    });
    return { ...promise, findings };
  });
}

function waive(finding: JudgedFinding, waived: JudgedWaiver): JudgedFinding {
  return { ...finding, waived };
}

/** Unwanted findings that account for wanted ones. */
function explainingWanted(promises: readonly JudgedPromise[], selecting: Selecting): ReadonlySet<JudgedFinding> {
  const all = new Map(
    promises.flatMap(({ id, findings }) => findings.map((finding) => [keyOf({ promise: id, ...finding }), finding])),
  );
  const explaining = new Set<JudgedFinding>();
  for (const { findings } of promises) {
    for (const { code, explainedBy } of findings) {
      if (explainedBy === undefined || whyUnwanted(code, selecting) !== undefined) continue;
      const cause = all.get(keyOf(explainedBy));
      if (cause !== undefined) explaining.add(cause);
    }
  }
  return explaining;
}

function keyOf({ promise, code, subject }: FindingRef): string {
  return `${promise} ${code} ${subjectKey(subject)}`;
}

/** No code of the promise is wanted. The environment is always judged. */
export function isLeftOut(id: PromiseId, selecting: Selecting): boolean {
  return id !== 'environment' && (codesOf(id) ?? []).every((code) => whyUnwanted(code, selecting) !== undefined);
}

/** The option that leaves the code out; undefined: it is wanted. */
function whyUnwanted(
  code: FindingCode,
  { only, skip }: Selecting,
): Extract<JudgedWaiver, { by: 'only' | 'skip' }> | undefined {
  const skipped = skip.find(({ what }) => codesOf(what)?.includes(code) === true);
  if (skipped !== undefined) return { by: 'skip', selections: [skipped] };
  const isWanted = only.length === 0 || only.some(({ what }) => codesOf(what)?.includes(code) === true);
  return isWanted ? undefined : { by: 'only', selections: only };
}
