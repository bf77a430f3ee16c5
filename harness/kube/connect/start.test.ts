import { expect, it } from 'vitest';
import type { KubeObject } from '../../../fixtures/kube/object.ts';
import { objectsOf } from '../../../fixtures/kube/objects-of.ts';
import { walkthrough } from '../../../fixtures/kube/walkthrough.ts';
import { bookinfo } from '../../applications/bookinfo.ts';
import { planCluster } from './plan-cluster.ts';
import { startOf } from './start.ts';

const at = (kind: string, spec: object): KubeObject => ({
  apiVersion: 'networking.istio.io/v1',
  kind,
  metadata: { namespace: 'default', name: 'reviews' },
  spec,
});
const RULE = [
  at('DestinationRule', {
    host: 'reviews',
    subsets: ['v1', 'v2'].map((version) => ({ name: version, labels: { version } })),
  }),
  at('VirtualService', {
    hosts: ['reviews'],
    http: [
      {
        route: [
          { destination: { host: 'reviews', subset: 'v1' }, weight: 90 },
          { destination: { host: 'reviews', subset: 'v2' }, weight: 10 },
        ],
      },
    ],
  }),
];

function startIn(manifests: readonly KubeObject[]) {
  const app = { found: 'one', value: 'default', why: '' } as const;
  const { placed } = planCluster({ objects: objectsOf(manifests), app }, bookinfo.definition, {});
  return startOf(placed!.situation);
}

it('has the Services of the namespace, each with the versions of its pods', () => {
  const { services, weights } = startIn(walkthrough());
  expect(Object.fromEntries(services)).toEqual({
    productpage: ['v1'],
    details: ['v1'],
    reviews: ['v1', 'v2', 'v3'],
    ratings: ['v1'],
  });
  expect(weights.size).toBe(0);
});

it('has the weights of a rule, and none that only follow from the number of pods', () => {
  const { weights } = startIn([...walkthrough(), ...RULE]);
  expect([...weights].map(([name, { value }]) => [name, value])).toEqual([['reviews', { v1: 90, v2: 10 }]]);
});
