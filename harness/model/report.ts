// Over 250 lines: one document, read as a whole; docs/report.schema.json is made from it.
import { z } from 'zod';
import { BACKEND_APIS, importedSchema } from './capture.ts';
import { unseenReasonSchema } from './comparison.ts';
import { CONTRACT_PROTOCOLS } from './contract.ts';
import type { RunDetail } from './detail.ts';
import { CONTEXT_FORMATS } from './exchange.ts';
import { promiseFactsSchema, reasonFactsSchema } from './facts/facts.ts';
import {
  type Cause,
  findingSchema,
  promiseIdSchema,
  reportedCodeSchema,
  selectionSchema,
  subjectSchema,
} from './finding.ts';
import { OUTCOME_STATUSES, type Outcome, type OutcomeStatus } from './outcome.ts';
import type { PromiseId } from './promises.ts';
import { clusterSchema, type JudgedCluster } from './reported-cluster.ts';
import { versionsSchema } from './reported-versions.ts';
import { added, count, type Data, open, probability } from './schema.ts';
import { sensitivitySchema } from './sensitivity.ts';

export const REPORT_SCHEMA = 'hopcheck/report@1';

export const VERDICTS = ['pass', 'fail', 'inconclusive'] as const;
export type Verdict = (typeof VERDICTS)[number];

const milliseconds = z.number().nonnegative();

const contractSchema = open({
  service: z.string().describe('Name of the service under test.'),
  protocol: z.enum(CONTRACT_PROTOCOLS).describe('How hopcheck called it.'),
  upstreams: z
    .array(
      open({
        name: z.string().describe('Name of the upstream.'),
        address: z.string().describe('Where hopcheck listened for it, host:port.'),
      }),
    )
    .describe('Upstreams that hopcheck played.'),
  calls: count.describe('Number of calls that the service made of them.'),
  required: z.array(z.string()).describe('Headers whose loss is an error.'),
  start: z.string().describe('Command that started the service; absent: it was there.').exactOptional(),
  output: z.array(z.string()).describe('Last lines of its output; absent: hopcheck did not start it.').exactOptional(),
  holdMs: milliseconds.describe('Milliseconds that went by while upstreams did not answer at all.'),
}).describe('Only of hopcheck contract, which tests one service without a mesh.');

const amongSchema = open({
  targets: z.int().min(2).describe('Number of targets.'),
  alpha: probability.describe('Largest chance of a false alarm of this target, all statistical checks together.'),
  confidence: probability.describe('Of intervals for people: that all targets have theirs right is 95 %.'),
}).describe(
  'Only where hopcheck merge judged several targets together: tests, intervals and what could be found are of an equal part of α. Absent: 0.00001, and 0.95.',
);

const runSchema = open({
  id: z.string().describe('Made anew for each run; its probes carry it.'),
  startedAt: z.string().describe('Time of the start, ISO 8601 in UTC.'),
  durationMs: milliseconds.describe(
    'Milliseconds: preflightMs + probeMs + settleMs of timings. 0 where traces were imported.',
  ),
  target: open({
    ingress: z.string().describe('URL that probes were sent to. Empty: imported, and not known.'),
    traceBackend: open({
      url: z.string().describe('Base URL of the query API. Empty: imported, and not known.'),
      api: z
        .enum(BACKEND_APIS)
        .describe('Which of its interfaces was used; absent: none was agreed on.')
        .exactOptional(),
      version: z.string().describe('As it reports it; absent: it does not.').exactOptional(),
    }).describe('Where traces were read.'),
  }).describe('Servers that were asked, without credentials.'),
  probes: count.describe(
    'Number of requests judged: probes sent, those of preflight not counted, or the requests of an imported run.',
  ),
  traces: count.describe('Number of traces with at least one span.'),
  secondStage: count
    .describe(
      'Number of those that --confirm sent because a limit was not decided; 0: none was needed. Absent: there was no second stage.',
    )
    .exactOptional(),
  hopcheck: z.string().describe('Version of hopcheck that made the capture.'),
  imported: importedSchema
    .describe(
      'Only of traces that hopcheck import took from a dump: nothing was sent, and target names what was known.',
    )
    .exactOptional(),
  cluster: clusterSchema.exactOptional(),
  contract: contractSchema.exactOptional(),
  among: amongSchema.exactOptional(),
}).describe('When, against what, and how much.');

const timingsSchema = open({
  preflightMs: milliseconds.describe('Milliseconds before the first probe.'),
  probeMs: milliseconds.describe('Milliseconds from the first probe to the last answer.'),
  settleMs: milliseconds.describe('Milliseconds of waiting for spans after the last answer.'),
  judgeMs: milliseconds.describe('Milliseconds of judging; 0 in a report of hopcheck judge.'),
  polls: count.describe('Number of reads of traces.'),
  backendCalls: count.describe('Number of calls of the trace backend, those of preflight included.'),
}).describe('Where the time went; all 0 where traces were imported.');

