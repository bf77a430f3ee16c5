import { SLS_SPANS } from '../../model/limits.ts';
import type { JaegerVersion } from '../lab.ts';
import type { Random } from '../random.ts';
import type { Handler, WireResponse } from '../wire.ts';
import { legacyTrace, otlpResult } from './render.ts';
import type { SpanStore, StoredSpan } from './store.ts';

export interface QueryOptions {
  readonly store: SpanStore;
  readonly version: JaegerVersion;
  readonly basePath: string;
  readonly random: Random;
}

const ID = /^[0-9a-fA-F]{1,32}$/;
const BOOL = new Set(['1', 't', 'T', 'TRUE', 'true', 'True', '0', 'f', 'F', 'FALSE', 'false', 'False']);

/** Jaeger's query APIs as the real ones answer (docs/facts/jaeger.md#seen-side-by-side, #legacy-api, #v3). */
export function queryApi(options: QueryOptions): Handler {
  return async (request) => {
    const url = new URL(request.path, 'http://jaeger');
    if (options.basePath !== '' && !url.pathname.startsWith(`${options.basePath}/`)) return html();
    const path = url.pathname.slice(options.basePath.length);
    const query = url.searchParams;
    if (options.version === '2.21' && path.startsWith('/api/traces')) return html();
    if (options.version === 'sls' && path.startsWith('/api/v3/')) return html();
    if (path === '/') return ui(options.version);
    if (path === '/api/v3/trace-summaries' && options.version === '2.21') return notFoundV3();
    if (path === '/api/traces') return query.has('traceID') ? batch(options, query) : search(options, query);
    if (path.startsWith('/api/traces/')) return single(options, path.slice('/api/traces/'.length), query);
    if (path === '/api/services') return envelope(options.store.services(), options.store.services().length);
    if (path === '/api/v3/services')
      return plain(200, options.store.services().length === 0 ? {} : { services: options.store.services() });
    if (path === '/api/v3/traces') return searchV3(options, query);
    if (path.startsWith('/api/v3/traces/')) return singleV3(options, path.slice('/api/v3/traces/'.length));
    return html();
  };
}

function single(options: QueryOptions, id: string, query: URLSearchParams): WireResponse {
  const wrong = badRaw(query);
  if (wrong !== undefined) return wrong;
  if (!ID.test(id)) return failure(400, `strconv.ParseUint: parsing "${id}": invalid syntax`);
  const spans = options.store.trace(id);
  if (spans !== undefined) return envelope([shown(spans, options)]);
  return options.version === 'sls' ? envelope([EMPTY_TRACE]) : failure(404, 'trace not found');
}

/** Ids not found are listed in `errors`, with status 200 (docs/facts/jaeger.md#legacy-envelope). */
function batch(options: QueryOptions, query: URLSearchParams): WireResponse {
  const wrong = badRaw(query);
  if (wrong !== undefined) return wrong;
  const found: object[] = [];
  const errors: object[] = [];
  for (const id of query.getAll('traceID')) {
    const spans = options.store.trace(id);
    if (spans !== undefined) found.push(shown(spans, options));
    else if (options.version === 'sls') found.push(EMPTY_TRACE);
    else errors.push({ msg: 'trace not found', traceID: id });
  }
  return envelope(found, 0, errors.length > 0 ? errors : null);
}

function search(options: QueryOptions, query: URLSearchParams): WireResponse {
  const wrong = badRaw(query);
  if (wrong !== undefined) return wrong;
  const service = query.get('service');
  if (service === null || service === '') return failure(400, "parameter 'service' is required");
  let tags: Record<string, string> = {};
  try {
    tags = JSON.parse(query.get('tags') ?? '{}') as Record<string, string>;
  } catch {
    return failure(400, "malformed 'tags' parameter, cannot unmarshal JSON");
  }
  const limit = Number(query.get('limit') ?? '100');
  if (limit === 0 && isSecond(options.version))
    return failure(500, 'search depth must be greater than 0 and less than max traces');
  const from = Number(query.get('start') ?? '0');
  const to = Number(query.get('end') ?? String(Number.MAX_SAFE_INTEGER));
  const matches = (span: StoredSpan) =>
    span.service === service &&
    span.startMicros >= from &&
    span.startMicros <= to &&
    Object.entries(tags).every(([key, value]) =>
      span.tags.some(([name, text]) => name === key && isMatch(text, value, options.version)),
    );
  const found: object[] = [];
  for (const spans of options.store.all()) {
    if (limit > 0 && found.length >= limit) break;
    if (spans.some(matches)) found.push(shown(spans, options));
  }
  return envelope(found);
}

function singleV3(options: QueryOptions, id: string): WireResponse {
  const spans = ID.test(id) ? options.store.trace(id) : undefined;
  if (spans === undefined) return notFoundV3();
  return plain(200, otlpResult([spans], isSecond(options.version), options.random));
}

