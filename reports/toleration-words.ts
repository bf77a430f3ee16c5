import type { ReportedPolicy, ReportedToleration, RunReport } from '../harness/model/report.ts';
import { safeText } from './characters/safe-text.ts';

/** `HC501 a->b: fixed in release 7, until 2027-01-31, of team x (2 findings)` */
export function tolerationInWords(toleration: ReportedToleration): string {
  const { reason, until, owner } = toleration;
  const parts = [
    safeText(reason),
    ...(until === undefined ? [] : [`until ${until}`]),
    ...(owner === undefined ? [] : [`owner ${safeText(owner)}`]),
  ];
  return `${tolerationName(toleration)}: ${parts.join(', ')} (${stateInWords(toleration)})`;
}

/** Tolerations that need a person: one that is over, that ends soon or that fits nothing. */
export function tolerationWarnings({ tolerated }: ReportedPolicy): readonly string[] {
  return tolerated.flatMap((toleration) => {
    const { state, until } = toleration;
    const name = `the toleration of ${tolerationName(toleration)}`;
    if (state === 'ending') return [`${name} ends on ${until}`];
    if (state === 'over') return [`${name} ended on ${until}: what it was for counts again`];
    return state === 'stale' ? [`${name} fits nothing that was found: remove it`] : [];
  });
}

/** With `--fail-on stale`: what fails a run of which no promise does. Formats of tests have a test of it, named as this. */
export const STALE_TEST = 'every toleration fits a finding';
export function staleFailure({ verdict, promises, policy }: RunReport): string | undefined {
  if (verdict !== 'fail' || policy === undefined || promises.some(({ status }) => status === 'fail')) return undefined;
  return tolerationWarnings({ ...policy, tolerated: policy.tolerated.filter(({ state }) => state === 'stale') }).join(
    '; ',
  );
}

/** `HC501 a->b` */
export function tolerationName({ code, subject }: ReportedToleration): string {
  return `${code}${subject === undefined ? '' : ` ${safeText(subject)}`}`;
}

function stateInWords({ state, findings }: ReportedToleration): string {
  if (state === 'over') return 'over: it counts again';
  if (state === 'not-seen') return 'the run did not look there';
  if (findings === 0) return 'fits nothing that was found';
  const used = `${findings} ${findings === 1 ? 'finding' : 'findings'}`;
  return state === 'ending' ? `${used}, ends within seven days` : used;
}
