import { existsSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { Ajv2020 } from 'ajv/dist/2020.js';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { decodeCapture } from '../capture/decode.ts';
import { parseFault } from '../lab/faults.ts';
import type { Lab } from '../lab/lab.ts';
import { labOptions } from '../lab/options.ts';
import { startStandin } from '../lab/standin.ts';
import type { FleetReport } from '../model/fleet-report.ts';
import type { RunReport } from '../model/report.ts';
import { callMain } from './testing/call-main.ts';
import { spawnCli } from './testing/spawn-cli.ts';

const QUICK = { flush: { minSpans: 1, intervalMs: 100 } } as const;
const DOCS = resolve(import.meta.dirname, '../../docs');
const SERVICES = ['productpage', 'details', 'reviews', 'ratings'];
const BRIEF = ['--probes', '24', '--rate', '100', '--flush-interval', '500ms', '--settle-timeout', '60s'];

let healthy: Lab;
let broken: Lab;
let folder: string;
beforeAll(async () => {
  const faults = ['drop-all:reviews'].map((text) => parseFault(text, SERVICES));
  [healthy, broken] = await Promise.all([
    startStandin(labOptions({ ...QUICK, faults: [] })),
    startStandin(labOptions({ ...QUICK, faults })),
  ]);
});
afterAll(() => Promise.all([healthy, broken].map((lab) => lab[Symbol.asyncDispose]())));
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'hopcheck-fleet-test-'));
  return () => rmSync(folder, { recursive: true, force: true });
});

const call = (...argv: readonly string[]) => callMain(argv, { cwd: folder, runSelf });
/** Without a separate process. */
async function runSelf(args: readonly string[], _: AbortSignal, onLine: (line: string) => void): Promise<number> {
  const { exitCode, stderr } = await callMain(args, { cwd: folder });
  for (const line of stderr.trimEnd().split('\n')) onLine(line);
  return exitCode;
}
const json = <T>(name: string) => JSON.parse(readFileSync(join(folder, name), 'utf8')) as T;
const at = ({ ingressUrl, jaegerUrl }: Lab) => ['--ingress', String(ingressUrl), '--traces', String(jaegerUrl)];

/** How many of these runs went on at the same time at the most, by what their captures say. */
function underWay(captures: readonly string[]): number {
  const runs = captures
    .map((text) => decodeCapture(text))
    .map(({ run, timings: { preflightMs, probeMs, settleMs } }) => {
      const startedAtMs = Date.parse(run.startedAt);
      return { startedAtMs, endedAtMs: startedAtMs + preflightMs + probeMs + settleMs };
    });
  const at = (ms: number) => runs.filter((run) => run.startedAtMs <= ms && ms < run.endedAtMs).length;
  return Math.max(...runs.map(({ startedAtMs }) => at(startedAtMs)));
}

describe('hopcheck run --shard', () => {
  const shard = (lab: Lab, part: string, ...more: readonly string[]) =>
    call('run', ...at(lab), ...BRIEF, '--shard', part, '--capture', `${part.replace('/', '-')}.capture`, ...more);

  it('ends with 0 once the capture is written, whatever it shows, and merge alone judges', async () => {
    const ended = await Promise.all([1, 2, 3].map((index) => shard(broken, `${index}/3`, '--target', 'shop')));
    expect(ended.map(({ exitCode, stdout }) => ({ exitCode, stdout }))).toEqual(
      [1, 2, 3].map(() => ({ exitCode: 0, stdout: '' })),
    );
    const merged = await call('merge', '1-3.capture', '3-3.capture', '2-3.capture', '--report', 'json=m.json');
    const report = json<RunReport>('m.json');
    expect({ exitCode: merged.exitCode, sentence: report.sentence }).toEqual({
      exitCode: 1,
      sentence: expect.stringMatching(/^reviews v2, v3 do not pass the trace context on to ratings/),
    });
    // The plan of 24, its four others of each kind and the trials, and no control probe of a part.
    await call('run', ...at(broken), ...BRIEF, '--report', 'json=w.json');
    expect(report.run.probes).toBe(json<RunReport>('w.json').run.probes);
    expect(report.promises.map(({ id, status }) => [id, status])).toEqual(
      json<RunReport>('w.json').promises.map(({ id, status }) => [id, status]),
    );
  });

  it('leaves a run undecided of which a part is missing, also where it is judged alone', async () => {
    await shard(healthy, '2/3');
    for (const command of ['merge', 'judge']) {
      const { exitCode, stdout } = await call(command, '2-3.capture');
      expect({ exitCode, stdout: stdout.replace(/\s+/g, ' ') }).toEqual({
        exitCode: 2,
        stdout: expect.stringContaining('a part of the run is missing: part 1, 3 of 3 missing'),
      });
    }
  });

  it('ends with 2 where it could not collect', async () => {
    const gone = ['--ingress', 'http://127.0.0.1:9', '--traces', String(healthy.jaegerUrl)];
    const ended = await call('run', ...gone, ...BRIEF, '--shard', '1/2', '--capture', 'a.capture');
    expect({ exitCode: ended.exitCode, stderr: ended.stderr }).toEqual({
      exitCode: 2,
      stderr: expect.stringContaining('part 1 of 2 could not be collected'),
    });
    expect(existsSync(join(folder, 'a.capture'))).toBe(true);
  });
});

