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
  /** Its pages under the base path, with `{trace}` and `{span}`; absent: it has none. */
  readonly tracePage?: string;
  readonly spanPage?: string;
  readonly discovery: BackendDiscovery;
}

const JAEGER = {
  product: 'Jaeger',
  // Istio's addon lives under /jaeger (Istio, samples/addons/jaeger.yaml).
  usualBasePath: '/jaeger',
  uiPages: /\/(search|trace\/[^/]*|api(\/.*)?)\/?$/,
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

export const BACKEND_FACTS: Readonly<Record<BackendApi, BackendFacts>> = {
  'jaeger-legacy': { ...JAEGER, title: 'the legacy API (/api/traces)', asked: '/api/traces' },
  'jaeger-v3': { ...JAEGER, title: 'the v3 API (/api/v3)', asked: '/api/v3/services' },
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
  const facts = BACKEND_FACTS[api !== undefined && Object.hasOwn(BACKEND_FACTS, api) ? api : 'jaeger-legacy'];
  const { product, tracePage, spanPage } = facts;
  const root = base.replace(/\/+$/, '');
  if (root === '' || tracePage === undefined) return undefined;
  return { product, trace: `${root}${tracePage}`, ...(spanPage !== undefined && { span: `${root}${spanPage}` }) };
}
