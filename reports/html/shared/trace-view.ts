import { tracePage } from '../../../harness/model/backend-pages.ts';
import { type HtmlElement, h } from './element.ts';
import { expectedFor, expectedTree } from './expected-tree.ts';
import { count, duration } from './format.ts';
import type { ShownRun, ShownTrace } from './shown.ts';
import { foreign, PURPOSE_WORDS, STATE_SIGNS, STATE_WORDS, settledInWords } from './trace-words.ts';
import { waterfall } from './waterfall.ts';

/** One trace beside what is expected of it; the same in the file and in the browser. */
export function traceView(trace: ShownTrace, run: ShownRun): HtmlElement {
  const expected = expectedFor(trace, run.expected);
  const { id, probe, purpose, context, state, settled, version, spans, durationMicros } = trace;
  return h(
    'div',
    { class: 'trace' },
    h(
      'p',
      { class: 'trace-head', tabindex: -1 },
      h('b', { class: `state ${state}` }, `${STATE_SIGNS[state]} ${STATE_WORDS[state]}`),
      ` · ${probe}, ${PURPOSE_WORDS[purpose]}${context === 'none' ? '' : ` (${context})`}`,
      version !== undefined && [' · ', foreign(version)],
      ` · ${count(spans.length + trace.spansLeftOut, 'span')} in ${duration(durationMicros)} · ${settledInWords(settled, run.graceMs)} · `,
      run.pages === undefined
        ? h('code', { class: 'id' }, id)
        : h(
            'a',
            { class: 'backend', href: tracePage(run.pages, id), rel: 'noreferrer' },
            `open in ${run.pages.product}`,
          ),
    ),
    h(
      'div',
      { class: 'side-by-side' },
      h('div', { class: 'scroll' }, waterfall(trace, run.services, run.pages?.product ?? 'the trace backend')),
      expected === undefined
        ? h('p', { class: 'faint' }, 'Nothing to compare with: its version is not known.')
        : h('div', { class: 'scroll' }, expectedTree(trace, expected, run.services)),
    ),
  );
}
