import { spawnSync } from 'node:child_process';
import { cpSync, mkdtempSync, rmSync, symlinkSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';

const ROOT = resolve(import.meta.dirname, '../../..');

/** What the package and the image hold: no fixtures, no specs, no tools. */
describe('hopcheck without a checkout', () => {
  let installed: string;
  beforeAll(() => {
    installed = mkdtempSync(join(tmpdir(), 'installed-'));
    const isProduct = (path: string) => !/\.test\.ts$|\/(golden|testing)(\/|$)/.test(path);
    for (const room of ['harness', 'reports'])
      cpSync(join(ROOT, room), join(installed, room), { recursive: true, filter: isProduct });
    cpSync(join(ROOT, 'package.json'), join(installed, 'package.json'));
    symlinkSync(join(ROOT, 'node_modules'), join(installed, 'node_modules'));
  });
  afterAll(() => rmSync(installed, { recursive: true }));

  const run = (...args: string[]) => {
    const { status, stdout, stderr } = spawnSync(process.execPath, ['harness/cli/bin.ts', ...args], {
      cwd: installed,
      encoding: 'utf8',
    });
    return { status, stdout, stderr };
  };

  it.each(['lab', 'demo'])(
    'refuses %s --engine envoy, because it needs a checkout, and names the engines that run here',
    (command) => {
      const { status, stdout, stderr } = run(command, '--engine', 'envoy');
      const sentence = 'expected standin; the other engines come only with a checkout of the hopcheck repository';
      const said = `--engine "envoy" (from flag --engine): ${sentence}, e.g. --engine standin`;
      expect({ status, stdout, stderr: stderr.split(/\s+/).join(' ').trim() }).toEqual({
        status: 64,
        stdout: '',
        stderr: said,
      });
    },
  );

  it('still lists the faults of the stand-in', () => {
    const { status, stdout } = run('lab', '--list-faults');
    expect({ status, lists: stdout.includes('drop-all') }).toEqual({ status: 0, lists: true });
  });
});
