import type { FindingCode } from '../model/codes.ts';
import type { JudgedWaiver } from '../model/finding.ts';
import { codesOf, type Policy } from '../model/policy.ts';
import type { PromiseId } from '../model/promises.ts';
import type { JudgedPromise } from '../model/report.ts';
import { relink } from './link-explanations.ts';

type Selecting = Pick<Policy, 'only' | 'skip'>;

/**
 * `--only` and `--skip`. A promise none of whose codes is wanted is `skipped`, with the reason, and what it found is
 * left out; other findings of unwanted codes stay in sight and do not count. Whether the run could decide is always
 * judged. What an unwanted finding explained stands for itself again.
 */
export function selectPromises(promises: readonly JudgedPromise[], selecting: Selecting): readonly JudgedPromise[] {
  if (selecting.only.length + selecting.skip.length === 0) return promises;
  const selected = promises.map((promise): JudgedPromise => {
    if (promise.id === 'environment') return promise;
    const unwanted = (codesOf(promise.id) ?? []).map((code) => whyUnwanted(code, selecting));
    const [first] = unwanted;
    if (first !== undefined && unwanted.every((why) => why !== undefined)) {
      const { id, status } = promise;
      const facts = { observed: { kind: 'not-asked-for' }, reason: { kind: 'left-out', ...first } } as const;
      return { id, status: 'skipped', facts, judged: status, findings: [] };
    }
    const findings = promise.findings.map((finding) => {
      const why = whyUnwanted(finding.code, selecting);
      return why === undefined ? finding : { ...finding, waived: why };
    });
    return { ...promise, findings };
  });
  return relink(selected);
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
