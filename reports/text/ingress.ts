import type { IngressFact } from '../../harness/model/facts/ingress.ts';
import { plural } from '../../harness/model/numbers.ts';
import { restoreText } from './restore.ts';
import type { Texts } from './texts.ts';
import { callText } from './values.ts';

export const INGRESS_TEXTS: Texts<IngressFact> = {
  'an-answer': () => 'an answer',
  'no-answer': ({ error }) => error ?? 'no answer',
  'http-status': ({ status, location, answer, failure }) =>
    `${status}${location === undefined ? '' : `, to ${location}`}${answer === undefined ? '' : `; ${callText(answer, failure)}`}`,
  'whole-page': ({ application }) => `a whole page of ${application}`,
  'page-lacks': ({ characters, lacks }) => `${plural(characters, 'character')} without ${lacks ?? 'its marks'}`,
  'page-without-errors': () => 'a page without errors',
  'error-banner': ({ text, answer, failure }) =>
    `"${text}"${answer === undefined ? '' : `; ${callText(answer, failure)}`}`,
  'restore-service': restoreText,
  'made-by': ({ name, by }) => `${name}, according to the ${by}`,
  'whole-pages': ({ whole, of }) => `${whole} of ${of} answered 200 with a whole page`,
  'no-probe-answered': () => 'no probe was answered',
};
