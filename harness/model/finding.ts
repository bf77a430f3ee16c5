import { z } from 'zod';
import { CODES, type FindingCode } from './codes.ts';
import type { ProbeId } from './exchange.ts';
import type { FindingFacts } from './facts/facts.ts';
import type { SpanId, TraceId } from './ids.ts';
import type { PromiseId } from './promises.ts';
import { type Data, open } from './schema.ts';

export const SEVERITIES = ['error', 'warning', 'info'] as const;
export type Severity = (typeof SEVERITIES)[number];

/** The fixed vocabulary people filter and alert on (docs/architecture.md#causes). */
export const CAUSES = [
  'context-dropped',
  'request-id-dropped',
  'trace-restarted',
  'sampled-changed',
  'id-truncated',
  'parent-wrong',
  'parent-phantom',
  'parent-outside',
  'context-reused',
  'format-mismatch',
  'stripped-in-transit',
  'sidecar-absent',
  'sidecar-not-reporting',
  'tracing-off',
  'callee-down',
  'callee-unreachable',
  'callee-slow',
  'callee-error',
  'fault-injected',
  'retried',
  'unexpected-call',
  'spans-late',
  'spans-lost',
  'tail-sampling',
  'version-missing',
  'share-off',
  'sampling-off',
  'sampling-rate-off',
  'clock-skew',
  'name-unknown',
  'ingress-unreachable',
  'backend-unreachable',
  'backend-refused',
  'backend-not-jaeger',
] as const;

export type Cause = (typeof CAUSES)[number];

const names = z.array(z.string());

export const subjectSchema = z.discriminatedUnion('kind', [
  open({
    kind: z.literal('hop'),
    caller: z.string(),
    callee: z.string(),
    /** The caller's versions that are affected, where not all of them are. */
    callerVersions: names.exactOptional(),
    calleeVersions: names.exactOptional(),
  }),
  open({ kind: z.literal('service'), service: z.string(), versions: names.exactOptional() }),
  open({ kind: z.literal('probe'), purpose: z.string().exactOptional() }),
  open({ kind: z.literal('mesh') }),
  open({ kind: z.literal('backend') }),
]);

export type Subject = Data<typeof subjectSchema>;

export interface FindingRef {
  readonly promise: PromiseId;
  readonly code: FindingCode;
  readonly subject: Subject;
}

/** A finding by its code, in the promise that the code belongs to. */
export function refTo(code: FindingCode, subject: Subject): FindingRef {
  return { promise: CODES[code].promise, code, subject };
}

export interface SpanRef {
  readonly traceId: TraceId;
  readonly spanId: SpanId;
}

export interface Evidence {
  /** A sample, at most {@link EVIDENCE_LIMIT} of each; `share` counts them all. */
  readonly probes: readonly ProbeId[];
  readonly traces: readonly TraceId[];
  readonly spans: readonly SpanRef[];
  /** Into Jaeger's UI. */
  readonly links: readonly string[];
  /** Sends a like probe; fresh ids, secrets as `$NAME`. */
  readonly curl?: string;
}

export const EVIDENCE_LIMIT = 3;

/** One thing that is wrong or worth knowing, as the judge finds it: data, and no text. One per cause and subject. */
export interface JudgedFinding {
  readonly code: FindingCode;
  readonly severity: Severity;
  /** One when certain, else every cause that explains it, likeliest first; empty where no word fits. */
  readonly causes: readonly Cause[];
  readonly subject: Subject;
  readonly facts: FindingFacts;
  readonly share: { readonly affected: number; readonly of: number };
  /** The finding that accounts for this one; then severity is `info` and the promise stays `fail`. */
  readonly explainedBy?: FindingRef;
  readonly evidence: Evidence;
  /** Why it does not count, where a policy says so. What was seen is not changed by that. */
  readonly waived?: JudgedWaiver;
  /** Against the report of --baseline. */
  readonly baseline?: 'new' | 'known';
}

/** A finding as reports show it: with the texts that `reports/text/` makes of its facts. */
export interface Finding extends Omit<JudgedFinding, 'waived'> {
  /** Short, to be read side by side. */
  readonly expected: string;
  readonly received: string;
  readonly remedy: string;
  readonly waived?: Waiver;
}

export interface Waiver {
  readonly by: 'tolerate' | 'only' | 'skip' | 'baseline';
  readonly reason: string;
}

export type JudgedWaiver =
  | { readonly by: 'tolerate'; readonly reason: string }
  | { readonly by: 'only' | 'skip'; readonly selections: readonly Selection[] }
  | { readonly by: 'baseline'; readonly run: string; readonly from: string };

/** What `--only` and `--skip` name. */
export interface Selection {
  /** A promise, code or tag. */
  readonly what: string;
  readonly reason?: string;
}

/** Names only: the same hop of other versions is the same subject, and its finding names all of them. */
export function subjectKey(subject: Subject): string {
  switch (subject.kind) {
    case 'hop':
      return `hop ${subject.caller} ${subject.callee}`;
    case 'service':
      return `service ${subject.service} ${subject.versions?.join(',') ?? ''}`;
    case 'probe':
      return `probe ${subject.purpose ?? ''}`;
    default:
      return subject.kind;
  }
}
