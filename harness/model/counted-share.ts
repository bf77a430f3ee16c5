import type { CodeDefinition } from './codes/definition.ts';
import { CODES, type FindingCode } from './codes.ts';
import type { Subject } from './finding.ts';
import type { CountedShare } from './policy.ts';

type Tally = CountedShare['share'];

/** A finding as far as it is counted. */
interface Counted {
  readonly code: FindingCode;
  readonly subject: Subject;
  readonly share: Tally;
  /** How often it was seen at each version; absent: versions were not distinguished. */
  readonly shareByVersion?: Readonly<Record<string, Tally>>;
  /** Whether they differ; absent: not tested. */
  readonly versionTest?: { readonly pValue: number; readonly alpha: number };
}

/**
 * What a baseline compares of a finding; undefined where its share is not of faults among things that were looked at: a
 * version that is never served has 0 of 60, and that is not better than 3 of 60.
 */
export function countedShare({ code, subject, share, shareByVersion, versionTest }: Counted): CountedShare | undefined {
  if (!countsFaults(code)) return undefined;
  const isTold = versionTest !== undefined && versionTest.pValue < versionTest.alpha;
  return {
    share,
    ...(shareByVersion !== undefined && { byVersion: shareByVersion }),
    named: isTold ? versionsOf(subject) : [],
  };
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
