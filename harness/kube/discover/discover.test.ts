// Over 250 lines: the cases of discovery beside each other, over the same few objects.
import { describe, expect, it } from 'vitest';
import type { KubeObject } from '../../../fixtures/kube/object.ts';
import { objectsOf } from '../../../fixtures/kube/objects-of.ts';
import { service } from '../../../fixtures/kube/service.ts';
import { change, type WalkthroughOptions, walkthrough } from '../../../fixtures/kube/walkthrough.ts';
import { workload } from '../../../fixtures/kube/workload.ts';
import { bookinfo } from '../../applications/bookinfo.ts';
import { findApplication } from './application.ts';
import type { Choice } from './choice.ts';
import { findIngress, type IngressPick } from './ingress.ts';
import { findTracing } from './tracing.ts';
import { waysTo } from './ways.ts';

const { definition } = bookinfo;
const OUTSIDE = { inside: false, nodePorts: true };

function ingressOf(manifests: readonly KubeObject[], pick?: IngressPick) {
  return findIngress(objectsOf(manifests), definition, 'default', pick);
}
function one<T>(choice: Choice<T>): T {
  if (choice.found === 'one') return choice.value;
  throw new Error(JSON.stringify(choice));
}
/** `kubectl`'s words for a way. */
function waysOf(manifests: readonly KubeObject[], from: { inside: boolean } = OUTSIDE) {
  const { backing, addresses } = one(ingressOf(manifests));
  return waysTo(backing, { ...OUTSIDE, ...from, addresses }).map((way) =>
    way.how === 'port-forward' ? `forward ${way.servicePort} to ${way.port}` : `${way.how} ${way.host}:${way.port}`,
  );
}
const mesh = (ingress: NonNullable<NonNullable<WalkthroughOptions['mesh']>['ingress']>) =>
  walkthrough({ mesh: { ingress } });
const gateway = (spec: unknown, name = 'bookinfo-gateway'): KubeObject => ({
  apiVersion: 'networking.istio.io/v1',
  kind: 'Gateway',
  metadata: { namespace: 'default', name },
  spec,
});
const rule = (name: string, spec: object): KubeObject => ({
  apiVersion: 'networking.istio.io/v1',
  kind: 'VirtualService',
  metadata: { namespace: 'default', name },
  spec,
});
const without = (manifests: readonly KubeObject[], ...which: readonly string[]) =>
  which.reduce((left, name) => change(left, name, () => undefined), manifests);

describe('the application', () => {
  it('is in the namespace of its entry Service', () => {
    expect(findApplication(objectsOf(walkthrough()), definition)).toEqual({
      found: 'one',
      value: 'default',
      why: 'Service productpage and 3 of its 3 others are in namespace default',
    });
  });

  it('is not found, found twice, or the one that the flag picks', () => {
    const none = walkthrough().filter(({ metadata }) => metadata.namespace !== 'default');
    expect(findApplication(objectsOf(none), definition)).toMatchObject({ found: 'none' });
    const two = objectsOf([...walkthrough(), ...walkthrough({ bookinfo: { namespace: 'staging' } })]);
    expect(findApplication(two, definition)).toMatchObject({
      found: 'several',
      options: [
        { id: 'default', flag: '--kube-app' },
        { id: 'staging', flag: '--kube-app' },
      ],
    });
    expect(one(findApplication(two, definition, 'staging'))).toBe('staging');
    expect(findApplication(two, definition, 'prod')).toMatchObject({
      found: 'none',
      looked: 'no Service productpage; prod is not one of: default, staging',
    });
  });
});

