import { spawnSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { COMBINATIONS, titleOf } from '../../fixtures/testing/lab-suite.ts';
import type { RunReport } from '../model/report.ts';
import { callMain } from './testing/call-main.ts';
import { spawnCli } from './testing/spawn-cli.ts';

let folder: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'hopcheck-real-'));
});
afterEach(() => rmSync(folder, { recursive: true, force: true }));

describe('a signal while a real lab starts', () => {
  it.each([
    { title: 'its first process', processes: 1, signal: 'SIGTERM', exitCode: 143 },
    { title: 'most of it', processes: 6, signal: 'SIGINT', exitCode: 130 },
  ] as const)('takes down the processes that are up: $title', async ({ processes, signal, exitCode }) => {
    const lab = spawnCli(['lab', '--engine', 'envoy', '--jaeger-version', '2.13'], folder);
    const children = () =>
      spawnSync('pgrep', ['-P', String(lab.pid)], { encoding: 'utf8' })
        .stdout.match(/\d+/g)
        ?.map(Number) ?? [];
    await lab.seen('jaeger v1.76.0 and v2.13.0: there already');
    await expect.poll(() => children().length, { timeout: 30_000, interval: 5 }).toBeGreaterThanOrEqual(processes);
    const started = children();
    lab.kill(signal);
    const ended = await lab.ended;
    expect({ exitCode: ended.exitCode, output: ended.output }).toEqual({
      exitCode,
      output: expect.not.stringContaining('lab up'),
    });
    expect(ended.output).not.toContain('failed');
    for (const pid of started) expect(() => process.kill(pid, 0), `${pid}`).toThrow();
  });
});

describe('hopcheck run against a real mesh that another process started', () => {
  it.each(COMBINATIONS.map((combination) => [titleOf(combination), combination] as const))(
    'passes with %s',
    async (_title, combination) => {
      const { driver, jaeger, gatewayProfile, basePath } = combination;
      const flags = ['--driver', driver, '--jaeger-version', jaeger, '--gateway-profile', String(gatewayProfile)];
      const lab = spawnCli(
        ['lab', '--engine', 'envoy', '--workers', '2', ...flags, ...(basePath === '' ? [] : ['--base-path', basePath])],
        folder,
      );
      try {
        const text = await lab.seen(/jaeger {3}\S+\n/);
        const [, ingress = ''] = /ingress {2}(http:\/\/[^/]+)/.exec(text) ?? [];
        const [, query = ''] = /jaeger {3}(\S+)/.exec(text) ?? [];
        // With its base path from one driver, without it from the other: the negotiator finds it.
        const given = driver === 'zipkin' ? query : new URL(query).origin;
        const called = await callMain(
          [
            'run',
            '--ingress',
            ingress,
            '--traces',
            given,
            '--probes',
            '33',
            '--rate',
            '50',
            '--report',
            'json=a.json',
            '--capture',
            'a.capture',
          ],
          { cwd: folder },
        );
        expect(called.exitCode, called.stdout + called.stderr).toBe(0);
        const report = JSON.parse(readFileSync(join(folder, 'a.json'), 'utf8')) as RunReport;
        // For a reader of CI's log: where a slow run spent its time.
        console.log(`${titleOf(combination)}: ${JSON.stringify(report.timings)}`);
        expect(report.run.target.traceBackend).toEqual({ url: query, api: 'jaeger-legacy' });
        expect(report.promises[0]?.observed).toContain(
          `context ${driver === 'zipkin' ? 'b3' : 'w3c'} · ${gatewayProfile} gateway span`,
        );
        expect((await callMain(['judge', 'a.capture', '--report', 'json=b.json'], { cwd: folder })).exitCode).toBe(0);
        const again = JSON.parse(readFileSync(join(folder, 'b.json'), 'utf8')) as RunReport;
        expect(JSON.stringify(again.promises)).toBe(JSON.stringify(report.promises));
      } finally {
        lab.kill('SIGTERM');
        expect((await lab.ended).exitCode).toBe(143);
      }
    },
  );
});
