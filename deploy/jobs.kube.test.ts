import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type Cluster, startCluster } from '../fixtures/kube/cluster.ts';
import type { KubeObject } from '../fixtures/kube/object.ts';
import { endPod, only, plainObjects } from './testing.ts';

const NAMESPACE = '/api/v1/namespaces/hopcheck';
const gate = plainObjects('gate');

interface Pod {
  readonly metadata: { readonly name: string };
  readonly spec: { readonly volumes: readonly { readonly projected?: unknown }[] };
  readonly status: { readonly phase: string };
}

describe("the pod of a check, under Kubernetes' own controllers", () => {
  let cluster: Cluster;
  let number = 0;
  beforeAll(async () => {
    cluster = await startCluster({ controllers: true });
    await cluster.apply([{ apiVersion: 'v1', kind: 'Namespace', metadata: { name: 'istio-system' } }]);
    await cluster.apply(gate.filter(({ kind }) => kind !== 'Job'));
  });
  afterAll(() => cluster.stop());

  const podsOf = async (job: string) => {
    const path = `${NAMESPACE}/pods?labelSelector=batch.kubernetes.io%2Fjob-name%3D${job}`;
    return ((await cluster.client.call({ method: 'GET', path })) as unknown as { items: readonly Pod[] }).items;
  };
  const begin = async (change: (job: KubeObject) => KubeObject = (job) => job) => {
    const job = only(gate, 'Job');
    number += 1;
    const name = `check-${number}`;
    await cluster.apply([{ ...change(job), metadata: { ...job.metadata, name } }]);
    await expect.poll(() => podsOf(name), { timeout: 20_000 }).toHaveLength(1);
    return { name, pod: (await podsOf(name))[0] as Pod };
  };
  const end = (pod: Pod, exitCode: number, conditions: readonly unknown[] = []) =>
    endPod(cluster, pod, exitCode, conditions);
  const conditionsOf = async (job: string) => {
    const path = `/apis/batch/v1/namespaces/hopcheck/jobs/${job}`;
    const { status } = (await cluster.client.call({ method: 'GET', path })) as {
      status: { conditions?: readonly { type: string; status: string }[] };
    };
    return (status.conditions ?? []).filter((each) => each.status === 'True').map(({ type }) => type);
  };

  it('gets the token that it needs, and no token when the targets are configured', async () => {
    const hasToken = ({ spec }: Pod) => spec.volumes.some(({ projected }) => projected !== undefined);
    expect(hasToken((await begin()).pod)).toBe(true);
    const tokenless = (job: KubeObject) => {
      const spec = job.spec as { template: { spec: object } };
      const template = { ...spec.template, spec: { ...spec.template.spec, automountServiceAccountToken: false } };
      return { ...job, spec: { ...spec, template } };
    };
    expect(hasToken((await begin(tokenless)).pod)).toBe(false);
  });

  it.each([
    { exitCode: 0, reason: 'every promise holds', condition: 'Complete' },
    { exitCode: 1, reason: 'a promise does not hold', condition: 'Failed' },
    { exitCode: 2, reason: 'inconclusive', condition: 'Failed' },
    { exitCode: 64, reason: 'wrong use', condition: 'Failed' },
    { exitCode: 143, reason: 'ended by the deadline', condition: 'Failed' },
  ])(
    'ends with exit code $exitCode ($reason): the Job becomes $condition after one pod',
    async ({ exitCode, condition }) => {
      const { name, pod } = await begin();
      await end(pod, exitCode);
      await expect.poll(() => conditionsOf(name), { timeout: 20_000 }).toContain(condition);
      expect(await podsOf(name)).toHaveLength(1);
    },
  );

  it('is replaced by another pod when its node is drained, and the exit code of that pod counts', async () => {
    const { name, pod } = await begin();
    await end(pod, 137, [{ type: 'DisruptionTarget', status: 'True', reason: 'EvictionByEvictionAPI' }]);
    await expect.poll(() => podsOf(name), { timeout: 20_000 }).toHaveLength(2);
    expect(await conditionsOf(name)).toEqual([]);
    const next = (await podsOf(name)).find(({ status }) => status.phase === 'Pending');
    await end(next as Pod, 0);
    await expect.poll(() => conditionsOf(name), { timeout: 20_000 }).toContain('Complete');
  });

  it('fails its Job when the Job is over its time', async () => {
    const { name } = await begin((job) => ({ ...job, spec: { ...(job.spec as object), activeDeadlineSeconds: 1 } }));
    await expect.poll(() => conditionsOf(name), { timeout: 20_000 }).toContain('Failed');
  });
});
