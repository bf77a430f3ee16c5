// Over 250 lines: the cases of expectations beside each other, over the same few objects.
import { describe, expect, it } from 'vitest';
import type { KubeObject } from '../../../fixtures/kube/object.ts';
import { objectsOf } from '../../../fixtures/kube/objects-of.ts';
import { change, type WalkthroughOptions, walkthrough } from '../../../fixtures/kube/walkthrough.ts';
import { bookinfo } from '../../applications/bookinfo.ts';
import { planCluster } from '../connect/plan-cluster.ts';

const { definition } = bookinfo;

function expected(manifests: readonly KubeObject[]) {
  const objects = objectsOf(manifests);
  const own = { ...objects, namespaces: objects.namespaces.filter(({ metadata }) => metadata.name === 'default') };
  const plan = planCluster({ objects: own, app: { found: 'one', value: 'default', why: '' } }, definition, {});
  return plan.placed!.expectations;
}
const NETWORKING = 'networking.istio.io/v1';
const custom = (apiVersion: string, kind: string, name: string, spec: object, namespace = 'default'): KubeObject => ({
  apiVersion,
  kind,
  metadata: { namespace, name },
  spec,
});
const reviewsRule = (http: readonly object[], more: object = {}) =>
  custom(NETWORKING, 'VirtualService', 'reviews', { hosts: ['reviews'], http, ...more });
const subsets = (more: object = {}) =>
  custom(NETWORKING, 'DestinationRule', 'reviews', {
    host: 'reviews',
    subsets: ['v1', 'v2', 'v3'].map((version) => ({ name: version, labels: { version } })),
    ...more,
  });
const to = (subset: string, weight?: number) => ({
  destination: { host: 'reviews', subset },
  ...(weight !== undefined && { weight }),
});
const sharesWith = (...more: readonly KubeObject[]) => expected([...walkthrough(), ...more]).shares;

