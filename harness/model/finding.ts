import { z } from 'zod';
import { CODES, type FindingCode } from './codes.ts';
import { BASELINE_STATES, comparisonSchema } from './comparison.ts';
import { findingFactsSchema } from './facts/facts.ts';
import { spanIdSchema, traceIdSchema } from './ids.ts';
import { limitOutcomeSchema } from './limit.ts';
import { ALL_PROMISES } from './promises.ts';
import { added, count, type Data, open, probability } from './schema.ts';

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
  'not-captured',
  'propagation-disabled',
  'sidecar-absent',
  'sidecar-not-reporting',
  'tracing-off',
  'callee-down',
  'callee-closed',
  'callee-unreachable',
  'callee-slow',
  'callee-error',
  'caller-cancelled',
  'call-refused',
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
  'mesh-changed',
  'name-unknown',
  'ingress-unreachable',
  'backend-unreachable',
  'backend-refused',
  'backend-not-jaeger',
  'header-dropped',
  'header-changed',
  'header-invented',
] as const;

export type Cause = (typeof CAUSES)[number];

const versions = (whose: string) =>
  z.array(z.string()).describe(`Versions ${whose}that are affected; absent: all.`).exactOptional();
const kindOf = <Kind extends string>(kind: Kind) => z.literal(kind).describe('What the other properties name.');

export const subjectSchema = z
  .discriminatedUnion('kind', [
    open({
      kind: kindOf('hop'),
      caller: z.string().describe('Service that calls.'),
      callee: z.string().describe('Service that is called.'),
      callerVersions: versions('of the caller '),
      calleeVersions: versions('of the callee '),
    }),
    open({ kind: kindOf('service'), service: z.string().describe('Name of the service.'), versions: versions('') }),
    open({
      kind: kindOf('probe'),
      purpose: z.string().describe('Of the probes, e.g. forced-on; absent: all probes.').exactOptional(),
    }),
    open({ kind: kindOf('mesh') }),
    open({ kind: kindOf('backend') }),
  ])
  .meta({ id: 'subject' });

export type Subject = Data<typeof subjectSchema>;

/** In a report, which a newer version may have written: any code of the families. */
export const reportedCodeSchema = z
  .string()
  .regex(/^HC[1-8][0-9]{2}$/)
  .meta({ id: 'code' }) as unknown as z.ZodType<FindingCode>;

export const promiseIdSchema = z.enum(ALL_PROMISES.map(({ id }) => id)).meta({ id: 'promiseId' });

const findingRefSchema = open({
  promise: promiseIdSchema.describe('Whose finding that is.'),
  code: reportedCodeSchema.describe('Its code.'),
  subject: subjectSchema.describe('What it is about.'),
}).describe('The finding that it follows from; then its severity is info, and it counts for nothing by itself.');

export interface FindingRef extends Data<typeof findingRefSchema> {}

/** A finding by its code, in the promise that the code belongs to. */
export function refTo(code: FindingCode, subject: Subject): FindingRef {
  return { promise: CODES[code].promise, code, subject };
}

/** How many probes, traces, spans and links the evidence of a finding has at most. */
export const EVIDENCE_LIMIT = 3;

const sample = <Item extends z.ZodType>(item: Item) => z.array(item).max(EVIDENCE_LIMIT);

const evidenceSchema = open({
  probes: sample(z.string()).describe('Ids of probes, p001 in sending order.'),
  traces: sample(traceIdSchema).describe('Trace ids, 32 hexadecimal digits.'),
  spans: sample(
    open({
      traceId: traceIdSchema.describe('32 hexadecimal digits.'),
      spanId: spanIdSchema.describe('16 hexadecimal digits.'),
    }),
  ).describe('Spans that show it.'),
  links: sample(z.string()).describe("URLs in the trace backend's user interface."),
  curl: z.string().describe('Command that sends a like probe, with fresh ids; secrets as $NAME.').exactOptional(),
}).describe('A sample, at most three of each; share counts them all.');

const waiverSchema = open({
  by: z.enum(['tolerate', 'only', 'skip', 'baseline', 'max']).describe('Option that has this effect.'),
  reason: z.string().min(1).describe('As given, or what the option was.'),
}).describe('Why it does not count. It changes nothing of what was seen.');

export interface Waiver extends Data<typeof waiverSchema> {}

