import { percent } from '../harness/model/numbers.ts';
import type { HopSensitivity, RateSensitivity, Sensitivity, ShareSensitivity } from '../harness/model/sensitivity.ts';
import { safeText } from './characters/safe-text.ts';
import { wrap } from './wrap.ts';

/** What a run is able to find, in words: a name and a text each. The same before a run as in its report. */
export function sensitivityInWords({
  power,
  hops,
  shares,
  furtherShares = [],
  rate,
}: Sensitivity): (readonly [name: string, text: string])[] {
  return [
    ['hops', hopsInWords(hops)],
    ...(shares === undefined ? [] : [['shares', sharesInWords(shares, power)] as const]),
    ...furtherShares.map((one) => ['shares', sharesInWords(one, power)] as const),
    [
      'rate',
      rate === undefined
        ? 'no sampling rate is configured (--sampling): the rate is reported, not judged'
        : rateInWords(rate, power),
    ],
  ];
}

/** The same in lines. */
export function sensitivityLines(reach: Sensitivity, columns: number): string[] {
  return sensitivityInWords(reach).flatMap(([name, text]) => wrap(text, columns, `  ${name.padEnd(8)} `));
}

/** `a hop failing 5 % of requests is detected in 96 % of runs, reviews → ratings in 88 %; failing 1 %: 46 %, … (62 forced-on probes)` */
function hopsInWords({ probes, calls }: HopSensitivity): string {
  const everywhere = calls.find(({ crossing }) => crossing === 1);
  const others = calls.filter(({ crossing }) => crossing < 1);
  const detected = (rate: 'oneIn20' | 'oneIn100') =>
    [
      ...(everywhere === undefined ? [] : [`in ${percent(everywhere[rate])} of runs`]),
      ...others.map((call) => `${safeText(call.caller)} → ${safeText(call.callee)} in ${percent(call[rate])}`),
    ].join(', ');
  return `a hop failing 5 % of requests is detected ${detected('oneIn20')}; a hop failing 1 % ${detected('oneIn100')} (by ${probes} forced-on probes)`;
}

function sharesInWords({ service, attempts, versions, neededForMissing }: ShareSensitivity, power: number): string {
  const found = Object.entries(versions).map(([version, { below, above }]) => ({
    version,
    text: bounds(below, above),
  }));
  const [first] = found;
  const detectable = found.every(({ text }) => text === first?.text)
    ? first?.text && `any version at ${first.text}`
    : found
        .filter(({ text }) => text !== '')
        .map(({ version, text }) => `${safeText(version)} at ${text}`)
        .join(', ');
  const shares = detectable ? `${detectable} is found in ${percent(power)} of runs` : 'too few to find one that is off';
  const missing =
    attempts >= neededForMissing
      ? 'one that is never served is always found'
      : `one that is never served is found from ${neededForMissing} attempts on`;
  return `${shares}; ${missing} (by ${attempts} attempts of ${service})`;
}

function rateInWords(
  { expected, undecided, tells, needed, enough, below, above }: RateSensitivity,
  power: number,
): string {
  const found = bounds(below, above);
  const finds = found === '' ? 'no other rate is found' : `a true rate ${found} is found in ${percent(power)} of runs`;
  const others = tells.map(percent).join(' and ');
  const verdict = enough
    ? ''
    : needed === undefined
      ? `; else skipped: no run is long enough to tell ${percent(expected)} from ${others}`
      : `; else skipped: too few to tell ${percent(expected)} from ${others}, --undecided ${needed} is enough`;
  return `${finds}${verdict} (by ${undecided} undecided probes)`;
}

/** `≤ 8 % or ≥ 64 %`; empty: none. */
function bounds(below: number | undefined, above: number | undefined): string {
  return [
    ...(below === undefined ? [] : [`≤ ${percent(below)}`]),
    ...(above === undefined ? [] : [`≥ ${percent(above)}`]),
  ].join(' or ');
}