describe('shares', () => {
  it('are those of the ready pods where no rule changes them', () => {
    expect(sharesWith()).toEqual({
      value: { v1: 1, v2: 1, v3: 1 },
      from: 'ready pods of Service default/reviews: v1 1, v2 1, v3 1',
    });
    const more = walkthrough({ bookinfo: { replicas: { 'reviews-v1': 2 }, ready: { 'reviews-v3': 0 } } });
    expect(expected(more).shares?.value).toEqual({ v1: 2, v2: 1 });
  });

  it('are the weights of a VirtualService, by subset', () => {
    expect(sharesWith(subsets(), reviewsRule([{ route: [to('v1', 80), to('v2', 20)] }]))).toEqual({
      value: { v1: 80, v2: 20 },
      from: 'VirtualService default/reviews: weights v1 80, v2 20',
    });
    expect(sharesWith(subsets(), reviewsRule([{ route: [to('v3')] }]))?.value).toEqual({ v3: 100 });
    expect(sharesWith(subsets(), reviewsRule([{ route: [to('v1', 0), to('v2', 100)] }]))?.value).toEqual({ v2: 100 });
    const mixed = [{ destination: { host: 'reviews' }, weight: 30 }, to('v3', 70)];
    expect(sharesWith(subsets(), reviewsRule([{ route: mixed }]))?.value).toEqual({ v1: 10, v2: 10, v3: 80 });
  });

  it('keep the weight of a version that is down, because it is meant to be served', () => {
    const down = walkthrough({ bookinfo: { ready: { 'reviews-v2': 0 } } });
    expect(
      expected([...down, subsets(), reviewsRule([{ route: [to('v1', 80), to('v2', 20)] }])]).shares?.value,
    ).toEqual({
      v1: 80,
      v2: 20,
    });
  });

  it('ignore a route for a header that no probe sends', () => {
    const forJason = { match: [{ headers: { 'end-user': { exact: 'jason' } } }], route: [to('v2')] };
    expect(sharesWith(subsets(), reviewsRule([forJason, { route: [to('v3')] }]))?.value).toEqual({ v3: 100 });
    const unless = { match: [{ withoutHeaders: { 'end-user': { exact: 'jason' } } }], route: [to('v2')] };
    expect(sharesWith(subsets(), reviewsRule([unless, { route: [to('v3')] }]))?.value).toEqual({ v2: 100 });
  });

  it('depend on the caller', () => {
    const from = (app: string) => ({ match: [{ sourceLabels: { app } }], route: [to('v2')] });
    expect(sharesWith(subsets(), reviewsRule([from('productpage'), { route: [to('v3')] }]))?.value).toEqual({
      v2: 100,
    });
    expect(sharesWith(subsets(), reviewsRule([from('ratings'), { route: [to('v3')] }]))?.value).toEqual({ v3: 100 });
  });

  it.each([
    ['a path that is not known here', [{ match: [{ uri: { prefix: '/reviews' } }], route: [to('v2')] }]],
    [
      'a header of unknown value',
      [{ match: [{ headers: { 'user-agent': { regex: '.*Chrome.*' } } }], route: [to('v2')] }],
    ],
    ['a delegate', [{ delegate: { name: 'elsewhere' } }]],
  ])('are unknown where the rule asks for %s', (_what, http) =>
    expect(sharesWith(subsets(), reviewsRule(http))).toBeUndefined(),
  );

  it('are unknown where two rules are for the same host', () => {
    const second = { ...reviewsRule([{ route: [to('v1')] }]), metadata: { namespace: 'default', name: 'second' } };
    expect(sharesWith(subsets(), reviewsRule([{ route: [to('v3')] }]), second)).toBeUndefined();
  });

  it('ignore a rule for a gateway, another host, or another namespace only', () => {
    const thirds = { v1: 1, v2: 1, v3: 1 };
    const http = [{ route: [to('v3')] }];
    expect(sharesWith(subsets(), reviewsRule(http, { gateways: ['bookinfo-gateway'] }))?.value).toEqual(thirds);
    expect(sharesWith(subsets(), reviewsRule(http, { hosts: ['ratings'] }))?.value).toEqual(thirds);
    const elsewhere = custom(NETWORKING, 'VirtualService', 'x', { hosts: ['reviews'], http }, 'staging');
    expect(sharesWith(subsets(), elsewhere)?.value).toEqual(thirds);
    const full = 'reviews.default.svc.cluster.local';
    const byFullName = { hosts: [full], http: [{ route: [{ destination: { host: full, subset: 'v3' } }] }] };
    expect(sharesWith(subsets(), custom(NETWORKING, 'VirtualService', 'x', byFullName, 'staging'))?.value).toEqual({
      v3: 100,
    });
    const kept = { ...byFullName, exportTo: ['.'] };
    expect(sharesWith(subsets(), custom(NETWORKING, 'VirtualService', 'x', kept, 'staging'))?.value).toEqual(thirds);
  });

  it('are the weights of an HTTPRoute to the Services of single versions', () => {
    const versionService = (version: string): KubeObject => ({
      apiVersion: 'v1',
      kind: 'Service',
      metadata: { namespace: 'default', name: `reviews-${version}` },
      spec: { selector: { app: 'reviews', version }, ports: [{ name: 'http', port: 9080 }] },
    });
    const route = (rules: readonly object[]) =>
      custom('gateway.networking.k8s.io/v1', 'HTTPRoute', 'reviews', {
        parentRefs: [{ group: '', kind: 'Service', name: 'reviews', port: 9080 }],
        rules,
      });
    const backendRefs = [
      { name: 'reviews-v1', port: 9080, weight: 90 },
      { name: 'reviews-v3', port: 9080, weight: 10 },
    ];
    const services = ['v1', 'v3'].map(versionService);
    expect(sharesWith(...services, route([{ backendRefs }]))).toEqual({
      value: { v1: 90, v3: 10 },
      from: 'HTTPRoute default/reviews: weights v1 90, v3 10',
    });
    const conditional = [{ matches: [{ headers: [{ name: 'end-user', value: 'jason' }] }], backendRefs }];
    expect(sharesWith(...services, route(conditional))).toBeUndefined();
  });
});

const meshOf = (mesh: WalkthroughOptions['mesh'], ...more: readonly KubeObject[]) =>
  expected([...walkthrough({ mesh: mesh ?? {} }), ...more]);
const legacy = (tracing: object): WalkthroughOptions['mesh'] => ({
  meshConfig: { defaultConfig: { tracing }, extensionProviders: [] },
});
const noTelemetry = (manifests: readonly KubeObject[]) =>
  change(manifests, 'Telemetry istio-system/mesh-default', () => undefined);
const telemetry = (name: string, namespace: string, tracing: readonly object[], selector?: object) =>
  custom(
    'telemetry.istio.io/v1',
    'Telemetry',
    name,
    { ...(selector && { selector: { matchLabels: selector } }), tracing },
    namespace,
  );

