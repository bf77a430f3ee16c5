import type { FindingCode } from '../model/codes.ts';
import { codesOf, type Policy } from '../model/policy.ts';
import type { ReportedPromise, Selection } from '../model/report.ts';
import { relink } from './link-explanations.ts';

type Selecting = Pick<Policy, 'only' | 'skip'>;

/**
 * `--only` and `--skip`. A promise none of whose codes is wanted is `skipped`, with the reason, and what it found is
 * left out; other findings of unwanted codes stay in sight and do not count. Whether the run could decide is always
 * judged. What an unwanted finding explained stands for itself again.
 */
export function selectPromises(promises: readonly ReportedPromise[], selecting: Selecting): readonly ReportedPromise[] {
  if (selecting.only.length + selecting.skip.length === 0) return promises;
  const selected = promises.map((promise): ReportedPromise => {
    if (promise.id === 'environment') return promise;
    const unwanted = (codesOf(promise.id) ?? []).map((code) => whyUnwanted(code, selecting));
    const [first] = unwanted;
    if (first !== undefined && unwanted.every((why) => why !== undefined)) {
      const { id, title, status } = promise;
      return {
        id,
        title,
        status: 'skipped',
        judged: status,
        observed: 'not asked for',
        reason: first.text,
        findings: [],
      };
    }
    const findings = promise.findings.map((finding) => {
      const why = whyUnwanted(finding.code, selecting);
      return why === undefined ? finding : { ...finding, waived: { by: why.by, reason: why.text } };
    });
    return { ...promise, findings };
  });
  return relink(selected);
}

/** `--skip statistics (few probes)`; undefined: it is wanted. */
function whyUnwanted(code: FindingCode, { only, skip }: Selecting): { by: 'only' | 'skip'; text: string } | undefined {
  const names = (selections: readonly Selection[]) =>
    selections.find(({ what }) => codesOf(what)?.includes(code) === true);
  const skipped = names(skip);
  if (skipped !== undefined) return { by: 'skip', text: inWords('--skip', [skipped]) };
  if (only.length === 0 || names(only) !== undefined) return undefined;
  return { by: 'only', text: inWords('--only', only) };
}

function inWords(flag: string, selections: readonly Selection[]): string {
  return selections
    .map(({ what, reason }) => `${flag} ${what}${reason === undefined ? '' : ` (${reason})`}`)
    .join(', ');
}
