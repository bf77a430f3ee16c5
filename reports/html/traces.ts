import type { RunDetail } from '../../harness/model/detail.ts';
import { type Child, type HtmlElement, h } from './element.ts';
import { count } from './format.ts';
import type { ShownRun, ShownTrace } from './shown.ts';
import { traceView } from './trace-view.ts';
import { isWrong } from './trace-words.ts';

/** Traces drawn for readers without a script; with one, every trace can be chosen. */
const STATIC_TRACES = 5;

/** The trace to look at first, and for readers without a script a few more. */
export function tracesSection(run: ShownRun, detail: RunDetail, evidence: readonly string[]): HtmlElement | undefined {
  const [first, ...others] = tellingTraces(run, evidence);
  if (first === undefined) return undefined;
  return h(
    'section',
    { id: 'traces' },
    h('h2', {}, 'Traces'),
    h('p', { class: 'faint' }, leftOut(run, detail)),
    h(
      'div',
      { id: 'viewer' },
      h('div', { id: 'chooser', hidden: true }),
      h('div', { id: 'trace' }, traceView(first, run)),
    ),
    others.length > 0 &&
      h(
        'div',
        { id: 'more-traces' },
        others.map((trace) => traceView(trace, run)),
      ),
  );
}

/** Evidence of findings first, then what is not whole, then a whole one of each version. */
function tellingTraces({ traces }: ShownRun, evidence: readonly string[]): readonly ShownTrace[] {
  const byId = new Map(traces.map((trace) => [trace.id as string, trace]));
  const ofVersion = new Map(traces.filter(({ state }) => state === 'whole').map((trace) => [trace.version, trace]));
  const telling = [
    ...evidence.flatMap((id) => byId.get(id) ?? []),
    ...traces.filter(({ state }) => isWrong(state)).slice(0, STATIC_TRACES),
    ...ofVersion.values(),
  ];
  // Traces that look the same tell the same.
  const looks = new Map<string, ShownTrace>();
  for (const trace of telling) {
    const shape = JSON.stringify([
      trace.version,
      trace.state,
      trace.gaps.map(({ caller, callee, half }) => [caller, callee, half]),
      trace.spans.map(({ service, depth }) => [service, depth]),
    ]);
    if (!looks.has(shape)) looks.set(shape, trace);
  }
  return [...looks.values()].slice(0, STATIC_TRACES);
}

function leftOut({ traces, tagged }: ShownRun, { leftOut: left }: RunDetail): Child {
  const parts = [`${count(traces.length, 'trace')} in this file`];
  if (left.traces > 0)
    parts.push(
      `${count(left.traces, 'more trace')} left out (${left.broken === 0 ? 'all of them whole' : `${left.broken} of them not whole`}); the capture has all`,
    );
  if (tagged < traces.length) parts.push(`tags of ${tagged} of them, the others' are in Jaeger and in the capture`);
  return `${parts.join('; ')}.`;
}