function searchV3(options: QueryOptions, query: URLSearchParams): WireResponse {
  const attributes = attributesOf(query, options.version);
  if (attributes === undefined) return errorV3(400, 'malformed query.attributes');
  if (options.version !== '2.21' && [...query.keys()].some((key) => /[A-Z]/.test(key)))
    return errorV3(400, 'malformed parameter');
  const from = query.get('query.start_time_min');
  const to = query.get('query.start_time_max');
  if (from === null || to === null) return errorV3(400, 'query.start_time_min and query.start_time_max are required');
  const depth = Number(query.get('query.num_traces') ?? '0');
  if (depth <= 0 && isSecond(options.version))
    return errorV3(500, 'search depth must be greater than 0 and less than max traces');
  const service = query.get('query.service_name');
  if (service === null && options.version === '1.76') return notFoundV3();
  const [fromMicros, toMicros] = [Date.parse(from) * 1000, Date.parse(to) * 1000];
  const found = [...options.store.all()].filter((spans) =>
    spans.some(
      (span) =>
        (service === null || span.service === service) &&
        span.startMicros >= fromMicros &&
        span.startMicros <= toMicros &&
        Object.entries(attributes).every(([key, value]) =>
          span.tags.some(([name, text]) => name === key && text === value),
        ),
    ),
  );
  return found.length === 0
    ? notFoundV3()
    : plain(200, otlpResult(depth > 0 ? found.slice(0, depth) : found, isSecond(options.version), options.random));
}

/**
 * Only from 2.19 on is there a filter by attribute; before that the parameter is not read
 * (docs/facts/jaeger.md#v3-versions).
 */
function attributesOf(query: URLSearchParams, version: JaegerVersion): Record<string, string> | undefined {
  const text = query.get('query.attributes');
  if (text === null || version !== '2.21') return {};
  try {
    return JSON.parse(text) as Record<string, string>;
  } catch {
    return undefined;
  }
}

function isSecond(version: JaegerVersion): boolean {
  return version === '2.13' || version === '2.21';
}

/** Elasticsearch takes the value of a tag for a regular expression over the whole of it. */
function isMatch(text: string, value: string, version: JaegerVersion): boolean {
  return version === 'elasticsearch' ? new RegExp(`^(?:${value})$`).test(text) : text === value;
}

/** How SLS answers for an id that it does not know, with status 200. */
const EMPTY_TRACE = { traceID: '', spans: [], processes: {}, warnings: null };

/** One trace of the legacy API; SLS cuts it and knows only text. */
function shown(spans: readonly StoredSpan[], { version, random }: QueryOptions): object {
  if (version !== 'sls') return legacyTrace(spans, random);
  return JSON.parse(JSON.stringify(legacyTrace(spans.slice(0, SLS_SPANS), random)), (key, value: unknown) =>
    key === 'tags' && Array.isArray(value)
      ? (value as { key: string; value: unknown }[]).map((tag) => ({
          key: tag.key,
          type: 'string',
          value: String(tag.value),
        }))
      : value,
  ) as object;
}

function envelope(data: readonly unknown[], total = 0, errors: readonly object[] | null = null): WireResponse {
  const body = {
    data: data.length === 0 && total === 0 && errors === null ? [] : data,
    total,
    limit: 0,
    offset: 0,
    errors,
  };
  return { status: 200, headers: [['content-type', 'application/json']], body: JSON.stringify(body) };
}

/** Errors are JSON, sent as text/plain, with a line end (docs/facts/jaeger.md#legacy-envelope). */
function failure(code: number, msg: string): WireResponse {
  return plain(code, { data: null, total: 0, limit: 0, offset: 0, errors: [{ code, msg }] });
}

function badRaw(query: URLSearchParams): WireResponse | undefined {
  const raw = query.get('raw');
  return raw === null || BOOL.has(raw)
    ? undefined
    : failure(400, `unable to parse param 'raw': strconv.ParseBool: parsing "${raw}": invalid syntax`);
}

function errorV3(httpCode: number, message: string): WireResponse {
  return plain(httpCode, { error: { httpCode, message } });
}

function notFoundV3(): WireResponse {
  return errorV3(404, 'No traces found');
}

function plain(status: number, json: object): WireResponse {
  return { status, headers: [['content-type', 'text/plain; charset=utf-8']], body: `${JSON.stringify(json)}\n` };
}

/**
 * The UI's own page, into which Jaeger writes its version. A build without a version has an empty one there, and so has
 * a backend that only speaks the API.
 */
function ui(version: JaegerVersion): WireResponse {
  const gitVersion = GIT_VERSIONS[version];
  const told = JSON.stringify({ gitCommit: '', gitVersion, buildDate: '' });
  return { ...html(), body: `<!doctype html><title>Jaeger UI</title><script>JAEGER_VERSION = ${told};</script>` };
}

const GIT_VERSIONS: Readonly<Record<JaegerVersion, string>> = {
  '1.76': 'v1.76.0',
  '2.13': 'v2.13.0',
  '2.21': 'v2.21.0',
  sls: '',
  elasticsearch: 'v1.76.0',
  zipkin: '',
  tempo: '',
};

/** Unknown paths get the UI, with status 200. */
function html(): WireResponse {
  return {
    status: 200,
    headers: [['content-type', 'text/html; charset=utf-8']],
    body: '<!doctype html><title>Jaeger UI</title>',
  };
}