export const promiseSchema = open({
  id: promiseIdSchema.describe('Stable name of the promise.'),
  title: z.string().describe('What holds when it passes.'),
  status: z
    .enum(OUTCOME_STATUSES)
    .describe('inconclusive: could not be decided. not-supported: this mesh or backend cannot show it.'),
  observed: z.string().describe('What was seen, in a line for people, e.g. v1 20 · v2 21 · v3 19 of 60.'),
  reason: z
    .string()
    .describe('Why it is not decided or not judged; of inconclusive, skipped and not-supported.')
    .exactOptional(),
  facts: added(promiseFactsSchema.describe('The same as data; absent in reports of an older hopcheck.')),
  judged: z
    .enum(OUTCOME_STATUSES)
    .describe('What the judge decided, where the policy made the status another.')
    .exactOptional(),
  findings: z.array(findingSchema).describe('What is wrong or worth knowing; a pass may have some too.'),
});

/** A promise as reports show it: with the texts that `reports/text/` makes of its facts. */
export interface ReportedPromise extends Data<typeof promiseSchema> {}

/** What makes a run fail beside errors: warnings, tolerations that fit nothing; with `new`, errors that the baseline knows do not. */
export const FAIL_ON = ['warning', 'new', 'stale'] as const;
export type FailOn = (typeof FAIL_ON)[number];

/** What became of a toleration. */
export const TOLERATION_STATES = ['used', 'ending', 'over', 'stale', 'not-seen'] as const;
export type TolerationState = (typeof TOLERATION_STATES)[number];

const tolerationSchema = open({
  code: reportedCodeSchema.describe('Code of the findings that do not count.'),
  subject: z.string().describe('front->orders or orders; absent: whatever it is about.').exactOptional(),
  reason: z.string().min(1).describe('As given.'),
  findings: count.describe('Number of findings it was used for; 0: it may go, unless state says otherwise.'),
  until: z
    .string()
    .regex(/^\d{4}-\d{2}-\d{2}$/)
    .describe('Its last day, in UTC; absent: it has no end.')
    .exactOptional(),
  owner: z.string().describe('Who answers for it; absent: no one was named.').exactOptional(),
  state: z
    .enum(TOLERATION_STATES)
    .describe(
      'ending: seven days or less are left. over: its last day was before the run, and it waives nothing. stale: it fits nothing that was found. not-seen: nor could it have, because the run did not look there. Absent: an older report.',
    )
    .exactOptional(),
});

export interface ReportedToleration extends Data<typeof tolerationSchema> {}

const limitSchema = open({
  code: reportedCodeSchema.describe('Code of the findings that it is for.'),
  share: probability.describe('How often it may be.'),
}).describe('--max');

const identitySchema = open({
  promise: promiseIdSchema.describe('Whose finding it was.'),
  code: reportedCodeSchema.describe('Its code.'),
  subject: subjectSchema.describe('What it was about.'),
  causes: z
    .array(z.string() as unknown as z.ZodType<Cause>)
    .describe('Words of the fixed vocabulary, likeliest first.'),
});

/** What makes two findings of two runs the same one. */
export interface FindingIdentity extends Data<typeof identitySchema> {}

const baselineSchema = open({
  from: z.string().describe('Its file, as given.'),
  run: z.string().describe('Its run id.'),
  startedAt: z.string().describe('Start of its run, ISO 8601 in UTC.'),
  new: count.describe('Number of findings that it does not have.'),
  known: count.describe('Number of findings that it has too, worse ones not counted.'),
  worse: count
    .describe('Number of findings that it has too, less often or in fewer versions; absent: an older report.')
    .exactOptional(),
  gone: z.array(identitySchema).describe('Its findings that are not found any more and would have been seen.'),
  notSeen: z
    .array(open({ ...identitySchema.shape, why: unseenReasonSchema }))
    .describe('Its findings that this run did not show, and which may still be there; absent: an older report.')
    .exactOptional(),
}).describe('The report of --baseline, and how its findings compare.');

export interface ReportedBaseline extends Data<typeof baselineSchema> {}

const policySchema = open({
  failOn: z
    .array(z.enum(FAIL_ON))
    .describe(
      'What fails a run beside errors: warnings too; with stale, a toleration that fits nothing; with new, errors that the baseline knows do not.',
    ),
  only: z.array(selectionSchema).describe('What --only selects.'),
  skip: z.array(selectionSchema).describe('What --skip leaves out.'),
  tolerated: z.array(tolerationSchema).describe('Each --tolerate.'),
  max: z.array(limitSchema).describe('Each --max; absent: there is none.').exactOptional(),
  baseline: baselineSchema.exactOptional(),
}).describe('What was asked to count; absent: everything counts as judged.');