describe('hopcheck fleet', () => {
  const plan = (more: object = {}) => {
    const target = (name: string, lab: Lab, parts: number) => ({
      name,
      parts,
      options: { ingress: String(lab.ingressUrl), traces: String(lab.jaegerUrl) },
    });
    const options = { probes: 24, flushInterval: '500ms', settleTimeout: '10s' };
    const targets = [target('healthy', healthy, 2), target('eu/broken', broken, 1)];
    writeFileSync(
      join(folder, 'fleet.json'),
      JSON.stringify({ version: 1, options, rates: { default: 200 }, targets, ...more }),
    );
  };

  it('collects every target with processes, and writes the page and the report of each', async () => {
    plan();
    const { exitCode, stdout } = await call('fleet', '--plan', 'fleet.json', '--parallel', '3', '--out', 'out');
    expect({ exitCode, stdout: stdout.replace(/\s+/g, ' ') }).toEqual({
      exitCode: 1,
      stdout: expect.stringContaining('1 of 2 targets fails: eu/broken: reviews'),
    });
    const fleet = json<FleetReport>('out/fleet.json');
    expect(fleet.targets.map(({ name, verdict, parts }) => ({ name, verdict, parts }))).toEqual([
      { name: 'eu/broken', verdict: 'fail', parts: { of: 1, missing: [] } },
      { name: 'healthy', verdict: 'pass', parts: { of: 2, missing: [] } },
    ]);
    expect(readdirSync(join(folder, 'out')).toSorted()).toEqual([
      ...['eu-broken.html', 'eu-broken.json', 'fleet.json', 'healthy.html', 'healthy.json', 'index.html'],
    ]);
    const page = readFileSync(join(folder, 'out/index.html'), 'utf8');
    expect(page).toContain('<a href="./eu-broken.html">eu/broken</a>');
    expect(json<RunReport>('out/healthy.json').run.among).toMatchObject({ targets: 2 });
  });

  it('runs each part in a child process, at most as many at the same time as --parallel, with the same result', async () => {
    plan();
    const given = ['--plan', 'fleet.json', '--parallel', '2', '--to', 'captures', '--out', 'out'];
    const { exitCode, output } = await spawnCli(['fleet', ...given], folder).ended;
    expect({ exitCode, output: output.replace(/\s+/g, ' ') }).toEqual({
      exitCode: 1,
      output: expect.stringContaining('1 of 2 targets fails: eu/broken: reviews'),
    });
    for (const part of ['healthy 1/2', 'healthy 2/2', 'eu/broken'])
      expect(output).toMatch(new RegExp(`^${part}: part \\d of \\d of `, 'm'));
    const parts = ['0', '1', '2'].map((index) => readFileSync(join(folder, 'captures', `${index}.capture`), 'utf8'));
    expect(underWay(parts)).toBeLessThanOrEqual(2);
    const fleet = json<FleetReport>('out/fleet.json');
    expect(fleet.targets.map(({ name, verdict }) => [name, verdict])).toEqual([
      ['eu/broken', 'fail'],
      ['healthy', 'pass'],
    ]);
    const schema = (name: string): object => JSON.parse(readFileSync(resolve(DOCS, `${name}.schema.json`), 'utf8'));
    const ajv = new Ajv2020({ strict: false, allErrors: true }).addSchema(schema('report'));
    const validate = ajv.compile(schema('fleet-report'));
    expect({ valid: validate(fleet), errors: validate.errors }).toEqual({ valid: true, errors: null });
  });

  it('ends its child processes when a signal ends it, and judges what they have', async () => {
    // Slow enough that no part is done before the signal.
    plan({ rates: { default: 2 } });
    const before = healthy.received.length;
    const given = ['--plan', 'fleet.json', '--parallel', '2', '--to', 'captures', '--report', 'json=fleet-report.json'];
    const fleet = spawnCli(['fleet', ...given], folder);
    await expect.poll(() => healthy.received.length, { timeout: 60_000 }).toBeGreaterThan(before);
    fleet.kill('SIGTERM');
    const { exitCode, output } = await fleet.ended;
    expect({ exitCode, output }).toEqual({ exitCode: 143, output: expect.stringContaining('ending all parts') });
    const captures = readdirSync(join(folder, 'captures')).filter((name) => name.endsWith('.capture'));
    expect(captures.length).toBeGreaterThan(0);
    // The third part was not begun.
    expect(captures).not.toContain('2.capture');
    for (const name of captures)
      expect(decodeCapture(readFileSync(join(folder, 'captures', name), 'utf8')).end).toBe('interrupted');
    expect(json<FleetReport>('fleet-report.json').verdict).toBe('inconclusive');
  });

  it('judges what the pods of a Job have logged, and names the index that is missing', async () => {
    plan();
    const pods = await Promise.all(
      [0, 1, 2].map((index) => call('fleet', '--plan', 'fleet.json', '--index', String(index), '--to', 'log')),
    );
    expect(pods.map(({ exitCode }) => exitCode)).toEqual([0, 0, 0]);
    writeFileSync(join(folder, 'all.log'), pods.map(({ stdout, stderr }) => `${stderr}${stdout}`).join(''));
    const all = await call('fleet', '--plan', 'fleet.json', '--collect', 'all.log', '--report', 'json=all.json');
    expect(all.exitCode).toBe(1);
    expect(json<FleetReport>('all.json').verdict).toBe('fail');
    const [first, , third] = pods;
    writeFileSync(join(folder, 'some.log'), `${first?.stdout}${third?.stdout}`);
    const some = await call('fleet', '--plan', 'fleet.json', '--collect', 'some.log', '--report', 'json=some.json');
    expect(some.exitCode).toBe(1);
    expect(json<FleetReport>('some.json').sentence).toMatch(/not decided: healthy: part 2 of 2 is missing$/);
  });

  it('puts captures to a server, and ends with 2 where that refuses them', async () => {
    plan();
    const taken: { path: string; token: string | undefined; first: string }[] = [];
    let status = 201;
    const server = createServer((request, response) => {
      let body = '';
      request.setEncoding('utf8').on('data', (chunk: string) => {
        body += chunk;
      });
      request.on('end', () => {
        taken.push({ path: String(request.url), token: request.headers.authorization, first: body.slice(0, 14) });
        response.writeHead(status).end();
      });
    });
    await new Promise<void>((done) => server.listen(0, '127.0.0.1', done));
    const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}/fleet-1`;
    const put = (index: string) =>
      callMain(['fleet', '--plan', 'fleet.json', '--index', index, '--to', url], {
        cwd: folder,
        env: { HOPCHECK_FLEET_TOKEN: 'secret-token' },
      });
    expect((await put('2')).exitCode).toBe(0);
    expect(taken).toEqual([{ path: '/fleet-1/2.capture', token: 'Bearer secret-token', first: '{"type":"head"' }]);
    status = 403;
    const refused = await put('2');
    expect({ exitCode: refused.exitCode, stderr: refused.stderr.replace(/\s+/g, ' ') }).toEqual({
      exitCode: 2,
      stderr: expect.stringContaining('/fleet-1/2.capture answered 403'),
    });
    expect(refused.stderr).not.toContain('secret-token');
    await new Promise((done) => server.close(done));
  });
});
