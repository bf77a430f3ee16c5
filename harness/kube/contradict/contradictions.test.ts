// Over 250 lines: one case per contradiction, over the same few objects.
import { describe, expect, it } from 'vitest';
import type { KubeObject } from '../../../fixtures/kube/object.ts';
import { objectsOf } from '../../../fixtures/kube/objects-of.ts';
import { change, type WalkthroughOptions, walkthrough } from '../../../fixtures/kube/walkthrough.ts';
import { bookinfo } from '../../applications/bookinfo.ts';
import { planCluster } from '../connect/plan-cluster.ts';
import { capturedServices } from './workloads.ts';

function placed(manifests: readonly KubeObject[]) {
  const objects = objectsOf(manifests);
  const own = { ...objects, namespaces: objects.namespaces.filter(({ metadata }) => metadata.name === 'default') };
  const plan = planCluster({ objects: own, app: { found: 'one', value: 'default', why: '' } }, bookinfo.definition, {});
  return plan.placed!;
}
const issuesOf = (manifests: readonly KubeObject[]) => placed(manifests).issues;
const capturedOf = (manifests: readonly KubeObject[]) => capturedServices(placed(manifests).situation);
const having = (options: WalkthroughOptions, ...more: readonly KubeObject[]) =>
  issuesOf([...walkthrough(options), ...more]);
const NETWORKING = 'networking.istio.io/v1';
const custom = (apiVersion: string, kind: string, name: string, spec: object, namespace = 'default'): KubeObject => ({
  apiVersion,
  kind,
  metadata: { namespace, name },
  spec,
});
const telemetry = (namespace: string, tracing: object, selector?: object) =>
  custom(
    'telemetry.istio.io/v1',
    'Telemetry',
    'own',
    { tracing: [tracing], ...(selector && { selector: { matchLabels: selector } }) },
    namespace,
  );
const reviewsRule = (route: readonly object[]) =>
  custom(NETWORKING, 'VirtualService', 'reviews', { hosts: ['reviews'], http: [{ route }] });
const subsets = (...names: readonly string[]) =>
  custom(NETWORKING, 'DestinationRule', 'reviews', {
    host: 'reviews',
    subsets: names.map((version) => ({ name: version, labels: { version } })),
  });
const to = (subset: string, weight?: number) => ({
  destination: { host: 'reviews', subset },
  ...(weight !== undefined && { weight }),
});
const port = (more: object) => (object: KubeObject) => ({
  ...object,
  spec: {
    selector: (object.spec as { selector: object }).selector,
    ports: [{ port: 9080, targetPort: 9080, ...more }],
  },
});

describe('the services whose calls proxies see', () => {
  const all = ['productpage', 'details', 'reviews', 'ratings'];
  const without = (name: string) => all.filter((one) => one !== name);

  it('are all of a plain mesh, and none of an ambient one', () => {
    expect(capturedOf(walkthrough())).toEqual(all);
    expect(capturedOf(walkthrough({ bookinfo: { sidecar: 'native' } }))).toEqual(all);
    const namespaceLabels = { 'istio.io/dataplane-mode': 'ambient' };
    expect(capturedOf(walkthrough({ bookinfo: { sidecar: 'ambient', namespaceLabels } }))).toEqual([]);
  });

  it.each([{ name: 'tcp-web' }, { name: 'web' }, {}])('are not those with a port that is not HTTP: %j', (declared) => {
    expect(capturedOf(change(walkthrough(), 'Service default/details', port(declared)))).toEqual(without('details'));
  });

  it.each(['excludeInboundPorts', 'excludeOutboundPorts', 'includeOutboundIPRanges'])(
    'are not those of which traffic goes past the sidecar: %s',
    (which) => {
      const [pod] = walkthrough().filter(({ kind, metadata }) => kind === 'Pod' && metadata.name.startsWith('ratings'));
      const led = change(walkthrough(), `Pod default/${pod!.metadata.name}`, (object) => ({
        ...object,
        metadata: { ...object.metadata, annotations: { [`traffic.sidecar.istio.io/${which}`]: '9080' } },
      }));
      expect(capturedOf(led)).toEqual(without('ratings'));
    },
  );
});

