import type { Build, Suite } from './ci/suite.ts';
import { BUILDS, SUITES } from './suites.ts';

/** The table of suites in CONTRIBUTING.md, in Markdown: what to type, how long it takes, and what is built first. */
export function suiteTable(suites: readonly Suite[] = SUITES, builds: readonly Build[] = BUILDS): string {
  const rows = suites
    .filter(({ awaited }) => awaited === undefined)
    .map((suite) => [`\`${shown(suite.command)}\``, duration(suite), parts(suite), needed(suite, builds)].join(' | '));
  const head = '| command | takes, whole | parts | builds first, once |';
  return [head, '|---|---|---|---|', ...rows.map((row) => `| ${row} |`)].join('\n');
}

/** As a person types it. */
const shown = (command: readonly string[]) =>
  command
    .filter((word) => word !== '--silent')
    .join(' ')
    .replace(/ --$/, '');

function duration({ measuredS, wholeBudgetS }: Suite): string {
  return measuredS === undefined ? `at most ${minutes(wholeBudgetS)}` : minutes(measuredS);
}

const parts = ({ parts: many }: Suite) => (many === 1 ? '–' : `\`-- --part 1/${many}\``);

function needed({ needs }: Suite, builds: readonly Build[]): string {
  const found = needs.map((id) => builds.find((build) => build.id === id));
  return (
    found
      .flatMap((build) => (build === undefined ? [] : [`${build.id} (${minutes(build.budgetS)} at most)`]))
      .join(', ') || 'nothing'
  );
}

const minutes = (seconds: number) => (seconds < 90 ? `${seconds} s` : `${Math.round(seconds / 60)} min`);
