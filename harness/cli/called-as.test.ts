import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { readCaptureText } from '../../fixtures/corpus/cases.ts';
import { asCalled, calledAs } from './called-as.ts';
import { COMMANDS } from './commands.ts';
import { callMain } from './testing/call-main.ts';

it.each([
  {
    from: 'a checkout',
    env: { npm_command: 'run-script' },
    file: '/here/harness/cli/called-as.ts',
    command: 'npm run -s hopcheck --',
  },
  { from: 'npx', env: { npm_command: 'exec' }, file: '/there/dist/chunk.js', command: 'npx hopcheck' },
  { from: 'a script of a project', env: { npm_command: 'run-script' }, file: '/there/d.js', command: 'npx hopcheck' },
  { from: 'a global package', env: {}, file: '/there/dist/chunk.js', command: 'hopcheck' },
])('is $command from $from', ({ env, file, command }) => {
  expect(calledAs(env, file)).toBe(command);
});

describe('asCalled', () => {
  const names = COMMANDS.map(({ name }) => name);
  it('changes commands, and nothing else of a text', () => {
    const text = 'hopcheck failed: run hopcheck explain HC501, or (hopcheck doctor --kube); see hopcheck.config.yaml';
    const there =
      'hopcheck failed: run npx hopcheck explain HC501, or (npx hopcheck doctor --kube); see hopcheck.config.yaml';
    expect(asCalled(text, 'npx hopcheck', names)).toBe(there);
    expect(asCalled(there, 'npx hopcheck', names)).toBe(there);
    expect(asCalled(text, 'hopcheck', names)).toBe(text);
    const inCheckout = asCalled(text, 'npm run -s hopcheck --', names);
    expect(inCheckout).toContain('npm run -s hopcheck -- explain HC501');
    expect(asCalled(inCheckout, 'npm run -s hopcheck --', names)).toBe(inCheckout);
    expect(asCalled('node_modules/hopcheck run-of-it', 'npx hopcheck', names)).toBe('node_modules/hopcheck run-of-it');
  });
});

/** A command that a person may paste, by its own name alone. */
const BARE = new RegExp(`(?<!npx )(?<![\\w/.@-])hopcheck (?:${COMMANDS.map(({ name }) => name).join('|')})(?![\\w-])`);

describe.each([
  ['hopcheck', undefined],
  ['npx hopcheck', 'npx hopcheck'],
])('called as %s', (command, called) => {
  const call = (argv: readonly string[], cwd?: string) =>
    callMain(argv, { ...(called !== undefined && { called }), ...(cwd !== undefined && { cwd }) });

  it('names the command so in findings, and in every report for people', async () => {
    const cwd = mkdtempSync(join(tmpdir(), 'hopcheck-called-'));
    writeFileSync(join(cwd, 'run.capture'), readCaptureText('context-dropped'));
    const files = ['markdown=a.md', 'html=a.html', 'terminal=a.txt', 'json=a.json'];
    const { stdout } = await call(['judge', 'run.capture', ...files.flatMap((file) => ['--report', file])], cwd);
    const [markdown, html, terminal, json] = files.map((file) => readFileSync(join(cwd, file.split('=')[1]!), 'utf8'));
    rmSync(cwd, { recursive: true });
    for (const text of [stdout, markdown, html, terminal])
      expect(text).toMatch(new RegExp(`(?<!npx )${command} explain HC501`));
    if (called !== undefined) for (const text of [stdout, markdown, terminal]) expect(text).not.toMatch(BARE);
    // The same, however the tool was called.
    expect(json).not.toContain('npx');
  });

  it('names it so in help and in errors', async () => {
    for (const { name, examples } of COMMANDS) {
      const { stdout } = await call([name, '--help']);
      const joined = stdout.replaceAll(/ \\\n +/g, ' ');
      for (const example of examples)
        expect(joined).toContain(example.replaceAll(/\bhopcheck (?=\w+ |--)/g, `${command} `));
      if (called !== undefined) expect(stdout).not.toMatch(BARE);
    }
    const unknown = await call(['explain', 'HC9']);
    expect(unknown.stderr.replaceAll(/\s+/g, ' ')).toContain(`e.g. ${command} explain HC302`);
    const mistyped = await call(['docter']);
    expect(mistyped.stderr.replaceAll(/\s+/g, ' ')).toContain(`e.g. ${command} run --kube`);
    const missing = await call(['judge', 'none.capture']);
    expect(missing.stderr.replaceAll(/\s+/g, ' ')).toContain(`${command} run --capture FILE`);
  });
});
