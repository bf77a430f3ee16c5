// Over 250 lines: the parts of one mesh, which know each other, wired in one place.

import { withAnswerFaults } from './answer-faults.ts';
import { type AppHost, hostApp } from './app-host.ts';
import { Balancer, type Target } from './balancer.ts';
import { callFaults } from './call-faults.ts';
import { GATEWAY } from './fault-catalogue.ts';
import { type Fault, type FaultKind, faultsOn } from './faults.ts';
import { foreignTraffic } from './foreign.ts';
import { withoutContext } from './header-faults.ts';
import { inFront } from './in-front.ts';
import { collector } from './jaeger/collector.ts';
import { queryApi } from './jaeger/query.ts';
import { SpanStore } from './jaeger/store.ts';
import { tempoApi } from './jaeger/tempo-query.ts';
import { zipkinApi } from './jaeger/zipkin-query.ts';
import type { Lab, LabOptions } from './lab.ts';
import {
  gatewayName,
  INBOUND_CLUSTER,
  isInMesh,
  operationOf,
  outboundCluster,
  type Pod,
  type ProxyName,
  podsOf,
  routesOf,
  sidecarName,
} from './naming.ts';
import { loopbackNetwork } from './network-loopback.ts';
import { memoryNetwork } from './network-memory.ts';
import { refuseOtlpToZipkin } from './options.ts';
import { collectorOf, throughCollector } from './otel-collector.ts';
import { type Random, seededRandom } from './random.ts';
import { otelTracer } from './sidecar/otel-tracer.ts';
import { type ProxyOptions, proxyListener, type Upstream } from './sidecar/proxy.ts';
import { otlpReport, type ReportedSpan, zipkinReport } from './sidecar/report.ts';
import { WorkerReporter } from './sidecar/reporter.ts';
import { noTracer } from './sidecar/tracer.ts';
import { zipkinTracer } from './sidecar/zipkin-tracer.ts';
import { reportWay, spanRelay } from './span-relay.ts';
import { ConnectionError, type Handler, header, type Network, type WireRequest, type WireResponse } from './wire.ts';

/** A pod as its callers reach it; the origins are known once it listens. */
interface RunningPod extends Target {
  readonly at: Pod;
  /** The app itself; undefined: it is down. */
  app?: string;
  /** Where callers go: its sidecar, or the app where it has none. */
  entrance: string;
}

/** Everything one stand-in mesh shares. */
interface Mesh extends AppHost {
  readonly pods: readonly RunningPod[];
  readonly collector: string;
  /** Once it listens: pods can call it too. */
  gateway?: string;
  readonly micros: () => number;
}

/** A whole mesh in this process: gateway, sidecars, applications, Jaeger. Up in milliseconds, nothing to install. */
export async function startStandin(given: LabOptions): Promise<Lab> {
  const options: LabOptions =
    given.mesh === 'istio-1.0' ? { ...given, sharedSpanContext: true, gatewayProfile: 1 } : given;
  refuseOtlpToZipkin(options);
  const memory = options.network === 'memory' ? memoryNetwork() : undefined;
  const network = memory ?? loopbackNetwork();
  const random = seededRandom(options.seed);
  const stopping = new AbortController();
  const evict = options.faults.find(({ kind }) => kind === 'backend-evict');
  const store = new SpanStore(evict === undefined ? undefined : Number(evict.argument));
  try {
    const query = await startJaeger(options, network, store, random);
    const taker = await network.listen('collector', collector(takerOf(store, options, random, stopping.signal)));
    const mesh: Mesh = {
      options,
      network,
      random,
      pods: podsOf(options.application).map((at) => ({ ...at, pod: at.name, at, active: 0, entrance: '' })),
      received: [],
      takeSpans: (request, signal) => network.call(taker.origin, request, signal),
      collector: taker.origin,
      micros: strictMicros(options),
      signal: stopping.signal,
    };
    for (const pod of mesh.pods) await startPod(mesh, pod);
    const gateway = await startGateway(mesh);
    mesh.gateway = gateway;
    foreignTraffic(options, (request, signal) => network.call(gateway, request, signal), stopping.signal);
    let stopped: Promise<void> | undefined;
    const stop = () => {
      stopping.abort(new Error('the lab was stopped'));
      stopped ??= network.close();
      return stopped;
    };
    return {
      options,
      ingressUrl: gateway,
      jaegerUrl: `${query}${options.basePath}`,
      ...(memory !== undefined && { http: memory.http }),
      received: mesh.received,
      stop,
      [Symbol.asyncDispose]: stop,
    };
  } catch (error) {
    await network.close();
    throw error;
  }
}

/** From being written to being seen, ms: indexing (SLS), the refresh interval (Elasticsearch). */
const LAG_MS: Partial<Record<LabOptions['jaeger'], number>> = { sls: 3000, elasticsearch: 1000 };

