import type { RunDetail } from '../../harness/model/detail.ts';
import { traceLegend } from './legends.ts';
import { type Child, type HtmlElement, h } from './shared/element.ts';
import { count } from './shared/format.ts';
import type { ShownRun, ShownTrace } from './shared/shown.ts';
import { traceView } from './shared/trace-view.ts';
import { isWrong, traceAnchor } from './shared/trace-words.ts';

/** Traces drawn for readers without a script; with one, every trace can be chosen. */
const STATIC_TRACES = 5;

/** The trace to look at first, and for readers without a script a few more; each has an address. */
export function tracesSection(
  run: ShownRun,
  detail: RunDetail,
  telling: readonly ShownTrace[],
): HtmlElement | undefined {
  const [first, ...others] = telling;
  if (first === undefined) return undefined;
  const target = (trace: ShownTrace) => h('div', { id: traceAnchor(trace.probe) }, traceView(trace, run));
  return h(
    'section',
    { id: 'traces' },
    h('h2', {}, 'Traces'),
    h('p', { class: 'faint' }, leftOut(run, detail)),
    traceLegend(),
    telling.length < run.traces.length &&
      h(
        'p',
        { class: 'faint without-script' },
        `${telling.length} of them ${telling.length === 1 ? 'is' : 'are'} drawn here; where scripts may run, each can be chosen.`,
      ),
    h('div', { id: 'viewer' }, h('div', { id: 'chooser', hidden: true }), h('div', { id: 'trace' }, target(first))),
    others.length > 0 && h('div', { id: 'more-traces' }, others.map(target)),
  );
}

/** Evidence of findings first, then what is not whole, then a whole one of each version; else what there is. */
export function tellingTraces({ traces }: ShownRun, evidence: readonly string[]): readonly ShownTrace[] {
  const byId = new Map(traces.map((trace) => [trace.id as string, trace]));
  const ofVersion = new Map(traces.filter(({ state }) => state === 'whole').map((trace) => [trace.version, trace]));
  const telling = [
    ...evidence.flatMap((id) => byId.get(id) ?? []),
    ...traces.filter(({ state }) => isWrong(state)).slice(0, STATIC_TRACES),
    ...ofVersion.values(),
    // A run that was ended early may have no other.
    ...traces.slice(0, 1),
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

function leftOut({ traces, tagged }: ShownRun, { leftOut: left, pages }: RunDetail): Child {
  const parts = [`${count(traces.length, 'trace')} in this file`];
  if (left.traces > 0)
    parts.push(
      `${count(left.traces, 'more trace')} left out (${left.broken === 0 ? 'all of them whole' : `${left.broken} of them not whole`}); the capture has all`,
    );
  if (tagged < traces.length)
    parts.push(
      `tags of ${tagged} of them, the others' are in ${pages?.product ?? 'the trace backend'} and in the capture`,
    );
  return `${parts.join('; ')}.`;
}
