// Over 250 lines: a control plane takes long to start, and what happens before a run shares one.
import { spawnSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { type Cluster, startCluster } from '../../fixtures/kube/cluster.ts';
import type { KubeObject } from '../../fixtures/kube/object.ts';
import {
  change,
  forwardToLab,
  meshDefinitions,
  type WalkthroughOptions,
  walkthrough,
} from '../../fixtures/kube/walkthrough.ts';
import type { Lab } from '../lab/lab.ts';
import { labOptions } from '../lab/options.ts';
import { startStandin } from '../lab/standin.ts';
import type { Diagnosis } from '../model/doctor.ts';
import type { RunReport } from '../model/report.ts';
import { callMain } from './testing/call-main.ts';
import { spawnCli } from './testing/spawn-cli.ts';

// On a real API server; the stand-in is behind it, because nothing here is about its spans.
let cluster: Cluster;
let lab: Lab;
beforeAll(async () => {
  cluster = await startCluster();
  await cluster.apply(await meshDefinitions());
  lab = await startStandin(labOptions({ flush: { minSpans: 1, intervalMs: 100 } }));
});
afterAll(async () => {
  await lab.stop();
  await cluster.stop();
});
let folder: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'hopcheck-doctor-'));
});
let applied: readonly KubeObject[] = [];
afterEach(async () => {
  await cluster.delete(applied.filter(({ kind }) => kind !== 'Namespace'));
  applied = [];
  rmSync(folder, { recursive: true, force: true });
});
async function have(objects: readonly KubeObject[]): Promise<void> {
  applied = objects;
  await cluster.apply(objects);
  await forwardToLab(cluster, objects, lab);
}
const QUICK = ['--flush-interval', '500ms'];
const doctor = async (kubeconfig = cluster.kubeconfig, ...args: readonly string[]) => {
  const env = { HOME: folder, KUBECONFIG: kubeconfig };
  const called = await callMain(['doctor', '--kube', '--json', ...QUICK, ...args], { cwd: folder, env });
  return { ...called, diagnosis: JSON.parse(called.stdout) as Diagnosis };
};
/** As a person would, with the command as it was shown. */
function shell(command: string): { readonly status: number | null; readonly output: string } {
  const path = `${dirname(cluster.binaries.kubectl)}:${process.env.PATH}`;
  const env = { ...process.env, PATH: path, KUBECONFIG: cluster.kubeconfig };
  const { status, stdout, stderr } = spawnSync('bash', ['-ec', command], { encoding: 'utf8', env });
  return { status, output: stdout + stderr };
}
const change1 = (which: string, by: (object: KubeObject) => KubeObject | undefined) => change(walkthrough(), which, by);
const gone = (which: string) => change1(which, () => undefined);

