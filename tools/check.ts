import { spawnSync } from 'node:child_process';
import { resolve } from 'node:path';
import { countingInto } from './vitest-project.ts';

/** What `npm test` runs, in order; the first that fails ends it. */
const STEPS = [
  ['types', 'tsc', '--noEmit'],
  ["types of the report's script", 'tsc', '--noEmit', '-p', 'reports/html/page'],
  ['lint and format', 'biome', 'check', '.'],
  ['unused code and dependencies', 'knip', '--treat-config-hints-as-errors'],
  ['arrows between rooms', 'node', 'tools/arrows.ts'],
  ['docs generated from code', 'node', '--disable-warning=ExperimentalWarning', 'tools/docs.ts', '--check'],
  [
    'unit tests, the specs on the embedded lab, and the report in a browser',
    ...['vitest', 'run', '--project', 'unit', '--project', 'lab', '--project', 'browser'],
  ],
] as const;

const root = resolve(import.meta.dirname, '..');
for (const [title, command, ...given] of STEPS) {
  const args = [...given, ...(command === 'vitest' ? countingInto('test.json') : [])];
  console.log(`\n== ${title}: ${command} ${args.join(' ')}`);
  const { status, error } = spawnSync(resolve(root, 'node_modules/.bin', command), args, {
    cwd: root,
    stdio: 'inherit',
  });
  if (error !== undefined) console.error(`cannot run ${command}: ${error.message}`);
  if (status !== 0) {
    console.error(`\nnpm test: "${title}" failed`);
    process.exit(status ?? 1);
  }
}
