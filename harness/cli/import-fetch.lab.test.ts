import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { SimulatedClock } from '../../fixtures/testing/simulated-clock.ts';
import { surveyLab } from '../../fixtures/testing/survey-lab.ts';
import { HttpError } from '../http/http.ts';
import { parseFault } from '../lab/faults.ts';
import type { JaegerVersion, Lab } from '../lab/lab.ts';
import { labOptions } from '../lab/options.ts';
import { startStandin } from '../lab/standin.ts';
import type { RunReport } from '../model/report.ts';
import { callMain } from './testing/call-main.ts';

let folder: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'hopcheck-fetch-'));
});
afterEach(() => rmSync(folder, { recursive: true, force: true }));

/** A lab to which sixty requests were sent, the last of them ten seconds ago and more. */
async function usedLab(jaeger: JaegerVersion, fault: string | undefined, requests = 60): Promise<Lab> {
  const clock = new SimulatedClock();
  const faults = fault === undefined ? [] : [parseFault(fault, ['productpage', 'details', 'reviews', 'ratings'])];
  const lab = await startStandin(labOptions({ clock, network: 'memory', jaeger, faults, seed: 5 }));
  await surveyLab(lab, { plan: Array.from({ length: requests }, () => ({ purpose: 'forced-on' as const })) });
  await clock.sleep(10_000, new AbortController().signal);
  return lab;
}

function importFrom({ http, jaegerUrl, options: { clock } }: Lab, ...more: string[]) {
  if (http === undefined) throw new Error('the lab has no network in memory');
  return callMain(['import', '--from', jaegerUrl, ...more], { cwd: folder, clock, createClient: () => http });
}

describe.each(['1.76', '2.13', '2.21', 'zipkin'] as const)('hopcheck import --from, backend %s', (jaeger) => {
  it('judges a healthy mesh, writes the capture, and reports what it searched', async () => {
    await using lab = await usedLab(jaeger, undefined);
    const { exitCode, stdout, stderr } = await importFrom(lab, '--since', '1h', '--report', 'json');
    const { verdict, run, promises } = JSON.parse(stdout) as RunReport;
    expect({ exitCode, verdict, stderr }).toEqual({ exitCode: 0, verdict: 'pass', stderr: expect.any(String) });
    expect(run.imported?.searched).toMatchObject({ missing: [], cut: [], limit: 1000 });
    expect(run.imported?.searched?.services).toHaveLength(5);
    expect(run.probes).toBeGreaterThanOrEqual(60);
    expect(promises.find(({ id }) => id === 'load-balancing')?.status).toBe('skipped');
    expect(stderr).toMatch(/traces of 5 services from \S+Z to \S+Z/);
    const kept = `${new URL(lab.jaegerUrl).hostname}.imported.capture`;
    const judged = await callMain(['judge', kept, '--report', 'json'], { cwd: folder });
    expect(JSON.parse(judged.stdout)).toEqual(JSON.parse(stdout));
  });

  it('names the broken hop', async () => {
    await using lab = await usedLab(jaeger, 'drop-all:reviews');
    const { exitCode, stdout } = await importFrom(lab, '--short');
    expect({ exitCode, stdout }).toEqual({ exitCode: 1, stdout: expect.stringMatching(/HC501 .*reviews.* → ratings/) });
  });
});

describe('hopcheck import --from', () => {
  it('reports the traces that the limit left out, in the lines of the import and in the report', async () => {
    await using lab = await usedLab('1.76', undefined);
    const { stdout, stderr } = await importFrom(lab, '--limit', '10', '--report', 'json');
    const { run, promises } = JSON.parse(stdout) as RunReport;
    expect(run.imported?.searched?.cut.length).toBeGreaterThan(0);
    expect(promises[0]?.observed).toContain('the limit of 10 traces a service left out traces of istio-ingressgateway');
    expect(stderr.replace(/\s+/g, ' ')).toMatch(/are not fetched; choose a shorter time, or raise --limit/);
  });

  it('does not pass where nothing was found, and lists the services that the backend does not know', async () => {
    const clock = new SimulatedClock();
    await using lab = await startStandin(labOptions({ clock, network: 'memory' }));
    const { exitCode, stdout, stderr } = await importFrom(lab, '--report', 'json');
    expect({ exitCode, verdict: (JSON.parse(stdout) as RunReport).verdict }).toEqual({
      exitCode: 2,
      verdict: 'inconclusive',
    });
    expect(stderr).toContain('the trace backend lists no service productpage');
  });

  it('leaves out the traces that may still be coming', async () => {
    await using lab = await usedLab('1.76', undefined);
    const { stdout } = await importFrom(lab, '--report', 'json');
    const { to } = (JSON.parse(stdout) as RunReport).run.imported?.searched ?? { to: '' };
    expect(lab.options.clock.now() - Date.parse(to)).toBeGreaterThanOrEqual(6000);
  });

  it('ends with exit code 2 and the reason where the backend cannot be asked, and writes nothing', async () => {
    const refused = {
      send: () => Promise.reject(new HttpError('refused', 'connection refused')),
      close: async () => undefined,
    };
    const { exitCode, stdout, stderr } = await callMain(['import', '--from', 'http://127.0.0.1:1', '--since', '2h'], {
      cwd: folder,
      clock: new SimulatedClock(),
      createClient: () => refused,
    });
    expect({ exitCode, stdout, stderr }).toEqual({
      exitCode: 2,
      stdout: '',
      stderr: expect.stringContaining('the traces could not be fetched: the trace backend is not reachable'),
    });
  });

  it.each([
    [['import'], "missing required argument 'path', or the option --from"],
    [['import', 'a.json', '--from', 'http://a'], 'no file beside it'],
    [['import', '--from', 'http://a', '--complete'], 'no --complete beside it'],
    [['import', '--from', 'nonsense'], '--from "nonsense" (from flag --from): expected an http or https URL'],
    [['import', '--from', 'http://a', '--since', 'yesterday'], '--since "yesterday"'],
    [['import', '--from', 'http://a', '--since', '1s'], 'longer ago than proxies hold spans'],
    [['import', '--from', 'http://a', '--limit', '0'], '--limit "0" (from flag --limit): expected a whole number'],
  ])('refuses %j with words', async (argv, words) => {
    const { exitCode, stderr } = await callMain(argv, { cwd: folder });
    expect({ exitCode, stderr: stderr.replace(/\s+/g, ' ') }).toEqual({
      exitCode: 64,
      stderr: expect.stringContaining(words),
    });
  });

  it('keeps credentials out of everything that it writes', async () => {
    await using lab = await usedLab('1.76', undefined, 12);
    const url = new URL(lab.jaegerUrl);
    url.username = 'ci';
    url.password = 'hunter22';
    const { http, options } = lab;
    if (http === undefined) throw new Error('the lab has no network in memory');
    const { stdout, stderr } = await callMain(
      ['import', '--from', url.href, '--out', 'x.capture', '--report', 'json'],
      {
        cwd: folder,
        clock: options.clock,
        createClient: () => http,
      },
    );
    expect(`${stdout}${stderr}${readFileSync(join(folder, 'x.capture'), 'utf8')}`).not.toContain('hunter22');
  });
});