describe('the ingress by Istio', () => {
  it('is found along gateway, selector and Service, for any host', () => {
    expect(ingressOf(walkthrough())).toMatchObject({
      found: 'one',
      value: { scheme: 'http', route: 'VirtualService default/bookinfo', gateway: 'Gateway default/bookinfo-gateway' },
      why: 'VirtualService default/bookinfo on Gateway default/bookinfo-gateway leads to it: Service istio-system/istio-ingressgateway port 80',
    });
    expect(one(ingressOf(walkthrough())).host).toBeUndefined();
  });

  it.each([
    ['by port-forward where the load balancer has no address', { ingress: undefined, ways: ['forward 80 to 8080'] }],
    [
      'by the load balancer',
      { ingress: { address: { ip: '203.0.113.7' } }, ways: ['load-balancer 203.0.113.7:80', 'forward 80 to 8080'] },
    ],
    [
      "by the load balancer's name",
      {
        ingress: { address: { hostname: 'lb.shop.example' } },
        ways: ['load-balancer lb.shop.example:80', 'forward 80 to 8080'],
      },
    ],
    [
      'by node port and the address of a node that runs it',
      {
        ingress: { type: 'NodePort' as const, ports: [{ name: 'http2', port: 80, targetPort: 8080, nodePort: 31380 }] },
        ways: ['node-port 127.0.0.1:31380', 'forward 80 to 8080'],
      },
    ],
  ])('is reached %s', (_how, { ingress, ways }) => expect(waysOf(mesh(ingress ?? {}))).toEqual(ways));

  it('is dialled by its Service from inside', () => {
    expect(waysOf(mesh({ address: { ip: '203.0.113.7' } }), { inside: true })).toEqual([
      'service istio-ingressgateway.istio-system.svc:80',
    ]);
  });

  it.each([80, 8080])('is found by a server on port %d, in the old and in the new form', (number) => {
    const objects = change(walkthrough(), 'Gateway default/bookinfo-gateway', () =>
      gateway({
        selector: { istio: 'ingressgateway' },
        servers: [{ port: { number, name: 'http', protocol: 'HTTP' }, hosts: ['*'] }],
      }),
    );
    expect(one(ingressOf(objects)).backing.port.port).toBe(80);
  });

  it('is asked for the host of the route', () => {
    const host = walkthrough({ route: { host: 'shop.example' } });
    expect(one(ingressOf(host)).host).toBe('shop.example');
    expect(one(ingressOf(host, { host: 'shop.example' })).host).toBe('shop.example');
    expect(ingressOf(host, { host: 'other.example' })).toMatchObject({ found: 'none' });
    const wildcard = walkthrough({ route: { host: '*.shop.example' } });
    expect(ingressOf(wildcard)).toMatchObject({ found: 'none' });
    expect(one(ingressOf(wildcard, { host: 'a.shop.example' })).host).toBe('a.shop.example');
  });

  it('prefers plain HTTP, takes TLS where there is nothing else, and never redirect or passthrough', () => {
    const server = (number: number, protocol: string, tls?: object) => ({
      port: { number, name: `p${number}`, protocol },
      hosts: ['*'],
      ...(tls !== undefined && { tls }),
    });
    const having = (...servers: readonly object[]) =>
      ingressOf(
        change(walkthrough(), 'Gateway default/bookinfo-gateway', () =>
          gateway({ selector: { istio: 'ingressgateway' }, servers }),
        ),
      );
    const https = server(443, 'HTTPS', { mode: 'SIMPLE', credentialName: 'shop' });
    expect(one(having(https, server(80, 'HTTP'))).scheme).toBe('http');
    const redirected = one(having(server(80, 'HTTP', { httpsRedirect: true }), https));
    expect({ scheme: redirected.scheme, port: redirected.backing.port.port }).toEqual({ scheme: 'https', port: 443 });
    expect(having(server(443, 'HTTPS', { mode: 'PASSTHROUGH' })).found).toBe('none');
    expect(having(server(31400, 'TCP')).found).toBe('none');
  });

  it('is one ingress, though two Services select the same pods, and the one with an address is used', () => {
    const pods = walkthrough().filter(({ kind }) => kind === 'Pod');
    const internal = service(
      {
        namespace: 'istio-system',
        name: 'a-second-name',
        selector: { istio: 'ingressgateway' },
        ports: [{ port: 80, targetPort: 8080 }],
        type: 'LoadBalancer',
        address: { ip: '10.1.2.3' },
      },
      pods,
    );
    expect(one(ingressOf([...walkthrough(), ...internal])).backing.service.metadata.name).toBe('a-second-name');
  });

  it('is not guessed among two gateways, and a flag picks one', () => {
    const labels = { app: 'other-gateway', istio: 'other' };
    const pods = workload({
      namespace: 'edge',
      name: 'other-gateway',
      labels,
      image: 'istio/proxyv2:1.31.1',
      ports: [8080],
      sidecar: 'none',
      istioVersion: '1.31.1',
    });
    const ports = [{ name: 'http2', port: 80, targetPort: 8080 }];
    const objects = [
      ...walkthrough(),
      ...pods,
      ...service({ namespace: 'edge', name: 'other-gateway', selector: labels, ports }, pods),
      gateway(
        {
          selector: { istio: 'other' },
          servers: [{ port: { number: 80, name: 'http', protocol: 'HTTP' }, hosts: ['*'] }],
        },
        'other',
      ),
      rule('other', {
        hosts: ['*'],
        gateways: ['other'],
        http: [{ route: [{ destination: { host: 'productpage.default.svc.cluster.local' } }] }],
      }),
    ];
    expect(ingressOf(objects)).toMatchObject({
      found: 'several',
      options: [
        { id: 'istio-system/istio-ingressgateway', flag: '--kube-ingress' },
        { id: 'edge/other-gateway', flag: '--kube-ingress' },
      ],
    });
    expect(one(ingressOf(objects, { service: 'edge/other-gateway' })).gateway).toBe('Gateway default/other');
    expect(ingressOf(objects, { service: 'edge/nothing' })).toMatchObject({ found: 'none' });
  });

  it('asks for a host where rules of two hosts lead to the application on one gateway', () => {
    const route = [{ destination: { host: 'productpage' } }];
    const objects = [
      ...without(walkthrough(), 'VirtualService default/bookinfo'),
      rule('a', { hosts: ['a.example'], gateways: ['bookinfo-gateway'], http: [{ route }] }),
      rule('b', { hosts: ['b.example'], gateways: ['bookinfo-gateway'], http: [{ route }] }),
    ];
    expect(ingressOf(objects)).toMatchObject({
      found: 'several',
      options: [
        { id: 'a.example', flag: '--host' },
        { id: 'b.example', flag: '--host' },
      ],
    });
    expect(one(ingressOf(objects, { host: 'b.example' })).route).toBe('VirtualService default/b');
  });

  it.each([
    ['no rule', undefined],
    ['another path', { match: [{ uri: { exact: '/other' } }], route: [{ destination: { host: 'productpage' } }] }],
    ['another service', { route: [{ destination: { host: 'reviews' } }] }],
    [
      'only requests with a header that is not sent',
      { match: [{ headers: { 'end-user': { exact: 'jason' } } }], route: [{ destination: { host: 'productpage' } }] },
    ],
    ['a redirect', { redirect: { uri: '/' } }],
  ])('is not found where there is %s', (_what, http) => {
    const rest = without(walkthrough(), 'VirtualService default/bookinfo');
    const rules =
      http === undefined ? [] : [rule('bookinfo', { hosts: ['*'], gateways: ['bookinfo-gateway'], http: [http] })];
    expect(ingressOf([...rest, ...rules])).toMatchObject({
      found: 'none',
      looked: 'no VirtualService or HTTPRoute leads /productpage from a gateway to Service default/productpage',
    });
  });

  it('is found where its pods are down, without a way to it', () => {
    const down = without(walkthrough(), 'Deployment istio-system/istio-ingressgateway');
    expect(waysOf(down)).toEqual([]);
  });
});