describe('sampling', () => {
  it('follows Telemetry, the narrowest that selects the gateway', () => {
    expect(meshOf({ sampling: 100 }).samplingPercent).toEqual({
      value: 100,
      from: 'Telemetry istio-system/mesh-default: randomSamplingPercentage 100',
    });
    const gateway = telemetry('gw', 'istio-system', [{ randomSamplingPercentage: 7 }], { istio: 'ingressgateway' });
    expect(meshOf({ sampling: 100 }, gateway).samplingPercent?.value).toBe(7);
    const inner = telemetry('app', 'default', [{ randomSamplingPercentage: 3 }]);
    expect(meshOf({ sampling: 100 }, inner).samplingPercent?.value).toBe(100);
    const server = telemetry('s', 'istio-system', [{ match: { mode: 'SERVER' }, randomSamplingPercentage: 3 }], {
      istio: 'ingressgateway',
    });
    expect(meshOf({ sampling: 100 }, server).samplingPercent?.value).toBe(100);
  });

  it("follows the gateway pod's annotation, then defaultConfig, then istiod's environment, then 1 %", () => {
    const plain = { sampling: undefined };
    expect(meshOf(plain).samplingPercent).toEqual({ value: 1, from: "Istio's default of 1 %" });
    const inConfig = { ...plain, meshConfig: { defaultConfig: { tracing: { sampling: 25 } } } };
    expect(meshOf(inConfig).samplingPercent).toEqual({
      value: 25,
      from: 'ConfigMap istio-system/istio: defaultConfig.tracing.sampling 25',
    });
    const zero = { ...plain, meshConfig: { defaultConfig: { tracing: { sampling: 0 } } } };
    expect(meshOf(zero).samplingPercent?.value).toBe(1);
    const annotated = change(
      walkthrough({ mesh: inConfig }),
      'Pod istio-system/istio-ingressgateway-5c6d7f8b9-lab00',
      (pod) => ({
        ...pod,
        metadata: { ...pod.metadata, annotations: { 'proxy.istio.io/config': 'tracing:\n  sampling: 50\n' } },
      }),
    );
    expect(expected(annotated).samplingPercent?.value).toBe(50);
    const istiod = walkthrough({ mesh: plain }).find(
      ({ kind, metadata }) => kind === 'Pod' && metadata.name.startsWith('istiod'),
    )!;
    const env = change(walkthrough({ mesh: plain }), `Pod istio-system/${istiod.metadata.name}`, (pod) => ({
      ...pod,
      spec: {
        containers: [
          { name: 'discovery', image: 'pilot:1.31.1', env: [{ name: 'PILOT_TRACE_SAMPLING', value: '10' }] },
        ],
      },
    }));
    expect(expected(env).samplingPercent).toEqual({ value: 10, from: 'PILOT_TRACE_SAMPLING 10 of istiod' });
  });

  it('is unknown where istiod is not seen and no other object sets it', () => {
    const managed = change(
      walkthrough({ mesh: { sampling: undefined } }),
      'Deployment istio-system/istiod',
      () => undefined,
    );
    expect(expected(managed).samplingPercent).toBeUndefined();
  });
});

