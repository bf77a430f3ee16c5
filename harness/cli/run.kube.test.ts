import { execFileSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join, resolve } from 'node:path';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { parse } from 'yaml';
import { installReal, type RealBinaries } from '../../fixtures/envoy/install.ts';
import { type Cluster, startCluster } from '../../fixtures/kube/cluster.ts';
import type { KubeObject } from '../../fixtures/kube/object.ts';
import { meshDefinitions } from '../../fixtures/kube/walkthrough.ts';
import { type MeshInCluster, meshInCluster } from '../../fixtures/testing/cluster-with-mesh.ts';
import type { Cause, Subject } from '../model/finding.ts';
import type { RunReport } from '../model/report.ts';
import { spawnCli } from './testing/spawn-cli.ts';

// The whole way, nothing of it stood in for but the kubelet: the command in a separate process, with a kubeconfig and
// no other word → kube-apiserver → port-forward → Envoy and Jaeger. It may do what deploy/outside.yaml permits, and no
// more.
const ROOT = resolve(import.meta.dirname, '../..');
const ROLE = parse(readFileSync(join(ROOT, 'deploy/outside.yaml'), 'utf8')) as KubeObject;
const USER = 'system:serviceaccount:ci:hopcheck';

let cluster: Cluster;
let binaries: RealBinaries;
let token: string;
beforeAll(async () => {
  binaries = await installReal();
  cluster = await startCluster();
  await cluster.apply(await meshDefinitions());
  await cluster.apply([{ apiVersion: 'v1', kind: 'Namespace', metadata: { name: 'ci' } }]);
  token = accountOfTheGuide();
});
/** What docs/guides/gate-a-deploy.md has one type to give a pipeline its account; the last command's output is the token. */
function accountOfTheGuide(): string {
  const guide = readFileSync(join(ROOT, 'docs/guides/gate-a-deploy.md'), 'utf8');
  const [, commands = ''] = /```sh\n(kubectl apply -f deploy\/outside[\s\S]*?)```/.exec(guide) ?? [];
  const path = `${dirname(cluster.binaries.kubectl)}:${process.env.PATH}`;
  const env = { ...process.env, PATH: path, KUBECONFIG: cluster.kubeconfig };
  const typed = execFileSync('bash', ['-ec', commands], { cwd: ROOT, env, encoding: 'utf8' });
  return typed.trim().split('\n').at(-1) ?? '';
}
afterAll(() => cluster.stop());
let folder: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'hopcheck-kube-run-'));
});
afterEach(() => rmSync(folder, { recursive: true, force: true }));

interface Checked {
  readonly exitCode: number | null;
  readonly report: RunReport;
  /** All that was written, on screen and on disk. */
  readonly written: string;
}

async function check(world: MeshInCluster): Promise<Checked> {
  await using _mesh = await meshInCluster(cluster, binaries, world);
  const files = ['report.json', 'report.html', 'capture'];
  const args = [
    'run',
    '--kube',
    '--report',
    'json=report.json',
    '--report',
    'html=report.html',
    '--capture',
    'capture',
  ];
  // No kubeconfig in the home folder: the variable is the only way in.
  const env = { KUBECONFIG: cluster.kubeconfigFor({ token }), HOME: folder };
  const { exitCode, output } = await spawnCli(args, folder, env).ended;
  const texts = files.map((name) => readFileSync(join(folder, name), 'utf8'));
  return { exitCode, report: JSON.parse(texts[0] ?? '') as RunReport, written: [output, ...texts].join('\n') };
}

/** Rights, a line each. */
function used(): string[] {
  const calls = cluster.audit().filter(({ user, resource, apiGroup }) => {
    // Discovery and questions about one's own rights are everybody's.
    return user === USER && resource !== '' && apiGroup !== 'authorization.k8s.io';
  });
  return [...new Set(calls.map(({ verb, resource, apiGroup }) => `${verb} ${resource} ${apiGroup}`))].toSorted();
}
function granted(): string[] {
  const rules = ROLE.rules as readonly Readonly<Record<'apiGroups' | 'resources' | 'verbs', readonly string[]>>[];
  const all = rules.flatMap(({ apiGroups: [group = ''], resources, verbs }) =>
    resources.flatMap((resource) => verbs.map((verb) => `${verb} ${resource} ${group}`)),
  );
  return all.toSorted();
}

const stepsOf = ({ run }: RunReport) => run.cluster?.steps.map(({ id, status }) => `${id} ${status}`);
const STEPS = ['api', 'permitted', 'injection', 'workloads', 'routes', 'ingress', 'served', 'tracing', 'known'];

/** The walk-through's own layout: namespace default, istio-system, Service tracing-on-sls-query. */
const SLS = { tracing: { layout: 'sls' } } as const;

