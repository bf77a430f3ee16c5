import { existsSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { parseFault } from '../lab/faults.ts';
import type { Lab } from '../lab/lab.ts';
import { callHttp, loopbackNetwork } from '../lab/network-loopback.ts';
import { labOptions } from '../lab/options.ts';
import { startStandin } from '../lab/standin.ts';
import type { RunReport } from '../model/report.ts';
import { callMain } from './testing/call-main.ts';
import { type Spawned, spawnCli } from './testing/spawn-cli.ts';

const TOKEN = 'canary-token-of-the-watch';
const QUICK = { flush: { minSpans: 1, intervalMs: 100 } } as const;
const BRIEF = ['--probes', '12', '--rate', '200', '--flush-interval', '500ms', '--settle-timeout', '60s'];

let folder: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'hopcheck-watch-'));
});
/** Ended after each test, also where it fails before it gets there. */
const started: Spawned[] = [];
afterEach(async () => {
  for (const watch of started.splice(0)) {
    watch.kill('SIGTERM');
    await watch.ended;
  }
  rmSync(folder, { recursive: true, force: true });
});

/** A mesh that can be changed while it is up: two labs behind the same two ports. */
async function changingMesh(): Promise<AsyncDisposable & { ingress: string; traces: string; breakIt(): void }> {
  const faults = [parseFault('drop-all:reviews', ['reviews'])];
  const labs = await Promise.all([startStandin(labOptions(QUICK)), startStandin(labOptions({ ...QUICK, faults }))]);
  let current: Lab = labs[0];
  const network = loopbackNetwork();
  const ingress = await network.listen('ingress', (request, signal) => callHttp(current.ingressUrl, request, signal));
  const traces = await network.listen('traces', (request, signal) => callHttp(current.jaegerUrl, request, signal));
  return {
    ingress: ingress.origin,
    traces: traces.origin,
    breakIt: () => {
      current = labs[1];
    },
    [Symbol.asyncDispose]: async () => {
      await network.close();
      await Promise.all(labs.map((lab) => lab.stop()));
    },
  };
}

async function startWatch(
  args: readonly string[],
  env: Record<string, string> = {},
): Promise<Spawned & { origin: string }> {
  const cli = spawnCli(['watch', ...args, '--listen', '127.0.0.1:0'], folder, env);
  started.push(cli);
  const output = await cli.seen(/serving http:\S+\/gate/);
  const [, origin = ''] = /serving (http:\/\/[^/]+)\/gate/.exec(output) ?? [];
  return { ...cli, origin };
}

const ask = async (url: string, init?: RequestInit) => {
  const response = await fetch(url, init);
  return { status: response.status, body: await response.text(), headers: response.headers };
};
const files = (ending: string) =>
  readdirSync(join(folder, 'kept'))
    .filter((name) => name.endsWith(ending))
    .toSorted();

