import { z } from 'zod';
import { clusterFactsSchema, type Step, stepSchema } from './cluster.ts';
import { fact } from './facts/facts.ts';
import { type Data, open } from './schema.ts';

const stepFactsSchema = z.strictObject({
  title: fact.describe('Statement that holds when it is ok.'),
  detail: fact.describe('What was seen.'),
  fix: fact.describe('What would fix it; absent: nothing to do.').optional(),
});

const reportedStepSchema = open({
  ...stepSchema.shape,
  facts: stepFactsSchema
    .describe('The same as data, of a step that only traffic could check; absent: the capture has it in words.')
    .exactOptional(),
});

/** A step of the walk-through, as reports show it. */
export interface ReportedStep extends Data<typeof reportedStepSchema> {}

const { context, istio, dataPlane, found, steps } = clusterFactsSchema.shape;
export const clusterSchema = open({
  context,
  istio,
  dataPlane,
  found,
  steps: z.array(reportedStepSchema).describe(steps.description ?? ''),
}).describe('Only of a run with --kube.');

export interface ReportedCluster extends Data<typeof clusterSchema> {}

/** The cluster as the judge gives it: the steps that only traffic could check are data. */
export interface JudgedCluster extends Omit<ReportedCluster, 'steps'> {
  /** Those that the capture has, in its words, and those that only traffic could check, as data. */
  readonly steps: readonly (Step | JudgedStep)[];
}

export interface JudgedStep extends Pick<Step, 'id' | 'status'> {
  readonly facts: Data<typeof stepFactsSchema>;
}
