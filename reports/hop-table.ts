import type { ReportedCell, ReportedHop } from '../harness/model/report.ts';
import { safeText } from './characters/safe-text.ts';
import type { Paint } from './paint.ts';
import { COLUMNS, fit, pad, wrap, wrapCommand } from './wrap.ts';

const CELLS: Readonly<Record<ReportedCell['cell'], string>> = {
  kept: '✓',
  lost: '✗',
  changed: '~',
  'not-observable': '·',
};

/**
 * Rows hops, columns headers, each column named on a step of a stair so that any header fits. What is lost or changed is
 * told below with why; never a tick for what was not seen.
 */
export function hopTable(hops: readonly ReportedHop[], ink: Paint, columns: number = COLUMNS): string[] {
  if (hops.length === 0) return [];
  const headers = [...new Set(hops.flatMap((hop) => Object.keys(hop.headers)))];
  const counts = hops.map(({ seen, expected }) => `${seen}/${expected}`);
  const countWidth = Math.max('seen'.length, ...counts.map(({ length }) => length));
  const names = hops.map(({ caller, callee }) => `${safeText(caller, 40)} → ${safeText(callee, 40)}`);
  const longest = Math.max(...names.map(({ length }) => length), 'hop'.length);
  const nameWidth = Math.min(longest, columns - 8 - countWidth - 2 * headers.length);
  const start = `    ${' '.repeat(nameWidth)}  ${' '.repeat(countWidth)}  `;
  const stairs = headers.map(
    (header, index) => `${start}${'│ '.repeat(index)}${fit(safeText(header), columns - start.length - 2 * index)}`,
  );
  const rows = hops.map(({ headers: cells }, index) => {
    const row = headers.map((header) => cellMark(cells[header], ink)).join(' ');
    return `    ${pad(fit(names[index] ?? '', nameWidth), nameWidth)}  ${(counts[index] ?? '').padStart(countWidth)}  ${row}`.trimEnd();
  });
  const head = `    ${pad('hop', nameWidth)}  ${'seen'.padStart(countWidth)}`;
  return [...stairs, ink.faint(head), ...rows, ...legend(hops, headers, ink, columns)];
}

/** True when a hop is not whole, so that the table has something to say. */
export function isHopWrong({ seen, expected, headers }: ReportedHop): boolean {
  return seen < expected || Object.values(headers).some(({ cell }) => cell === 'lost' || cell === 'changed');
}

function cellMark(cell: ReportedCell | undefined, ink: Paint): string {
  if (cell === undefined) return ' ';
  const mark = CELLS[cell.cell];
  if (cell.cell === 'kept') return ink.good(mark);
  return cell.cell === 'not-observable' ? ink.faint(mark) : ink.bad(mark);
}

function legend(hops: readonly ReportedHop[], headers: readonly string[], ink: Paint, columns: number): string[] {
  if (headers.length === 0) return [];
  const observable = headers.filter((header) =>
    hops.some(({ headers: cells }) => cells[header] !== undefined && cells[header].cell !== 'not-observable'),
  );
  const text = `✓ kept  ✗ lost  ~ changed  · not observable; ${observable.length} of ${headers.length} headers observable`;
  const whys = hops.flatMap(({ caller, callee, headers: cells }) => {
    const wrong = Object.entries(cells).filter(([, { cell }]) => cell === 'lost' || cell === 'changed');
    return [...Map.groupBy(wrong, ([, { cell, why }]) => `${cell} ${why}`).values()].map((same) => {
      const [, { cell, why } = { cell: 'lost' as const, why: '' }] = same[0] ?? [];
      const names = same.map(([header]) => safeText(header)).join(', ');
      return `${CELLS[cell]} ${safeText(caller)} → ${safeText(callee)} ${names}: ${safeText(why)}`;
    });
  });
  const commands = new Set(
    hops.flatMap(({ headers: cells }) => Object.values(cells).flatMap(({ command }) => command ?? [])),
  );
  const shows = commands.size === 0 ? [] : ['· shown without a mesh by (docs/contract.md):', ...commands];
  return [
    ...wrap(text, columns, '    ').map(ink.faint),
    ...whys.flatMap((why) => wrap(why, columns, '    ')),
    ...shows.flatMap((line) => wrapCommand(safeText(line, 500), columns, '    ')).map(ink.faint),
  ];
}
