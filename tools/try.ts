import { spawnSync } from 'node:child_process';
import { existsSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { type FailedRun, leaveResults } from './leave-results.ts';
import { linesNotSaid } from './readme-excerpt.ts';

/** What the README promises of `npm start`, with the exit code and the pieces of text that must be there. */
const PROMISED = [
  { args: [], exitCode: 0, says: ['PASS (exit 0) all 7 promises judged hold', 'page: hopcheck-out/report.html'] },
  {
    args: ['--fault', 'drop-all:reviews'],
    exitCode: 1,
    says: ['✗ trace-shape', 'reviews v2, v3 do not pass the trace context on to ratings'],
    // The README's first screen is of this run.
    shown: true,
  },
  {
    args: ['--fault', 'missing:reviews-v3'],
    exitCode: 1,
    says: [
      'reviews v3 was never served (0 of 86 attempts)',
      '✗ load-balancing',
      '✓ 6 promises hold: environment, ingress, trace-shape, parentage, propagation,',
    ],
  },
] as const;

const root = resolve(import.meta.dirname, '..');
const failed: FailedRun[] = [];
for (const { args, exitCode, says, ...more } of PROMISED) {
  const out = mkdtempSync(join(tmpdir(), 'hopcheck-try-'));
  const command = ['start', '--silent', '--', ...args, '--out', out];
  console.log(`\n$ npm ${command.join(' ')}`);
  const run = spawnSync('npm', command, { cwd: root, encoding: 'utf8' });
  process.stdout.write(run.stdout);
  const text = run.stdout.replaceAll(out, 'hopcheck-out');
  const missing = [
    ...says.filter((piece) => !text.includes(piece)),
    ...('shown' in more ? linesNotSaid(readFileSync(join(root, 'README.md'), 'utf8'), text) : []),
  ];
  const unwritten = ['report.html', 'report.json', 'junit.xml', 'report.txt', 'run.capture'].filter(
    (name) => !existsSync(join(out, name)),
  );
  const good = run.status === exitCode && missing.length === 0 && unwritten.length === 0;
  if (!good) {
    const message = `expected exit ${exitCode}, got ${run.status}; missing from the output: ${JSON.stringify(missing)}; not written: ${unwritten.join(', ')}\n${run.stderr}`;
    failed.push({ name: ['npm start', ...args].join(' '), message });
    console.error(message);
  }
  rmSync(out, { recursive: true, force: true });
}
leaveResults('try', PROMISED.length - failed.length, failed);
process.exitCode = failed.length > 0 ? 1 : 0;
