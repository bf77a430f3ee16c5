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
 * Rows hops, columns headers, each column named on a step of a stair so that any header fits. Headers that no hop shows
 * are named below instead of having a column, unless all is asked for. Below stands why a header is lost or changed;
 * never a tick for what was not seen.
 */
export function hopTable(
  hops: readonly ReportedHop[],
  {
    ink,
    columns = COLUMNS,
    verbose = false,
    called = 'hopcheck',
    counts: what = '',
  }: {
    ink: Paint;
    columns?: number;
    verbose?: boolean;
    called?: string | undefined;
    /** What the column "seen" counts. */
    counts?: string;
  },
): string[] {
  if (hops.length === 0) return [];
  const all = [...new Set(hops.flatMap((hop) => Object.keys(hop.headers)))];
  const seen = all.filter((header) => hops.some(({ headers }) => isObservable(headers[header])));
  const headers = verbose ? all : seen;
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
  return [
    ...stairs,
    ink.faint(head),
    ...rows,
    ...(what === '' ? [] : wrap(`seen: ${what}`, columns, '    ').map(ink.faint)),
    ...(all.length === 0 ? [] : legend(hops, { all, seen, verbose, called }, ink, columns)),
  ];
}

function isObservable(cell: ReportedCell | undefined): boolean {
  return cell !== undefined && cell.cell !== 'not-observable';
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

interface Shown {
  readonly all: readonly string[];
  /** Those that at least one hop shows. */
  readonly seen: readonly string[];
  readonly verbose: boolean;
  readonly called: string;
}

function legend(
  hops: readonly ReportedHop[],
  { all, seen, verbose, called }: Shown,
  ink: Paint,
  columns: number,
): string[] {
  const hidden = all.filter((header) => !seen.includes(header)).map((header) => safeText(header));
  const text = `✓ kept  ✗ lost  ~ changed  · not observable; ${seen.length} of ${all.length} headers observable`;
  const commands = new Set(
    hops.flatMap(({ headers: cells }) => Object.values(cells).flatMap(({ command }) => command ?? [])),
  );
  const faint = (line: string) => wrap(line, columns, '    ').map(ink.faint);
  return [
    ...faint(text),
    ...(hidden.length === 0 || verbose ? [] : faint(`· ${hidden.join(', ')}`)),
    ...whyLines(hops, columns),
    ...(commands.size === 0
      ? []
      : faint(
          verbose
            ? '· shown without a mesh by (docs/contract.md):'
            : `· ${called} contract shows these without a mesh (--verbose has the commands)`,
        )),
    ...(verbose
      ? [...commands].flatMap((line) => wrapCommand(safeText(line, 500), columns, '    ')).map(ink.faint)
      : []),
  ];
}

/** What is lost or changed, with why; hops of which the same is true share the lines. */
function whyLines(hops: readonly ReportedHop[], columns: number): string[] {
  const whys = hops.flatMap(({ caller, callee, headers: cells }) => {
    const wrong = Object.entries(cells).filter(([, { cell }]) => cell === 'lost' || cell === 'changed');
    return [...Map.groupBy(wrong, ([, { cell, why }]) => `${CELLS[cell]} ${safeText(why)}`)].map(([key, same]) => ({
      hop: `${safeText(caller)} → ${safeText(callee)}`,
      mark: key[0],
      why: `${same.map(([header]) => safeText(header)).join(', ')}: ${key.slice(2)}`,
    }));
  });
  return [...Map.groupBy(whys, ({ mark, why }) => `${mark} ${why}`).values()].flatMap((same) => {
    const [{ mark, why } = { mark: '', why: '' }] = same;
    return wrap(`${mark} ${same.map(({ hop }) => hop).join(', ')} ${why}`, columns, '    ');
  });
}
