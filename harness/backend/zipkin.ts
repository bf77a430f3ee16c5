import type { TraceId } from '../model/ids.ts';
import { type Span, tag } from '../model/span.ts';
import { envoyName } from '../model/tag-names.ts';
import type { Trace } from '../model/trace.ts';
import { BackendError, type MarkerQuery, type TraceBackend } from './backend.ts';
import { type BackendRow, routeAt } from './backend-row.ts';
import { asList, asText, hasKey } from './misfit.ts';
import { type JsonAnswer, type JsonReader, where } from './read-json.ts';
import { isZipkinSpan, parseZipkinTraces } from './zipkin-json.ts';

/** As many ids as keep a URL under 4 000 characters: 50 × (32 + `%2C`) = 1 750. */
const BATCH = 50;
/** Where its UI is served, and below it the same API once more. */
const UI = /\/zipkin\/*$/;

/**
 * Zipkin's query API: `/api/v2` (docs/facts/zipkin.md#api). It stores spans as they came: there is no adjusted read. Names
 * of services and spans come back in lower case.
 */
export function createZipkinBackend(
  baseUrl: URL,
  reader: JsonReader,
  markerSearch: TraceBackend['markerSearch'],
): TraceBackend {
  const at = (path: string, query: readonly (readonly [string, string])[] = []) => {
    const url = routeAt(baseUrl, path);
    for (const [name, value] of query) url.searchParams.append(name, value);
    return url;
  };
  const read = async (url: URL, signal?: AbortSignal) => document(await reader.get(url, signal), url);
  return {
    api: 'zipkin',
    baseUrl,
    markerSearch,
    batchSize: BATCH,
    get calls() {
      return reader.calls;
    },
    async traces(ids, signal) {
      const [only] = ids;
      if (only === undefined) return new Map<TraceId, Trace>();
      // Two ids at least and none twice, or it answers 400; ids that it does not know are left out without a word.
      const distinct = new Set(ids);
      if (distinct.size > 1)
        return byId(await read(at('/api/v2/traceMany', [['traceIds', [...distinct].join(',')]]), signal));
      const url = at(`/api/v2/trace/${only}`);
      const answer = await reader.get(url, signal);
      return answer.status === 404 && !answer.html ? new Map() : byId(document(answer, url));
    },
    async search(query, signal) {
      if (query.marker !== undefined && !markerSearch.supported) return [];
      const found = parseZipkinTraces([await read(at('/api/v2/traces', searchParameters(query)), signal)]);
      // A server that did not read the filter must not have its other traces taken for this probe's.
      return found.filter(({ spans }) => spans.some((span) => fits(span, query)));
    },
    version: (signal) => readZipkinVersion(baseUrl, reader, signal),
    async services(signal) {
      const names = asList(await read(at('/api/v2/services'), signal), 'answer');
      return names.map((name, index) => asText(name, `[${index}]`));
    },
  };
}

/**
 * `/info` shows that it is Zipkin; the list of services shows that it speaks the API at all. A Zipkin
 * whose search is switched off has no such list.
 */
export const zipkinRow: BackendRow = {
  async detect(baseUrl, reader, signal) {
    const hasServices = isServices(await reader.get(routeAt(baseUrl, '/api/v2/services'), signal));
    if (!hasServices && !isWithoutSearch(await reader.get(routeAt(baseUrl, '/api/v2/trace/1'), signal)))
      return undefined;
    const isZipkin = (await infoOf(baseUrl, reader, signal)) !== undefined;
    if (hasServices) return isZipkin ? { supported: true } : ONLY_ITS_API;
    return isZipkin ? WITHOUT_SEARCH : undefined;
  },
  create: createZipkinBackend,
  dump: {
    shapes: ['[[{"traceId": …, "id": …}]]', '[{"traceId": …, "id": …}]'],
    isOf: (document) =>
      Array.isArray(document) &&
      document.length > 0 &&
      document.flat().every(isZipkinSpan) &&
      document.flat().length > 0,
    isStream: true,
    read: parseZipkinTraces,
  },
};

const ONLY_ITS_API = {
  supported: false,
  reason:
    'this server speaks the Zipkin API, and /info does not say that it is Zipkin: others (SkyWalking) find only tags that they were configured to index',
} as const;

const WITHOUT_SEARCH = {
  supported: false,
  reason: 'the search of this Zipkin is switched off (SEARCH_ENABLED=false)',
} as const;

function byId(json: unknown): ReadonlyMap<TraceId, Trace> {
  return new Map(parseZipkinTraces([json]).map((trace) => [trace.id, trace]));
}

/** `["a", "b"]`; `[]` where there are none yet. */
function isServices({ status, documents: [first] }: JsonAnswer): boolean {
  return status === 200 && Array.isArray(first) && first.every((name) => typeof name === 'string');
}

/** Whether a trace that does not exist is answered as Zipkin answers: 404, and a sentence with the id. */
function isWithoutSearch({ status, html }: JsonAnswer): boolean {
  return status === 404 && !html;
}

/** `{"zipkin": {"version": …}}` at the root of the server, beside `/zipkin` and not below it. */
async function infoOf(baseUrl: URL, reader: JsonReader, signal?: AbortSignal): Promise<object | undefined> {
  const root = new URL(baseUrl);
  root.pathname = baseUrl.pathname.replace(UI, '/');
  const { status, documents } = await reader.get(routeAt(root, '/info'), signal);
  const [first] = documents;
  return status === 200 && hasKey(first, 'zipkin') ? (first as object) : undefined;
}

async function readZipkinVersion(baseUrl: URL, reader: JsonReader, signal?: AbortSignal): Promise<string | undefined> {
  try {
    const { zipkin } = ((await infoOf(baseUrl, reader, signal)) ?? {}) as { zipkin?: unknown };
    const { version } = (typeof zipkin === 'object' && zipkin !== null ? zipkin : {}) as { version?: unknown };
    return typeof version === 'string' && /^v?\d[\w.+-]{0,60}$/.test(version) ? version : undefined;
  } catch (error) {
    // No verdict depends on the version.
    if (error instanceof BackendError && !signal?.aborted) return undefined;
    throw error;
  }
}

/** `endTs` and `lookback` in ms. A search answers 10 traces where no limit is given, and looks back a day. */
function searchParameters({ service, marker, fromMs, toMs, limit }: MarkerQuery): (readonly [string, string])[] {
  return [
    ['serviceName', service],
    ...(marker === undefined ? [] : [['annotationQuery', `${marker.tag}=${marker.value}`] as const]),
    ['endTs', String(Math.ceil(toMs))],
    ['lookback', String(Math.max(1, Math.ceil(toMs - fromMs)))],
    ['limit', String(limit)],
  ];
}

function fits(span: Span, { service, marker }: MarkerQuery): boolean {
  return (
    span.service === service.toLowerCase() &&
    (marker === undefined || tag(span, envoyName(marker.tag)) === marker.value)
  );
}

function document(answer: JsonAnswer, url: URL): unknown {
  const [first] = answer.documents;
  if (answer.status === 200 && first !== undefined) return first;
  const what = answer.html ? 'an HTML page' : answer.documents.length > 0 ? 'other JSON' : 'neither JSON nor HTML';
  throw new BackendError('HC702', `${where(url)} answered ${answer.status} with ${what}`, {
    expected: "JSON of Zipkin's query API",
    received: `${what}, status ${answer.status}`,
    hint: "give Zipkin's URL, e.g. --traces http://localhost:9411",
  });
}
