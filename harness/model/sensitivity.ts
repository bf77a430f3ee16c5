import { z } from 'zod';
import { count, type Data, open, probability } from './schema.ts';

const caller = z.string().describe('Service that calls.');
const callee = z.string().describe('Service that is called.');
const tolerance = probability.describe(
  'How far from the expected share a share counts as right, as a difference of the two: 0.1 is ten percentage points.',
);

const hopDetectionSchema = open({
  caller,
  callee,
  crossing: probability.describe('That a request makes this call.'),
  oneIn20: probability.describe('That it is found when 1 in 20 requests fail.'),
  oneIn100: probability.describe('That it is found when 1 in 100 requests fail.'),
});

export interface HopDetection extends Data<typeof hopDetectionSchema> {}

const hopSensitivitySchema = open({
  probes: count.describe("Number of probes forced on, in the mesh's own format."),
  calls: z.array(hopDetectionSchema).describe('Every call of the application.'),
}).describe('Hops that fail now and then.');

/** Faults that hit each request on its own, with some probability: a hop that drops the context now and then. */
export interface HopSensitivity extends Data<typeof hopSensitivitySchema> {}

const shareSensitivitySchema = open({
  service: z.string().describe('Name of the versioned service.'),
  attempts: count.describe('Number of its attempts.'),
  tolerance,
  versions: z
    .record(
      z.string(),
      open({
        expected: probability.describe('Expected share.'),
        above: probability.describe('Absent: none above is found.').exactOptional(),
        below: probability.describe('Absent: none below is found.').exactOptional(),
      }),
    )
    .describe('True shares from `above` up and from `below` down are found.'),
  neededForMissing: count.describe('Number of attempts that tell a version that is never served from bad luck.'),
}).describe('The test of the shares; absent: no service has several versions that are expected.');

export interface ShareSensitivity extends Data<typeof shareSensitivitySchema> {}

const rateSensitivitySchema = open({
  expected: probability.describe('The configured rate.'),
  undecided: count.describe('Number of undecided probes.'),
  tells: z.array(probability).describe('Rates it must tell from the expected one, to hold: half of it and twice it.'),
  needed: count.describe('Number of undecided probes that tell them; absent: more than a run sends.').exactOptional(),
  enough: z.boolean().describe('These probes tell them.'),
  above: probability.describe('Smallest true rate above the expected one that is found; absent: none.').exactOptional(),
  below: probability.describe('Largest true rate below the expected one that is found; absent: none.').exactOptional(),
}).describe('The test of the sampling rate, where one is configured.');

/** What the test of the sampling rate finds. */
export interface RateSensitivity extends Data<typeof rateSensitivitySchema> {}

export const sensitivitySchema = open({
  power: probability.describe('Whatever this names as found is found with this probability.'),
  hops: hopSensitivitySchema,
  shares: shareSensitivitySchema.exactOptional(),
  furtherShares: z
    .array(shareSensitivitySchema)
    .describe('The same of each further service with several versions.')
    .exactOptional(),
  rate: rateSensitivitySchema.exactOptional(),
}).describe(
  'The faults that this run was able to find, as it announced before it sent anything; all shares, rates and probabilities from 0 to 1. Absent where nothing was sent.',
);

/** What a run of so many probes is able to find. */
export interface Sensitivity extends Data<typeof sensitivitySchema> {}
