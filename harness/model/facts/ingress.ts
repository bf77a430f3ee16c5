import { z } from 'zod';
import type { Data } from '../schema.ts';
import { callAnswer, callFailure, count, fact, ms, restoreService, word, yes } from './values.ts';

/** Where the errors of a run ended: none of the later answers shows one, and that is not by chance. */
const ended = z
  .strictObject({
    lastMs: ms('from 1970 to the last request with an error'),
    errors: count('answers with an error, of any kind'),
    after: count('answers after that one, all without an error'),
    starting: yes('The errors began with the first requests'),
  })
  .describe('The errors ended during the run; absent: they did not, or it cannot be known.')
  .optional();

const status = z.int().describe('HTTP status, a number of the answer.');

/** HC1xx: what the ingress answers. */
export const ingressFact = z.discriminatedUnion('kind', [
  fact('an-answer', 'The ingress answers.', {}),
  fact('no-answer', 'The ingress gave no answer.', {
    error: word('Why; absent: not known').optional(),
    ended,
  }),
  fact('http-status', 'The ingress answered with this status.', {
    status,
    location: word('Where a redirect leads, without its query').optional(),
    service: word('Entry service, where the gateway was not able to get an answer of it').optional(),
    answer: callAnswer.describe("How the gateway's call was answered; absent: no such call was seen.").optional(),
    failure: callFailure.describe('How long such calls took; absent: not known.').optional(),
    ended,
  }),
  fact('whole-page', 'The answer is a whole page of the application.', {
    application: word('Name of the application'),
  }),
  fact('page-lacks', 'The answer lacks marks of the page.', {
    characters: count('characters of the answer'),
    lacks: word('The first mark that is missing; absent: not known').optional(),
    ended,
  }),
  fact('page-without-errors', 'The page shows no error.', {}),
  fact('error-banner', 'The page shows an error.', {
    text: word('The error, as the page has it'),
    answer: callAnswer
      .describe('How the last call to the service was answered; absent: no such call was seen.')
      .optional(),
    failure: callFailure.describe('How long such calls took; absent: not known.').optional(),
    ended,
  }),
  restoreService,
  fact('wait-for-start', 'Wait until the application has started.', {}),
  fact('made-by', 'Who made the answer.', {
    name: word('Pod, else version'),
    by: z.enum(['page', 'trace']).describe('Which of the two says so.'),
  }),
  fact('whole-pages', 'Probes that were answered 200 with a whole page.', {
    whole: count('those probes'),
    of: count('probes'),
  }),
  fact('no-probe-answered', 'No probe was answered.', {}),
]);
export type IngressFact = Data<typeof ingressFact>;
export type EndedErrors = NonNullable<Extract<IngressFact, { kind: 'error-banner' }>['ended']>;
