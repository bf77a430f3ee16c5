import type { ShownRun, ShownTrace } from '../shared/shown.ts';
import { spanPageOf } from '../shared/span-page.ts';
import { toNodes } from './mount.ts';
import { spanFacts } from './span-facts.ts';

/**
 * The tree of spans by keyboard and pointer: up and down go along the rows, those of what is missing too, left to the parent, right to the first child,
 * Enter, Space or a click shows what is known of the span. One row is in the tab order at a time (ARIA treegrid).
 */
export function enliven(table: HTMLTableElement, trace: ShownTrace, run: ShownRun): void {
  const rows = [...table.querySelectorAll<HTMLTableRowElement>('tr.span, tr.gap, tr.heading')];
  const spans = [...trace.spans, ...trace.fragments.flatMap((fragment) => fragment.spans)];
  const traceOf = (place: number) => {
    let from = trace.spans.length;
    if (place < from) return trace.id;
    for (const { id, spans: own } of trace.fragments) {
      from += own.length;
      if (place < from) return id;
    }
    return trace.id;
  };
  const level = (row: HTMLTableRowElement) => Number(row.getAttribute('aria-level') ?? 1);
  const current = () => rows.findIndex((row) => row.tabIndex === 0);
  const go = (to: number, focus = true) => {
    const row = rows[Math.max(0, Math.min(rows.length - 1, to))];
    if (row === undefined) return;
    for (const other of rows) other.tabIndex = -1;
    row.tabIndex = 0;
    if (focus) row.focus();
  };
  const toggle = (row: HTMLTableRowElement) => {
    if (row.dataset.span === undefined) return;
    const open = row.getAttribute('aria-expanded') === 'true';
    row.setAttribute('aria-expanded', String(!open));
    if (open) {
      row.nextElementSibling?.remove();
      return;
    }
    const place = Number(row.dataset.span);
    const span = spans[place];
    if (span === undefined) return;
    row.after(toNodes(spanFacts(span, spanPageOf(run, traceOf(place), span.id))));
  };
  const parentOf = (at: number) => {
    const own = rows[at];
    return own === undefined ? at : rows.findLastIndex((row, index) => index < at && level(row) < level(own));
  };
  const childOf = (at: number) => {
    const [own, next] = [rows[at], rows[at + 1]];
    return own !== undefined && next !== undefined && level(next) > level(own) ? at + 1 : at;
  };
  const moves: Readonly<Record<string, (at: number) => number>> = {
    ArrowDown: (at) => at + 1,
    ArrowUp: (at) => at - 1,
    ArrowLeft: (at) => Math.max(0, parentOf(at)),
    ArrowRight: childOf,
    Home: () => 0,
    End: () => rows.length - 1,
  };
  for (const row of rows) if (row.dataset.span !== undefined) row.setAttribute('aria-expanded', 'false');
  go(0, false);
  table.addEventListener('keydown', (event) => {
    if (event.ctrlKey || event.altKey || event.metaKey || (event.target as Element).closest('a') !== null) return;
    const row = rows[current()];
    const move = moves[event.key];
    if (move !== undefined) go(move(current()));
    else if ((event.key === 'Enter' || event.key === ' ') && row !== undefined) toggle(row);
    else return;
    event.preventDefault();
  });
  table.addEventListener('click', (event) => {
    const row = (event.target as Element).closest<HTMLTableRowElement>('tr.span, tr.gap, tr.heading');
    if (row === null) return;
    go(rows.indexOf(row));
    toggle(row);
  });
}
