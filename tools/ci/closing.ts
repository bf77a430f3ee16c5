import type { Built } from './builds.ts';
import type { Outcome } from './run.ts';
import { budgetOf, partWords } from './suite.ts';

const HEAD = ['suite', 'budget', 'measured', 'part', 'tests'];

/** A row of the closing table for each build and suite. */
export function rowsOf(outcomes: readonly Outcome[], builds: readonly Built[]): readonly (readonly string[])[] {
  return [
    HEAD,
    ...builds.map(({ build, seconds, failure }) => [
      `build ${build.id}`,
      `${build.budgetS} s`,
      time(seconds, build.budgetS),
      '–',
      failure === undefined ? '–' : 'FAILED',
    ]),
    ...outcomes.map((outcome) => {
      const { suite, part, isLeftOut } = outcome.chosen;
      if (isLeftOut) return [suite.title, `${budgetOf(suite, part)} s`, 'left out', '–', '–'];
      const budgetS = budgetOf(suite, part);
      const measured = outcome.seconds === undefined ? 'not run' : time(outcome.seconds, budgetS);
      return [suite.title, `${budgetS} s`, measured, partWords(part), testsOf(outcome)];
    }),
  ];
}

export function textTable(rows: readonly (readonly string[])[]): readonly string[] {
  const [head = []] = rows;
  const widths = head.map((_title, column) => Math.max(...rows.map((row) => row[column]?.length ?? 0)));
  return rows.map((row) =>
    row
      .map((cell, column) => cell.padEnd(widths[column] ?? 0))
      .join(' | ')
      .trimEnd(),
  );
}

export function markdownTable([head = [], ...rows]: readonly (readonly string[])[]): readonly string[] {
  return [head, head.map(() => '---'), ...rows].map((row) => `| ${row.join(' | ')} |`);
}

/** The end of a run: the closing line, and before it what failed and what was skipped, by name. */
export interface Closing {
  readonly red: readonly string[];
  readonly skips: readonly string[];
  /** `12 passed, 0 failed, 1 skipped` */
  readonly line: string;
  readonly exitCode: 0 | 1;
}

/**
 * Adds up everything. A suite or a build that fails as such counts as a failure beside its failed tests, so that one which
 * dies before it counts anything is never green.
 * @param otherFailures what failed outside of the suites, by name
 */
export function close(
  outcomes: readonly Outcome[],
  builds: readonly Built[],
  otherFailures: readonly string[],
): Closing {
  const sum = (of: 'passed' | 'failed' | 'skipped') =>
    outcomes.reduce((total, { counts }) => total + (counts?.[of] ?? 0), 0);
  const steps = [
    ...otherFailures.map((name) => `step: ${name}`),
    ...builds.flatMap(({ build, failure }) => (failure === undefined ? [] : [`build: ${build.id} ${failure}`])),
    ...outcomes.flatMap(({ chosen, failure }) =>
      failure === undefined ? [] : [`suite: ${chosen.suite.title} ${failure}`],
    ),
  ];
  const of = (lines: 'red' | 'skips') =>
    outcomes.flatMap(({ chosen, counts }) => (counts?.[lines] ?? []).map((line) => `${chosen.suite.title}: ${line}`));
  const passed = sum('passed');
  const failed = sum('failed') + steps.length;
  return {
    red: [...steps, ...of('red')],
    skips: of('skips').map((line) => `skipped: ${line}`),
    line: `${passed} passed, ${failed} failed, ${sum('skipped')} skipped`,
    exitCode: failed > 0 || passed === 0 ? 1 : 0,
  };
}

function time(seconds: number, budgetS: number): string {
  return `${seconds.toFixed(0)} s${seconds > budgetS ? ' (over)' : ''}`;
}

function testsOf({ counts, failure }: Outcome): string {
  if (counts === undefined) return failure ?? '–';
  const { passed, failed, skipped } = counts;
  const others = [failed > 0 ? `${failed} failed` : '', skipped > 0 ? `${skipped} skipped` : ''];
  return [`${passed} passed`, ...others, failure === undefined ? '' : 'FAILED'].filter(Boolean).join(', ');
}
