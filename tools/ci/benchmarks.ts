import type { Point } from './git.ts';
import { short } from './plan.ts';
import { checkAllMark } from './record.ts';

const END = '<!-- end of check:all -->';

/** What `npm run check:all -- --write` says about a run. */
export interface WholeRun {
  readonly point: Point;
  /** E.g. `2026-11-27`. */
  readonly date: string;
  /** E.g. `2 cores, Node v24.21.0`. */
  readonly machine: string;
  readonly minutes: number;
  /** `3655 passed, 0 failed, 0 skipped` */
  readonly line: string;
  /** Ids of the suites that ran. */
  readonly suites: readonly string[];
  /** A Markdown table, one string per line. */
  readonly table: readonly string[];
}

/** Replaces the section of the last whole run in docs/benchmarks.md, or puts one at its end. */
export function withWholeRun(page: string, run: WholeRun): string {
  const section = [
    checkAllMark(run.point, run.date, run.suites),
    '## Everything, whole',
    '',
    `Written by \`npm run check:all -- --write\` on ${run.date} at commit ${short(run.point.commit)} (${run.machine}): ${run.line}, in ${run.minutes.toFixed(0)} minutes. CI takes some suites by rotation; here every suite ran whole.`,
    '',
    ...run.table,
    '',
    END,
  ].join('\n');
  const start = page.indexOf('<!-- check:all {');
  const end = page.indexOf(END);
  if (start < 0 || end < start) return `${page.trimEnd()}\n\n${section}\n`;
  return `${page.slice(0, start)}${section}${page.slice(end + END.length)}`;
}
