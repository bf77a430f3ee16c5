import { mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { installReal, type RealBinaries } from '../fixtures/envoy/install.ts';
import { podVariables } from '../fixtures/kube/accounts.ts';
import { type Cluster, startCluster } from '../fixtures/kube/cluster.ts';
import { meshDefinitions } from '../fixtures/kube/walkthrough.ts';
import { asSeenInside, meshInCluster } from '../fixtures/testing/cluster-with-mesh.ts';
import { spawnCli } from '../harness/cli/testing/spawn-cli.ts';
import type { RunReport } from '../harness/model/report.ts';
import { endPod, only, plainObjects } from './testing.ts';

const NAMESPACE = '/api/v1/namespaces/hopcheck';
const USER = 'system:serviceaccount:hopcheck:hopcheck';
const gate = plainObjects('gate');

interface Pod {
  readonly metadata: { readonly name: string };
  readonly spec: {
    readonly serviceAccountName: string;
    readonly containers: readonly {
      readonly args: readonly string[];
      readonly envFrom: readonly { readonly configMapRef: { readonly name: string } }[];
      readonly volumeMounts: readonly { readonly name: string; readonly mountPath: string }[];
    }[];
    readonly volumes: readonly {
      readonly name: string;
      readonly persistentVolumeClaim?: { readonly claimName: string };
    }[];
  };
}

// As the kubelet would: the pod that Kubernetes' own controllers have made of the Job is run with its arguments, its
// settings and its account, and how it ended is written into its status. The volume is a folder.
describe('the gate, run with the settings of its pod', () => {
  let cluster: Cluster;
  let binaries: RealBinaries;
  beforeAll(async () => {
    binaries = await installReal();
    cluster = await startCluster({ controllers: true });
    await cluster.apply(await meshDefinitions());
    await cluster.apply([{ apiVersion: 'v1', kind: 'Namespace', metadata: { name: 'istio-system' } }]);
    await cluster.apply(gate.filter(({ kind }) => kind !== 'Job'));
  });
  afterAll(() => cluster.stop());
  let folder: string;
  beforeEach(() => {
    folder = mkdtempSync(join(tmpdir(), 'hopcheck-gate-'));
  });
  afterEach(() => rmSync(folder, { recursive: true, force: true }));

  const get = async <T>(path: string) => (await cluster.client.call({ method: 'GET', path })) as T;
  const podOf = async (job: string): Promise<Pod> => {
    const path = `${NAMESPACE}/pods?labelSelector=batch.kubernetes.io%2Fjob-name%3D${job}`;
    const pods = () => get<{ items: readonly Pod[] }>(path).then(({ items }) => items);
    await expect.poll(pods, { timeout: 20_000 }).toHaveLength(1);
    return (await pods())[0] as Pod;
  };
  const run = async ({ metadata, spec }: Pod) => {
    const [{ args, envFrom, volumeMounts } = { args: [], envFrom: [], volumeMounts: [] }] = spec.containers;
    const maps = envFrom.map(({ configMapRef }) =>
      get<{ data: Record<string, string> }>(`${NAMESPACE}/configmaps/${configMapRef.name}`),
    );
    const settings = Object.assign({}, ...(await Promise.all(maps)).map(({ data }) => data));
    const account = { namespace: 'hopcheck', name: spec.serviceAccountName };
    const claims = volumeMounts.filter(({ name }) =>
      spec.volumes.some((volume) => volume.name === name && volume.persistentVolumeClaim !== undefined),
    );
    for (const { mountPath } of claims) mkdirSync(join(folder, mountPath));
    // Where the volume is mounted here.
    const paths = args.map((arg) =>
      claims.reduce((text, { mountPath }) => text.replace(`=${mountPath}/`, `=${join(folder, mountPath)}/`), arg),
    );
    const variables = podVariables(await cluster.inCluster(account));
    const { exitCode, output } = await spawnCli(paths, folder, { ...variables, ...settings }).ended;
    await endPod(cluster, { metadata }, exitCode);
    return { exitCode, output };
  };
  const conditionsOf = async (job: string) => {
    const { status } = await get<{ status: { conditions?: readonly { type: string; status: string }[] } }>(
      `/apis/batch/v1/namespaces/hopcheck/jobs/${job}`,
    );
    return (status.conditions ?? []).filter((each) => each.status === 'True').map(({ type }) => type);
  };

  it.each([
    { title: 'healthy', faults: [], exitCode: 0, condition: 'Complete', sentence: /^all 9 promises judged hold/ },
    {
      title: 'reviews forwards nothing',
      faults: ['drop-all:reviews'],
      exitCode: 1,
      condition: 'Failed',
      sentence: /^reviews v2, v3 do not pass the trace context on/,
    },
  ] as const)(
    'writes its files and ends the Job as expected: $title',
    async ({ title, faults, exitCode, condition, sentence }) => {
      await using _mesh = await meshInCluster(cluster, binaries, { faults, objects: asSeenInside });
      const job = only(gate, 'Job');
      const name = `gate-${title.replaceAll(' ', '-')}`;
      await cluster.apply([{ ...job, metadata: { ...job.metadata, name } }]);
      const ended = await run(await podOf(name));
      expect(ended.exitCode, ended.output).toBe(exitCode);
      const files = ['report.html', 'report.json', 'junit.xml', 'run.capture'];
      expect(readdirSync(join(folder, 'results')).toSorted()).toEqual(files.toSorted());
      const report = JSON.parse(readFileSync(join(folder, 'results/report.json'), 'utf8')) as RunReport;
      expect(report.sentence).toMatch(sentence);
      expect(report.run.cluster).toMatchObject({ context: 'in-cluster' });
      // Services are dialled by name, and no port is forwarded: the account may not.
      expect(report.run.cluster?.found.map(({ reached }) => reached?.replace(/:\d+$/, ''))).toEqual([
        undefined,
        'in the cluster istio-ingressgateway.istio-system.svc',
        'in the cluster tracing.istio-system.svc',
      ]);
      const asked = cluster.audit().filter(({ user }) => user === USER);
      expect(asked.length).toBeGreaterThan(20);
      expect(asked.filter(({ allowed, resource }) => !allowed || resource.includes('/'))).toEqual([]);
      await expect.poll(() => conditionsOf(name), { timeout: 20_000 }).toContain(condition);
      // The files that a person may read afterwards hold no credential.
      const token = readFileSync(
        join(
          (await cluster.inCluster({ namespace: 'hopcheck', name: 'hopcheck' })).pathPrefix,
          'var/run/secrets/kubernetes.io/serviceaccount/token',
        ),
        'utf8',
      );
      const head = token.split('.')[0] ?? '';
      for (const file of files) expect(readFileSync(join(folder, 'results', file), 'utf8')).not.toContain(head);
    },
  );
});
