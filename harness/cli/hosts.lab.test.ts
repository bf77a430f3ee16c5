import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { type HostJob, hostObject } from '../../deploy/hosts/testing.ts';
import { parseFault } from '../lab/faults.ts';
import { loopbackNetwork } from '../lab/network-loopback.ts';
import { labOptions } from '../lab/options.ts';
import { startStandin } from '../lab/standin.ts';
import { header } from '../lab/wire.ts';
import { callMain } from './testing/call-main.ts';

const QUICK = { flush: { minSpans: 1, intervalMs: 100 } } as const;
const BRIEF = ['--probes', '12', '--rate', '200', '--flush-interval', '500ms', '--settle-timeout', '60s'];
const STATES = [
  { verdict: 'pass', exitCode: 0, faults: [] },
  { verdict: 'fail', exitCode: 1, faults: ['drop-all:reviews'] },
  { verdict: 'inconclusive', exitCode: 2, faults: ['backend-down'] },
] as const;

let folder: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'hopcheck-hosts-'));
});
afterEach(() => rmSync(folder, { recursive: true, force: true }));

const start = (faults: readonly string[]) =>
  startStandin(labOptions({ ...QUICK, faults: faults.map((text) => parseFault(text, ['reviews'])) }));

interface Posted {
  readonly runId: string | undefined;
  readonly status: { readonly OK: boolean; readonly Errors: readonly string[] };
}

/** Kuberhealthy as a check pod meets it: knows the run id, and refuses a status that contradicts itself. */
async function kuberhealthy(refusals = 0) {
  const network = loopbackNetwork();
  const posted: Posted[] = [];
  let refused = 0;
  const server = await network.listen('kuberhealthy', async (request) => {
    if (refused++ < refusals) return { status: 503, headers: [], body: '' };
    const status = JSON.parse(request.body) as Posted['status'];
    if (request.method !== 'POST' || request.path !== '/check') return { status: 404, headers: [], body: '' };
    if (status.OK === status.Errors.length > 0) return { status: 400, headers: [], body: '' };
    posted.push({ runId: header(request.headers, 'kh-run-uuid'), status });
    return { status: 200, headers: [], body: '' };
  });
  return {
    posted,
    env: { KH_REPORTING_URL: `${server.origin}/check`, KH_RUN_UUID: 'run-1' },
    [Symbol.asyncDispose]: () => network.close(),
  };
}

describe('run --kuberhealthy', () => {
  it.each(STATES)('reports $verdict with the run id', async ({ verdict, exitCode, faults }) => {
    await using lab = await start(faults);
    await using host = await kuberhealthy();
    const args = ['run', '--ingress', lab.ingressUrl, '--traces', lab.jaegerUrl, ...BRIEF, '--kuberhealthy'];
    const called = await callMain(args, { cwd: folder, env: host.env });
    expect(called.exitCode).toBe(exitCode);
    expect(host.posted).toEqual([{ runId: 'run-1', status: { OK: verdict === 'pass', Errors: expect.any(Array) } }]);
    const [first = 'pass'] = host.posted[0]?.status.Errors ?? [];
    expect(first).toMatch(new RegExp(`^${verdict}`));
  });

  it('tries again, and a pass that could not be reported is not a success', async () => {
    await using lab = await start([]);
    await using host = await kuberhealthy(1);
    const args = ['run', '--ingress', lab.ingressUrl, '--traces', lab.jaegerUrl, ...BRIEF, '--kuberhealthy'];
    expect((await callMain(args, { cwd: folder, env: host.env })).exitCode).toBe(0);
    expect(host.posted).toHaveLength(1);
  });

  it('refuses to begin where the pod is not one of a check', async () => {
    const args = ['run', '--ingress', 'http://127.0.0.1:1', '--traces', 'http://127.0.0.1:1', '--kuberhealthy'];
    const { exitCode, stderr } = await callMain(args, { cwd: folder });
    expect({ exitCode, stderr }).toEqual({ exitCode: 64, stderr: expect.stringContaining('KH_RUN_UUID') });
  });
});

describe('a Job of a host', () => {
  const jobs = {
    'Argo Rollouts': () =>
      hostObject<{ spec: { metrics: readonly [{ provider: { job: { spec: HostJob } } }] } }>(
        'argo-rollouts/analysis-job.yaml',
      ).spec.metrics[0].provider.job.spec,
    Helm: () => hostObject<{ spec: HostJob }>('helm/hopcheck-test.yaml').spec,
  };
  const cases = Object.entries(jobs).flatMap(([host, read]) => STATES.map((state) => ({ host, read, ...state })));

  it.each(cases)(
    'of $host ends with $exitCode for $verdict, and its last words are the verdict',
    async ({ read, faults, ...expected }) => {
      await using lab = await start(faults);
      const [container] = read().template.spec.containers;
      // As the manifest has them, but for the path that a kubelet mounts and the wait for a mesh that is up.
      const args = (container?.args ?? [])
        .filter((arg) => !arg.startsWith('--wait'))
        .map((arg) => arg.replace('/dev/termination-log', join(folder, 'message')));
      const env = { HOPCHECK_INGRESS: lab.ingressUrl, HOPCHECK_TRACES: lab.jaegerUrl };
      const { exitCode, stdout } = await callMain([...args, ...BRIEF], { cwd: folder, env });
      expect(exitCode).toBe(expected.exitCode);
      const message = readFileSync(join(folder, 'message'), 'utf8');
      expect(message).toMatch(
        new RegExp(`^hopcheck ${expected.verdict} \\(exit ${expected.exitCode}(?:, HC\\d{3})?\\): .+\\n$`),
      );
      if (expected.host === 'Argo Rollouts') expect(stdout).toBe(message);
    },
  );
});
