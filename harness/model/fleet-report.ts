import { z } from 'zod';
import { promiseIdSchema } from './finding.ts';
import { OUTCOME_STATUSES } from './outcome.ts';
import type { PromiseId } from './promises.ts';
import {
  type JudgedRun,
  type RunReport,
  reportSchema,
  VERDICTS,
  type Verdict,
  type VerdictExitCode,
} from './report.ts';
import { count, type Data, open, probability } from './schema.ts';

export const FLEET_REPORT_SCHEMA = 'hopcheck/fleet-report@1';

/** A target of which no capture is there has no run, and every part of it is missing. */
export interface JudgedTarget<Run = JudgedRun> {
  readonly name: string;
  readonly parts: { readonly of: number; readonly missing: readonly number[] };
  /** Absent: no part of it is there. */
  readonly run?: Run;
}

const statusCounts = z
  .partialRecord(z.enum(OUTCOME_STATUSES), count)
  .describe('Number of targets by status; a status that no target has is left out.');

const fleetPromiseSchema = open({
  id: promiseIdSchema.describe('Stable name of the promise.'),
  title: z.string().describe('The sentence that holds when it passes.'),
  status: z
    .enum(OUTCOME_STATUSES)
    .describe('fail where it fails on a target, else inconclusive where it is not decided on one.'),
  targets: statusCounts,
});

/** A promise over all targets. */
export interface FleetPromise extends Data<typeof fleetPromiseSchema> {}

/** With the report of a run; the JSON form names another schema for it (reports/fleet/fleet-json.ts). */
export const fleetTargetSchema = open({
  name: z.string().describe('As the plan or --target names it, else its ingress.'),
  verdict: z.enum(VERDICTS).describe('Of this target, by its part of α.'),
  sentence: z.string().min(1).describe('The verdict and its reason.'),
  parts: open({
    of: z.int().positive().describe('Number of parts of its plan.'),
    missing: z.array(z.int().positive()).describe('Numbers of the parts of which there is no capture.'),
  }).describe('The parts of its plan.'),
  report: reportSchema.exactOptional().describe('Its own report; absent: no capture of it is there.'),
});

export interface FleetTarget extends Omit<Data<typeof fleetTargetSchema>, 'report'> {
  readonly report?: RunReport;
}

export const fleetReportSchema = open({
  schema: z.literal(FLEET_REPORT_SCHEMA).describe('Name and version of this format.'),
  verdict: z.enum(VERDICTS).describe('Over the merged counts of every target; fail beats inconclusive.'),
  exitCode: z.literal([0, 1, 2]).describe('Of the verdict: pass 0, fail 1, inconclusive 2.'),
  sentence: z.string().min(1).describe('The verdict and its reason.'),
  alpha: open({
    all: probability.describe('Largest chance of a false alarm, all targets and statistical checks together.'),
    each: probability.describe('The equal part of it that each target has.'),
    confidence: probability.describe('Of intervals for people.'),
  }).describe('The share of chance that the targets divide among them.'),
  promises: z.array(fleetPromiseSchema).describe('Each promise that was judged on a target, over all targets.'),
  targets: z.array(fleetTargetSchema).min(1).describe('The worst first.'),
});

/** What the runs of many targets amount to. */
export interface FleetReport extends Omit<Data<typeof fleetReportSchema>, 'targets'> {
  readonly targets: readonly FleetTarget[];
}

/** The same as the judge decides it: data, and no text. */
export interface JudgedFleet {
  readonly verdict: Verdict;
  readonly exitCode: VerdictExitCode;
  readonly alpha: FleetReport['alpha'];
  readonly promises: readonly (Omit<FleetPromise, 'title' | 'id'> & { readonly id: PromiseId })[];
  /** The worst first. */
  readonly targets: readonly (JudgedTarget & { readonly verdict: Verdict })[];
  /** Tolerations that fit no finding of any target, where that fails the run. */
  readonly stale: readonly string[];
}