describe('a plain mesh', () => {
  it.each([
    ['Zipkin', {}],
    ['OpenTelemetry', { mesh: { driver: 'otel' } }],
    ['Gateway API', { routes: 'gateway-api' }],
    ['native sidecars', { bookinfo: { sidecar: 'native' } }],
    ['ambient', { bookinfo: { sidecar: 'ambient', namespaceLabels: { 'istio.io/dataplane-mode': 'ambient' } } }],
    ['tracing-on-sls-query', { tracing: { layout: 'sls' } }],
  ] satisfies [string, WalkthroughOptions][])('with %s contradicts nothing', (_what, options) => {
    expect(having(options)).toEqual([]);
  });
});

describe('tracing', () => {
  it('is HC801 where a provider is named that does not exist', () => {
    expect(
      having({
        mesh: { meshConfig: { extensionProviders: [{ name: 'other', zipkin: { service: 'a.b.svc', port: 1 } }] } },
      }),
    ).toMatchObject([
      {
        code: 'HC801',
        severity: 'error',
        received: 'Telemetry istio-system/mesh-default: provider jaeger, and there is none of that name',
      },
    ]);
    const byDefault = { meshConfig: { defaultProviders: { tracing: ['absent'] } } };
    const silent = change(walkthrough({ mesh: byDefault }), 'Telemetry istio-system/mesh-default', () => undefined);
    expect(issuesOf(silent)).toMatchObject([
      { code: 'HC801', received: expect.stringContaining('defaultProviders.tracing absent') },
    ]);
  });

  it('is HC802 where no object says where spans go, since 1.22 dropped the implicit address', () => {
    const silent = (istioVersion: string) =>
      change(walkthrough({ mesh: { istioVersion } }), 'Telemetry istio-system/mesh-default', () => undefined);
    expect(issuesOf(silent('1.22.0'))).toMatchObject([
      { code: 'HC802', received: expect.stringContaining('no implicit address since Istio 1.22') },
    ]);
    expect(issuesOf(silent('1.21.5'))).toEqual([]);
    const off = { meshConfig: { enableTracing: false } };
    const disabled = change(walkthrough({ mesh: off }), 'Telemetry istio-system/mesh-default', () => undefined);
    expect(issuesOf(disabled)).toMatchObject([
      { code: 'HC802', received: expect.stringContaining('enableTracing false') },
    ]);
  });

  it('is HC803 where reporting is switched off for a namespace, or for one workload', () => {
    const off = { disableSpanReporting: true };
    const everybody = having({}, telemetry('default', off));
    expect(everybody).toMatchObject([
      {
        code: 'HC803',
        subject: { kind: 'mesh' },
        services: ['productpage', 'details', 'reviews', 'ratings'],
        expected: 'spans of productpage, details, reviews, ratings are reported',
        received: 'Telemetry default/own: disableSpanReporting true',
      },
    ]);
    expect(everybody[0]).not.toHaveProperty('modes');
    expect(everybody[0]?.remedy).toBe('remove disableSpanReporting: kubectl -n default edit telemetry own');
    expect(having({}, telemetry('default', off, { app: 'ratings' }))).toMatchObject([
      { code: 'HC803', subject: { service: 'ratings' } },
    ]);
    expect(having({}, telemetry('istio-system', off, { istio: 'ingressgateway' }))).toMatchObject([
      { code: 'HC803', subject: { kind: 'mesh' } },
    ]);
    expect(having({}, telemetry('elsewhere', off))).toEqual([]);
  });

  it('is HC803 for one direction where the resource matches only that', () => {
    const received = { match: { mode: 'SERVER' }, disableSpanReporting: true };
    expect(having({}, telemetry('default', received))).toMatchObject([
      {
        code: 'HC803',
        modes: ['SERVER'],
        received: 'Telemetry default/own: disableSpanReporting true, for requests that they receive only',
      },
    ]);
  });

  it('is HC812 where proxies are configured not to pass the context on', () => {
    const off = { disableContextPropagation: true };
    expect(having({}, telemetry('istio-system', off))).toMatchObject([
      {
        code: 'HC812',
        severity: 'error',
        subject: { kind: 'mesh' },
        services: ['istio-ingressgateway', 'productpage', 'details', 'reviews', 'ratings'],
        received: 'Telemetry istio-system/own: disableContextPropagation true',
        remedy: 'remove disableContextPropagation: kubectl -n istio-system edit telemetry own',
      },
    ]);
    expect(having({}, telemetry('default', off, { app: 'reviews' }))).toMatchObject([
      { code: 'HC812', subject: { kind: 'service', service: 'reviews' }, services: ['reviews'] },
    ]);
    expect(having({}, telemetry('default', { disableContextPropagation: false }))).toEqual([]);
  });

  it('is HC802 with an image that names no version, where the API is one of Istio 1.22 or newer', () => {
    const objects = objectsOf(
      change(
        walkthrough({ mesh: { istioVersion: 'latest' }, bookinfo: { istioVersion: 'latest' } }),
        'Telemetry istio-system/mesh-default',
        () => undefined,
      ),
    );
    const own = { ...objects, namespaces: objects.namespaces.filter(({ metadata }) => metadata.name === 'default') };
    const codesWith = (telemetryVersion: string | undefined) => {
      const version = telemetryVersion === undefined ? {} : { telemetryVersion };
      const read = { objects: own, app: { found: 'one', value: 'default', why: '' }, ...version } as const;
      return planCluster(read, bookinfo.definition, {}).placed!.issues.map(({ code }) => code);
    };
    expect(codesWith('v1')).toEqual(['HC802']);
    expect(codesWith('v1alpha1')).toEqual([]);
    expect(codesWith(undefined)).toEqual([]);
  });

  it('is HC811 where gateway and application speak different formats', () => {
    const otel = {
      name: 'otel',
      opentelemetry: { service: 'jaeger-collector.istio-system.svc.cluster.local', port: 4317 },
    };
    const zipkin = (more: object = {}) => ({
      name: 'jaeger',
      zipkin: { service: 'zipkin.istio-system.svc.cluster.local', port: 9411, ...more },
    });
    const mixed = (more?: object) =>
      having(
        { mesh: { meshConfig: { extensionProviders: [zipkin(more), otel] } } },
        telemetry('default', { providers: [{ name: 'otel' }] }),
      );
    expect(new Set(mixed().map(({ code }) => code))).toEqual(new Set(['HC811']));
    expect(mixed()[0]).toMatchObject({
      expected: 'b3, which the gateway writes (Telemetry istio-system/mesh-default: provider jaeger)',
      received: 'w3c (Telemetry default/own: provider otel)',
    });
    expect(mixed({ traceContextOption: 'USE_B3_WITH_W3C_PROPAGATION' })).toEqual([]);
  });
});