/** What takes the reports of the proxies: the backend, or a collector in front of it. */
function takerOf(store: SpanStore, options: LabOptions, random: Random, signal: AbortSignal): Pick<SpanStore, 'add'> {
  const backend = laggedStore(store, options, signal);
  const between = collectorOf(options.faults);
  return between === undefined ? backend : throughCollector(backend, between, { clock: options.clock, random }, signal);
}

function laggedStore(store: SpanStore, { jaeger, clock }: LabOptions, signal: AbortSignal): Pick<SpanStore, 'add'> {
  const lagMs = LAG_MS[jaeger];
  if (lagMs === undefined) return store;
  return {
    add: (spans) => {
      // Spans that are on their way when the lab stops are lost, as in a real mesh.
      clock.sleep(lagMs, signal).then(
        () => store.add(spans),
        () => undefined,
      );
    },
  };
}

async function startJaeger(options: LabOptions, network: Network, store: SpanStore, random: Random): Promise<string> {
  const query =
    options.jaeger === 'zipkin'
      ? zipkinApi(store)
      : options.jaeger === 'tempo'
        ? tempoApi({ store, basePath: options.basePath, random, nowMs: () => options.clock.now() })
        : queryApi({ store, version: options.jaeger, basePath: options.basePath, random });
  const api = withAnswerFaults(query, options.faults, random);
  const slow = options.faults.find(({ kind }) => kind === 'backend-slow');
  const handler: Handler =
    slow === undefined
      ? api
      : async (request, signal) => {
          await options.clock.sleep(Number(slow.argument), signal);
          return api(request, signal);
        };
  const endpoint = await network.listen('jaeger', handler, options.port === undefined ? undefined : options.port + 1);
  if (options.faults.some(({ kind }) => kind === 'backend-down')) await endpoint.close();
  return endpoint.origin;
}

/** Parents start before their children: no two readings are equal, however coarse the clock. */
function strictMicros({ clock }: LabOptions): () => number {
  let last = 0;
  return () => {
    last = Math.max(last + 1, Math.floor(clock.now() * 1000));
    return last;
  };
}

async function startPod(mesh: Mesh, pod: RunningPod): Promise<void> {
  const { options, network } = mesh;
  const { service, version, name } = pod.at;
  const hasSidecar = isInMesh(pod.at) && faultsOn(options.faults, ['no-sidecar'], service, version).length === 0;
  const proxy = proxyOptions(mesh, sidecarName(pod.at, options), options.faults, pod.at);
  const outbound = routeOut(mesh, pod.at);
  const listener = hasSidecar
    ? await network.listen(
        `${name}-outbound`,
        proxyListener(proxy, 'outbound', (request, worker) => outbound(serviceOf(request, options), worker)),
      )
    : undefined;
  const app = await hostApp(mesh, pod.at, (callee, request, signal) =>
    listener === undefined
      ? direct(outbound(callee, 0), request, signal)
      : network.call(listener.origin, request, signal),
  );
  if (app !== undefined) pod.app = app;
  pod.entrance = hasSidecar ? await startInbound(mesh, pod, proxy) : (app ?? 'http://nothing.invalid');
}

async function startInbound(mesh: Mesh, pod: RunningPod, proxy: ProxyOptions): Promise<string> {
  const upstream: Upstream = {
    cluster: INBOUND_CLUSTER,
    operation: operationOf(pod.service, false, '/*', mesh.options),
    send: (request, signal) =>
      pod.app === undefined
        ? Promise.reject(new ConnectionError('the application is down'))
        : mesh.network.call(pod.app, request, signal),
  };
  const endpoint = await mesh.network.listen(
    `${pod.pod}-inbound`,
    proxyListener({ ...proxy, gateway: pod.at.workload.edge === true }, 'inbound', () => upstream),
  );
  if (faultsOn(mesh.options.faults, ['sidecar-down'], pod.service, pod.version).length > 0) await endpoint.close();
  return endpoint.origin;
}

async function startGateway(mesh: Mesh): Promise<string> {
  const { options, network } = mesh;
  const { application, clock } = options;
  const proxy = {
    ...proxyOptions(mesh, gatewayName(application, options), options.faults),
    gateway: true,
    spawnUpstream: options.gatewayProfile === 2,
  };
  const outbound = routeOut(mesh);
  const services = new Map(routesOf(application).map(({ path, service }) => [path, service]));
  const routeOf = (path: string) => services.get(path.split('?')[0] ?? '');
  const listener = proxyListener(proxy, 'outbound', ({ path }, worker) => {
    const service = routeOf(path) ?? application.entry;
    return { ...outbound(service, worker), operation: operationOf(service, false, path.split('?')[0], options) };
  });
  const outside = inFront(options.faults, mesh.random) ?? ((headers) => headers);
  const serve: Handler = async (arriving, signal) => {
    const request = { ...arriving, headers: outside(arriving.headers) };
    const now: [string, string] = ['date', new Date(clock.now()).toUTCString()];
    const server: [string, string] = ['server', 'envoy'];
    if (routeOf(request.path) === undefined) return { status: 404, headers: [server, now], body: '' };
    const response = await listener(request, signal);
    return { ...response, headers: [server, now, ...response.headers] };
  };
  const endpoint = await network.listen('gateway', serve, options.port);
  return endpoint.origin;
}

