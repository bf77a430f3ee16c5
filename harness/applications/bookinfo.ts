import type { Banner, PageFacts, ReadableApplication } from '../model/application.ts';

/**
 * Bookinfo, as data: what the specs hold the mesh to. productpage asks details once, and reviews twice when the first
 * try fails; only reviews v2 and v3 ask ratings, and v2 waits longest, 10 s (docs/facts/bookinfo.md#productpage,
 * #reviews). Nobody has configured the shares of the three versions, so equal ones are assumed.
 */
export const bookinfo: ReadableApplication = {
  definition: {
    name: 'bookinfo',
    request: { method: 'GET', path: '/productpage' },
    gateway: 'istio-ingressgateway',
    entry: 'productpage',
    services: [
      { name: 'productpage' },
      { name: 'details' },
      { name: 'reviews', versions: ['v1', 'v2', 'v3'] },
      { name: 'ratings' },
    ],
    calls: [
      { caller: 'productpage', callee: 'details' },
      { caller: 'productpage', callee: 'reviews', attempts: 2 },
      { caller: 'reviews', callee: 'ratings', whenCallerVersion: ['v2', 'v3'] },
    ],
    versioned: { service: 'reviews', shares: { v1: 1, v2: 1, v3: 1 } },
    longestUpstreamTimeoutMs: 10_000,
    // In the folder of the Istio release (docs/facts/bookinfo.md#manifests).
    install: {
      workloads: 'kubectl apply -f samples/bookinfo/platform/kube/bookinfo.yaml',
      routes: 'kubectl apply -f samples/bookinfo/networking/bookinfo-gateway.yaml',
    },
  },
  read: readBookinfoPage,
};

/**
 * The pod that made the reviews, up to the end of its name; images since 1.16.4 print it (docs/facts/bookinfo.md#page).
 */
const POD = /Reviews served by:[\s\S]{0,80}?(reviews-(v\d+)-[a-z0-9-]+)/;
/** The container of the stars: Bootstrap era, Tailwind era. `text-red-500` alone also colours error messages. */
const COLOUR = /<font color="(\w+)">|flex gap-x-1 text-(\w+)-500/;
const VERSION_OF_COLOUR: Readonly<Record<string, string>> = { black: 'v2', red: 'v3' };

/** Errors that the page shows with status 200, and whose they are. */
const BANNERS: readonly Banner[] = [
  { text: 'Error fetching product details', service: 'details' },
  { text: 'Error fetching product reviews', service: 'reviews' },
  { text: 'Ratings service is currently unavailable', service: 'ratings' },
];

/** What a page of each era shows; a section that could not be fetched leaves its error in its place. */
const MARKS: readonly (readonly [name: string, mark: RegExp])[] = [
  ['its title', /<title>Simple Bookstore App<\/title>/],
  ['the details or their error', />\s*(?:Book Details|Error fetching product details!?)\s*</],
  ['the reviews or their error', />\s*(?:Book Reviews|Error fetching product reviews!?)\s*</],
];
/** Only pages of the Bootstrap era have this element; since image 1.20.0 a page begins and ends without it. */
const DOCUMENT = /<html[\s>]/;

/**
 * Reads what productpage shows: the reviews version by the pod's name, else by the colour of the stars (v2 black, v3 red,
 * v1 none); the pod; and error banners. Works for the Bootstrap pages (images up to 1.19) and the Tailwind ones.
 * A page is whole when it has the marks of its era; that its body arrived completely, the HTTP client knows.
 */
export function readBookinfoPage({ body }: { readonly body: string }): PageFacts {
  const banners = BANNERS.filter(({ text }) => body.includes(text));
  const isDocument = DOCUMENT.test(body);
  const lacking = MARKS.filter(([, mark]) => !mark.test(body)).map(([name]) => name);
  if (isDocument && !/<\/html>\s*$/.test(body)) lacking.push('the end of its html element');
  const whole = lacking.length === 0;
  const page = { whole, ...(!whole && { lacks: lacking.join(', ') }), banners };
  const [, pod, podVersion] = POD.exec(body) ?? [];
  if (pod !== undefined && podVersion !== undefined)
    return { ...page, version: podVersion, pod, versionFrom: 'pod name' };
  const failing = new Set(banners.map(({ service }) => service));
  // Without stars it may be v1, or any version that could not ask for them.
  if (!whole || failing.has('reviews') || failing.has('ratings')) return page;
  const [, font, tailwind] = COLOUR.exec(body) ?? [];
  const colour = font ?? tailwind;
  // A Tailwind page names the pod in each review: without one it shows no review, and so no stars either.
  if (colour === undefined) return isDocument ? { ...page, version: 'v1', versionFrom: 'no stars' } : page;
  const version = Object.hasOwn(VERSION_OF_COLOUR, colour) ? VERSION_OF_COLOUR[colour] : undefined;
  return { ...page, ...(version !== undefined && { version, versionFrom: 'star colour' }) };
}