/** Selection, toleration and baseline, as a person reads them. */
export interface ReportedPolicy extends Data<typeof policySchema> {}

const cellSchema = open({
  cell: z
    .enum(['kept', 'lost', 'changed', 'not-observable'])
    .describe('not-observable: the spans cannot show it; never a guess.'),
  why: z.string().describe('What the cell rests on.'),
  facts: added(reasonFactsSchema.describe('The same as data; absent in reports of an older hopcheck.')),
  command: z
    .string()
    .describe('Of not-observable: the command that shows it without a mesh; PORT and PATH are those of the service.')
    .exactOptional(),
});

export interface ReportedCell extends Data<typeof cellSchema> {}

const hopSchema = open({
  caller: z.string().describe('Service that calls; the gateway for the first hop.'),
  callee: z.string().describe('Service that is called.'),
  seen: count.describe('Number of traces in which both halves of it (CLIENT and SERVER span) were joined.'),
  expected: count.describe('Number of traces in which it was expected.'),
  notJudged: count
    .describe('Number of calls below a break that were found nowhere, so that they are not judged; absent: none.')
    .exactOptional(),
  headers: z.record(z.string(), cellSchema).describe('By header name, what became of it at this hop.'),
});

/** A hop and what was seen of it; `headers` is filled by the propagation matrix. */
export interface ReportedHop extends Data<typeof hopSchema> {}

const formatSchema = open({
  format: z.enum(CONTEXT_FORMATS).describe('Of the trace context.'),
  status: z
    .enum(['own', 'carried', 'not-supported', 'unknown'])
    .describe(
      'own: what the mesh speaks. carried: read beside it. not-supported: the mesh makes another context. unknown: no trace shows it.',
    ),
  why: z.string().describe('What the status rests on.'),
  facts: added(reasonFactsSchema.describe('The same as data; absent in reports of an older hopcheck.')),
});

export interface ReportedFormat extends Data<typeof formatSchema> {}

export const reportSchema = open({
  schema: z.literal(REPORT_SCHEMA).describe('Name and version of this format.'),
  verdict: z.enum(VERDICTS).describe('fail beats inconclusive; inconclusive is never a pass.'),
  exitCode: z
    .literal([0, 1, 2])
    .describe(
      'Of the verdict: pass 0, fail 1, inconclusive 2. The command may exit otherwise: 130 or 143 after a signal, 2 for a pass of which something could not be written.',
    ),
  sentence: z.string().min(1).describe('The verdict and its reason.'),
  run: runSchema,
  promises: z.array(promiseSchema).min(1).describe('Each with its outcome, in the order of a report.'),
  policy: policySchema.exactOptional(),
  hops: z.array(hopSchema).describe('Every hop of the application definition, in its order.'),
  formats: added(z.array(formatSchema).describe('Context formats that were tried.')),
  versions: versionsSchema.exactOptional(),
  furtherVersions: z
    .array(versionsSchema)
    .describe('The same of each further service with several versions.')
    .exactOptional(),
  reach: sensitivitySchema.exactOptional(),
  timings: timingsSchema,
});

/** What a run amounts to; every format is rendered from this one object. Its JSON form is frozen (docs/report.schema.json). */
export interface RunReport extends Data<typeof reportSchema> {
  /** For formats with pictures, when asked for (`judge(capture, { detail: true })`); not part of the JSON report. */
  readonly detail?: RunDetail;
  /** How hopcheck was called, for the commands in formats that people read: `npx hopcheck`. Absent: `hopcheck`. Not part of the JSON report. */
  readonly called?: string;
  /** Where the HTML report will be published, for formats that link to it; not part of the JSON report. */
  readonly page?: string;
}

/**
 * The exit codes of docs/architecture.md#exit-codes that a verdict can have; 64, 130 and 143 belong to the command
 * line.
 */
export type VerdictExitCode = RunReport['exitCode'];

/** What a run amounts to, as the judge decides it: data, and no text (`renderReport()` in reports/text/ adds that). */
export interface JudgedRun extends Omit<RunReport, 'schema' | 'sentence' | 'run' | 'promises' | 'hops' | 'formats'> {
  readonly run: Omit<RunReport['run'], 'cluster'> & { readonly cluster?: JudgedCluster };
  readonly promises: readonly JudgedPromise[];
  readonly hops: readonly JudgedHop[];
  readonly formats: readonly JudgedFormat[];
}

export interface JudgedHop extends Omit<ReportedHop, 'headers'> {
  readonly headers: Readonly<Record<string, JudgedCell>>;
}

export interface JudgedCell extends Omit<ReportedCell, 'why' | 'command'> {}

export interface JudgedFormat extends Omit<ReportedFormat, 'why'> {}

export interface JudgedPromise extends Omit<Outcome, 'promise'> {
  readonly id: PromiseId;
  /** What the judge decided, where the policy made the status another. */
  readonly judged?: OutcomeStatus;
}
