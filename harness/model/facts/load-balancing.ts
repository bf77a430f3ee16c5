import { z } from 'zod';
import type { Data } from '../schema.ts';
import { count, fact, INTERVAL, SOURCE, share, sharedCount, word, words } from './values.ts';

const chance = share('Probability of that by chance');
const excuse = word('What in the configuration keeps pods from equal shares').optional();
const among = words('Versions that were tested, where others were never served').optional();
const service = word('The service, where several have versions').optional();
const unit = z.enum(['pods', 'versions']).describe('Who takes turns.');

/** HC2xx: which version serves how often. */
export const loadBalancingFact = z.discriminatedUnion('kind', [
  fact('version-share', 'The version serves its share.', {
    version: word('The version'),
    share: share('Its share'),
    attempts: count('attempts'),
    ...SOURCE,
    excuse,
  }),
  fact('never-served', 'The version was never served.', {
    unanswered: count('attempts that it did not answer in time'),
    chance,
    pages: sharedCount('answers that show an error because of it', 'answers')
      .describe('What users see of it; absent: no answer shows an error of this version alone.')
      .optional(),
  }),
  fact('only-versions', 'Only these versions are served.', { versions: words('The versions'), ...SOURCE }),
  fact('version-served', 'The version was served.', {
    version: word('The version'),
    served: count('attempts that it served'),
    attempts: count('attempts'),
  }),
  fact('expected-shares', 'Each version serves its share, within the tolerance.', {
    shares: z
      .array(z.strictObject({ version: word('The version'), share: share('Its expected share') }))
      .min(1)
      .describe('Those that are off.'),
    tolerance: share('How far a share may differ'),
    among,
    ...SOURCE,
    excuse,
  }),
  fact('shares-served', 'What the versions served.', {
    shares: z
      .array(z.strictObject({ version: word('The version'), share: share('Share that it served'), ...INTERVAL }))
      .min(1)
      .describe('Those that are off, with the interval of the test.'),
    attempts: count('attempts of the tested versions'),
    chance,
  }),
  fact('even-turns', 'Each worker keeps one rotation.', {
    workers: count('worker threads of the callers'),
    from: words('Where that is configured'),
  }),
  fact('uneven-turns', 'Turns are farther apart than the workers can bring them.', {
    unit,
    most: count('turns of the one with most'),
    least: count('turns of the one with least'),
    unseen: count('turns that may have been taken and were not seen'),
  }),
  fact('no-versions', 'The application has no service with several versions.', { application: word('Its name') }),
  fact('nothing-to-compare', 'There is nothing to compare.', {}),
  fact('no-version-shown', 'No answer of the service shows its version.', { service: word('The service') }),
  fact('version-unanswered', 'A version was called and answered no attempt, because of another finding.', {
    version: word('The version'),
    attempts: count('attempts of that version'),
    service,
  }),
  fact('version-undecided', 'A version was not served, which chance alone may explain.', {
    version: word('The version'),
    attempts: count('attempts'),
    chance,
    needed: count('attempts that would decide'),
    service,
  }),
  fact('shares-untested', 'So few attempts cannot show a share that is off.', {
    attempts: count('attempts'),
    needed: count('attempts that would find the greatest difference; absent: none is enough').optional(),
    service,
  }),
  fact('versions-served', 'How often each version served.', {
    service,
    further: z
      .array(
        z.strictObject({
          service: word('The service'),
          counts: z.record(z.string(), count('attempts that it served')).describe('By version.'),
          attempts: count('attempts'),
          unit: z.enum(['attempts', 'pages']).describe('What is counted.'),
          pValue: share('Probability of counts as unlikely or more, were the shares as expected').optional(),
        }),
      )
      .describe('The other services with several versions.')
      .optional(),
    counts: z.record(z.string(), count('attempts that it served')).describe('By version.'),
    attempts: count('attempts'),
    unit: z.enum(['attempts', 'pages']).describe('What is counted.'),
    test: z
      .strictObject({
        pValue: share('Probability of counts as unlikely or more, were the shares as expected'),
        among,
        tested: count('versions that were tested'),
        found: z
          .array(
            z.strictObject({
              version: word('The version'),
              above: share('Smallest share above the expected one that would be found').optional(),
              below: share('Largest share below the expected one that would be found').optional(),
            }),
          )
          .describe('Versions of which a wrong share would be found; empty: too few attempts.'),
      })
      .describe('Absent: the shares were not tested.')
      .optional(),
    noTurns: word('What makes it choose otherwise than in turn; absent: nothing known').optional(),
    rotation: z
      .strictObject({
        verdict: z.enum(['seen', 'not-decidable', 'broken']).describe('Whether the versions take turns.'),
        steps: count('calls that went to the next one in turn'),
        of: count('calls that could have'),
      })
      .describe('Absent: there was nothing to compare.')
      .optional(),
  }),
]);
export type LoadBalancingFact = Data<typeof loadBalancingFact>;
