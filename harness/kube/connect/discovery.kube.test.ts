// Over 250 lines: one API server, and every way of finding things in it beside the others.
import { createServer, type Server } from 'node:http';
import { createServer as createTlsServer } from 'node:https';
import type { AddressInfo } from 'node:net';
import { join } from 'node:path';
import type { TLSSocket } from 'node:tls';
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { bookinfoObjects } from '../../../fixtures/kube/bookinfo-objects.ts';
import { type Cluster, startCluster } from '../../../fixtures/kube/cluster.ts';
import { type MeshOptions, meshObjects } from '../../../fixtures/kube/mesh-objects.ts';
import type { KubeObject } from '../../../fixtures/kube/object.ts';
import { type GatewayApiOptions, gatewayApiRoutes, istioRoutes } from '../../../fixtures/kube/route-objects.ts';
import { service } from '../../../fixtures/kube/service.ts';
import { change, meshDefinitions, walkthrough } from '../../../fixtures/kube/walkthrough.ts';
import { workload } from '../../../fixtures/kube/workload.ts';
import { makeCertificates, tlsTitle } from '../../../fixtures/testing/certificates.ts';
import { opening } from '../../../fixtures/testing/opening.ts';
import { bookinfo } from '../../applications/bookinfo.ts';
import { negotiate } from '../../backend/negotiate.ts';
import { createJsonReader } from '../../backend/read-json.ts';
import { ConfigError } from '../../config/config-error.ts';
import { createHttpClient } from '../../http/undici-client.ts';
import { systemClock } from '../../system/system-clock.ts';
import { type OpenCluster, type OpenClusterInput, openCluster } from './open-cluster.ts';

const base = walkthrough();
/** What Jaeger's search answers where it finds nothing. */
const EMPTY = '{"data":[],"total":0,"limit":0,"offset":0,"errors":null}';
const GATEWAY_POD = 'istio-system/istio-ingressgateway-5c6d7f8b9-lab00';
let cluster: Cluster;
/** What the pods' ports really are: a page and a Jaeger, each with its name in its answer. */
let page: Server;
let jaeger: Server;
/** What the page was asked so far. */
let pageRequests = 0;
const portOf = (server: Server) => (server.address() as AddressInfo).port;

