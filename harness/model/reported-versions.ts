import { z } from 'zod';
import { added, count, type Data, open, probability } from './schema.ts';

const shareSchema = open({
  expected: probability.describe('Absent: not expected at all.').exactOptional(),
  observed: probability.describe('Of all that were served.'),
  low: probability.describe('Lower end of the exact interval, 95 %, for people.'),
  high: probability.describe('Upper end of the exact interval, 95 %, for people.'),
  tested: open({
    expected: probability.describe('Among the versions that were tested.'),
    observed: probability.describe('Among the versions that were tested.'),
    low: probability.describe('Lower end of the interval.'),
    high: probability.describe('Upper end of the interval.'),
  })
    .describe('What decided: shares among the versions that were tested, and the interval of all together with 99.9 %.')
    .exactOptional(),
  off: z.boolean().describe('The test found the share to be off.').exactOptional(),
  found: open({
    above: probability
      .describe('Smallest true share above the expected one that is found; absent: none.')
      .exactOptional(),
    below: probability
      .describe('Largest true share below the expected one that is found; absent: none.')
      .exactOptional(),
  })
    .describe("True shares from `above` up and from `below` down would be called off with the test's power.")
    .exactOptional(),
});

/** All values 0–1. */
export interface ReportedShare extends Data<typeof shareSchema> {}

const shareTestSchema = open({
  attempts: z.int().min(1).describe('Number of attempts of the versions that were tested.'),
  pValue: probability.describe('Probability of counts that are as unlikely or more, were the shares as expected.'),
  method: z.enum(['exact', 'monte-carlo']).describe('How it was computed.'),
  alpha: probability.describe('Level of the test: largest chance of calling shares off that are as expected.'),
  tolerance: probability.describe(
    'How far from the expected share a share counts as right, as a difference of the two: 0.1 is ten percentage points.',
  ),
  power: probability.describe('With which found was computed.'),
}).describe('The test of the shares, where there was one.');

export interface ReportedShareTest extends Data<typeof shareTestSchema> {}

const rotationSchema = open({
  verdict: z
    .enum(['seen', 'not-decidable', 'broken'])
    .describe('broken: with --exclusive and --workers, turns are further apart than they can be.'),
  unit: z.enum(['pods', 'versions']).describe('Things that take turns.'),
  callers: count.describe(
    'Number of caller pods whose calls were followed, each for itself; 0: only the order of the probes is known.',
  ),
  steps: count.describe('Number of calls that went to the next one in turn.'),
  of: count.describe('Number of calls that could have.'),
  quantile: count.describe('Number of steps that a random choice exceeds in at most 1 of 1000 cases.'),
  spread: open({
    most: count.describe('Turns of the one with most.'),
    least: count.describe('Turns of the one with least.'),
    workers: z.int().min(1).describe('Number of worker threads of the caller, each of which takes turns for itself.'),
    unknown: count.describe('Number of turns that may have been taken and were not seen.'),
    broken: z.boolean().describe('The turns are further apart than so many workers can bring them.'),
  })
    .describe('With --exclusive and --workers: how far apart the turns are.')
    .exactOptional(),
}).describe('Whether the versions take turns.');

/** Whether versions take turns (harness/stats/rotation.ts). */
export interface ReportedRotation extends Data<typeof rotationSchema> {}

export const versionsSchema = open({
  service: z.string().describe('Name of the service.'),
  counts: z.record(z.string(), count).describe('By version, how many it served, in the unit of unit.'),
  attempts: count.describe('Sum of counts.'),
  unit: z
    .enum(['attempts', 'pages'])
    .describe('What is counted: attempts are SERVER spans of the service; pages where there are no spans.'),
  sequence: z.array(z.string()).describe('Versions in order of the probes; ? where one is not known.'),
  shares: added(
    z
      .record(z.string(), shareSchema)
      .describe('By version; all numbers from 0 to 1. Versions that are neither expected nor served are left out.'),
  ),
  test: shareTestSchema.exactOptional(),
  rotation: rotationSchema.exactOptional(),
}).describe('Which version of the versioned service served what; absent: the application has none.');

export interface ReportedVersions extends Data<typeof versionsSchema> {}
