import type { UnseenReason } from '../model/comparison.ts';
import { versionsOf } from '../model/counted-share.ts';
import type { BaselineFinding } from '../model/policy.ts';
import type { FindingIdentity, JudgedRun } from '../model/report.ts';
import { risePValue } from '../stats/fisher-rise.ts';
import { OF_CALLER } from './merge-findings.ts';

/** As much of a run as shows what it could have seen. */
export type Seeing = Pick<JudgedRun, 'promises' | 'hops' | 'versions' | 'run'>;

/** A finding counts as gone only where chance misses it more rarely than this. */
export const MISSED_ALPHA = 0.05;

/**
 * Why a run that does not show a finding of an earlier one does not say either that it is gone; undefined: it would have
 * been seen. "Nothing was seen" is not evidence where there was nothing to see (docs/architecture.md#rule-10).
 * @param probes of the earlier run, absent: as many as of this one.
 */
export function whyUnseen(finding: BaselineFinding, run: Seeing, probes?: number): UnseenReason | undefined {
  return whyNotLookedAt(finding, run) ?? whyMissed(finding, run, probes);
}

type About = Pick<FindingIdentity, 'promise' | 'code' | 'subject'>;

/** Why a run had no chance to see it at all; undefined: it had. */
export function whyNotLookedAt(
  { promise, code, subject }: About,
  { promises, hops, versions }: Seeing,
): UnseenReason | undefined {
  const status = promises.find(({ id }) => id === promise)?.status;
  if (status !== 'pass' && status !== 'fail') return { kind: 'promise-not-judged' };
  const [entry] = hops;
  const crossed = hopsOf({ code, subject }, hops);
  // A call outside the definition is seen wherever it happens.
  if (crossed.length > 0 && crossed.every(({ expected }) => expected === 0)) return { kind: 'hop-not-crossed' };
  const named = versionsOf(subject);
  const service =
    subject.kind === 'hop' ? subject.caller : subject.kind === 'service' ? subject.service : entry?.caller;
  // That a version is not served is what some findings are about.
  if (promise === 'load-balancing' || versions?.service !== service || named.length === 0) return undefined;
  const served = named.some((version) => (versions?.counts[version] ?? 0) > 0);
  return served ? undefined : { kind: 'version-not-served', versions: [...named] };
}

/** As rare as it was, chance alone may have kept it out of this run. */
function whyMissed(
  { code, subject, counted }: BaselineFinding,
  run: Seeing,
  probes = run.run.probes,
): UnseenReason | undefined {
  if (counted === undefined || probes === 0) return undefined;
  const { share, callee } = mostAffected(counted);
  const hop =
    subject.kind === 'hop' || callee !== undefined
      ? hopsOf({ code, subject }, run.hops).find((one) => callee === undefined || one.callee === callee)
      : undefined;
  const of = hop?.expected ?? Math.round((share.of * run.run.probes) / probes);
  const probability = risePValue({ affected: 0, of }, share);
  return probability < MISSED_ALPHA ? undefined : { kind: 'by-chance', probability };
}

/** Calls of one request to several callees often fail together. So the callee that it was seen at most stands for all. */
function mostAffected({ share, byCallee = {} }: NonNullable<BaselineFinding['counted']>) {
  const rate = ({ affected, of }: typeof share) => (of === 0 ? 0 : affected / of);
  const [most] = Object.entries(byCallee).toSorted(([, a], [, b]) => rate(b.share) - rate(a.share));
  return most === undefined ? { share, callee: undefined } : { share: most[1].share, callee: most[0] };
}

/** The hops that a finding is on: its own, those of the caller whose calls it is about, or those that lead to its service. */
function hopsOf({ code, subject }: Pick<About, 'code' | 'subject'>, hops: Seeing['hops']): Seeing['hops'] {
  if (subject.kind === 'hop')
    return hops.filter(({ caller, callee }) => caller === subject.caller && callee === subject.callee);
  if (subject.kind !== 'service') return [];
  const { service } = subject;
  return hops.filter(({ caller, callee }) => (OF_CALLER.has(code) ? caller : callee) === service);
}
