import { z } from 'zod';
import { count, type Data, open, probability } from './schema.ts';

/** So many of so many, of what the code counts. */
const tally = open({
  affected: count.describe('Number of those that it was about.'),
  of: count.describe('Number of those that were looked at.'),
});

export const comparisonSchema = open({
  before: tally.describe('The share that the baseline has.'),
  pValue: probability.describe(
    'Probability of a rise by chance alone to at least the share of now (one-sided exact test of Fisher).',
  ),
  alpha: probability.describe('worse where pValue is below it: 0.01 divided by the number of findings compared.'),
  addedVersions: z
    .array(z.string())
    .describe('Versions that are affected and were not; worse where there is one.')
    .exactOptional(),
}).describe('How a finding that the baseline has compares with it.');

/** Against a baseline; `new` and `worse` count as new. */
export const BASELINE_STATES = ['new', 'known', 'worse'] as const;

const because = <Kind extends string, Shape extends z.core.$ZodShape>(kind: Kind, means: string, shape: Shape) =>
  open({ kind: z.literal(kind).describe(means), ...shape });

export const unseenReasonSchema = z
  .discriminatedUnion('kind', [
    because('promise-not-judged', 'Its promise was not judged.', {}),
    because('hop-not-crossed', 'No trace of this run was expected to have the call.', {}),
    because('version-not-served', 'None of its versions was served.', {
      versions: z.array(z.string()).describe('Those versions.'),
    }),
    because('explained', 'It is there, and follows from another finding.', {
      code: z.string().describe('Code of that finding.'),
    }),
    because('by-chance', 'It was so rare that this run may have missed it.', {
      probability: probability.describe('Of not seeing it in this run, were it as frequent as before.'),
    }),
  ])
  .describe('Why this run does not show whether it is gone.');

export type UnseenReason = Data<typeof unseenReasonSchema>;