/** So many of so many, of what the code counts. */
const counted = (means: string) =>
  open({
    affected: count.describe('Number of those that it is about.'),
    of: count.describe('Number of those that were looked at.'),
  }).describe(means);

const byVersion = {
  shareByVersion: z
    .record(z.string(), counted('How often it was seen at this version.'))
    .describe('Only where versions are known: how often it was seen at each version.')
    .exactOptional(),
  versionTest: open({
    method: z.literal('fisher-exact').describe('How it was computed.'),
    pValue: probability.describe('Probability of counts by version that differ as much, were all versions alike.'),
    alpha: probability.describe(
      'Versions are named where pValue is below it, or where every call of each fares alike.',
    ),
  })
    .describe('Whether the versions of shareByVersion differ.')
    .exactOptional(),
};

export const findingSchema = open({
  code: reportedCodeSchema.describe('Its page: docs/codes.'),
  severity: z
    .enum(SEVERITIES)
    .describe('Only errors fail a promise by themselves. info: worth knowing, or explained by another finding.'),
  causes: z
    .array(z.string().regex(/^[a-z0-9-]+$/) as unknown as z.ZodType<Cause>)
    .describe(
      'Words of the fixed vocabulary: one when certain, else every one that explains it, likeliest first; empty where none fits.',
    ),
  subject: subjectSchema.describe('What it is about.'),
  expected: z.string().describe('Short, to be read beside received.'),
  received: z.string().describe('Short, to be read beside expected.'),
  facts: added(findingFactsSchema.describe('The same as data; absent in reports of an older hopcheck.')),
  share: open({
    affected: count.describe('Number of those that it is about; 0 where what is wrong is that there is none.'),
    of: count.describe('Number of those that were looked at.'),
  }).describe(
    'How often it was seen. What is counted depends on the code: probes, traces, calls, spans, attempts, pages.',
  ),
  callees: z
    .array(
      open({
        callee: z.string().describe('Service that is called.'),
        share: counted('How often it was seen there.'),
        ...byVersion,
      }),
    )
    .min(2)
    .describe('Only where calls of one caller to all its callees fare alike: how often it was seen at each of them.')
    .exactOptional(),
  ...byVersion,
  explainedBy: findingRefSchema.exactOptional(),
  evidence: evidenceSchema,
  remedy: z.string().describe('What to do.'),
  waived: waiverSchema.exactOptional(),
  baseline: z
    .enum(BASELINE_STATES)
    .describe(
      'Against the report of --baseline. worse: it has it too, less often or in fewer versions. Absent: there is no baseline, or it is not compared.',
    )
    .exactOptional(),
  comparison: comparisonSchema.exactOptional(),
  limit: limitOutcomeSchema.exactOptional(),
});

/** A finding as reports show it: with the texts that `reports/text/` makes of its facts. */
export interface Finding extends Data<typeof findingSchema> {}

/** One thing that is wrong or worth knowing, as the judge finds it: data, and no text. One per cause and subject. */
export interface JudgedFinding extends Omit<Finding, 'expected' | 'received' | 'remedy' | 'waived'> {
  /** Why it does not count, where a policy says so. The policy does not change what was seen. */
  readonly waived?: JudgedWaiver;
  /** It follows from another, and by itself it would be a warning: it fails no promise either way; no report has it. */
  readonly isMild?: true;
  /** The findings of which this one was made. A policy may name one of them; no report has them. */
  readonly parts?: readonly JudgedFinding[];
  /** The finding that it follows from, where `explainedBy` leads to a finding that was made of several; no report has it. */
  readonly explainedByPart?: FindingRef;
}

export type JudgedWaiver =
  | { readonly by: 'tolerate'; readonly reason: string }
  | { readonly by: 'only' | 'skip'; readonly selections: readonly Selection[] }
  | { readonly by: 'baseline'; readonly run: string; readonly from: string }
  | { readonly by: 'max'; readonly code: FindingCode; readonly decision: 'below' | 'undecided' };

export const selectionSchema = open({
  what: z.string().describe('Promise, code or tag.'),
  reason: z.string().describe('As given; absent: none was.').exactOptional(),
}).meta({ id: 'selection' });

/** What `--only` and `--skip` name. */
export interface Selection extends Data<typeof selectionSchema> {}

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