describe('format and gateway profile', () => {
  it('are those of the provider', () => {
    expect(meshOf({ driver: 'zipkin' }).format).toEqual({
      value: 'b3',
      from: 'Telemetry istio-system/mesh-default: provider jaeger',
    });
    expect(meshOf({ driver: 'otel' }).format?.value).toBe('w3c');
    expect(meshOf({}).gatewayProfile).toEqual({ value: 2, from: 'Istio 1.31.1 with provider jaeger' });
    const dual = {
      zipkin: {
        service: 'zipkin.istio-system.svc.cluster.local',
        port: 9411,
        traceContextOption: 'USE_B3_WITH_W3C_PROPAGATION',
      },
    };
    expect(meshOf({ meshConfig: { extensionProviders: [{ name: 'jaeger', ...dual }] } }).format?.value).toBe('b3');
    const skywalking = { skywalking: { service: 'x.y.svc.cluster.local', port: 11800 } };
    expect(meshOf({ meshConfig: { extensionProviders: [{ name: 'jaeger', ...skywalking }] } }).format).toBeUndefined();
  });

  it.each([
    ['1.31.0', 2],
    ['1.28.3', 2],
    ['1.27.1', 1],
    ['1.20.0', 1],
  ])('are for Istio %s with a provider %d gateway spans', (istioVersion, profile) => {
    expect(meshOf({ istioVersion }).gatewayProfile?.value).toBe(profile);
  });

  it('are B3 and one span where tracing is configured the old way', () => {
    const old = expected(
      noTelemetry(walkthrough({ mesh: legacy({ zipkin: { address: 'zipkin.istio-system:9411' } }) ?? {} })),
    );
    expect({ format: old.format?.value, gatewayProfile: old.gatewayProfile?.value }).toEqual({
      format: 'b3',
      gatewayProfile: 1,
    });
    expect(old.format?.from).toContain('defaultConfig.tracing.zipkin.address');
    const implicit = expected(noTelemetry(walkthrough({ mesh: { istioVersion: '1.21.0' } })));
    expect({ format: implicit.format?.value, gatewayProfile: implicit.gatewayProfile?.value }).toEqual({
      format: 'b3',
      gatewayProfile: 1,
    });
    const dropped = expected(noTelemetry(walkthrough()));
    expect({ format: dropped.format, gatewayProfile: dropped.gatewayProfile }).toEqual({
      format: undefined,
      gatewayProfile: undefined,
    });
  });

  it('come from the revision that the namespace is labelled with', () => {
    const revision: KubeObject = {
      apiVersion: 'v1',
      kind: 'ConfigMap',
      metadata: { namespace: 'istio-system', name: 'istio-canary' },
      data: {
        mesh: 'extensionProviders:\n- name: jaeger\n  opentelemetry: {service: a.b.svc.cluster.local, port: 4317}\n',
      },
    };
    const labelled = walkthrough({ bookinfo: { namespaceLabels: { 'istio.io/rev': 'canary' } } });
    expect(expected([...labelled, revision]).format?.value).toBe('w3c');
  });
});

describe('load balancing', () => {
  it('has no order unless round robin is configured', () => {
    expect(meshOf({}).loadBalancing).toEqual({ value: 'least-request', from: "Istio 1.31.1's default" });
    expect(meshOf({ istioVersion: '1.13.9' }).loadBalancing?.value).toBe('round-robin');
    const roundRobin = subsets({ trafficPolicy: { loadBalancer: { simple: 'ROUND_ROBIN' } } });
    expect(meshOf({}, roundRobin).loadBalancing).toEqual({
      value: 'round-robin',
      from: 'DestinationRule default/reviews: round-robin',
    });
    const wildcard = custom(
      NETWORKING,
      'DestinationRule',
      'all',
      { host: '*.local', trafficPolicy: { loadBalancer: { simple: 'RANDOM' } } },
      'istio-system',
    );
    expect(meshOf({}, wildcard).loadBalancing?.value).toBe('random');
    expect(meshOf({}, wildcard, roundRobin).loadBalancing?.value).toBe('round-robin');
  });

  it('is unknown where the subsets differ', () => {
    const differing = custom(NETWORKING, 'DestinationRule', 'reviews', {
      host: 'reviews',
      subsets: [
        { name: 'v1', labels: { version: 'v1' }, trafficPolicy: { loadBalancer: { simple: 'RANDOM' } } },
        { name: 'v2', labels: { version: 'v2' }, trafficPolicy: { loadBalancer: { simple: 'ROUND_ROBIN' } } },
      ],
    });
    expect(meshOf({}, differing).loadBalancing).toBeUndefined();
  });
});

