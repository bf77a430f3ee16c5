import { z } from 'zod';
import { count, type Data, open, probability } from './schema.ts';

export const limitOutcomeSchema = open({
  share: probability.describe('The limit.'),
  low: probability.describe('Lower end of the exact interval of its share.'),
  high: probability.describe('Upper end of it.'),
  confidence: probability.describe('Of that interval; higher where a second stage was sent.'),
  decision: z
    .enum(['above', 'below', 'undecided'])
    .describe('above: the whole interval is, and it counts as without a limit. below: a warning. undecided: neither.'),
  needed: count
    .describe('Number of requests that would decide; absent: it is decided, or more than ten million.')
    .exactOptional(),
}).describe('How it compares with its --max; absent: it has none.');

/** A finding against its limit. */
export interface LimitOutcome extends Data<typeof limitOutcomeSchema> {}
