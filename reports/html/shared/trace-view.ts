import { tracePage } from '../../../harness/model/backend-pages.ts';
import { type Child, type HtmlElement, h } from './element.ts';
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
      h('code', { class: 'id', 'data-copy': 'trace id' }, id),
      run.pages !== undefined && [
        ' · ',
        h(
          'a',
          { class: 'backend', href: tracePage(run.pages, id), rel: 'noreferrer', 'data-copy': 'link' },
          `open in ${run.pages.product}`,
        ),
      ],
    ),
    otherHalf(trace, run),
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

/** Of a broken trace without its other half: whether that was looked up. A sample of those that break alike is. */
function otherHalf(trace: ShownTrace, { traces }: ShownRun): Child {
  const { state, gaps, fragments, settled } = trace;
  if (state !== 'broken' || gaps.length === 0 || fragments.length > 0) return undefined;
  const shape = (one: ShownTrace) =>
    one.gaps.map(({ caller, callee, half }) => `${caller} ${callee} ${half}`).join('\n');
  const like = traces.find((one) => one.fragments.length > 0 && shape(one) === shape(trace));
  if (like !== undefined)
    return h(
      'p',
      { class: 'faint other-half' },
      'The other half of this trace was not looked up, only those of a sample of the traces that break in the same way: ',
      h('a', { href: '#traces', 'data-show': like.id }, `${like.probe} shows one`),
      '.',
    );
  if (settled === 'imported') return undefined;
  return h(
    'p',
    { class: 'faint other-half' },
    'No other half was found. Only those of a sample of the traces that break in the same way are looked up.',
  );
}
