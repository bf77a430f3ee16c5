import { describe, expect, it } from 'vitest';
import { proxySpans, type SpanGiven } from '../../fixtures/testing/spans.ts';
import type { Application } from './application.ts';
import type { RoutedGateway, Sourced } from './capture.ts';
import { findGateway, otherGateways } from './gateway.ts';
import { identify } from './workload.ts';

const application: Application = {
  name: 'shop',
  request: { method: 'GET', path: '/' },
  gateway: 'istio-ingressgateway',
  entry: 'front',
  services: [{ name: 'front' }, { name: 'back' }],
  calls: [{ caller: 'front', callee: 'back' }],
  longestUpstreamTimeoutMs: 1000,
};
const router = (name: string, calls = 'front.shop'): SpanGiven => ({
  kind: 'server',
  service: `${name}.shop`,
  node: `router~${name}-5c6d7f8b9-abcde`,
  calls,
});
const front: SpanGiven = { kind: 'server', service: 'front.shop', node: 'sidecar~front-v1-5c6d7f8b9-abcde' };
const call: SpanGiven = { ...front, kind: 'client', calls: 'back.shop' };
/** Not Istio's: it has no node id. */
const plain = (name: string): SpanGiven => ({ kind: 'client', service: name, calls: 'front.shop' });

function find(
  traces: readonly (readonly SpanGiven[])[],
  given: { services?: Record<string, string>; routed?: RoutedGateway } = {},
): Sourced<string> | undefined {
  const { services, routed } = given;
  return findGateway(
    traces.map((spans) => ({ spans: proxySpans(spans) })),
    {
      application,
      naming: { services: services ?? {} },
      ...(services && { configured: { value: services, source: 'file', from: 'f.json' } }),
      ...(routed && { routed: { value: routed, source: 'discovered', from: 'HTTPRoute shop/r on Gateway shop/g' } }),
    },
  );
}

describe('the gateway', () => {
  it.each([
    [
      'the router~ that calls the entry service',
      { spans: [router('edge'), front], value: 'edge', from: 'the router~ in node_id' },
    ],
    [
      'the router~ behind another router~, by its call to the entry service',
      { spans: [router('outer', 'inner.shop'), router('edge'), front], value: 'edge', from: 'the router~ in node_id' },
    ],
    [
      'the upper router~ of two, where calls go through it again',
      { spans: [router('edge'), front, call, router('other')], value: 'edge', from: 'the router~ in node_id' },
    ],
    [
      'a router~ that begins the trace, whatever it calls',
      { spans: [router('edge', 'page.shop')], value: 'edge', from: 'the router~ in node_id' },
    ],
    [
      'without a router~ the proxy that begins the trace and calls the entry service',
      { spans: [plain('nginx'), front], value: 'nginx', from: 'the proxy that begins a trace' },
    ],
  ])('is %s', (_what, { spans, value, from }) => {
    expect(find([spans])).toEqual({ value, source: 'discovered', from });
  });

  it.each([
    ['a service of the application that begins a trace', [front, call]],
    ['a proxy that begins a trace and calls another service', [{ ...plain('renamed-front'), calls: 'back.shop' }]],
    [
      'a router~ of the way out, whose caller is not there',
      [{ ...router('way-out', 'books.example'), below: 'lost' } as const],
    ],
    ['a span of an SDK', [{ ...plain('browser'), tags: { component: 'sdk' } }, front]],
  ])('is not %s', (_what, spans) => {
    expect(find([spans])).toBeUndefined();
  });

  it('is the one of most traces, and the one of the definition on a tie', () => {
    const two = [[router('istio-ingressgateway')], [router('canary')]];
    expect(find(two)?.value).toBe('istio-ingressgateway');
    expect(find([...two, [router('canary')]])?.value).toBe('canary');
  });
});

describe('the sources of the gateway', () => {
  const inFront = [router('edge'), front];
  const led: RoutedGateway = { names: ['led'], pods: ['shop/pod-of-it'] };

  it('give priority to a configured name that spans have', () => {
    expect(find([inFront], { services: { 'edge.shop': 'istio-ingressgateway' }, routed: led })).toEqual({
      value: 'istio-ingressgateway',
      source: 'file',
      from: 'f.json',
    });
    expect(find([inFront], { services: { other: 'istio-ingressgateway' } })?.value).toBe('edge');
    expect(find([inFront], { services: { edge: 'front' } })).toBeUndefined();
  });

  it('give second place to the name or pod that the routes lead to', () => {
    const from = 'HTTPRoute shop/r on Gateway shop/g';
    const both = [router('outer'), router('led'), front];
    expect(find([both], { routed: led })).toEqual({ value: 'led', source: 'discovered', from });
    const byPod = { names: ['label'], pods: ['shop/edge-5c6d7f8b9-abcde'] };
    expect(find([inFront], { routed: byPod })).toEqual({ value: 'edge', source: 'discovered', from });
  });

  it('fall back to the spans, where the request took another way than the routes', () => {
    expect(find([inFront], { routed: led })).toMatchObject({ value: 'edge', from: 'the router~ in node_id' });
  });
});

it('names other gateways only in traces without a span of the first', () => {
  const made = (spans: readonly SpanGiven[]) => ({
    made: proxySpans(spans).map((span) => ({ span, workload: identify(span)! })),
  });
  const search = { application: { ...application, gateway: 'edge' }, naming: { services: {} } };
  const unknown = otherGateways(
    [made([router('edge'), router('second')]), made([router('second'), front]), made([front, call])],
    search,
  );
  expect(unknown).toEqual([{ seen: 'second', expected: 'edge' }]);
});
