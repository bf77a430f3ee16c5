import { execFileSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { playedApplication } from '../fixtures/testing/played-application.ts';
import { callMain } from '../harness/cli/testing/call-main.ts';
import type { Lab } from '../harness/lab/lab.ts';

// The guide is followed word for word, on the shop of fixtures/applications: each command in its order, and what the guide
// shows of its output. Numbers may differ.
const GUIDE = readFileSync(resolve(import.meta.dirname, '../docs/guides/your-own-application.md'), 'utf8');
/** What the guide says of them: the first is refused. */
const EXIT_CODES: Readonly<Record<number, number>> = { 0: 2 };

interface Step {
  readonly command: string;
  readonly shows: readonly string[];
}

const blocks = [...GUIDE.matchAll(/^```(\w+)\n([\s\S]*?)^```/gm)].map(([, kind = '', text = '']) => ({ kind, text }));
const steps = blocks.flatMap(({ kind, text }, index): Step[] => {
  if (kind !== 'sh') return [];
  const commands = text.trim().split('\n');
  const next = blocks[index + 1];
  const shows = next?.kind === 'text' ? next.text.trim().split('\n') : [];
  return commands.map((command, at) => ({ command, shows: at === commands.length - 1 ? shows : [] }));
});

let folder: string;
let lab: Lab;
beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), 'hopcheck-guide-'));
  lab = await playedApplication('shop.yaml').start();
  const config = blocks.find(({ kind }) => kind === 'yaml')?.text ?? '';
  writeFileSync(
    join(folder, 'hopcheck.config.yaml'),
    config.replace(/(?<=ingress: ).*/, lab.ingressUrl).replace(/(?<=traces: ).*/, lab.jaegerUrl),
  );
});
afterAll(async () => {
  await lab.stop();
  rmSync(folder, { recursive: true, force: true });
});

/** Words of a POSIX shell: quotes in one kind only. */
function wordsOf(command: string): readonly string[] {
  return [...command.matchAll(/'([^']*)'|(\S+)/g)].map(([, quoted, plain]) => quoted ?? plain ?? '');
}

async function follow(command: string): Promise<{ readonly exitCode: number; readonly output: string }> {
  const [program, ...argv] = wordsOf(command);
  if (program !== 'hopcheck')
    return { exitCode: 0, output: execFileSync('sh', ['-c', command], { cwd: folder, encoding: 'utf8' }) };
  const client = { send: lab.http!.send.bind(lab.http), close: async () => undefined };
  const called = await callMain(argv, {
    cwd: folder,
    env: { NO_COLOR: '1' },
    columns: 400,
    clock: lab.options.clock,
    createClient: () => client,
  });
  return { exitCode: called.exitCode, output: `${called.stdout}\n${called.stderr}` };
}

const alike = (text: string) => text.replace(/\d+/g, '0').replace(/\s+/g, ' ');

describe('the guide to your own application', () => {
  it('has commands, and shows what most of them print', () => {
    expect(steps.length).toBeGreaterThanOrEqual(7);
    expect(steps.filter(({ shows }) => shows.length > 0).length).toBeGreaterThanOrEqual(6);
  });

  it.each(steps.map((step, index) => ({ ...step, index })))(
    'works as typed: $command',
    async ({ command, shows, index }) => {
      const { exitCode, output } = await follow(command);
      expect({ exitCode, output }).toMatchObject({ exitCode: EXIT_CODES[index] ?? 0 });
      const missing = shows.filter((line) => !alike(output).includes(alike(line.trim())));
      expect({ missing, output: missing.length === 0 ? '' : output }).toEqual({ missing: [], output: '' });
    },
  );
});
