import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { type Cluster, startCluster } from '../../fixtures/kube/cluster.ts';
import type { KubeObject } from '../../fixtures/kube/object.ts';
import { forwardToLab, meshDefinitions, walkthrough } from '../../fixtures/kube/walkthrough.ts';
import { labOptions } from '../../fixtures/lab/options.ts';
import { startStandin } from '../../fixtures/lab/standin.ts';
import { bookinfo } from '../../specs/bookinfo.ts';
import { systemClock } from '../system-clock.ts';
import { type OpenClusterInput, openCluster } from './open-cluster.ts';

let cluster: Cluster;
beforeAll(async () => {
  cluster = await startCluster();
  await cluster.apply(await meshDefinitions());
});
afterAll(() => cluster.stop());

let applied: readonly KubeObject[] = [];
afterEach(async () => cluster.delete(applied.filter(({ kind }) => kind !== 'Namespace')));
async function have(objects: readonly KubeObject[]): Promise<void> {
  applied = objects;
  await cluster.apply(objects);
}
const open = (more: Partial<OpenClusterInput> = {}) =>
  openCluster({
    kubeconfig: cluster.kubeconfig,
    env: {},
    application: bookinfo.definition,
    picks: {},
    given: { ingress: false, jaeger: false },
    timeoutMs: 10_000,
    clock: systemClock,
    signal: new AbortController().signal,
    ...more,
  });

describe('a plain walk-through', () => {
  it('needs no flag: everything is found, reached and expected', async () => {
    await have(walkthrough());
    await using lab = await startStandin(labOptions());
    await forwardToLab(cluster, applied, lab);
    await using opened = await open();
    expect(opened.stopped).toBeUndefined();
    expect(opened.facts.steps.map(({ id, status }) => `${id} ${status}`)).toEqual(
      ['api', 'permitted', 'injection', 'workloads', 'routes', 'ingress', 'tracing'].map((id) => `${id} ok`),
    );
    expect(opened.facts.issues).toEqual([]);
    console.log(opened.facts, opened.discovered);
    const get = async (path: string) => (await fetch(path)).text();
    expect(await get(`${opened.discovered.ingress?.value}/productpage`)).toContain('Simple Bookstore App');
    expect(JSON.parse(await get(`${opened.discovered.jaeger?.value}/api/services`))).toHaveProperty('data');
  });
});
