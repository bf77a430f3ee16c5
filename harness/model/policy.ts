import type { CodeDefinition } from './codes/definition.ts';
import { CODES, type FindingCode } from './codes.ts';
import type { Selection, Subject } from './finding.ts';
import { ALL_PROMISES, type Tag } from './promises.ts';
import type { FailOn, FindingIdentity } from './report.ts';

/** What counts, as its user wants it; {@link EVERYTHING_COUNTS} is the default. */
export interface Policy {
  readonly failOn: readonly FailOn[];
  readonly only: readonly Selection[];
  readonly skip: readonly Selection[];
  readonly tolerate: readonly Toleration[];
  /** Shares up to which a finding is only a warning. Default: none. */
  readonly max?: readonly Limit[];
  readonly baseline?: Baseline;
}

export interface Toleration {
  readonly code: FindingCode;
  /** As {@link subjectName} writes it; absent: whatever it is about. */
  readonly subject?: string;
  readonly reason: string;
  /** Its last day, `2027-01-31`, in UTC; absent: it has no end. */
  readonly until?: string;
  /** Who answers for it. */
  readonly owner?: string;
}

/** How often something may fail. */
export interface Limit {
  readonly code: FindingCode;
  /** 0–1 */
  readonly share: number;
}

/** A finding of an earlier report, with how often it was seen there. */
export interface BaselineFinding extends FindingIdentity {
  /** Absent: not known, and then it is never worse. */
  readonly counted?: CountedShare;
}

export interface CountedShare {
  readonly share: Tally;
  /** Absent: versions were not distinguished, or the report is older than that. */
  readonly byVersion?: Readonly<Record<string, Tally>>;
  /** Versions that are affected significantly more than the others; empty: none. */
  readonly named: readonly string[];
  /** Of a finding about all callees of a caller, the same of each of them. */
  readonly byCallee?: Readonly<Record<string, CountedShare>>;
}

interface Tally {
  readonly affected: number;
  readonly of: number;
}

/** An earlier report, as far as it is compared. */
export interface Baseline {
  readonly from: string;
  readonly run: string;
  readonly startedAt: string;
  readonly findings: readonly BaselineFinding[];
  /** How many requests it judged; absent: not known. */
  readonly probes?: number;
  /** Its promises that were judged or could have been; absent: not known. */
  readonly promises?: readonly string[];
  /** Calls of its application, `caller->callee`, that of the gateway first; absent: not known. */
  readonly hops?: readonly string[];
}

export const EVERYTHING_COUNTS: Policy = { failOn: [], only: [], skip: [], tolerate: [] };

/** The codes a promise, code or tag stands for; undefined: the word is unknown. */
export function codesOf(word: string): readonly FindingCode[] | undefined {
  const codes = Object.keys(CODES) as FindingCode[];
  if (Object.hasOwn(CODES, word)) return [word as FindingCode];
  const found = codes.filter((code) => CODES[code].promise === word || tagsOf(code).includes(word as Tag));
  return found.length === 0 ? undefined : found;
}

export function tagsOf(code: FindingCode): readonly Tag[] {
  const { tags, promise }: CodeDefinition = CODES[code];
  return tags ?? ALL_PROMISES.find(({ id }) => id === promise)?.tags ?? [];
}

/** A subject in one word, as --tolerate takes it and Prometheus labels carry it; it leaves versions out. */
export function subjectName(subject: Subject): string {
  if (subject.kind === 'hop') return `${subject.caller}->${subject.callee}`;
  return subject.kind === 'service' ? subject.service : subject.kind;
}
