import type { Banner, PageFacts } from '../harness/model/application.ts';

/** The pod that made the reviews, up to the end of its name; images since 1.16.4 print it (facts/istio-bookinfo.md §2). */
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

/**
 * Reads what productpage shows: the reviews version by the pod's name, else by the colour of the stars (v2 black, v3 red,
 * v1 none); the pod; and error banners. Works for the Bootstrap pages (images up to 1.19) and the Tailwind ones.
 */
export function readBookinfoPage({ body }: { readonly body: string }): PageFacts {
  const banners = BANNERS.filter(({ text }) => body.includes(text));
  const whole = body.includes('<title>Simple Bookstore App</title>') && /<\/html>\s*$/.test(body);
  const [, pod, podVersion] = POD.exec(body) ?? [];
  if (pod !== undefined && podVersion !== undefined)
    return { whole, version: podVersion, pod, versionFrom: 'pod name', banners };
  const failing = new Set(banners.map(({ service }) => service));
  // Without stars it may be v1, or any version that could not ask for them.
  if (!whole || failing.has('reviews') || failing.has('ratings')) return { whole, banners };
  const [, font, tailwind] = COLOUR.exec(body) ?? [];
  const colour = font ?? tailwind;
  if (colour === undefined) return { whole, version: 'v1', versionFrom: 'no stars', banners };
  const version = Object.hasOwn(VERSION_OF_COLOUR, colour) ? VERSION_OF_COLOUR[colour] : undefined;
  return { whole, ...(version !== undefined && { version, versionFrom: 'star colour' }), banners };
}
