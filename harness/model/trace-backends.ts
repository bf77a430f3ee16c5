import type { BackendPages } from './backend-pages.ts';
import type { BackendApi } from './capture.ts';

/** How a product is found among the Services of a cluster. */
export interface BackendDiscovery {
  /** Names of Services, likeliest first. */
  readonly names: readonly string[];
  /** Value of the labels `app` and `app.kubernetes.io/name`. */
  readonly label: string;
  /** Port of its query API. */
  readonly port: number;
  /** Names of that port, where its number is another. */
  readonly portNames: RegExp;
  /**
   * Other products have a Service of this name for what they receive: the value that `app` and `app.kubernetes.io/name`
   * must have in its selector, where they are in it.
   */
  readonly selects?: string;
  /** The part of the product that answers, where the label `app.kubernetes.io/component` names one; absent: any. */
  readonly component?: RegExp;
}

/** What is known about one query API without asking it; harness/backend/backends.ts has the part that asks. */
export interface BackendFacts {
  readonly product: string;
  /** The API, as the doctor names it. */
  readonly title: string;
  /** The path by which it is recognised, as messages name it. */
  readonly asked: string;
  /** Where its UI usually lives. */
  readonly usualBasePath?: string;
  /** Pages of its UI at the end of a URL that a person pasted. */
  readonly uiPages: RegExp;
  /** Where its UI is below the base path of its API; absent: at the base path. */
  readonly uiBasePath?: string;
  /** Its pages below its UI, with `{trace}` and `{span}`; absent: it has none. */
  readonly tracePage?: string;
  readonly spanPage?: string;
  readonly discovery: BackendDiscovery;
}

const JAEGER = {
  product: 'Jaeger',
  // Istio's addon lives under /jaeger (Istio, samples/addons/jaeger.yaml).
  usualBasePath: '/jaeger',
  // Below /api/traces/v1 a gateway of OpenShift has Tempo (docs/facts/jaeger.md#tempo).
  uiPages: /\/(search|trace\/[^/]*|api(?!\/traces\/v1\/)(\/.*)?)\/?$/,
  tracePage: '/trace/{trace}',
  spanPage: '/trace/{trace}?uiFind={span}',
  discovery: {
    // Istio's addon and the walk-through's first, then what Jaeger's charts and operator make.
    names: ['tracing', 'tracing-on-sls-query', 'jaeger-query', 'jaeger'],
    label: 'jaeger',
    // docs/facts/istio.md#the-jaeger-addon
    port: 16686,
    portNames: /^(http-query|query-http|query|http-ui|ui|http|https|http-jaeger|web)$/,
  },
} as const satisfies Partial<BackendFacts>;

const ZIPKIN = {
  product: 'Zipkin',
  // The API is served twice: at the root, and below the path of the UI (docs/facts/zipkin.md#api).
  usualBasePath: '/zipkin',
  uiBasePath: '/zipkin',
  uiPages: /\/(zipkin(\/(traces\/[^/]*|dependency))?|api\/v2(\/.*)?)\/?$/,
  tracePage: '/traces/{trace}',
  discovery: {
    names: ['zipkin'],
    label: 'zipkin',
    // Istio's Jaeger addon has a Service `zipkin` for Jaeger's own receiver (docs/facts/istio.md#the-jaeger-addon).
    selects: 'zipkin',
    port: 9411,
    portNames: /^(http-query|http-zipkin|zipkin|query|http)$/,
  },
} as const satisfies Partial<BackendFacts>;

const TEMPO = {
  product: 'Tempo',
  // It has no UI: people look at its traces in Grafana.
  uiPages: /(?<=\/tempo)\/api(\/.*)?\/?$/,
  discovery: {
    // Grafana's charts: one process, and the query frontend of several.
    names: ['tempo', 'tempo-query-frontend'],
    label: 'tempo',
    component: /^query-frontend$/,
    port: 3200,
    portNames: /^(http|http-metrics|tempo-prom-metrics)$/,
  },
} as const satisfies Partial<BackendFacts>;

export const BACKEND_FACTS: Readonly<Record<BackendApi, BackendFacts>> = {
  'jaeger-legacy': { ...JAEGER, title: 'the legacy API (/api/traces)', asked: '/api/traces' },
  'jaeger-v3': { ...JAEGER, title: 'the v3 API (/api/v3)', asked: '/api/v3/services' },
  zipkin: { ...ZIPKIN, title: 'its API (/api/v2)', asked: '/api/v2/services' },
  tempo: { ...TEMPO, title: 'its API (/api/v2/traces)', asked: '/api/search' },
};

/** The products whose APIs hopcheck reads, each once. */
export const BACKEND_PRODUCTS: readonly string[] = [
  ...new Set(Object.values(BACKEND_FACTS).map(({ product }) => product)),
];

/** How the products are found in a cluster, each once. */
export const BACKEND_DISCOVERIES: readonly BackendDiscovery[] = [
  ...new Set(Object.values(BACKEND_FACTS).map(({ discovery }) => discovery)),
];

/**
 * The pages of a backend. A capture of saved traces has no API; they link into the UI that a person named, which is that
 * of the API whose dumps are read first.
 * @param base URL with its base path; empty: not known, and then there are no pages.
 */
export function backendPages(api: BackendApi | undefined, base: string): BackendPages | undefined {
  const facts: BackendFacts =
    BACKEND_FACTS[api !== undefined && Object.hasOwn(BACKEND_FACTS, api) ? api : 'jaeger-legacy'];
  const { product, uiBasePath = '', tracePage, spanPage } = facts;
  const apiBase = base.replace(/\/+$/, '');
  if (apiBase === '' || tracePage === undefined) return undefined;
  const root = apiBase.endsWith(uiBasePath) ? apiBase : `${apiBase}${uiBasePath}`;
  return { product, trace: `${root}${tracePage}`, ...(spanPage !== undefined && { span: `${root}${spanPage}` }) };
}