describe('hopcheck doctor --kube', () => {
  it('goes through the walk-through and the preflight, and finds everything in place', async () => {
    await have(walkthrough());
    const { exitCode, stdout, diagnosis } = await doctor();
    expect(exitCode, stdout).toBe(0);
    expect(diagnosis.preconditions.map(({ id, status }) => `${id} ${status}`)).toEqual([
      ...['api', 'permitted', 'injection', 'workloads', 'routes', 'ingress', 'tracing'].map((id) => `kube-${id} ok`),
      ...['ingress', 'page', 'trace-backend', 'marker-search', 'clocks', 'services', 'arrival', 'whole-traces'].map(
        (id) => `${id} ok`,
      ),
      ...['context-format', 'gateway-profile', 'sampling'].map((id) => `${id} ok`),
    ]);
    expect(diagnosis.cluster).toMatchObject({ context: 'test', istio: '1.31.1', dataPlane: 'sidecar' });
    expect(diagnosis.cluster?.found.map(({ what }) => what)).toEqual(['application', 'ingress', 'trace backend']);
  });

  it('reports a contradiction in the configuration before any traffic, and is ready all the same', async () => {
    await have(walkthrough({ bookinfo: { sidecars: { 'details-v1': 'none' } } }));
    const { exitCode, diagnosis } = await doctor();
    expect(exitCode).toBe(0);
    expect(diagnosis.preconditions.find(({ id }) => id === 'kube-configuration-HC808')).toMatchObject({
      status: 'warning',
      statement: 'HC808 details v1: a pod has no ready sidecar',
    });
  });

  it('names the promises that a mesh is too old for', async () => {
    await have(walkthrough({ mesh: { istioVersion: '1.4.3' }, bookinfo: { istioVersion: '1.4.3' } }));
    const { exitCode, diagnosis } = await doctor();
    expect(exitCode).toBe(0);
    expect(diagnosis.preconditions.find(({ id }) => id === 'kube-mesh')).toMatchObject({
      status: 'warning',
      observed: expect.stringMatching(
        /^Istio 1\.4\.3 has Mixer: .* trace-shape, parentage, sampling are not supported/,
      ),
    });
  });

  /** An obstacle, the step that names it, the words, and the command to type. */
  const CAUSES: readonly (readonly [string, readonly KubeObject[], string, RegExp, RegExp])[] = [
    [
      'a namespace that is not labelled',
      walkthrough({ bookinfo: { namespaceLabels: {}, sidecar: 'none' } }),
      'injection',
      /^default is not labelled, and its pods have no sidecars$/,
      /^kubectl label namespace default istio-injection=enabled --overwrite && kubectl -n default rollout restart/,
    ],
    [
      'no application',
      gone('Service default/productpage'),
      'workloads',
      /^no Service productpage/,
      /^kubectl apply -f/,
    ],
    ['a Service missing', gone('Service default/reviews'), 'workloads', /^no Service reviews in default$/, /^kubectl/],
    [
      'pods that are not ready',
      walkthrough({ bookinfo: { ready: { 'details-v1': 0 } } }),
      'workloads',
      /^no ready pod behind details$/,
      /^kubectl -n default get pods; kubectl -n default rollout status deployment$/,
    ],
    [
      'no routes',
      gone('VirtualService default/bookinfo'),
      'routes',
      /^no VirtualService or HTTPRoute/,
      /^kubectl apply/,
    ],
    [
      'a gateway without a pod',
      gone('Deployment istio-system/istio-ingressgateway'),
      'ingress',
      /^no ready pod behind Service istio-system\/istio-ingressgateway$/,
      /^kubectl -n istio-system get pods -l app=istio-ingressgateway/,
    ],
    [
      'no trace backend',
      ['tracing', 'zipkin', 'jaeger-collector'].reduce(
        (left, name) => change(left, `Service istio-system/${name}`, () => undefined),
        gone('Deployment istio-system/jaeger'),
      ),
      'tracing',
      /no Service/,
      /^kubectl apply -f samples\/addons\/jaeger.yaml/,
    ],
  ];
  it.each(CAUSES)('stops at the first root cause, and shows the command that fixes it: %s', async (...row) => {
    const [, objects, step, detail, fix] = row;
    await have(objects);
    const requests = lab.received.length;
    const { exitCode, stdout, diagnosis } = await doctor();
    expect({ exitCode, ready: diagnosis.ready }, stdout).toEqual({ exitCode: 2, ready: false });
    const failed = diagnosis.preconditions.findIndex(({ status }) => status === 'failed');
    expect(diagnosis.preconditions[failed]).toMatchObject({
      id: `kube-${step}`,
      observed: expect.stringMatching(detail),
      fix: expect.stringMatching(fix),
    });
    const after = diagnosis.preconditions.slice(failed + 1);
    expect(after.filter(({ status }) => status !== 'unknown').map(({ id }) => id)).toEqual(
      // The same read showed where the trace backend is.
      step === 'ingress' ? ['kube-tracing'] : [],
    );
    expect(lab.received.length).toBe(requests);
    // Commands that need no file of an Istio release are commands that the cluster takes.
    const command = diagnosis.preconditions[failed]?.fix ?? '';
    if (!command.includes('samples/')) {
      const tried = shell(command.replace('rollout status', 'get'));
      expect({ command, status: tried.status }, tried.output).toEqual({ command, status: 0 });
      // What it changes counts; that new pods come of it is the controllers' to do, and here there are none.
      const after = (await doctor()).diagnosis.preconditions.find(({ id }) => id === `kube-${step}`);
      expect(after?.status).toBe(command.includes(' label ') ? 'ok' : 'failed');
    }
  });
});

