import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { decodeCapture } from '../capture/decode.ts';
import { parseFault } from '../lab/faults.ts';
import type { Lab } from '../lab/lab.ts';
import { callHttp, loopbackNetwork } from '../lab/network-loopback.ts';
import { labOptions } from '../lab/options.ts';
import { startStandin } from '../lab/standin.ts';
import type { RunReport } from '../model/report.ts';
import { spawnCli } from './testing/spawn-cli.ts';

let folder: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'hopcheck-signals-'));
});
afterEach(() => rmSync(folder, { recursive: true, force: true }));

const OUT = ['--report', 'json=a.json', '--report', 'junit=a.xml', '--capture', 'a.capture'];

describe('a signal', () => {
  let lab: Lab;
  let broken: Lab;
  const network = loopbackNetwork();
  let mute: string;
  beforeAll(async () => {
    lab = await startStandin(labOptions());
    const faults = [parseFault('drop-all:reviews', ['reviews'])];
    broken = await startStandin(labOptions({ flush: { minSpans: 1, intervalMs: 100 }, faults }));
    const silent = await network.listen(
      'mute',
      (_request, signal) => new Promise((_, reject) => signal.addEventListener('abort', () => reject(signal.reason))),
    );
    mute = silent.origin;
  });
  afterAll(async () => {
    await network.close();
    await Promise.all([lab.stop(), broken.stop()]);
  });

  /** The lab's Jaeger, except for requests that are never answered. */
  async function jaegerMuteOn(path: RegExp): Promise<string> {
    const endpoint = await network.listen('half-mute', (request, signal) =>
      path.test(decodeURIComponent(request.path))
        ? new Promise((_, reject) => signal.addEventListener('abort', () => reject(signal.reason)))
        : callHttp(broken.jaegerUrl, request, signal),
    );
    return endpoint.origin;
  }

  it.each([
    { title: 'while it negotiates', path: /./, sign: /preflight · waiting for the trace backend to answer/ },
    { title: 'while it waits for a first span', path: /traces\?traceID/, sign: /preflight · waiting for a first span/ },
    { title: 'while it looks for other halves', path: /service=reviews/, sign: /looking for the other halves/ },
  ] as const)('ends the run $title, and nothing collected is lost', async ({ title, path, sign }) => {
    const args = ['--traces', await jaegerMuteOn(path), '--rate', '100', '--probes', '10', '--flush-interval', '500ms'];
    const cli = spawnCli(['run', '--ingress', broken.ingressUrl, ...args, ...OUT], folder);
    await cli.seen(sign);
    cli.kill('SIGTERM');
    const ended = await cli.ended;
    expect({ exitCode: ended.exitCode, signal: ended.signal }).toEqual({ exitCode: 143, signal: null });
    const report = JSON.parse(readFileSync(join(folder, 'a.json'), 'utf8')) as RunReport;
    expect({ passed: report.exitCode === 0, sentProbes: report.run.probes > 0 }).toEqual({
      passed: false,
      sentProbes: title.endsWith('halves'),
    });
    expect(decodeCapture(readFileSync(join(folder, 'a.capture'), 'utf8')).end).toBe('interrupted');
  });

  it.each([
    { phase: 'preflight', signal: 'SIGINT', exitCode: 130, sign: /preflight · waiting for the ingress/ },
    { phase: 'preflight', signal: 'SIGTERM', exitCode: 143, sign: /preflight · waiting for the ingress/ },
    { phase: 'probe', signal: 'SIGINT', exitCode: 130, sign: /probes 1\/\d+ answered/ },
    { phase: 'probe', signal: 'SIGTERM', exitCode: 143, sign: /probes 1\/\d+ answered/ },
    { phase: 'settle', signal: 'SIGINT', exitCode: 130, sign: /settled · waiting for proxies/ },
    { phase: 'settle', signal: 'SIGTERM', exitCode: 143, sign: /settled · waiting for proxies/ },
  ] as const)(
    'ends the run in the phase $phase, where $signal gives exit $exitCode',
    async ({ phase, signal, exitCode, sign }) => {
      const ingress = phase === 'preflight' ? mute : lab.ingressUrl;
      const rate = phase === 'probe' ? '5' : '100';
      const cli = spawnCli(
        ['run', '--ingress', ingress, '--traces', lab.jaegerUrl, '--rate', rate, '--probes', '30', ...OUT],
        folder,
      );
      await cli.seen(sign);
      cli.kill(signal);
      const ended = await cli.ended;
      expect({ exitCode: ended.exitCode, signal: ended.signal }).toEqual({ exitCode, signal: null });
      expect(ended.output).toContain(`${signal}: ending the run`);
      expect(ended.output).toContain(`exit ${exitCode}: a signal ended the run`);
      const report = JSON.parse(readFileSync(join(folder, 'a.json'), 'utf8')) as RunReport;
      expect(report.verdict).toBe('inconclusive');
      expect(report.promises[0]?.findings.map(({ code }) => code)).toContain('HC715');
      expect(readFileSync(join(folder, 'a.xml'), 'utf8')).toContain('</testsuites>');
      const capture = decodeCapture(readFileSync(join(folder, 'a.capture'), 'utf8'));
      expect(capture.end).toBe('interrupted');
      expect(capture.exchanges.length > 0).toBe(phase !== 'preflight');
      expect(() => process.kill(cli.pid, 0)).toThrow();
    },
  );
});

it('Ctrl-C takes a lab down, with every listening socket', async () => {
  const cli = spawnCli(['lab'], folder);
  await cli.seen('Ctrl-C takes it down');
  cli.kill('SIGINT');
  const { exitCode, output } = await cli.ended;
  expect(exitCode).toBe(130);
  const urls = output.match(/http:\/\/127\.0\.0\.1:\d+/g) ?? [];
  expect(urls.length).toBeGreaterThanOrEqual(2);
  for (const url of urls) await expect(fetch(url)).rejects.toThrow();
});

it('Ctrl-C ends npm start with its reports written and its lab down', async () => {
  const cli = spawnCli(['demo', '--probes', '30'], folder);
  await cli.seen(/probes 1\/\d+ answered/);
  cli.kill('SIGINT');
  const { exitCode, output } = await cli.ended;
  expect(exitCode).toBe(130);
  for (const name of ['report.json', 'junit.xml', 'report.txt', 'report.html', 'run.capture'])
    expect(readFileSync(join(folder, 'hopcheck-out', name), 'utf8').length, name).toBeGreaterThan(100);
  const [url] = output.match(/http:\/\/127\.0\.0\.1:\d+/) ?? [];
  await expect(fetch(url ?? '')).rejects.toThrow();
});
