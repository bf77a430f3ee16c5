import { expect, it } from 'vitest';
import type { KubeObject } from '../../../fixtures/kube/object.ts';
import { objectsOf } from '../../../fixtures/kube/objects-of.ts';
import { change, type WalkthroughOptions, walkthrough } from '../../../fixtures/kube/walkthrough.ts';
import { bookinfo } from '../../applications/bookinfo.ts';
import { planCluster } from '../connect/plan-cluster.ts';
import type { Situation } from '../objects/situation.ts';
import { changesBetween } from './changes.ts';

function situationOf(manifests: readonly KubeObject[]): Situation {
  const objects = objectsOf(manifests);
  const own = { ...objects, namespaces: objects.namespaces.filter(({ metadata }) => metadata.name === 'default') };
  const plan = planCluster({ objects: own, app: { found: 'one', value: 'default', why: '' } }, bookinfo.definition, {});
  return plan.placed!.situation;
}
const situation = (options: WalkthroughOptions = {}) => situationOf(walkthrough(options));
const withPods = (base: Situation, of: (name: string) => boolean, to: (pod: Pod) => readonly Pod[]): Situation => ({
  ...base,
  objects: { ...base.objects, pods: base.objects.pods.flatMap((pod) => (of(pod.metadata.name) ? to(pod) : [pod])) },
});
type Pod = Situation['objects']['pods'][number];
const isV2 = (name: string) => name.startsWith('reviews-v2');
const named = (pod: Pod, name: string, more: Partial<Pod['metadata']> = {}): Pod => ({
  ...pod,
  metadata: { ...pod.metadata, name, ...more },
});
const before = situation();
const old = before.objects.pods.find(({ metadata }) => isV2(metadata.name))!.metadata.name;

it('finds nothing where nothing changed', () => {
  expect(changesBetween(before, situation())).toEqual([]);
});

it('finds a pod that was replaced, with the time of the new one', () => {
  const creationTimestamp = '2026-11-29T12:04:07Z';
  const after = withPods(before, isV2, (pod) => [named(pod, 'reviews-v2-new', { creationTimestamp })]);
  expect(changesBetween(before, after)).toEqual([
    {
      kind: 'pods',
      service: 'reviews',
      version: 'v2',
      came: ['reviews-v2-new'],
      gone: [old],
      restarted: [],
      atMs: Date.parse(creationTimestamp),
    },
  ]);
});

it('finds a pod that is about to end, and one that is gone', () => {
  const ending = withPods(before, isV2, (pod) => [named(pod, old, { deletionTimestamp: '2026-11-29T12:04:37Z' })]);
  const gone = withPods(before, isV2, () => []);
  for (const after of [ending, gone])
    expect(changesBetween(before, after)).toEqual([
      { kind: 'pods', service: 'reviews', version: 'v2', came: [], gone: [old], restarted: [] },
    ]);
});

it('finds a container that was started again, and the time', () => {
  const startedAt = '2026-11-29T12:04:07Z';
  const after = withPods(before, isV2, (pod) => [
    {
      ...pod,
      status: {
        ...pod.status,
        containerStatuses: pod.status.containerStatuses.map((status) => ({
          ...status,
          restartCount: status.restartCount + 1,
          state: { running: { startedAt } },
        })),
      },
    },
  ]);
  expect(changesBetween(before, after)).toMatchObject([
    { service: 'reviews', version: 'v2', came: [], gone: [], restarted: [old], atMs: Date.parse(startedAt) },
  ]);
});

it('takes pods of the same name for others where their ids differ, as of a StatefulSet', () => {
  const first = withPods(before, isV2, (pod) => [named(pod, old, { uid: 'a' })]);
  const second = withPods(before, isV2, (pod) => [named(pod, old, { uid: 'b' })]);
  expect(changesBetween(first, second)).toMatchObject([{ came: [old], gone: [old] }]);
});

it('finds another tracing provider once, with the time of the resource', () => {
  const time = '2026-11-29T12:04:07Z';
  const after = situationOf(
    change(walkthrough(), 'Telemetry istio-system/mesh-default', (object) => ({
      ...object,
      metadata: { ...object.metadata, managedFields: [{ time }] } as KubeObject['metadata'],
      spec: { tracing: [{ providers: [{ name: 'otel' }] }] },
    })),
  );
  const [only, ...others] = changesBetween(before, after);
  expect(others).toEqual([]);
  expect(only).toMatchObject({ kind: 'tracing', before: 'jaeger', after: 'otel', atMs: Date.parse(time) });
});