async function listen(answer: (path: string, host: string) => string | undefined): Promise<Server> {
  const server = createServer(({ url = '', headers }, response) => {
    const body = answer(url, headers.host ?? '');
    response.writeHead(body === undefined ? 404 : 200, { 'content-type': 'application/json' }).end(body);
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  return server;
}

beforeAll(async () => {
  cluster = await startCluster();
  page = await listen((path, host) => {
    pageRequests += 1;
    return `page ${path} for ${host}`;
  });
  jaeger = await listen((path) => (path.startsWith('/jaeger/api/traces') ? EMPTY : undefined));
  await cluster.apply(await meshDefinitions());
  await cluster.apply(base);
  await cluster.forward(`${GATEWAY_POD}:8080`, `127.0.0.1:${portOf(page)}`);
  await cluster.forward('istio-system/jaeger-5c6d7f8b9-lab01:16686', `127.0.0.1:${portOf(jaeger)}`);
});
afterAll(async () => {
  page.close();
  jaeger.close();
  await cluster.stop();
});

const named = ({ kind, metadata: { namespace, name } }: KubeObject) => `${kind} ${namespace} ${name}`;
let added: readonly KubeObject[] = [];
/** The walk-through's cluster with these objects besides or instead, and without those. */
async function having(objects: readonly KubeObject[], without: readonly KubeObject[] = []): Promise<void> {
  added = objects;
  await cluster.delete(without);
  await cluster.apply(objects);
}
afterEach(async () => {
  const own = new Set(base.map(named));
  await cluster.delete(added.filter((object) => object.kind !== 'Namespace' && !own.has(named(object))));
  added = [];
  await cluster.apply(base);
});

const open = (more: Partial<OpenClusterInput> = {}): Promise<OpenCluster> =>
  openCluster(opening(cluster.kubeconfig, more));
const problemOf = (more: Partial<OpenClusterInput> = {}) =>
  open(more).then(
    () => expect.unreachable('one was chosen'),
    (error: unknown) => (error instanceof ConfigError ? error : Promise.reject(error)),
  );
const stepOf = ({ facts }: OpenCluster, id: string) => facts.steps.find((step) => step.id === id);
/** The page, asked for as a run asks for it. */
async function pageOf({ discovered: { ingress, host } }: OpenCluster): Promise<string> {
  const url = new URL(`${ingress?.value}/productpage`);
  const client = createHttpClient({ url });
  const headers = host === undefined ? [] : [['host', host.value] as const];
  const { body } = await client.send({ method: 'GET', url, headers, timeoutMs: 5000, maxBodyBytes: 1000 });
  await client.close();
  return body;
}
/** The base path of a Jaeger that is really there. */
async function jaegerOf({ discovered }: OpenCluster): Promise<string> {
  const http = createHttpClient();
  const url = new URL(discovered.traces?.value ?? '');
  const backend = await negotiate(
    url,
    createJsonReader({ url, headers: [], timeoutMs: 5000, maxBodyBytes: 1000 }, http, systemClock),
  );
  await http.close();
  return backend.baseUrl.pathname;
}

describe('a plain walk-through', () => {
  it('needs no flag: hopcheck finds, reaches and expects everything', async () => {
    await using opened = await open();
    expect(opened.stopped).toBeUndefined();
    expect(opened.facts.steps.map(({ id, status }) => `${id} ${status}`)).toEqual(
      ['api', 'permitted', 'injection', 'workloads', 'routes', 'ingress', 'tracing'].map((id) => `${id} ok`),
    );
    expect(opened.facts).toMatchObject({ istio: '1.31.1', dataPlane: 'sidecar', issues: [] });
    expect(opened.discovered).toMatchObject({
      shares: { value: 'reviews=v1:1,v2:1,v3:1', from: 'ready pods of Service default/reviews: v1 1, v2 1, v3 1' },
      sampling: { value: '100', from: 'Telemetry istio-system/mesh-default: randomSamplingPercentage 100' },
      format: { value: 'b3' },
    });
    expect(opened.expectations).toMatchObject({
      gateway: {
        value: { names: ['istio-ingressgateway'], pods: [GATEWAY_POD] },
        from: 'VirtualService default/bookinfo on Gateway default/bookinfo-gateway',
      },
      gatewayProfile: { value: 2, source: 'discovered' },
      loadBalancing: { value: 'least-request', from: "Istio 1.31.1's default" },
      excuses: [],
    });
    expect(await pageOf(opened)).toMatch(/^page \/productpage for 127\.0\.0\.1:\d+$/);
    expect(await jaegerOf(opened)).toBe('/jaeger');
  });

  it('is dialled directly from inside, without a right to forward ports', async () => {
    const account = { namespace: 'default', name: 'inside' };
    const listed = { verbs: ['get', 'list'], apiGroups: ['*'], resources: ['*'] };
    const metadata = { name: 'inside' };
    const apiVersion = 'rbac.authorization.k8s.io/v1';
    const roleRef = { apiGroup: 'rbac.authorization.k8s.io', kind: 'ClusterRole', name: 'inside' };
    await having([
      { apiVersion: 'v1', kind: 'ServiceAccount', metadata: account },
      { apiVersion, kind: 'ClusterRole', metadata, rules: [listed] },
      {
        apiVersion,
        kind: 'ClusterRoleBinding',
        metadata,
        roleRef,
        subjects: [{ kind: 'ServiceAccount', ...account }],
      },
    ]);
    const { pathPrefix, env } = await cluster.inCluster(account);
    await using opened = await openCluster({
      env: { ...env, HOME: pathPrefix },
      serviceAccountFolder: join(pathPrefix, 'var/run/secrets/kubernetes.io/serviceaccount'),
      application: bookinfo.definition,
      picks: {},
      given: { ingress: false, traceBackend: false },
      timeoutMs: 10_000,
      clock: systemClock,
      signal: new AbortController().signal,
    });
    expect(opened.stopped).toBeUndefined();
    expect(opened.facts.context).toBe('in-cluster');
    expect(opened.discovered.ingress?.value).toBe('http://istio-ingressgateway.istio-system.svc:80');
    expect(opened.discovered.traces?.value).toBe('http://tracing.istio-system.svc:80');
    const mine = cluster.audit().filter(({ user }) => user === 'system:serviceaccount:default:inside');
    expect(mine.length).toBeGreaterThan(10);
    expect(mine.filter(({ resource }) => resource === 'pods/portforward')).toEqual([]);
  });
});

describe('the ingress', () => {
  const mesh = (ingress: NonNullable<MeshOptions['ingress']>) => meshObjects({ ingress });
  const here = (name: string) => [{ name, port: portOf(page), targetPort: 8080 }];
  const gateway = (number: number) => (object: KubeObject) => {
    const servers = [{ port: { number, name: 'http', protocol: 'HTTP' }, hosts: ['*'] }];
    return { ...object, spec: { selector: { istio: 'ingressgateway' }, servers } };
  };
  /** a gateway that Helm installed under other names. */
  const elsewhere = () => {
    const labels = { app: 'edge', istio: 'ingress' };
    const pods = workload({
      ...{ namespace: 'istio-ingress', name: 'edge', labels, image: 'istio/proxyv2:1.31.1', ports: [8080] },
      ...{ sidecar: 'none', istioVersion: '1.31.1', pods: ['edge-0'] },
    });
    const ports = [{ name: 'http', port: 8080, targetPort: 8080 }];
    return [
      { apiVersion: 'v1', kind: 'Namespace', metadata: { name: 'istio-ingress' } },
      ...pods,
      ...service({ namespace: 'istio-ingress', name: 'front-door', labels, selector: labels, ports }, pods),
    ];
  };
  const withGateway = (by: (object: KubeObject) => KubeObject) =>
    change(istioRoutes(), 'Gateway default/bookinfo-gateway', by);

  it.each<[string, { objects: () => readonly KubeObject[]; from: RegExp }]>([
    [
      'a load balancer with an address',
      {
        objects: () => mesh({ type: 'LoadBalancer', address: { ip: '127.0.0.1' }, ports: here('http2') }),
        from: /istio-ingressgateway, load balancer 127\.0\.0\.1:\d+$/,
      },
    ],
    [
      'a load balancer with a name',
      {
        objects: () => mesh({ type: 'LoadBalancer', address: { hostname: 'localhost' }, ports: here('http2') }),
        from: /istio-ingressgateway, load balancer localhost:\d+$/,
      },
    ],
    [
      'a node port and the address of the node',
      {
        objects: () =>
          mesh({ type: 'NodePort', ports: [{ name: 'http2', port: 80, targetPort: 8080, nodePort: portOf(page) }] }),
        from: /istio-ingressgateway, node port 127\.0\.0\.1:\d+$/,
      },
    ],
    [
      'a port-forward, where the load balancer does not answer, which it reports',
      {
        objects: () =>
          mesh({ type: 'LoadBalancer', address: { ip: '127.0.0.1' }, ports: [{ port: 1, targetPort: 8080 }] }),
        from: /istio-ingressgateway, port-forward \(not by load balancer 127\.0\.0\.1:1: ECONNREFUSED, not by node port .*: ECONNREFUSED\)$/,
      },
    ],
    [
      'a Gateway of port 80, as before 1.19',
      {
        objects: () => withGateway(gateway(80)),
        from: /istio-ingressgateway, port-forward \(not by node port [^,]*\)$/,
      },
    ],
    [
      'a Service with port 8080 only, named http',
      {
        objects: () => mesh({ ports: [{ name: 'http', port: 8080, targetPort: 8080 }] }),
        from: /istio-ingressgateway, port-forward \(not by node port [^,]*\)$/,
      },
    ],
    [
      "another gateway's selector, Service and namespace",
      {
        objects: () => [
          ...elsewhere(),
          ...withGateway((object) => {
            const spec = object.spec as { servers: object[] };
            return { ...object, spec: { ...spec, selector: { istio: 'ingress' } } };
          }),
        ],
        from: /^Service istio-ingress\/front-door, port-forward$/,
      },
    ],
  ])('is reached by %s', async (_how, { objects, from }) => {
    await having(objects());
    await cluster.forward('istio-ingress/edge-0:8080', `127.0.0.1:${portOf(page)}`);
    await using opened = await open({ given: { ingress: false, traceBackend: true } });
    expect(opened.stopped).toBeUndefined();
    expect(opened.discovered.ingress?.from).toMatch(from);
    expect(await pageOf(opened)).toContain('page /productpage');
    // A node is often out of reach; a load balancer is there to be reached.
    const passedOver = from.source.includes('not by load balancer');
    expect(stepOf(opened, 'ingress')?.status).toBe(passedOver ? 'warning' : 'ok');
  });

  const GATEWAY_API_POD = 'default/bookinfo-gateway-istio-5c6d7f8b9-lab01:80' as const;
  it.each<{ how: string; options: () => GatewayApiOptions; from: RegExp; host: string }>([
    {
      how: 'the Service that was made for it',
      options: () => ({}),
      from: /^Service default\/bookinfo-gateway-istio, port-forward \(not by node port [^,]*\)$/,
      host: '',
    },
    {
      how: 'the address in its status',
      options: () => ({ address: '127.0.0.1' }),
      from: /^Service default\/bookinfo-gateway-istio, load balancer 127\.0\.0\.1:\d+$/,
      host: '',
    },
    {
      how: 'that Service, for the host of its route',
      options: () => ({ host: 'shop.example' }),
      from: /port-forward \(not by node port [^,]*\)$/,
      host: 'shop.example',
    },
  ])('of Gateway API is reached by $how', async ({ options, from, host }) => {
    const routes = gatewayApiRoutes(options());
    const status = 'address' in options();
    // A status names no port: the listener's is the one to dial.
    const dialled = status
      ? JSON.parse(JSON.stringify(routes).replaceAll('"port":80,', `"port":${portOf(page)},`))
      : routes;
    await having(dialled, istioRoutes());
    await cluster.forward(GATEWAY_API_POD, `127.0.0.1:${portOf(page)}`);
    await using opened = await open({ given: { ingress: false, traceBackend: true } });
    expect(opened.stopped).toBeUndefined();
    expect(opened.discovered.ingress?.from).toMatch(from);
    expect(opened.discovered.host?.value ?? '').toBe(host);
    expect(await pageOf(opened)).toContain(`for ${host === '' ? '127.0.0.1' : host}`);
  });

  it('is asked for the host of the VirtualService', async () => {
    await having(istioRoutes({ host: 'shop.example' }));
    await using opened = await open({ given: { ingress: false, traceBackend: true } });
    expect(opened.discovered.host).toEqual({ value: 'shop.example', from: 'VirtualService default/bookinfo' });
    expect(await pageOf(opened)).toBe('page /productpage for shop.example');
  });

  const made = makeCertificates('DNS:shop.example');
  it.skipIf(made === undefined)(`over ${tlsTitle(made)} is asked for the host of its route by SNI too`, async () => {
    const { ca, server: pair } = made ?? ({} as NonNullable<typeof made>);
    const secure = createTlsServer(pair, (request, response) => {
      response.end(`${(request.socket as TLSSocket).servername} ${request.headers.host}`);
    });
    await new Promise<void>((resolve) => secure.listen(0, '127.0.0.1', resolve));
    await cluster.forward(`${GATEWAY_POD}:8443`, `127.0.0.1:${portOf(secure)}`);
    const tls = { mode: 'SIMPLE', credentialName: 'shop' };
    const servers = [
      { port: { number: 8080, name: 'http', protocol: 'HTTP' }, hosts: ['*'], tls: { httpsRedirect: true } },
      { port: { number: 443, name: 'https', protocol: 'HTTPS' }, hosts: ['shop.example'], tls },
    ];
    await having(
      change(istioRoutes({ host: 'shop.example' }), 'Gateway default/bookinfo-gateway', (object) => ({
        ...object,
        spec: { selector: { istio: 'ingressgateway' }, servers },
      })),
    );
    await using opened = await open({ given: { ingress: false, traceBackend: true } });
    expect(opened.discovered.ingress?.value).toMatch(/^https:\/\/127\.0\.0\.1:\d+$/);
    const url = new URL(opened.discovered.ingress?.value ?? '');
    const host = opened.discovered.host?.value ?? '';
    const client = createHttpClient({ url, host, ca: ca.cert });
    const headers = [['host', host]] as const;
    const { body } = await client.send({ method: 'GET', url, headers, timeoutMs: 5000, maxBodyBytes: 1000 });
    await client.close();
    secure.close();
    expect(body).toBe('shop.example shop.example');
  });

  it('is not guessed among several, and the error names the flag that picks one', async () => {
    await having([
      ...elsewhere(),
      ...istioRoutes().map((object) => {
        const spec = object.spec as { gateways?: string[] };
        const metadata = { ...object.metadata, name: 'other' };
        if (object.kind === 'Gateway')
          return { ...object, metadata, spec: { ...spec, selector: { istio: 'ingress' } } };
        return { ...object, metadata, spec: { ...spec, gateways: ['other'] } };
      }),
    ]);
    await cluster.forward('istio-ingress/edge-0:8080', `127.0.0.1:${portOf(page)}`);
    const { message, exitCode } = await problemOf();
    expect(exitCode).toBe(64);
    expect(message).toMatch(/^--kube-ingress: expected which ingress is meant: .*e\.g\. --kube-ingress \S+$/);
    expect(message).toContain('istio-system/istio-ingressgateway (VirtualService default/bookinfo on Gateway');
    expect(message).toContain('istio-ingress/front-door (VirtualService default/other on Gateway default/other');
    await using opened = await open({ picks: { ingress: 'istio-ingress/front-door' } });
    expect(opened.discovered.ingress?.from).toContain('Service istio-ingress/front-door');
  });
});

describe('the trace backend', () => {
  const addon = base.filter(({ metadata }) => ['tracing', 'tracing-lab01'].includes(metadata.name));
  const there = (
    name: string,
    { namespace = 'observability', labels = {}, port = { name: 'http-query', port: 16686 } } = {},
  ): readonly KubeObject[] => {
    const pods = workload({
      ...{ namespace, name: 'query', labels: { app: 'query' }, image: 'jaeger', ports: [16686] },
      ...{ sidecar: 'none', istioVersion: '', pods: ['query-0'] },
    });
    const ports = [{ ...port, targetPort: 16686 }];
    return [
      { apiVersion: 'v1', kind: 'Namespace', metadata: { name: namespace } },
      ...pods,
      ...service({ namespace, name, labels, selector: { app: 'query' }, ports }, pods),
    ];
  };

  it.each<[string, { name: string; options?: Parameters<typeof there>[1] }]>([
    ['the name tracing, in a separate namespace', { name: 'tracing' }],
    ['the name jaeger-query', { name: 'jaeger-query' }],
    ['the name jaeger', { name: 'jaeger' }],
    [
      'the name tracing-on-sls-query',
      { name: 'tracing-on-sls-query', options: { namespace: 'istio-system', port: { name: 'http-query', port: 80 } } },
    ],
    [
      "the operator's label",
      { name: 'shop-query', options: { labels: { app: 'jaeger', 'app.kubernetes.io/component': 'service-query' } } },
    ],
    [
      "the chart's label and a port's name",
      {
        name: 'my-jaeger',
        options: { labels: { 'app.kubernetes.io/name': 'jaeger' }, port: { name: 'query', port: 80 } },
      },
    ],
  ])('is found by %s', async (_how, { name, options = {} }) => {
    const namespace = options.namespace ?? 'observability';
    await having(there(name, options), addon);
    await cluster.forward(`${namespace}/query-0:16686`, `127.0.0.1:${portOf(jaeger)}`);
    await using opened = await open({ given: { ingress: true, traceBackend: false } });
    expect(opened.stopped).toBeUndefined();
    expect(opened.discovered.traces?.from).toBe(`Service ${namespace}/${name}, port-forward`);
    expect(await jaegerOf(opened)).toBe('/jaeger');
  });

  it('is reached by the address of its load balancer, as in the walk-through, and without a base path', async () => {
    const bare = await listen((path) => (path.startsWith('/api/traces') ? EMPTY : undefined));
    const query = {
      address: { ip: '127.0.0.1' },
      ports: [{ name: 'http-query', port: portOf(bare), targetPort: 16686 }],
    };
    const sls = walkthrough({ tracing: { layout: 'sls', query } }).filter(({ metadata }) =>
      /^tracing-on-sls/.test(metadata.name),
    );
    await having(sls, addon);
    await using opened = await open({ given: { ingress: true, traceBackend: false } });
    expect(opened.discovered.traces).toEqual({
      value: `http://127.0.0.1:${portOf(bare)}`,
      from: `Service istio-system/tracing-on-sls-query, load balancer 127.0.0.1:${portOf(bare)}`,
    });
    expect(await jaegerOf(opened)).toBe('/');
    bare.close();
  });

  it('is one backend, though two Services lead to the same pods and port', async () => {
    const pods = base.filter(({ kind, metadata }) => kind === 'Pod' && metadata.labels?.app === 'jaeger');
    const ports = [{ name: 'query', port: 16686, targetPort: 16686 }];
    await having(
      service({ namespace: 'istio-system', name: 'jaeger-query', selector: { app: 'jaeger' }, ports }, pods),
    );
    await using opened = await open({ given: { ingress: true, traceBackend: false } });
    expect(opened.discovered.traces?.from).toBe('Service istio-system/tracing, port-forward');
  });

  it('is not guessed among several, and the error names the flag that picks one', async () => {
    await having(there('jaeger-query'));
    await cluster.forward('observability/query-0:16686', `127.0.0.1:${portOf(jaeger)}`);
    const { message, exitCode } = await problemOf();
    expect({ exitCode, message }).toEqual({
      exitCode: 64,
      message:
        '--kube-tracing: expected which trace backend is meant: istio-system/tracing (named tracing); observability/jaeger-query (named jaeger-query), e.g. --kube-tracing istio-system/tracing',
    });
    await using opened = await open({ picks: { tracing: 'observability/jaeger-query' } });
    expect(opened.discovered.traces?.from).toBe('Service observability/jaeger-query, port-forward');
  });
});

describe('the application', () => {
  const again = (namespace: string) => bookinfoObjects({ namespace });
  it('is in the namespace of its entry Service, and of two the flag in the error picks one', async () => {
    await having([...again('shop'), ...istioRoutes({ namespace: 'shop', host: 'shop.example' })]);
    const { message, exitCode } = await problemOf();
    expect(exitCode).toBe(64);
    expect(message).toMatch(/^--kube-app: expected which application is meant: default \(.*\); shop \(.*\), e\.g\. /);
    await using opened = await open({ picks: { app: 'shop' } });
    expect(opened.facts.found[0]).toMatchObject({ what: 'application', object: 'namespace shop' });
    expect(await pageOf(opened)).toBe('page /productpage for shop.example');
  });

  it.each<{ what: string; options: Parameters<typeof bookinfoObjects>[0]; dataPlane: string; injection: string }>([
    {
      what: 'native sidecars',
      options: { sidecar: 'native' },
      dataPlane: 'sidecar',
      injection: 'default: istio-injection=enabled',
    },
    {
      what: 'a revision',
      options: { namespaceLabels: { 'istio.io/rev': 'canary' } },
      dataPlane: 'sidecar',
      injection: 'default: istio.io/rev=canary',
    },
    {
      what: 'ambient mode',
      options: { sidecar: 'ambient', namespaceLabels: { 'istio.io/dataplane-mode': 'ambient' } },
      dataPlane: 'ambient',
      injection: 'default is in ambient mode: ztunnel makes no spans, so calls between workloads are not observable',
    },
  ])('may be there with $what', async ({ options, dataPlane, injection }) => {
    const pods = base.filter(({ kind, metadata }) => kind === 'Pod' && metadata.namespace === 'default');
    // A pod cannot be changed into one with other containers, and applied labels are taken away by name.
    await having(bookinfoObjects(options), pods);
    try {
      await using opened = await open();
      expect(opened.stopped).toBeUndefined();
      expect(opened.facts.dataPlane).toBe(dataPlane);
      expect(stepOf(opened, 'injection')).toMatchObject({ status: 'ok', detail: injection });
      expect(stepOf(opened, 'workloads')).toMatchObject({ status: 'ok' });
    } finally {
      await cluster.delete(pods);
    }
  });
});

describe('a configuration that cannot be right', () => {
  const istio = 'networking.istio.io/v1';
  const inDefault = (name: string) => ({ namespace: 'default', name });
  const reviews = (weights: Readonly<Record<string, number>>): KubeObject => {
    const route = Object.entries(weights).map(([subset, weight]) => ({
      destination: { host: 'reviews', subset },
      weight,
    }));
    return {
      apiVersion: istio,
      kind: 'VirtualService',
      metadata: inDefault('reviews'),
      spec: { hosts: ['reviews'], http: [{ route }] },
    };
  };
  const subsets = (...versions: readonly string[]): KubeObject => ({
    apiVersion: istio,
    kind: 'DestinationRule',
    metadata: inDefault('reviews'),
    spec: { host: 'reviews', subsets: versions.map((version) => ({ name: version, labels: { version } })) },
  });
  const telemetry = (tracing: object): KubeObject => ({
    apiVersion: 'telemetry.istio.io/v1',
    kind: 'Telemetry',
    metadata: inDefault('own'),
    spec: { tracing: [tracing] },
  });
  const silent = base.filter(({ kind }) => kind === 'Telemetry');
  const withPort = (which: string, ports: readonly object[]) =>
    change(base, which, (object) => ({ ...object, spec: { ...(object.spec as object), ports } })).filter(
      ({ kind, metadata }) => which === `${kind} ${metadata.namespace}/${metadata.name}`,
    );
  /** Ports of a Service are a list by number: applied again with another name, the old one would stay. */
  const renamed = (which: string, ports: readonly object[]): [readonly KubeObject[], readonly KubeObject[]] => {
    const objects = withPort(which, ports);
    return [objects, objects];
  };

  it.each<{ code: string; what: string; objects: () => readonly [readonly KubeObject[], (readonly KubeObject[])?] }>([
    {
      code: 'HC801',
      what: 'a Telemetry names an unknown provider',
      objects: () => [[telemetry({ providers: [{ name: 'nobody' }] })]],
    },
    { code: 'HC802', what: 'no provider is named, needed since 1.22', objects: () => [[], silent] },
    {
      code: 'HC803',
      what: 'tracing is disabled in a namespace',
      objects: () => [[telemetry({ disableSpanReporting: true })]],
    },
    {
      code: 'HC804',
      what: "the collector's port is not named grpc-",
      objects: () => [
        [
          ...meshObjects({ driver: 'otel' }),
          ...withPort('Service istio-system/jaeger-collector', [{ name: 'otlp', port: 4317, targetPort: 4317 }]),
        ],
        base.filter(({ metadata, kind }) => kind === 'Service' && metadata.name === 'jaeger-collector'),
      ],
    },
    {
      code: 'HC805',
      what: 'weights do not add up to 100',
      objects: () => [[subsets('v1', 'v2', 'v3'), reviews({ v1: 80, v2: 10 })]],
    },
    {
      code: 'HC806',
      what: 'a subset has no pods',
      objects: () => [[subsets('v1', 'v9'), reviews({ v1: 50, v9: 50 })]],
    },
    {
      code: 'HC807',
      what: 'the port of a Service is not named http',
      objects: () => renamed('Service default/details', [{ name: 'tcp-web', port: 9080, targetPort: 9080 }]),
    },
  ])('is $code and no other finding, before any traffic: $what', async ({ code, objects }) => {
    const [applied, removed] = objects();
    await having(applied, removed);
    const asked = pageRequests;
    await using opened = await open();
    expect([...new Set(opened.facts.issues.map((issue) => issue.code))]).toEqual([code]);
    expect(pageRequests).toBe(asked);
    await cluster.delete(
      applied.filter(({ kind, metadata }) => kind === 'Service' && /details|collector/.test(metadata.name)),
    );
  });

  it('weights that add up become the expectation, with their source', async () => {
    await having([subsets('v1', 'v2', 'v3'), reviews({ v1: 80, v2: 20 })]);
    await using opened = await open();
    expect(opened.discovered.shares).toEqual({
      value: 'reviews=v1:80,v2:20',
      from: 'VirtualService default/reviews: weights v1 80, v2 20',
    });
  });
});