describe('the ingress by Gateway API', () => {
  const routes = (route: WalkthroughOptions['route'] = {}) => walkthrough({ routes: 'gateway-api', route });

  it('is the Service of the Gateway, and its name in the cluster is not an address outside', () => {
    expect(one(ingressOf(routes()))).toMatchObject({
      route: 'HTTPRoute default/bookinfo',
      gateway: 'Gateway default/bookinfo-gateway',
      backing: { service: { metadata: { name: 'bookinfo-gateway-istio' } } },
    });
    expect(waysOf(routes())).toEqual(['forward 80 to 80']);
  });

  it('is reached by the address in its status', () => {
    expect(waysOf(routes({ address: '203.0.113.9' }))).toEqual(['load-balancer 203.0.113.9:80', 'forward 80 to 80']);
  });

  it('is asked for the host of the route', () => {
    expect(one(ingressOf(routes({ host: 'shop.example' }))).host).toBe('shop.example');
  });

  it('follows the longest path, and no rule of another one', () => {
    const to = (name: string) => [{ name, port: 9080 }];
    const having = (rules: readonly object[]) =>
      ingressOf(
        change(routes(), 'HTTPRoute default/bookinfo', (object) => ({
          ...object,
          spec: { parentRefs: [{ name: 'bookinfo-gateway' }], rules },
        })),
      ).found;
    const path = (value: string) => [{ path: { type: 'PathPrefix', value } }];
    expect(having([{ backendRefs: to('productpage') }])).toBe('one');
    expect(having([{ backendRefs: to('productpage-v1') }])).toBe('one');
    expect(
      having([
        { matches: path('/'), backendRefs: to('productpage') },
        { matches: path('/productpage'), backendRefs: to('other') },
      ]),
    ).toBe('none');
    expect(having([{ matches: path('/product'), backendRefs: to('productpage') }])).toBe('none');
  });
});

