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

describe("what becomes of a check's pod, by Kubernetes' own controllers", () => {
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

  it('gets the token that it needs, and none where targets are told', async () => {
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
    [0, 'every promise holds', 'Complete'],
    [1, 'a promise does not hold', 'Failed'],
    [2, 'inconclusive', 'Failed'],
    [64, 'wrong use', 'Failed'],
    [143, 'ended by the deadline', 'Failed'],
  ])('exit code %i (%s): the Job is %s, after one pod', async (exitCode, _, condition) => {
    const { name, pod } = await begin();
    await end(pod, exitCode);
    await expect.poll(() => conditionsOf(name), { timeout: 20_000 }).toContain(condition);
    expect(await podsOf(name)).toHaveLength(1);
  });

  it('a drained node is no result: another pod takes over, and its exit code counts', async () => {
    const { name, pod } = await begin();
    await end(pod, 137, [{ type: 'DisruptionTarget', status: 'True', reason: 'EvictionByEvictionAPI' }]);
    await expect.poll(() => podsOf(name), { timeout: 20_000 }).toHaveLength(2);
    expect(await conditionsOf(name)).toEqual([]);
    const next = (await podsOf(name)).find(({ status }) => status.phase === 'Pending');
    await end(next as Pod, 0);
    await expect.poll(() => conditionsOf(name), { timeout: 20_000 }).toContain('Complete');
  });

  it('a Job that is over its time fails', async () => {
    const { name } = await begin((job) => ({ ...job, spec: { ...(job.spec as object), activeDeadlineSeconds: 1 } }));
    await expect.poll(() => conditionsOf(name), { timeout: 20_000 }).toContain('Failed');
  });
});
