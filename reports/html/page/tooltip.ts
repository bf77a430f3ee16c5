import { duration } from '../shared/format.ts';
import type { ShownRun, ShownTrace } from '../shared/shown.ts';
import { STATE_WORDS } from '../shared/trace-words.ts';

/** A click on a point of the scatter shows its trace; resting on it says which one it is. The list offers the same by keyboard. */
export function linkScatter(run: ShownRun, onChoose: (trace: ShownTrace) => void): void {
  const points = document.querySelector('#scatter .points');
  if (points === null) return;
  const traceAt = (event: Event) => {
    const point = (event.target as Element).closest<SVGElement>('[data-point]');
    return point === null ? undefined : run.traces[Number(point.dataset.point)];
  };
  points.addEventListener('click', (event) => {
    const trace = traceAt(event);
    if (trace !== undefined) onChoose(trace);
  });
  points.addEventListener('pointerover', (event) => {
    const trace = traceAt(event);
    const point = event.target as Element;
    if (trace === undefined || point.querySelector('title') !== null) return;
    const title = document.createElementNS('http://www.w3.org/2000/svg', 'title');
    title.textContent = `${trace.probe} ${trace.version ?? ''} ${duration(trace.durationMicros)}, ${STATE_WORDS[trace.state]}`;
    point.append(title);
  });
}