describe('the trace backend', () => {
  const tracingOf = (manifests: readonly KubeObject[], pick?: string) => findTracing(objectsOf(manifests), pick);
  const nameOf = (manifests: readonly KubeObject[], pick?: string) =>
    one(tracingOf(manifests, pick)).backing.service.metadata.name;
  const extra = (name: string, labels: Readonly<Record<string, string>>, port: object, selector = { app: name }) => [
    ...workload({
      namespace: 'observability',
      name,
      labels: { ...selector },
      image: 'x',
      ports: [16686],
      sidecar: 'none',
      istioVersion: '',
    }),
    ...service(
      { namespace: 'observability', name, labels, selector, ports: [{ port: 16686, targetPort: 16686, ...port }] },
      [],
    ),
  ];
  const none = walkthrough().filter(({ metadata }) => !/^(tracing|zipkin|jaeger)/.test(metadata.name));

  it("is Istio's addon, or the walk-through's own", () => {
    expect(nameOf(walkthrough())).toBe('tracing');
    expect(nameOf(walkthrough({ tracing: { layout: 'sls' } }))).toBe('tracing-on-sls-query');
    const ways = (manifests: readonly KubeObject[]) =>
      waysTo(one(tracingOf(manifests)).backing, { inside: false, nodePorts: false });
    expect(ways(walkthrough())).toMatchObject([{ how: 'port-forward', port: 16686, servicePort: 80 }]);
    const outside = walkthrough({ tracing: { layout: 'sls', query: { address: { ip: '203.0.113.5' } } } });
    expect(ways(outside)).toMatchObject([
      { how: 'load-balancer', host: '203.0.113.5', port: 80 },
      { how: 'port-forward' },
    ]);
  });

  it.each([
    { how: 'the name jaeger-query', name: 'jaeger-query', labels: {}, port: {} },
    {
      how: "the operator's label",
      name: 'simplest-query',
      labels: { app: 'jaeger', 'app.kubernetes.io/component': 'service-query' },
      port: { name: 'http-query' },
    },
    {
      how: "the chart's label",
      name: 'my-jaeger-query',
      labels: { 'app.kubernetes.io/name': 'jaeger' },
      port: { name: 'query', port: 80 },
    },
  ])('is found by $how, in any namespace', ({ name, labels, port }) => {
    expect(nameOf([...none, ...extra(name, labels, port)])).toBe(name);
  });

  it('is not a collector, an agent or a Service without a query port', () => {
    expect(tracingOf(none).found).toBe('none');
    const collector = extra('jaeger-collector', { app: 'jaeger' }, { name: 'http-query' });
    const grpc = extra('jaeger', {}, { name: 'grpc-query', port: 16685, targetPort: 16685 });
    expect(tracingOf([...none, ...collector, ...grpc]).found).toBe('none');
  });

  it('is not guessed among two, and a flag picks any Service', () => {
    const two = [...walkthrough(), ...extra('jaeger-query', {}, {})];
    expect(tracingOf(two)).toMatchObject({
      found: 'several',
      options: [
        { id: 'istio-system/tracing', flag: '--kube-tracing' },
        { id: 'observability/jaeger-query', flag: '--kube-tracing' },
      ],
    });
    expect(nameOf(two, 'observability/jaeger-query')).toBe('jaeger-query');
    expect(nameOf([...walkthrough(), ...extra('traces', {}, { port: 9 })], 'observability/traces')).toBe('traces');
  });

  it("is Istio's Zipkin addon, whose two Services lead to one place, and no receiver of another product", () => {
    const zipkin = (name: string, app: string, ports: readonly { port: number; name: string }[]) =>
      service(
        {
          namespace: 'istio-system',
          name,
          selector: { app },
          ports: ports.map((one) => ({ ...one, targetPort: 9411 })),
        },
        [],
      );
    const addon = [
      ...zipkin('tracing', 'zipkin', [{ port: 80, name: 'http-query' }]),
      ...zipkin('zipkin', 'zipkin', [{ port: 9411, name: 'http-query' }]),
    ];
    expect(nameOf([...none, ...addon])).toBe('tracing');
    expect(nameOf([...none, ...addon.slice(1)])).toBe('zipkin');
    const receiver = zipkin('zipkin', 'opentelemetry-collector', [{ port: 9411, name: 'http-zipkin' }]);
    expect(tracingOf([...none, ...receiver]).found).toBe('none');
  });

  it("is Tempo's query frontend, and none of its other parts", () => {
    const tempo = (name: string, component: string | undefined) =>
      service(
        {
          namespace: 'tracing',
          name,
          labels: {
            'app.kubernetes.io/name': 'tempo',
            ...(component !== undefined && { 'app.kubernetes.io/component': component }),
          },
          selector: { app: name },
          ports: [{ port: 3200, targetPort: 3200, name: 'http' }],
        },
        [],
      );
    const parts = ['distributor', 'querier', 'compactor', 'gateway'].flatMap((part) => tempo(`tempo-my-${part}`, part));
    expect(nameOf([...none, ...parts, ...tempo('tempo-my-query-frontend', 'query-frontend')])).toBe(
      'tempo-my-query-frontend',
    );
    expect(nameOf([...none, ...tempo('tempo', undefined)])).toBe('tempo');
    expect(tracingOf([...none, ...parts]).found).toBe('none');
  });

  it('is one backend, though two Services lead to the same pods and port, and either name picks it', () => {
    const same = service(
      {
        namespace: 'istio-system',
        name: 'jaeger-query',
        selector: { app: 'jaeger' },
        ports: [{ port: 16686, targetPort: 16686 }],
      },
      [],
    );
    const both = [...walkthrough(), ...same];
    expect(nameOf(both)).toBe('tracing');
    expect(nameOf(both, 'istio-system/jaeger-query')).toBe('tracing');
  });
});