describe('the collector', () => {
  it('is HC804 where the Service or its port does not exist', () => {
    const provider = (service: string, number: number) =>
      having({ mesh: { meshConfig: { extensionProviders: [{ name: 'jaeger', zipkin: { service, port: number } }] } } });
    expect(provider('collector.istio-system.svc.cluster.local', 9411)).toMatchObject([
      { code: 'HC804', expected: expect.stringContaining('Service istio-system/collector'), received: 'there is none' },
    ]);
    expect(provider('zipkin.istio-system.svc.cluster.local', 9999)).toMatchObject([
      { code: 'HC804', received: 'only 9411' },
    ]);
    // Outside the cluster, or in a namespace of which nothing is known.
    expect(provider('collector.example', 9411)).toEqual([]);
    expect(provider('zipkin.observability.svc.cluster.local', 9411)).toEqual([]);
  });

  it.each([
    [{ name: 'otlp' }, 1],
    [{}, 1],
    [{ name: 'http-otel' }, 1],
    [{ name: 'grpc-otel' }, 0],
    [{ name: 'grpc' }, 0],
    [{ name: 'otlp', appProtocol: 'grpc' }, 0],
  ])('is HC804 or not by the declaration of its OTLP port: %j', (declared, issues) => {
    const objects = change(
      walkthrough({ mesh: { driver: 'otel' } }),
      'Service istio-system/jaeger-collector',
      (object) => ({
        ...object,
        spec: { selector: { app: 'jaeger' }, ports: [{ port: 4317, targetPort: 4317, ...declared }] },
      }),
    );
    expect(issuesOf(objects).map(({ code }) => code)).toEqual(Array(issues).fill('HC804'));
  });
});

