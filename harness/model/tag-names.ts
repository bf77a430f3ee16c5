/**
 * Tags that have a second name, Envoy's own first. Its OpenTelemetry tracer can write the names of OpenTelemetry's semantic
 * conventions, beside its own or in their place (docs/facts/envoy.md#tag-names).
 */
export const SECOND_NAMES = {
  'http.method': 'http.request.method',
  'http.status_code': 'http.response.status_code',
  'http.url': 'url.full',
  'peer.address': 'network.peer.address',
  request_size: 'http.request.body.size',
  response_size: 'http.response.body.size',
  'retry.count': 'http.request.resend_count',
  user_agent: 'user_agent.original',
} as const satisfies Readonly<Record<string, string>>;

/** The tags that carry a probe's marker, as a search has to name them. */
export const MARKER_TAGS = ['user_agent', SECOND_NAMES.user_agent] as const;
export type MarkerTag = (typeof MARKER_TAGS)[number];
/** x-request-id, which the edge gateway makes anew (docs/facts/envoy.md#tags). */
export const REQUEST_ID_TAG = 'guid:x-request-id';
/** A tag to search by. */
export type SearchedTag = MarkerTag | typeof REQUEST_ID_TAG;

const SECOND: ReadonlyMap<string, string> = new Map(Object.entries(SECOND_NAMES));

/** The second name of a tag; undefined: it has none. */
export function secondName(key: string): string | undefined {
  return SECOND.get(key);
}

/** A tag of these tags, by Envoy's name for it, whichever name it has; safe for keys such as `constructor`. */
export function readTag(tags: Readonly<Record<string, string>>, key: string): string | undefined {
  // What every object inherits is not a text.
  const own: unknown = tags[key];
  if (typeof own === 'string') return own;
  const second = SECOND.get(key);
  const other: unknown = second === undefined ? undefined : tags[second];
  return typeof other === 'string' ? other : undefined;
}

/** Envoy's name for a tag that may be searched by its second name. */
export function envoyName(tag: SearchedTag): string {
  return tag === REQUEST_ID_TAG ? tag : MARKER_TAGS[0];
}

/** Under which name these tags carry a user agent; undefined: under none. */
export function markerTagOf(tags: Readonly<Record<string, string>>): MarkerTag | undefined {
  return MARKER_TAGS.find((name) => Object.hasOwn(tags, name));
}