describe('the rights of hopcheck', () => {
  const ACCOUNT = { namespace: 'default', name: 'nobody' };
  it('are all reported at once where they are missing, and the printed Roles are enough once applied', async () => {
    await have(walkthrough());
    await cluster.apply([{ apiVersion: 'v1', kind: 'ServiceAccount', metadata: ACCOUNT }]);
    const kubeconfig = cluster.kubeconfigFor({ token: await cluster.requestToken(ACCOUNT) });
    const first = await doctor(kubeconfig);
    expect(first.exitCode).toBe(2);
    const failed = first.diagnosis.preconditions.find(({ status }) => status === 'failed');
    expect(failed?.id).toBe('kube-permitted');
    for (const right of ['list services', 'list virtualservices', 'get configmaps', 'create pods/portforward'])
      expect(failed?.observed).toContain(right);
    // As it is printed for people, which is what they copy.
    const env = { HOME: folder, KUBECONFIG: kubeconfig };
    const { stdout } = await callMain(['doctor', '--kube', '--no-color'], { cwd: folder, env });
    const [command = ''] = /^kubectl apply -f - <<'EOF'\n[\s\S]*?^EOF$/m.exec(stdout) ?? [];
    const made = shell(command);
    expect(made.status, made.output).toBe(0);
    for (const [, kind = '', namespace] of command.matchAll(
      /^kind: (\w+)\nmetadata: \{ name: hopcheck(?:, namespace: (\S+))? \}/gm,
    )) {
      const where = namespace === undefined ? '' : `-n ${namespace} `;
      const name = namespace === undefined ? 'clusterrolebinding' : 'rolebinding';
      const bound = shell(
        `kubectl ${where}create ${name} ${ACCOUNT.name} --${kind.toLowerCase()}=hopcheck --serviceaccount=default:${ACCOUNT.name}`,
      );
      expect(bound.status, bound.output).toBe(0);
    }
    await expect.poll(async () => (await doctor(kubeconfig)).exitCode, { timeout: 20_000 }).toBe(0);
  });
});

describe('--wait', () => {
  const halfMade: WalkthroughOptions = { bookinfo: { ready: { 'reviews-v3': 0 } } };

  it('waits for the pods of a deploy, and then runs', async () => {
    await have(walkthrough(halfMade));
    const run = spawnCli(
      ['run', '--kube', '--wait', '60s', '--probes', '30', '--rate', '100', ...QUICK, '--report', 'json=a.json'],
      folder,
      { KUBECONFIG: cluster.kubeconfig, HOME: folder },
    );
    await run.seen(/up to 60 s more · waiting for pods to be ready: reviews-v3-/);
    await have(walkthrough());
    const { exitCode, output } = await run.ended;
    expect(exitCode, output).toBe(0);
    const report = JSON.parse(readFileSync(join(folder, 'a.json'), 'utf8')) as RunReport;
    expect(report.run.cluster?.steps.map(({ status }) => status)).not.toContain('warning');
  });

  it('waits for a missing Deployment as long as configured, and names it', async () => {
    await have(gone('Deployment istio-system/istio-ingressgateway'));
    const { exitCode, stderr, diagnosis } = await doctor(cluster.kubeconfig, '--wait', '6s');
    expect(exitCode).toBe(2);
    expect(stderr).toMatch(
      /waiting for the cluster to be ready \(no ready\s+pod\s+behind\s+Service\s+istio-system\/istio-ingressgateway\)/,
    );
    expect(diagnosis.preconditions.find(({ status }) => status === 'failed')?.id).toBe('kube-ingress');
  });

  it('does not wait for a missing right', async () => {
    const account = { namespace: 'default', name: 'still-nobody' };
    await have([...walkthrough(), { apiVersion: 'v1', kind: 'ServiceAccount', metadata: account }]);
    const kubeconfig = cluster.kubeconfigFor({ token: await cluster.requestToken(account) });
    const { exitCode, stderr } = await doctor(kubeconfig, '--wait', '10m');
    expect({ exitCode, waits: stderr.includes('up to') }).toEqual({ exitCode: 2, waits: false });
  });

  it('waits for an API server that is away', async () => {
    await have(walkthrough());
    await cluster.stopApi();
    const run = spawnCli(['doctor', '--kube', '--wait', '2m', ...QUICK], folder, {
      KUBECONFIG: cluster.kubeconfig,
      HOME: folder,
    });
    try {
      await run.seen(/up to 1\d\d s more · waiting for the cluster to be ready \([^)]*cannot\s+be\s+reached/);
    } finally {
      // Whatever was seen, the tests after this one need it.
      await cluster.startApi();
    }
    const { exitCode, output } = await run.ended;
    expect(exitCode, output).toBe(0);
  });
});

