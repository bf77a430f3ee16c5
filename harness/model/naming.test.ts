import { describe, expect, it } from 'vitest';
import { assembled, proxySpans, type SpanGiven } from '../../fixtures/testing/spans.ts';
import { madeSpans } from './expected.ts';
import { learnProcesses } from './naming.ts';

const INGRESS = 'router~edge-5c6d7f8b9-abcde';
const EGRESS = 'router~way-out-5c6d7f8b9-abcde';
/** A gateway's two spans without Istio's tags; the router span has no node_id, and the process the name of an installation. */
const gateway = (node = INGRESS, service = 'istio'): readonly SpanGiven[] => [
  { kind: 'server', service, node, calls: 'front.shop' },
  { kind: 'client', service, calls: 'front.shop', operation: 'router outbound|80||front.shop; egress' },
];
const [, routerOnly] = gateway();
const lost: readonly SpanGiven[] = [{ ...routerOnly!, below: 'lost' }];
const learnt = (...traces: (readonly SpanGiven[])[]) =>
  learnProcesses(
    traces.map((given) => proxySpans(given)),
    {},
  );
const made = (given: readonly SpanGiven[], processes?: ReturnType<typeof learnProcesses>) =>
  madeSpans(assembled(given), processes && { services: {}, processes }).map(({ workload }) => workload?.service);

describe('a router span that does not name its workload', () => {
  it('belongs to the workload of the span above, where both have the name of the same process', () => {
    expect(made(gateway())).toEqual(['edge', 'edge']);
  });

  it('belongs to the workload of the span above, though several gateways share the name', () => {
    const both = learnt(gateway(), gateway(EGRESS));
    expect(both.get('istio')).toBeUndefined();
    expect(made(gateway(), both)).toEqual(['edge', 'edge']);
    expect(made(gateway(EGRESS), both)).toEqual(['way-out', 'way-out']);
  });

  it('does not belong to the workload of a span above from another process', () => {
    expect(made([gateway()[0]!, { ...routerOnly!, service: 'other.shop' }])).toEqual(['edge', 'other']);
  });

  it('without the span above is identified by its process, where one workload has that name', () => {
    expect(made(lost)).toEqual(['istio']);
    expect(made(lost, learnt(gateway(), lost))).toEqual(['edge']);
  });

  it('without the span above cannot be identified, where several workloads have that name', () => {
    expect(made(lost, learnt(gateway(), gateway(EGRESS), lost))).toEqual([undefined]);
  });
});

it('learns nothing where every span names its workload, and nothing from spans of an SDK', () => {
  const tags = { 'istio.canonical_service': 'front' };
  expect(
    learnt([
      { kind: 'server', service: 'x', tags },
      { kind: 'client', service: 'x', tags },
    ]).size,
  ).toBe(0);
  const sdk = { kind: 'server', service: 'istio', tags: { component: 'sdk' } } as const;
  expect(made([sdk], learnt(gateway(), [sdk]))).toEqual(['istio']);
});

it('takes the name of a pod with one suffix from its process, and removes the hashes of other names', () => {
  const pod = (node: string, service: string) => made([{ kind: 'server', service, node }]);
  expect(pod('sidecar~front-v1-5c6d7f8b9-abcde', 'front-v1')).toEqual(['front']);
  expect(pod('router~edge-x7k2p', 'edge.mesh')).toEqual(['edge']);
  expect(pod('sidecar~store-0', 'store.shop')).toEqual(['store']);
  expect(pod('sidecar~front-canary-5c6d7f8b9-abcde', 'front.shop')).toEqual(['front']);
  expect(pod('sidecar~front-canary-5c6d7f8b9-abcde', 'front-canary')).toEqual(['front-canary']);
  expect(pod('sidecar~front-canary-5c6d7f8b9-abcde', 'front.other')).toEqual(['front-canary']);
  expect(pod('router~edge-x7k2p', 'istio')).toEqual(['edge-x7k2p']);
});
