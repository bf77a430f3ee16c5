import type { RunReport } from '../../harness/model/report.ts';
import { sensitivityInWords } from '../sensitivity.ts';
import { type HtmlElement, h } from './shared/element.ts';
import { prose } from './shared/trace-words.ts';

/**
 * The size of a fault that a run of this size finds, and how often: what its green is worth. Not of an imported run,
 * which planned nothing.
 */
export function sensitivitySection({ reach }: RunReport): HtmlElement | undefined {
  if (reach === undefined) return undefined;
  return h(
    'section',
    { id: 'reach' },
    h('h2', {}, 'What such a run can find'),
    h(
      'dl',
      { class: 'facts' },
      sensitivityInWords(reach).map(([name, text]) => [h('dt', {}, name), h('dd', {}, prose(text))]),
    ),
  );
}
