import type { HttpMatch, HttpRoute, StringMatch } from './mesh-objects.ts';

/**
 * The known properties of a request, for matching it with a rule. A condition on an unknown property (`undefined`) is
 * `maybe`.
 */
export interface KnownRequest {
  readonly method?: string;
  readonly path?: string;
  /** Sent for certain, and of these the values are known; other headers are not sent. */
  readonly headers?: Readonly<Record<string, string>>;
  /** Headers that are sent with values that are not known here. */
  readonly unknownHeaders?: readonly string[];
  readonly port?: number;
  readonly sourceLabels?: Readonly<Record<string, string>>;
  readonly sourceNamespace?: string;
  /** The gateway it comes through as `namespace/name`, or `mesh`. */
  readonly gateway: string;
  readonly ruleNamespace: string;
}

export type Match = 'yes' | 'no' | 'maybe';

/** Whether a route of a VirtualService takes the request: one of its matches does, or it has none. */
export function routeTakes({ match }: HttpRoute, request: KnownRequest): Match {
  if (match.length === 0) return 'yes';
  const each = match.map((one) => matches(one, request));
  return each.includes('yes') ? 'yes' : each.includes('maybe') ? 'maybe' : 'no';
}

/** The first route that takes the request; undefined where none does, or where it is not known which. */
export function routeOf(routes: readonly HttpRoute[], request: KnownRequest): HttpRoute | 'unknown' | undefined {
  for (const route of routes) {
    const taken = routeTakes(route, request);
    if (taken === 'yes') return route;
    if (taken === 'maybe') return 'unknown';
  }
  return undefined;
}

function matches(match: HttpMatch, request: KnownRequest): Match {
  const conditions: Match[] = [
    text(match.uri, request.path),
    text(match.method, request.method),
    text(match.scheme, undefined),
    ...Object.entries(match.headers ?? {}).map(([name, condition]) => header(name, condition, request)),
    ...Object.entries(match.withoutHeaders ?? {}).map(([name, condition]) => not(header(name, condition, request))),
    // No query is sent.
    ...Object.values(match.queryParams ?? {}).map((): Match => 'no'),
    match.authority === undefined ? 'yes' : 'maybe',
    match.port === undefined || match.port === request.port ? 'yes' : request.port === undefined ? 'maybe' : 'no',
    labels(match.sourceLabels, request.sourceLabels),
    match.sourceNamespace === undefined || match.sourceNamespace === request.sourceNamespace ? 'yes' : 'no',
    gateways(match.gateways, request),
  ];
  return conditions.includes('no') ? 'no' : conditions.includes('maybe') ? 'maybe' : 'yes';
}

function text(condition: StringMatch | undefined, value: string | undefined): Match {
  if (condition === undefined) return 'yes';
  if (value === undefined) return 'maybe';
  if (condition.exact !== undefined) return condition.exact === value ? 'yes' : 'no';
  if (condition.prefix !== undefined) return value.startsWith(condition.prefix) ? 'yes' : 'no';
  if (condition.regex === undefined) return 'maybe';
  try {
    // RE2 in Envoy, the whole text; what differs from it here fails to compile or is rare.
    return new RegExp(`^(?:${condition.regex})$`).test(value) ? 'yes' : 'no';
  } catch {
    return 'maybe';
  }
}

function header(name: string, condition: StringMatch, { headers = {}, unknownHeaders = [] }: KnownRequest): Match {
  const lower = name.toLowerCase();
  if (unknownHeaders.includes(lower)) return 'maybe';
  const value = headers[lower];
  if (value === undefined) return 'no';
  // No kind at all: the header need only be there.
  const { exact, prefix, regex } = condition;
  return exact === undefined && prefix === undefined && regex === undefined ? 'yes' : text(condition, value);
}

function labels(
  wanted: Readonly<Record<string, string>> | undefined,
  known: Readonly<Record<string, string>> | undefined,
): Match {
  if (wanted === undefined) return 'yes';
  if (known === undefined) return 'maybe';
  return Object.entries(wanted).every(([name, value]) => known[name] === value) ? 'yes' : 'no';
}

function gateways(wanted: readonly string[] | undefined, { gateway, ruleNamespace }: KnownRequest): Match {
  if (wanted === undefined || wanted.length === 0) return 'yes';
  return wanted.some((name) => (name === 'mesh' || name.includes('/') ? name : `${ruleNamespace}/${name}`) === gateway)
    ? 'yes'
    : 'no';
}

function not(match: Match): Match {
  return match === 'yes' ? 'no' : match === 'no' ? 'yes' : 'maybe';
}