describe('run --kube --dry-run', () => {
  const dryRun = (...args: readonly string[]) =>
    callMain(['run', '--kube', '--dry-run', ...args], {
      cwd: folder,
      env: { KUBECONFIG: cluster.kubeconfig, HOME: folder },
    });

  it('shows the requests and their way through the cluster, and sends nothing', async () => {
    await have(walkthrough());
    const requests = lab.received.length;
    const { exitCode, stdout } = await dryRun();
    expect({ exitCode, stdout }).toEqual({
      exitCode: 0,
      stdout: expect.stringMatching(/GET http:\/\/127\.0\.0\.1:\d+\/productpage/),
    });
    expect(lab.received.length).toBe(requests);
  });

  it('gives the reason where nothing could be sent, and does not wait for it', async () => {
    await have(walkthrough({ bookinfo: { ready: { 'details-v1': 0 } } }));
    const { exitCode, stdout, stderr } = await dryRun('--wait', '10m');
    expect({ exitCode, stdout }).toEqual({ exitCode: 2, stdout: '' });
    expect(stderr).toContain('nothing would be sent: no ready pod behind details; see hopcheck doctor --kube');
  });
});

describe('Ctrl-C while the cluster is read', () => {
  it.each([
    { command: 'run', signal: 'SIGINT', exitCode: 130 },
    { command: 'doctor', signal: 'SIGTERM', exitCode: 143 },
  ] as const)('ends $command at once', async ({ command, signal, exitCode }) => {
    await using proxy = await cluster.proxy();
    proxy.meddle(() => 'hang');
    const kubeconfig = cluster.kubeconfigFor({ server: proxy.server });
    const reports = command === 'run' ? ['--report', 'json=a.json', '--report', 'junit=a.xml'] : [];
    const cli = spawnCli([command, '--kube', '--kube-timeout', '10m', ...reports], folder, { KUBECONFIG: kubeconfig });
    await cli.seen('waiting for the Kubernetes API to answer');
    await expect.poll(() => proxy.requests.length, { timeout: 20_000 }).toBeGreaterThan(0);
    cli.kill(signal);
    const ended = await cli.ended;
    expect({ exitCode: ended.exitCode, signal: ended.signal }, ended.output).toEqual({ exitCode, signal: null });
    if (command === 'doctor') return;
    const report = JSON.parse(readFileSync(join(folder, 'a.json'), 'utf8')) as RunReport;
    expect(report.verdict).toBe('inconclusive');
    expect(report.promises[0]?.findings.map(({ code }) => code)).toEqual(['HC715']);
    expect(readFileSync(join(folder, 'a.xml'), 'utf8')).toContain('</testsuites>');
  });

  it('ends doctor while a port-forward is being opened', async () => {
    await have(walkthrough());
    await using proxy = await cluster.proxy();
    proxy.meddle(({ path }) => (path.includes('/portforward') ? 'hang' : undefined));
    const env = { KUBECONFIG: cluster.kubeconfigFor({ server: proxy.server }), HOME: folder };
    const cli = spawnCli(['doctor', '--kube', '--kube-timeout', '10m'], folder, env);
    const forwards = () => proxy.requests.filter(({ path }) => path.includes('/portforward')).length;
    await expect.poll(forwards, { timeout: 20_000 }).toBeGreaterThan(0);
    cli.kill('SIGINT');
    expect(await cli.ended).toMatchObject({ exitCode: 130, signal: null });
  });

  it('is not needed for a port-forward that hangs, because a timeout ends it', async () => {
    await have(walkthrough());
    await using proxy = await cluster.proxy();
    proxy.meddle(({ path }) => (path.includes('/portforward') ? 'hang' : undefined));
    const env = { KUBECONFIG: cluster.kubeconfigFor({ server: proxy.server }), HOME: folder };
    const { exitCode, output } = await spawnCli(['doctor', '--kube', '--kube-timeout', '1s'], folder, env).ended;
    expect({ exitCode, output }).toEqual({
      exitCode: 2,
      output: expect.stringMatching(/forward a port[\s\S]*did not answer in\s+time/),
    });
  });
});
