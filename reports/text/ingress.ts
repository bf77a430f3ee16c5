import type { EndedErrors, IngressFact } from '../../harness/model/facts/ingress.ts';
import { plural } from '../../harness/model/numbers.ts';
import { restoreText } from './restore.ts';
import type { Texts } from './texts.ts';
import { callText, timeText } from './values.ts';

export const INGRESS_TEXTS: Texts<IngressFact> = {
  'an-answer': () => 'an answer',
  'no-answer': ({ error, ended }) => `${error ?? 'no answer'}${endedText(ended)}`,
  'http-status': ({ status, location, answer, failure, ended }) =>
    `${status}${location === undefined ? '' : `, to ${location}`}${answer === undefined ? '' : `; ${callText(answer, failure)}`}${endedText(ended)}`,
  'whole-page': ({ application }) => `a whole page of ${application}`,
  'page-lacks': ({ characters, lacks, ended }) =>
    `${plural(characters, 'character')} without ${lacks ?? 'its marks'}${endedText(ended)}`,
  'page-without-errors': () => 'a page without errors',
  'error-banner': ({ text, answer, failure, ended }) =>
    `"${text}"${answer === undefined ? '' : `; ${callText(answer, failure)}`}${endedText(ended)}`,
  'restore-service': restoreText,
  'wait-for-start': () =>
    'wait until the application has started: hopcheck run --wait 2m waits for whole pages, several in a row; readiness probes keep requests from pods that are not ready',
  'made-by': ({ name, by }) => `${name}, according to the ${by}`,
  'whole-pages': ({ whole, of }) => `${whole} of ${of} answered 200 with a whole page`,
  'no-probe-answered': () => 'no probe was answered',
};

/** `; the last error at 12:04:07 UTC, none in the 21 answers after it` */
export function endedText(ended: EndedErrors | undefined): string {
  if (ended === undefined) return '';
  const { lastMs, after, starting } = ended;
  const why = starting ? ': the application was still starting' : '';
  return `; the last error at ${timeText(lastMs)}, none in the ${plural(after, 'answer')} after it${why}`;
}
