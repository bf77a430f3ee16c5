import { countsCalls } from '../model/counted-share.ts';
import { type JudgedFinding, subjectKey } from '../model/finding.ts';
import { type Baseline, type BaselineFinding, type CountedShare, subjectName } from '../model/policy.ts';
import type { FindingIdentity, JudgedPromise } from '../model/report.ts';
import { OF_CALLER } from './merge-findings.ts';

/** What a finding was in an earlier report. */
export interface Before {
  /** More than one where that report has one finding per callee, and this run one about the caller. */
  readonly findings: readonly BaselineFinding[];
  /** How often it was seen; absent: not known. */
  readonly counted?: CountedShare;
}

type Compared = FindingIdentity & Pick<JudgedFinding, 'parts'>;

/**
 * Finds each finding in the baseline. First by the very same subject. Then, apart from shares of versions, by the subject
 * without its versions: they are named where they differ significantly, which chance decides too. Last, a finding about a
 * caller matches those about all of its callees, and a finding about one callee matches that about its caller.
 */
export function matchBaseline(
  promises: readonly JudgedPromise[],
  { findings }: Baseline,
): ReadonlyMap<JudgedFinding, Before> {
  const found = promises.flatMap(({ id, findings: own }) =>
    own.filter(isCompared).map((finding) => ({ finding, identity: { ...finding, promise: id } })),
  );
  const same = new Map<JudgedFinding, Before>();
  const taken = new Set<BaselineFinding>();
  for (const keyOf of KEYS)
    for (const { finding, identity } of found) {
      const key = keyOf(identity);
      const before = findings.find((one) => !taken.has(one) && keyOf(one) === key);
      if (same.has(finding) || key === undefined || before === undefined) continue;
      same.set(finding, beforeOf(before));
      taken.add(before);
    }
  for (const { finding, identity } of found) {
    if (same.has(finding)) continue;
    const before = ofParts(identity, findings) ?? ofCaller(identity, findings);
    if (before !== undefined) same.set(finding, before);
  }
  return same;
}

/** Whether an earlier report has a finding, by itself or as part of one about its caller. */
export function knownIn({ findings }: Baseline): (finding: FindingIdentity) => boolean {
  return (finding) => findOne(finding, findings) !== undefined || ofCaller(finding, findings) !== undefined;
}

/** Only what stands for itself; information may come and go. */
export function isCompared({ severity, explainedBy }: Pick<JudgedFinding, 'severity' | 'explainedBy'>): boolean {
  return severity !== 'info' && explainedBy === undefined;
}

/** Whether one finding is about the other's subject: the same, or a call of the caller that the other is about. */
export function isAboutSame(
  one: Pick<Compared, 'code' | 'subject'>,
  other: Pick<Compared, 'code' | 'subject'>,
): boolean {
  if (one.code !== other.code) return false;
  return subjectKey(one.subject) === subjectKey(other.subject) || isCallOf(one, other) || isCallOf(other, one);
}

function isCallOf(
  { subject: call }: Pick<Compared, 'subject'>,
  { code, subject: caller }: Pick<Compared, 'code' | 'subject'>,
) {
  return OF_CALLER.has(code) && call.kind === 'hop' && caller.kind === 'service' && call.caller === caller.service;
}

const KEYS = [exactKey, keyWithoutVersions] as const;

function exactKey({ promise, code, subject, causes }: FindingIdentity): string {
  return [promise, code, subjectKey(subject), ...causes.toSorted()].join(' ');
}

function keyWithoutVersions(identity: FindingIdentity): string | undefined {
  const { promise, code, subject, causes } = identity;
  if (promise === 'load-balancing' || subject.kind !== 'service') return undefined;
  return [promise, code, subject.kind, subjectName(subject), ...causes.toSorted()].join(' ');
}

function findOne(identity: FindingIdentity, findings: readonly BaselineFinding[]): BaselineFinding | undefined {
  for (const keyOf of KEYS) {
    const key = keyOf(identity);
    const before = key === undefined ? undefined : findings.find((one) => keyOf(one) === key);
    if (before !== undefined) return before;
  }
  return undefined;
}

/** An older report has one finding per callee, where there is one per caller today. */
function ofParts({ promise, code, parts = [] }: Compared, findings: readonly BaselineFinding[]): Before | undefined {
  const each = parts.flatMap((part) => {
    const before = findOne({ ...part, promise }, findings);
    return before === undefined || part.subject.kind !== 'hop' ? [] : [{ callee: part.subject.callee, before }];
  });
  if (parts.length === 0 || each.length < parts.length) return undefined;
  const counted = each.flatMap(({ callee, before }) =>
    before.counted === undefined ? [] : [{ callee, counted: before.counted }],
  );
  const befores = each.map(({ before }) => before);
  return counted.length < each.length
    ? { findings: befores }
    : { findings: befores, counted: togetherOf(counted, countsCalls(code)) };
}

/** The same probes are counted at each callee; each call is another one. */
function togetherOf(
  each: readonly { readonly callee: string; readonly counted: CountedShare }[],
  areCalls: boolean,
): CountedShare {
  const shares = each.map(({ counted }) => counted.share);
  const most = shares.toSorted((a, b) => b.affected - a.affected)[0] ?? { affected: 0, of: 0 };
  const sum = (of: 'affected' | 'of') => shares.reduce((total, share) => total + share[of], 0);
  return {
    share: areCalls ? { affected: sum('affected'), of: sum('of') } : most,
    named: [],
    byCallee: Object.fromEntries(each.map(({ callee, counted }) => [callee, counted])),
  };
}

/** Part of a finding about the caller, where that one is about this callee too, or does not say about which. */
function ofCaller(identity: FindingIdentity, findings: readonly BaselineFinding[]): Before | undefined {
  const { promise, subject } = identity;
  if (subject.kind !== 'hop') return undefined;
  const causes = causesKey(identity);
  const before = findings.find(
    (one) =>
      one.promise === promise && one.code === identity.code && isCallOf(identity, one) && causesKey(one) === causes,
  );
  if (before === undefined) return undefined;
  const byCallee = before.counted?.byCallee;
  if (byCallee === undefined) return { findings: [before] };
  const counted = byCallee[subject.callee];
  return counted === undefined ? undefined : { findings: [before], counted };
}

function causesKey({ causes }: FindingIdentity): string {
  return causes.toSorted().join(' ');
}

function beforeOf(finding: BaselineFinding): Before {
  return { findings: [finding], ...(finding.counted !== undefined && { counted: finding.counted }) };
}
