import type { PromiseId, Tag } from '../promises.ts';

/** What a code means, for its page in docs/codes and for hints. Codes are never reused. */
export interface CodeDefinition {
  readonly promise: PromiseId;
  /** The finding in a few words. */
  readonly title: string;
  /** What the share of a finding counts; `time`: how often it happened. Absent: it is or it is not. */
  readonly counts?: 'probe' | 'trace' | 'call' | 'attempt' | 'span' | 'time';
  readonly meaning: string;
  /** How it looks in Jaeger (or in the answer). */
  readonly looks: string;
  readonly usualCauses: readonly string[];
  readonly fix: string;
  /** Absent: those of its promise. */
  readonly tags?: readonly Tag[];
}
