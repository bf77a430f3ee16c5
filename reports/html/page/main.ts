import { h } from '../shared/element.ts';
import type { ShownRun, ShownTrace } from '../shared/shown.ts';
import { traceView } from '../shared/trace-view.ts';
import { isWrong } from '../shared/trace-words.ts';
import { type PackedRun, unpack } from '../shared/unpack.ts';
import { NO_FILTER, readAddress, writeAddress } from './address.ts';
import { markContents } from './contents.ts';
import { addCopyButtons, copyOnClick } from './copy.ts';
import { element } from './dom.ts';
import { addFilter } from './filter.ts';
import { toNodes } from './mount.ts';
import { openWhatIsMeant } from './small-things.ts';
import { sorted } from './sorted.ts';
import { linkScatter } from './tooltip.ts';
import { TraceList } from './trace-list.ts';
import { enliven } from './waterfall-keys.ts';

/** The page without a script is whole; with it, every trace can be looked at. */
function main(): void {
  openWhatIsMeant();
  markContents();
  copyOnClick();
  const place = document.getElementById('trace');
  if (place !== null) showTraces(unpack(JSON.parse(element('#run').textContent ?? '') as PackedRun), place);
  addCopyButtons();
}

function showTraces(run: ShownRun, place: HTMLElement): void {
  const chooser = element<HTMLElement>('#chooser');
  chooser.hidden = false;
  document.getElementById('more-traces')?.remove();
  document.querySelector('.without-script')?.remove();
  let shown: ShownTrace | undefined;
  let isChosen = false;
  const draw = (trace: ShownTrace) => {
    shown = trace;
    place.replaceChildren(toNodes(traceView(trace, run)));
    enliven(element('table.waterfall', place), trace, run);
  };
  const writeDown = () => {
    const probe = isChosen ? shown?.probe : undefined;
    history.replaceState(null, '', writeAddress({ ...(probe !== undefined && { probe }), filter: filter.value() }));
  };
  const choose = (trace: ShownTrace) => {
    isChosen = true;
    draw(trace);
    addCopyButtons(place);
    writeDown();
  };
  const list = new TraceList(chooser, run, choose);
  const filter = addFilter(chooser, run, (traces, byReader) => {
    list.show(traces);
    if (byReader) writeDown();
  });
  const steps = stepButtons(run, (trace) => {
    choose(trace);
    list.mark(trace);
  });
  chooser.prepend(element('.filter', chooser), ...steps.nodes);
  const goTo = (trace: ShownTrace | undefined) => {
    if (trace === undefined) return;
    choose(trace);
    list.mark(trace);
    element('#traces').scrollIntoView();
    // Who reads on by keyboard, or hears the page, is now at the trace.
    element<HTMLElement>('.trace-head', place).focus({ preventScroll: true });
  };
  linkScatter(run, goTo);
  document.addEventListener('click', (event) => {
    const link = (event.target as Element).closest<HTMLElement>('[data-show]');
    if (link === null) return;
    event.preventDefault();
    goTo(run.traces.find(({ id }) => id === link.dataset.show));
  });
  steps.start(() => shown);
  filter.set(NO_FILTER);
  const first = run.traces.find(({ id }) => id === place.querySelector<HTMLElement>('[data-trace]')?.dataset.trace);
  if (first !== undefined) {
    draw(first);
    list.mark(first);
  }
  const follow = () => {
    const address = readAddress(location.hash);
    if (address === undefined) return;
    filter.set(address.filter);
    if (address.probe === undefined) element('#traces').scrollIntoView();
    else goTo(run.traces.find(({ probe }) => probe === address.probe));
  };
  addEventListener('hashchange', follow);
  follow();
}

/** To the broken trace before and after the one that is shown; in a circle. None where no trace is broken. */
function stepButtons(run: ShownRun, onStep: (trace: ShownTrace) => void) {
  const all = sorted(run.traces, 'sent');
  const some = all.filter(({ state }) => isWrong(state));
  if (some.length === 0) return { nodes: [], start: () => undefined };
  const bar = toNodes(
    h(
      'p',
      { class: 'steps' },
      h('button', { type: 'button', id: 'previous-broken' }, '‹ previous broken'),
      h('button', { type: 'button', id: 'next-broken' }, 'next broken ›'),
    ),
  ).firstElementChild as HTMLElement;
  const start = (shownNow: () => ShownTrace | undefined) => {
    const go = (step: 1 | -1) => {
      const now = shownNow();
      const at = now === undefined ? -1 : all.indexOf(now);
      const after =
        step === 1 ? some.find((trace) => all.indexOf(trace) > at) : some.findLast((trace) => all.indexOf(trace) < at);
      const next = after ?? some.at(step === 1 ? 0 : -1);
      if (next !== undefined) onStep(next);
    };
    element('#previous-broken', bar).addEventListener('click', () => go(-1));
    element('#next-broken', bar).addEventListener('click', () => go(1));
  };
  return { nodes: [bar], start };
}

main();