/** One proxy's routes: one balancer per service, made when first used. @param caller none: the gateway. */
function routeOut(mesh: Mesh, caller?: Pod): (service: string, worker: number) => Upstream {
  const { options, pods, network, random } = mesh;
  const balancers = new Map<string, Balancer<RunningPod>>();
  return (service, worker) => {
    if (service === gatewayName(options.application, options).canonicalService) return toGateway(mesh);
    const known = balancers.get(service);
    const balancer =
      known ??
      new Balancer(
        service,
        pods.filter((pod) => pod.service === service),
        options,
        random,
      );
    if (known === undefined) balancers.set(service, balancer);
    const { subset, target: pod } = balancer.pick(worker);
    const struck = (kind: FaultKind) =>
      caller === undefined ? [] : callFaults(options.faults, kind, caller, service).filter(drawn(random));
    return {
      cluster: outboundCluster(service, subset, options),
      operation: operationOf(service, balancer.weighted, '/*', options),
      // A pod without a sidecar has no fault rules.
      injected: () => {
        const abort = struck('abort')[0]?.argument;
        const delayMs = struck('delay').reduce((sum, { argument }) => sum + Number(argument), 0);
        return { delayMs, ...(abort !== undefined && { abort: Number(abort) }) };
      },
      ...(pod !== undefined && {
        send: async (request: WireRequest, signal: AbortSignal) => {
          pod.active += 1;
          try {
            const stripped = struck('strip').length > 0 ? withoutContext(request.headers) : request.headers;
            return await network.call(pod.entrance, { ...request, headers: stripped }, signal);
          } finally {
            pod.active -= 1;
          }
        },
      }),
    };
  };
}

/** A call that leaves the pod for the gateway, by its Service. */
function toGateway({ options, network, gateway }: Mesh): Upstream {
  const { canonicalService, namespace } = gatewayName(options.application, options);
  return {
    cluster: outboundCluster(canonicalService, '', { namespace }),
    operation: operationOf(canonicalService, false, '/*', { namespace }),
    ...(gateway !== undefined && { send: (request, signal) => network.call(gateway, request, signal) }),
  };
}

const drawn =
  (random: Random) =>
  ({ share }: Fault) =>
    share >= 1 || random.next() < share;

function proxyOptions(mesh: Mesh, identity: ProxyName, faults: readonly Fault[], pod?: Pod): ProxyOptions {
  const { options, network, random, signal } = mesh;
  const isOld = options.mesh === 'istio-1.0';
  const silent = faultsOn(faults, ['no-report'], pod?.service ?? GATEWAY, pod?.version).length > 0;
  const write = options.driver === 'zipkin' ? zipkinReport : otlpReport;
  const collect: Handler = (request) => network.call(mesh.collector, request, signal);
  const way = reportWay(faults, pod?.service ?? GATEWAY, pod?.version);
  const report = way === undefined ? collect : spanRelay(way, collect, { clock: options.clock, random }, signal);
  const untraced = pod !== undefined && faultsOn(faults, ['no-tracing'], pod.service, pod.version).length > 0;
  const tracer = options.driver === 'zipkin' ? zipkinTracer : otelTracer;
  const send = async (spans: readonly ReportedSpan[]) => {
    const { path, body } = write(isOld ? { service: identity.canonicalService } : identity, spans);
    if (!silent) await report({ method: 'POST', path, headers: [['host', 'collector']], body }, signal);
  };
  const reporter = { clock: options.clock, random, ...options.flush, send, signal };
  const rate = options.faults.find(({ kind }) => kind === 'sampling')?.argument;
  return {
    identity,
    tracer: untraced ? noTracer : tracer,
    driver: options.driver,
    clock: options.clock,
    random,
    micros: mesh.micros,
    sampling: rate === undefined ? options.sampling : Number(rate),
    shared: options.sharedSpanContext,
    istioTags: options.istioTags && !isOld,
    secondNames: options.tagNames === 'conventions',
    gateway: false,
    spawnUpstream: false,
    workers: Array.from({ length: options.workers }, () => new WorkerReporter(reporter)),
  };
}

function serviceOf(request: WireRequest, { application }: LabOptions): string {
  const host = (header(request.headers, 'host') ?? '').replace(/:\d+$/, '');
  const isExternal = application.workloads.some(({ service, external }) => external === true && service === host);
  return isExternal ? host : (host.split('.')[0] ?? '');
}

/** Without a sidecar: the callee is called as it is found. */
async function direct(upstream: Upstream, request: WireRequest, signal: AbortSignal): Promise<WireResponse> {
  if (upstream.send === undefined) throw new ConnectionError('no endpoint');
  return upstream.send(request, signal);
}
