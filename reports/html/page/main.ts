import type { ShownTrace } from '../shared/shown.ts';
import { traceView } from '../shared/trace-view.ts';
import { traceAnchor } from '../shared/trace-words.ts';
import { type PackedRun, unpack } from '../shared/unpack.ts';
import { element } from './dom.ts';
import { addFilter } from './filter.ts';
import { toNodes } from './mount.ts';
import { addCopyButtons, openWhatIsMeant } from './small-things.ts';
import { linkScatter } from './tooltip.ts';
import { TraceList } from './trace-list.ts';
import { enliven } from './waterfall-keys.ts';

/** The page without a script is whole; with it, every trace can be looked at. */
function main(): void {
  openWhatIsMeant();
  addCopyButtons();
  const run = unpack(JSON.parse(element('#run').textContent ?? '') as PackedRun);
  const place = document.getElementById('trace');
  if (place === null) return;
  const show = (trace: ShownTrace) => {
    place.replaceChildren(toNodes(traceView(trace, run)));
    enliven(element('table.waterfall', place), trace, run);
  };
  const chooser = element<HTMLElement>('#chooser');
  chooser.hidden = false;
  document.getElementById('more-traces')?.remove();
  document.querySelector('.without-script')?.remove();
  const list = new TraceList(chooser, run, (trace) => {
    show(trace);
    history.replaceState(null, '', `#${traceAnchor(trace.probe)}`);
  });
  addFilter(chooser, run, (traces) => list.show(traces));
  chooser.prepend(element('.filter', chooser));
  const choose = (trace: ShownTrace | undefined) => {
    if (trace === undefined) return;
    show(trace);
    list.mark(trace);
    history.replaceState(null, '', `#${traceAnchor(trace.probe)}`);
    element('#traces').scrollIntoView();
    // Whoever reads on by keyboard, or hears the page, is now at the trace.
    element<HTMLElement>('.trace-head', place).focus({ preventScroll: true });
  };
  linkScatter(run, choose);
  document.addEventListener('click', (event) => {
    const link = (event.target as Element).closest<HTMLElement>('[data-show]');
    if (link === null) return;
    event.preventDefault();
    choose(run.traces.find(({ id }) => id === link.dataset.show));
  });
  const first = run.traces.find(({ id }) => id === place.querySelector<HTMLElement>('[data-trace]')?.dataset.trace);
  if (first !== undefined) {
    show(first);
    list.mark(first);
  }
  const follow = () => choose(run.traces.find(({ probe }) => location.hash === `#${traceAnchor(probe)}`));
  addEventListener('hashchange', follow);
  follow();
}

main();
