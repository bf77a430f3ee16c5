import type { CodeDefinition } from './codes/definition.ts';
import { CODES, type FindingCode } from './codes.ts';
import type { Selection, Subject } from './finding.ts';
import { ALL_PROMISES, type Tag } from './promises.ts';
import type { FailOn, FindingIdentity } from './report.ts';

/** What counts, as its user wants it; {@link EVERYTHING_COUNTS} is no policy at all. */
export interface Policy {
  readonly failOn: readonly FailOn[];
  readonly only: readonly Selection[];
  readonly skip: readonly Selection[];
  readonly tolerate: readonly Toleration[];
  readonly baseline?: Baseline;
}

export interface Toleration {
  readonly code: FindingCode;
  /** As {@link subjectName} writes it; absent: whatever it is about. */
  readonly subject?: string;
  readonly reason: string;
}

/** An earlier report, as far as it is compared. */
export interface Baseline {
  readonly from: string;
  readonly run: string;
  readonly startedAt: string;
  readonly findings: readonly FindingIdentity[];
}

export const EVERYTHING_COUNTS: Policy = { failOn: [], only: [], skip: [], tolerate: [] };

/** The codes a promise, code or tag stands for; undefined: it is none of these. */
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

/** A subject in one word, as --tolerate takes it and Prometheus labels carry it; versions are no part of it. */
export function subjectName(subject: Subject): string {
  if (subject.kind === 'hop') return `${subject.caller}->${subject.callee}`;
  return subject.kind === 'service' ? subject.service : subject.kind;
}