describe('hopcheck watch', () => {
  it('turns its gate from 200 to 412 when a hop breaks between two runs, and names the hop', async () => {
    await using mesh = await changingMesh();
    const token = ['--watch-token-file', 'token', '--watch-folder', 'kept', '--budget', '500rps'];
    writeFileSync(join(folder, 'token'), `${TOKEN}\n`);
    const targets = ['--ingress', mesh.ingress, '--traces', mesh.traces];
    const watch = await startWatch([...targets, ...BRIEF, ...token]);
    const before = await ask(`${watch.origin}/gate?wait=60s`, { method: 'POST' });
    expect(before).toMatchObject({ status: 200, body: expect.stringMatching(/^pass: /) });
    expect(files('.capture')).toEqual([]);

    mesh.breakIt();
    const since = new Date().toISOString();
    const authorization = `Bearer ${TOKEN}`;
    const started = await ask(`${watch.origin}/run`, { method: 'POST', headers: { authorization } });
    expect(started.status).toBe(202);
    const after = await ask(`${watch.origin}/gate?since=${since}&wait=60s`);
    expect(after.status).toBe(412);
    expect(after.body).toMatch(/^fail HC501.* reviews->ratings: reviews .*trace context on to ratings/);

    const verdict = JSON.parse((await ask(`${watch.origin}/verdict`)).body) as Record<string, unknown>;
    expect(verdict).toMatchObject({
      verdict: 'fail',
      hop: 'reviews->ratings',
      codes: expect.arrayContaining(['HC501']),
    });
    const metrics = await ask(`${watch.origin}/metrics`);
    expect(metrics.body).toMatch(
      /hopcheck_hop_state\{mesh="[^"]*",caller="reviews",callee="ratings",state="wrong"\} 1/,
    );
    expect(metrics.body).toContain('hopcheck_watch_runs_total{verdict="fail"} 1');
    const path = started.headers.get('location') ?? '';
    const report = JSON.parse((await ask(`${watch.origin}${path}`, { headers: { authorization } })).body) as RunReport;
    expect(report.verdict).toBe('fail');

    watch.kill('SIGTERM');
    const { exitCode, output } = await watch.ended;
    expect(exitCode).toBe(143);
    expect(output).toMatch(/a run every 15 min: 96 runs a day, [\d,]+ requests a\s+day/);
    expect(output).not.toContain(TOKEN);
    // The red run keeps its capture, and that gives the same verdict again.
    const [capture] = files('.capture');
    expect({ captures: files('.capture').length, reports: files('.json').length }).toEqual({ captures: 1, reports: 2 });
    const again = await callMain(['judge', join('kept', capture ?? ''), '--quiet'], { cwd: folder });
    expect(again.exitCode).toBe(1);
    for (const name of readdirSync(join(folder, 'kept')))
      expect(readFileSync(join(folder, 'kept', name), 'utf8')).not.toContain(TOKEN);
  });

  it('writes the run that goes on when a signal ends it', async () => {
    await using lab = await startStandin(labOptions(QUICK));
    const slow = ['--probes', '60', '--budget', '6rpm', '--flush-interval', '500ms', '--watch-folder', 'kept'];
    const watch = await startWatch(['--ingress', lab.ingressUrl, '--traces', lab.jaegerUrl, ...slow]);
    await expect.poll(() => lab.received.length, { timeout: 30_000 }).toBeGreaterThan(0);
    watch.kill('SIGTERM');
    expect((await watch.ended).exitCode).toBe(143);
    const [name = ''] = files('.json');
    const report = JSON.parse(readFileSync(join(folder, 'kept', name), 'utf8')) as RunReport;
    expect(report.verdict).not.toBe('pass');
    expect(existsSync(join(folder, 'kept', name.replace('.json', '.capture')))).toBe(true);
  });

  it('goes on judging where its folder cannot be written any more, and says so', async () => {
    await using lab = await startStandin(labOptions(QUICK));
    const env = { HOPCHECK_WATCH_TOKEN: TOKEN };
    const targets = ['--ingress', lab.ingressUrl, '--traces', lab.jaegerUrl, '--budget', '500rps'];
    const watch = await startWatch([...targets, ...BRIEF, '--watch-folder', 'kept'], env);
    expect((await ask(`${watch.origin}/gate?wait=60s`)).status).toBe(200);
    rmSync(join(folder, 'kept'), { recursive: true });
    writeFileSync(join(folder, 'kept'), 'a file');
    const since = new Date().toISOString();
    await ask(`${watch.origin}/run`, { method: 'POST', headers: { authorization: `Bearer ${TOKEN}` } });
    expect((await ask(`${watch.origin}/gate?since=${since}&wait=60s`)).status).toBe(200);
    await watch.seen(/--watch-folder: run \w+ keeps no capture: ENOTDIR/);
    watch.kill('SIGTERM');
    expect((await watch.ended).exitCode).toBe(143);
  });

  it('reads its configuration again for each run', async () => {
    await using lab = await startStandin(labOptions(QUICK));
    const config = (more: string) =>
      writeFileSync(
        join(folder, 'hopcheck.config.yaml'),
        `ingress: ${lab.ingressUrl}\ntraces: ${lab.jaegerUrl}\n${more}`,
      );
    config('');
    const env = { HOPCHECK_WATCH_TOKEN: TOKEN, HOPCHECK_BUDGET: '500rps' };
    const watch = await startWatch([...BRIEF, '--watch-folder', 'kept'], env);
    expect((await ask(`${watch.origin}/gate?wait=60s`)).status).toBe(200);
    config('gatewayProfile: 7\n');
    const since = new Date().toISOString();
    await ask(`${watch.origin}/run`, { method: 'POST', headers: { authorization: `Bearer ${TOKEN}` } });
    const broken = await ask(`${watch.origin}/gate?since=${since}&wait=60s`);
    expect(broken).toMatchObject({ status: 503, body: expect.stringContaining('--gateway-profile "7"') });
    watch.kill('SIGTERM');
    expect((await watch.ended).exitCode).toBe(143);
  });
});

describe('what is wrong with a watch beforehand', () => {
  it.each([
    { what: 'no target', args: [], says: '--ingress' },
    { what: 'a budget without unit', args: ['--budget', '2'], says: '--budget "2"' },
    { what: 'a budget of nothing', args: ['--budget', '1rph'], says: '--budget "1rph"' },
    { what: 'a name to listen on', args: ['--listen', 'all:80'], says: '--listen "all:80"' },
    { what: 'a folder that is a file', args: ['--watch-folder', import.meta.filename], says: '--watch-folder "' },
    { what: 'more runs than there are', args: ['--agree', '4/3'], says: '--agree "4/3"' },
    { what: 'a token that can be guessed', args: ['--watch-token', 'short'], says: '--watch-token' },
    { what: 'a token file that is not there', args: ['--watch-token-file', 'gone'], says: '--watch-token-file "gone"' },
  ] as const)('$what ends it with 64', async ({ args, says }) => {
    const targets = args.length === 0 ? [] : ['--ingress', 'http://127.0.0.1:1', '--traces', 'http://127.0.0.1:1'];
    const { exitCode, stderr } = await callMain(['watch', ...targets, ...args], { cwd: folder });
    expect({ exitCode, stderr }).toEqual({ exitCode: 64, stderr: expect.stringContaining(says) });
    expect(stderr).not.toContain('short"');
  });
});
