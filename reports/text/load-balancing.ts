import type { LoadBalancingFact } from '../../harness/model/facts/load-balancing.ts';
import { byChance, percent, plural } from '../../harness/model/numbers.ts';
import type { Texts } from './texts.ts';
import { intervalText, sourceText } from './values.ts';

type Observed = Extract<LoadBalancingFact, { kind: 'versions-served' }>;

export const LOAD_BALANCING_TEXTS: Texts<LoadBalancingFact> = {
  'version-share': ({ version, share, attempts, source, excuse }) =>
    `${version} in about ${percent(share)} of ${plural(attempts, 'attempt')} (${source})${excuseText(excuse)}`,
  'never-served': ({ unanswered, chance }) =>
    unanswered > 0
      ? `never: none of ${plural(unanswered, 'attempt')} was served`
      : `never; by chance this happens ${byChance(chance)}`,
  'only-versions': (fact) => `only ${fact.versions.join(', ')} ${sourceText(fact)}`,
  'version-served': ({ version, served, attempts }) => `${version} in ${served} of ${plural(attempts, 'attempt')}`,
  'expected-shares': ({ shares, tolerance, among, excuse, ...source }) =>
    `${shares.map(({ version, share }) => `${version} ${percent(share)}`).join(', ')} ± ${points(tolerance)} points${amongText(among)} ${sourceText(source)}${excuseText(excuse)}`,
  'shares-served': ({ shares, attempts, chance }) =>
    `${shares.map(({ version, share, ...interval }) => `${version} ${percent(share)} (${intervalText(interval)})`).join(', ')} of ${plural(attempts, 'attempt')}; by chance this happens ${byChance(chance)}`,
  'even-turns': ({ workers, from }) =>
    `at most ${plural(workers, 'turn')} apart: each worker keeps one rotation (${from.join('; ')})`,
  'uneven-turns': ({ unit, most, least, unseen }) =>
    `${unit === 'pods' ? 'pod' : 'version'} with most ${most}, with least ${least}${unseen > 0 ? `, ${plural(unseen, 'turn')} not seen` : ''}`,
  'no-versions': ({ application }) => `${application} has no service with several versions`,
  'nothing-to-compare': () => 'nothing to compare',
  'no-version-shown': ({ service }) => `no answer of ${service} shows its version`,
  'version-unanswered': ({ service, version, attempts }) =>
    `${nameText(service)}${version} was called and answered none of ${plural(attempts, 'attempt')}, so that its share is not known`,
  'version-undecided': ({ service, version, attempts, chance, needed }) =>
    `${nameText(service)}${version} was not served in ${plural(attempts, 'attempt')}, which by chance happens ${byChance(chance)}; ${plural(needed, 'probe')} would decide`,
  'shares-untested': ({ service, attempts, needed }) => {
    const advice =
      needed === undefined
        ? 'no number of them can, with this tolerance'
        : `${needed} would find the greatest difference`;
    const of = service === undefined ? '' : ` of ${service}`;
    return `${plural(attempts, 'attempt')}${of} cannot show that a share is off; ${advice}`;
  },
  'versions-served': observedText,
};

/** `v1 20 · v2 21 · v3 19 of 60 attempts · shares: p=0.95, … · rotation seen: 55 of 59 steps` */
function observedText({ service, further = [], test, noTurns, rotation, ...served }: Observed): string {
  const parts = [`${nameText(service)}${countsText(served)}`];
  if (test !== undefined) {
    parts.push(`shares${amongText(test.among)}: ${pText(test.pValue)}${foundText(test)}`);
  }
  if (noTurns !== undefined) parts.push(`no turns expected (${noTurns})`);
  else if (rotation !== undefined) {
    const word = rotation.verdict === 'not-decidable' ? 'not decidable' : rotation.verdict;
    parts.push(`rotation ${word}: ${rotation.steps} of ${plural(rotation.of, 'step')}`);
  }
  const others = further.map(({ service: other, pValue, ...counted }) => {
    const p = pValue === undefined ? '' : ` · shares: ${pText(pValue)}`;
    return `${other} ${countsText(counted)}${p}`;
  });
  return [parts.join(' · '), ...others].join('; ');
}

function countsText({ counts, attempts, unit }: Pick<Observed, 'counts' | 'attempts' | 'unit'>): string {
  const each = Object.entries(counts)
    .toSorted(([a], [b]) => (a < b ? -1 : 1))
    .map(([version, served]) => `${version} ${served}`);
  return `${each.join(' · ')} of ${plural(attempts, unit === 'pages' ? 'page' : 'attempt')}`;
}

function pText(pValue: number): string {
  return pValue < 1e-6 ? 'p<0.000001' : `p=${Number(pValue.toPrecision(2))}`;
}

function nameText(service: string | undefined): string {
  return service === undefined ? '' : `${service} `;
}

/** How much must be wrong to be noticed. */
function foundText({ found, tested }: NonNullable<Observed['test']>): string {
  const [first] = found;
  if (first === undefined) return ', too few attempts to find one off';
  const alike =
    found.length === tested && found.every(({ above, below }) => above === first.above && below === first.below);
  const what = alike
    ? boundsText(first)
    : found.map(({ version, ...bounds }) => `${version} ${boundsText(bounds)}`).join(', ');
  return `, a wrong one would be found at ${what}`;
}

/** `≤ 12 % or ≥ 56 %` */
export function boundsText({
  below,
  above,
}: {
  readonly below?: number | undefined;
  readonly above?: number | undefined;
}) {
  return [
    ...(below === undefined ? [] : [`≤ ${percent(below)}`]),
    ...(above === undefined ? [] : [`≥ ${percent(above)}`]),
  ].join(' or ');
}

function points(tolerance: number): number {
  return Number((tolerance * 100).toPrecision(3));
}

/** A version that is missing is a separate finding; the others are held to their shares of what is left. */
function amongText(versions: readonly string[] | undefined): string {
  return versions === undefined ? '' : ` among ${versions.join(', ')}`;
}

function excuseText(excuse: string | undefined): string {
  return excuse === undefined ? '' : `; its pods need not get equal shares: ${excuse}`;
}
