import type { CodeDefinition } from './codes/definition.ts';
import { CODES, type FindingCode } from './codes.ts';
import type { Subject } from './finding.ts';
import type { CountedShare } from './policy.ts';

type Tally = CountedShare['share'];

interface Shares {
  readonly share: Tally;
  /** How often it was seen at each version; absent: versions were not distinguished. */
  readonly shareByVersion?: Readonly<Record<string, Tally>>;
  /** Whether they differ; absent: not tested. */
  readonly versionTest?: { readonly pValue: number; readonly alpha: number };
}

/** A finding as far as it is counted. */
interface Counted extends Shares {
  readonly code: FindingCode;
  readonly subject: Subject;
  /** Of one about all callees of a caller, the same of each of them. */
  readonly callees?: readonly (Shares & { readonly callee: string })[];
}

/**
 * What a baseline compares of a finding; undefined where its share is not of faults among things that were looked at: a
 * version that is never served has 0 of 60, and that is not better than 3 of 60.
 */
export function countedShare(finding: Counted): CountedShare | undefined {
  const { code, subject, callees } = finding;
  if (!countsFaults(code)) return undefined;
  const versions = versionsOf(subject);
  if (callees === undefined) return countedOf(finding, versions);
  const byCallee = Object.fromEntries(callees.map((one) => [one.callee, countedOf(one, versions)]));
  return { ...countedOf(finding, versions), byCallee };
}

function countedOf({ share, shareByVersion, versionTest }: Shares, versions: readonly string[]): CountedShare {
  const isTold = versionTest !== undefined && versionTest.pValue < versionTest.alpha;
  return {
    share,
    ...(shareByVersion !== undefined && { byVersion: shareByVersion }),
    named: isTold ? versions : [],
  };
}

/** Its share is of calls, so that the calls of one request are counted each by itself. */
export function countsCalls(code: FindingCode): boolean {
  const { counts }: CodeDefinition = CODES[code];
  return counts === 'call';
}

/** The share of such a finding is of faults among probes, traces, calls or spans. */
export function countsFaults(code: FindingCode): boolean {
  const { counts }: CodeDefinition = CODES[code];
  return counts !== undefined && counts !== 'attempt' && counts !== 'time';
}

/** Versions that a subject names; of a hop its caller's, else its callee's. */
export function versionsOf(subject: Subject): readonly string[] {
  if (subject.kind === 'hop') return subject.callerVersions ?? subject.calleeVersions ?? [];
  return subject.kind === 'service' ? (subject.versions ?? []) : [];
}
