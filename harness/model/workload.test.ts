import { expect, it } from 'vitest';
import type { SpanId, TraceId } from './ids.ts';
import { calledHost, calledService, httpStatus, isExternalHost, responseFlags, type Span, tag } from './span.ts';
import { identify } from './workload.ts';

const span = (service: string, tags: Record<string, string> = {}): Span => ({
  traceId: '1'.padStart(32, '0') as TraceId,
  id: '1'.padStart(16, '0') as SpanId,
  kind: 'server',
  service,
  operation: 'o',
  startMicros: 0,
  durationMicros: 1,
  tags,
});
const NODE = 'sidecar~10.1.2.3~orders-v2-5c6d7f8b9-abcde.shop~shop.svc.cluster.local';

it.each([
  {
    by: 'the tags',
    made: span('x.y', {
      'istio.canonical_service': 'orders',
      'istio.namespace': 'shop',
      'istio.canonical_revision': 'v2',
      node_id: NODE,
    }),
    expected: { service: 'orders', version: 'v2', namespace: 'shop', pod: 'orders-v2-5c6d7f8b9-abcde' },
  },
  {
    by: 'the node id',
    made: span('', { node_id: NODE }),
    expected: { service: 'orders', version: 'v2', namespace: 'shop', pod: 'orders-v2-5c6d7f8b9-abcde' },
  },
  { by: 'the service name', made: span('orders.shop'), expected: { service: 'orders' } },
  { by: 'the service name without namespace', made: span('orders'), expected: { service: 'orders' } },
  {
    by: 'the service name, where the revision is latest',
    made: span('orders', { 'istio.canonical_revision': 'latest' }),
    expected: { service: 'orders' },
  },
])('identifies the workload of a span by $by', ({ made, expected }) => {
  expect(identify(made)).toEqual(expected);
});

it.each(['', 'missing-service-name', 'unknown_service:envoy', 'OTLPResourceNoServiceName'])(
  'cannot identify %j',
  (service) => {
    expect(identify(span(service))).toBeUndefined();
  },
);

it('prefers the configured names', () => {
  expect(identify(span('orders-svc.prod'), { services: { 'orders-svc.prod': 'orders' } })?.service).toBe('orders');
  expect(
    identify(span('orders', { 'istio.canonical_service': 'orders-old' }), { services: { 'orders-old': 'orders' } })
      ?.service,
  ).toBe('orders');
  expect(identify(span('constructor'), { services: {} })?.service).toBe('constructor');
});

it.each([
  { cluster: 'outbound|9080|v1|orders.shop.svc.cluster.local', called: 'orders', isExternal: false },
  { cluster: 'outbound|9080||orders.shop.svc.mesh.example.com', called: 'orders', isExternal: false },
  { cluster: 'outbound|9080||orders.shop.svc', called: 'orders', isExternal: false },
  { cluster: 'outbound|9080||orders', called: 'orders', isExternal: false },
  { cluster: 'outbound|443||orders.books.example.com', called: 'orders.books.example.com', isExternal: true },
  { cluster: 'outbound|443||www.example.com', called: 'www.example.com', isExternal: true },
  { cluster: 'outbound|443||svc.example.com', called: 'svc.example.com', isExternal: true },
])('reads the host that $cluster calls as $called', ({ cluster, called, isExternal }) => {
  const client = span('a', { upstream_cluster: cluster });
  expect(calledService(client)).toBe(called);
  expect(isExternalHost(calledHost(client) ?? '')).toBe(isExternal);
});

it('reads the tags of a proxy span', () => {
  expect(calledService(span('a', { upstream_cluster: 'inbound|9080||' }))).toBeUndefined();
  expect(calledService(span('a', { upstream_cluster: 'PassthroughCluster' }))).toBeUndefined();
  expect({
    zero: httpStatus(span('a', { 'http.status_code': '0' })),
    word: httpStatus(span('a', { 'http.status_code': 'no' })),
  }).toEqual({ zero: 0, word: undefined });
  expect({
    dash: responseFlags(span('a', { response_flags: '-' })),
    two: responseFlags(span('a', { response_flags: 'UF,URX' })),
  }).toEqual({ dash: [], two: ['UF', 'URX'] });
  expect(tag(span('a'), 'constructor')).toBeUndefined();
});