describe('excuses', () => {
  const fault = { delay: { percentage: { value: 100 }, fixedDelay: '7s' } };
  const ratings = (http: readonly object[]) =>
    custom(NETWORKING, 'VirtualService', 'ratings', { hosts: ['ratings'], http });
  const route = [{ destination: { host: 'ratings' } }];

  it('do not exist on a plain mesh', () => expect(meshOf({}).excuses).toEqual([]));

  it('are faults that a probe may meet', () => {
    expect(meshOf({}, ratings([{ fault, route }])).excuses).toEqual([
      { kind: 'errors', service: 'ratings', from: 'VirtualService default/ratings: delay 7s for 100 %', delays: true },
    ]);
    const forJason = { match: [{ headers: { 'end-user': { exact: 'jason' } } }], fault, route };
    expect(meshOf({}, ratings([forJason, { route }])).excuses).toEqual([]);
  });

  it('are faults on the way in, on the route that takes the probes', () => {
    const abort = { percentage: { value: 10 }, httpStatus: 555 };
    const withFault = (path: string) =>
      change(walkthrough(), 'VirtualService default/bookinfo', (object) => {
        const { http, ...spec } = object.spec as { http: readonly object[] };
        const to = [{ destination: { host: 'productpage' } }];
        const first = { match: [{ uri: { exact: path } }], fault: { abort }, route: to };
        return { ...object, spec: { ...spec, http: [first, ...http] } };
      });
    expect(expected(withFault('/productpage')).excuses).toEqual([
      {
        kind: 'errors',
        service: 'productpage',
        from: 'VirtualService default/bookinfo: abort 555 for 10 %',
        aborts: 555,
      },
    ]);
    expect(expected(withFault('/login')).excuses).toEqual([]);
  });

  it('do not exist for shares that a rule weighs, because nothing moves them within a version', () => {
    const rule = subsets({ trafficPolicy: { outlierDetection: { consecutive5xxErrors: 5 } } });
    const weighed = reviewsRule([{ route: [to('v1', 80), to('v2', 20)] }]);
    expect(meshOf({}, rule, weighed).excuses).toEqual([]);
    const mixed = reviewsRule([{ route: [{ destination: { host: 'reviews' }, weight: 80 }, to('v2', 20)] }]);
    expect(meshOf({}, rule, mixed).excuses).toHaveLength(1);
  });

  it('are settings that send more requests to some pods than to others', () => {
    const of = (trafficPolicy: object) => meshOf({}, subsets({ trafficPolicy })).excuses.map(({ from }) => from);
    expect(of({ outlierDetection: { consecutive5xxErrors: 5 } })).toEqual([
      'DestinationRule default/reviews: outlierDetection',
    ]);
    expect(of({ loadBalancer: { consistentHash: { httpHeaderName: 'x' } } })).toEqual([
      'DestinationRule default/reviews: consistentHash',
    ]);
    expect(of({ loadBalancer: { localityLbSetting: { enabled: true } } })).toEqual([
      'DestinationRule default/reviews: localityLbSetting',
    ]);
    expect(of({ loadBalancer: { simple: 'ROUND_ROBIN' } })).toEqual([]);
    const nearer = change(walkthrough(), 'Service default/reviews', (object) => ({
      ...object,
      spec: { ...(object.spec as object), trafficDistribution: 'PreferClose' },
    }));
    expect(expected(nearer).excuses).toEqual([
      { kind: 'skew', service: 'reviews', from: 'Service default/reviews: traffic distribution PreferClose' },
    ]);
  });
});

describe('the gateway', () => {
  const named = (manifests: readonly KubeObject[]) => expected(manifests).gateway;

  it("is the target of the routes: Istio's own by its label", () => {
    expect(named(walkthrough())).toEqual({
      value: {
        names: ['istio-ingressgateway'],
        pods: ['istio-system/istio-ingressgateway-5c6d7f8b9-lab00'],
      },
      from: 'VirtualService default/bookinfo on Gateway default/bookinfo-gateway',
    });
  });

  it('is the proxy of a Gateway of the Gateway API, by the name of its workload', () => {
    expect(named(walkthrough({ routes: 'gateway-api' }))).toMatchObject({
      value: { names: ['bookinfo-gateway-istio'], pods: [expect.stringMatching(/^default\/bookinfo-gateway-istio-/)] },
      from: 'HTTPRoute default/bookinfo on Gateway default/bookinfo-gateway',
    });
  });

  it("is named by Istio's own label before the usual ones", () => {
    expect(
      named(
        change(walkthrough(), 'Pod istio-system/istio-ingressgateway-5c6d7f8b9-lab00', (pod) => ({
          ...pod,
          metadata: {
            ...pod.metadata,
            labels: {
              ...pod.metadata.labels,
              'service.istio.io/canonical-name': 'edge',
              'app.kubernetes.io/name': 'chart',
            },
          },
        })),
      )?.value.names,
    ).toEqual(['edge']);
  });

  it('is unknown where it has no pod', () => {
    const gone = walkthrough().filter(({ kind, metadata }) => kind !== 'Pod' || metadata.namespace !== 'istio-system');
    expect(named(gone)).toBeUndefined();
  });
});