describe('routes', () => {
  it('are HC805 where weights do not add up to 100', () => {
    expect(having({}, subsets('v1', 'v2', 'v3'), reviewsRule([to('v1', 80), to('v2', 10)]))).toMatchObject([
      { code: 'HC805', severity: 'warning', received: 'VirtualService default/reviews: 80 + 10 = 90' },
    ]);
    expect(having({}, subsets('v1', 'v2', 'v3'), reviewsRule([to('v1', 80), to('v2', 20)]))).toEqual([]);
  });

  it('are HC806 where a subset has no definition or no ready pod', () => {
    expect(having({}, reviewsRule([to('v2')]))).toMatchObject([
      {
        code: 'HC806',
        severity: 'error',
        subject: { versions: ['v2'] },
        received: 'the subset is not defined: no DestinationRule for it',
      },
    ]);
    expect(having({}, subsets('v1'), reviewsRule([to('v2')]))).toMatchObject([
      { code: 'HC806', received: 'the subset is not defined: not in DestinationRule default/reviews' },
    ]);
    const down = { bookinfo: { ready: { 'reviews-v2': 0 } } };
    expect(having(down, subsets('v1', 'v2', 'v3'), reviewsRule([to('v2')])).map(({ code }) => code)).toEqual([
      'HC806',
      'HC809',
    ]);
    // Weight 0 leads nowhere.
    expect(having({}, subsets('v1', 'v2', 'v3'), reviewsRule([to('v9', 0), to('v1', 100)]))).toEqual([]);
  });

  it('are HC806 as information where no route leads to a subset without pods', () => {
    expect(having({}, subsets('v1', 'v9'))).toMatchObject([
      { code: 'HC806', severity: 'info', subject: { versions: ['v9'] } },
    ]);
  });

  it('are HC810 where a probe may meet a fault', () => {
    const rule = custom(NETWORKING, 'VirtualService', 'ratings', {
      hosts: ['ratings'],
      http: [
        {
          fault: { abort: { httpStatus: 500, percentage: { value: 50 } } },
          route: [{ destination: { host: 'ratings' } }],
        },
      ],
    });
    expect(having({}, rule)).toMatchObject([
      {
        code: 'HC810',
        severity: 'warning',
        received: 'VirtualService default/ratings: abort 500 for 50 %',
        remedy: expect.stringContaining('kubectl -n default edit virtualservice ratings'),
      },
    ]);
  });
});

describe('workloads', () => {
  it.each([
    [{ name: 'http' }, []],
    [{ name: 'http-web' }, []],
    [{ name: 'web', appProtocol: 'http' }, []],
    [{ name: 'grpc' }, []],
    [{ name: 'web' }, ['warning']],
    [{}, ['warning']],
    [{ name: 'tcp-web' }, ['error']],
    [{ name: 'http', appProtocol: 'tcp' }, ['error']],
  ])('are HC807 or not by the declaration of a port: %j', (declared, severities) => {
    const issues = issuesOf(change(walkthrough(), 'Service default/details', port(declared)));
    expect(issues.map(({ code, severity }) => `${code} ${severity}`)).toEqual(
      severities.map((severity) => `HC807 ${severity}`),
    );
  });

  it('are HC808 where a pod has no sidecar', () => {
    expect(having({ bookinfo: { sidecars: { 'reviews-v2': 'none' } } })).toMatchObject([
      {
        code: 'HC808',
        subject: { service: 'reviews', versions: ['v2'] },
        received: expect.stringMatching(/^1 of 3 pods have none: reviews-v2-/),
      },
    ]);
  });

  it('are HC809 where a Deployment is not ready, unless it is scaled to zero', () => {
    expect(having({ bookinfo: { ready: { 'reviews-v3': 0 } } })).toMatchObject([
      { code: 'HC809', severity: 'error', subject: { service: 'reviews', versions: ['v3'] }, received: '0' },
    ]);
    expect(having({ bookinfo: { replicas: { 'details-v1': 2 }, ready: { 'details-v1': 1 } } })).toMatchObject([
      { code: 'HC809', severity: 'warning', expected: '2 ready pods of Deployment default/details-v1', received: '1' },
    ]);
    const none = change(walkthrough(), 'Deployment default/reviews-v3', () => undefined);
    expect(issuesOf(none)).toEqual([]);
  });

  it('are HC205 where a version of the application is scaled to zero', () => {
    const idle = (name: string) =>
      having({ bookinfo: { replicas: { [name]: 0 } } }).map(({ code, severity, subject }) => [code, severity, subject]);
    expect(idle('reviews-v3')).toEqual([
      ['HC205', 'warning', { kind: 'service', service: 'reviews', versions: ['v3'] }],
    ]);
  });
});