describe('a healthy mesh', () => {
  it.each<[string, { tracing: string; format: string; rate: number; world: MeshInCluster }]>([
    [
      "the walk-through's own layout",
      { tracing: 'tracing-on-sls-query', format: 'b3', rate: 100, world: { objects: SLS } },
    ],
    [
      "Istio's samples, with OpenTelemetry and a base path",
      {
        tracing: 'tracing',
        format: 'w3c',
        rate: 1,
        world: {
          objects: { mesh: { driver: 'otel', sampling: 1 } },
          lab: { driver: 'otel', jaeger: '2.13', basePath: '/jaeger', sampling: 1, workers: 2 },
        },
      },
    ],
  ])('passes without a flag on %s', async (_title, { tracing, format, rate, world }) => {
    const { exitCode, report, written } = await check(world);
    expect(exitCode, written.slice(0, 4000)).toBe(0);
    const judged = report.promises.filter(({ status }) => status === 'pass').map(({ id }) => id);
    // Of the undecided ones the mesh traces as many as it likes, and its rate takes more of them to tell where it is low.
    const unjudged = rate === 100 ? '' : ' \\(1 not judged\\)';
    expect(report.sentence).toMatch(
      new RegExp(`^all ${judged.length} promises judged hold${unjudged}: 86 probes, \\d+ traces$`),
    );
    const rest = report.promises.filter(({ status }) => status !== 'pass').map(({ id, status }) => `${id} ${status}`);
    expect(rest).toEqual(rate === 100 ? [] : ['sampling-rate skipped']);
    expect(judged).toContain('configuration');
    expect(stepsOf(report)).toEqual(STEPS.map((id) => `${id} ok`));
    expect(report.run.cluster?.found.map(({ object, reached }) => [object, reached?.replace(/ .*/, '')])).toEqual([
      ['namespace default', undefined],
      ['Service istio-system/istio-ingressgateway', 'port-forward'],
      [`Service istio-system/${tracing}`, 'port-forward'],
    ]);
    expect(report.promises[0]?.observed).toContain(`context ${format}`);
    expect(written).not.toContain(token.split('.')[2]);
  });

  it('passes with the rights of deploy/outside.yaml, and the run uses every one of them', () => {
    // The API server checks this one besides, and its audit log does not say so
    // (docs/facts/kubernetes.md#port-forward).
    expect([...used(), 'create pods/portforward '].toSorted()).toEqual(granted());
    expect(cluster.audit().filter(({ user, allowed }) => user === USER && !allowed)).toEqual([]);
  });
});

describe('a fault', () => {
  it.each<{
    readonly fault: string;
    readonly world: MeshInCluster;
    readonly sentence: string;
    readonly expected: readonly {
      readonly promise: string;
      readonly code: string;
      readonly subject: Subject;
      readonly causes: readonly Cause[];
    }[];
  }>([
    {
      fault: 'reviews forwards nothing',
      world: { faults: ['drop-all:reviews'], objects: SLS },
      sentence: 'reviews v2, v3 do not pass the trace context on to ratings',
      expected: [
        {
          promise: 'propagation',
          code: 'HC501',
          subject: { kind: 'hop', caller: 'reviews', callee: 'ratings', callerVersions: ['v2', 'v3'] },
          causes: ['context-dropped'],
        },
      ],
    },
    {
      fault: 'a version gets no requests, though its pod is ready',
      world: { faults: ['missing:reviews-v3'], objects: SLS },
      sentence: 'reviews v3 was never served',
      expected: [
        {
          promise: 'load-balancing',
          code: 'HC201',
          subject: { kind: 'service', service: 'reviews', versions: ['v3'] },
          causes: ['version-missing'],
        },
      ],
    },
    {
      fault: 'a sidecar does not report',
      world: {
        faults: ['no-report:details'],
        objects: { mesh: { driver: 'otel' } },
        lab: { driver: 'otel', jaeger: '2.13' },
      },
      sentence: 'details sends no spans',
      expected: [
        {
          promise: 'trace-shape',
          code: 'HC306',
          subject: { kind: 'service', service: 'details' },
          causes: ['sidecar-absent', 'sidecar-not-reporting', 'tracing-off'],
        },
      ],
    },
  ])('is found and named with exit code 1, where $fault', async ({ world, sentence, expected }) => {
    const { exitCode, report, written } = await check(world);
    expect(exitCode, written.slice(0, 4000)).toBe(1);
    expect(report.sentence).toContain(sentence);
    const errors = report.promises.flatMap(({ id, findings }) =>
      findings
        .filter(({ severity }) => severity === 'error')
        .map(({ code, subject, causes }) => ({ promise: id, code, subject, causes })),
    );
    expect(errors).toEqual(expected);
  });
});
