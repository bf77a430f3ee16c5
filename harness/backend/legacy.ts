import type { TraceId } from '../model/ids.ts';
import type { Trace } from '../model/trace.ts';
import { BackendError, type MarkerQuery, type TraceBackend } from './backend.ts';
import { type BackendRow, routeAt } from './backend-row.ts';
import { parseLegacyTraces } from './legacy-json.ts';
import { asList, asObject, asText, hasKey } from './misfit.ts';
import { type JsonAnswer, type JsonReader, where } from './read-json.ts';
import { readVersion } from './read-version.ts';

/** As many ids as keep a URL under 4 000 characters: 50 × (`traceID=` + 32 + `&`) = 2 050. */
const BATCH = 50;

/**
 * Jaeger's legacy query API: `/api/traces`, `/api/services` (docs/facts/jaeger.md#legacy-api). Always `raw=true`: an
 * adjusted read rewrites ids, and on v2 writes its warnings into the store (docs/facts/jaeger.md#raw-reads).
 */
export function createLegacyBackend(baseUrl: URL, reader: JsonReader): TraceBackend {
  const at = (path: string, query: readonly (readonly [string, string])[] = []) => {
    const url = new URL(baseUrl);
    url.pathname = `${baseUrl.pathname.replace(/\/+$/, '')}${path}`;
    for (const [name, value] of query) url.searchParams.append(name, value);
    return url;
  };
  return {
    api: 'jaeger-legacy',
    baseUrl,
    markerSearch: { supported: true },
    batchSize: BATCH,
    get calls() {
      return reader.calls;
    },
    async traces(ids, signal) {
      const traces = new Map<TraceId, Trace>();
      if (ids.length === 0) return traces;
      const [only] = ids;
      const url =
        ids.length === 1 && only !== undefined
          ? at(`/api/traces/${only}`, [['raw', 'true']])
          : at('/api/traces', [...ids.map((id) => ['traceID', id] as const), ['raw', 'true']]);
      const answer = await reader.get(url, signal);
      // Unknown ids: 404 alone, and 200 with an entry in `errors` in a batch. Both leave the id out.
      if (answer.status !== 404)
        for (const trace of parseLegacyTraces(document(answer, url))) traces.set(trace.id, trace);
      return traces;
    },
    async search(query, signal) {
      const url = at('/api/traces', searchParameters(query));
      return parseLegacyTraces(document(await reader.get(url, signal), url));
    },
    version: (signal) => readVersion(baseUrl, reader, signal),
    async services(signal) {
      const url = at('/api/services');
      const answer = asObject(document(await reader.get(url, signal), url), 'answer');
      return asList(answer.data, 'data').map((name, index) => asText(name, `data[${index}]`));
    },
  };
}

/**
 * The search route itself is asked, because newer versions have removed it; the service does not exist. Preferred, because
 * it reads many ids at once.
 */
export const legacyRow: BackendRow = {
  async detect(baseUrl, reader, signal) {
    const path = '/api/traces?service=hopcheck-negotiation&limit=1&raw=true';
    return isEnvelope(await reader.get(routeAt(baseUrl, path), signal)) ? { supported: true } : undefined;
  },
  create: createLegacyBackend,
  dump: {
    shapes: ['{"data": […]}'],
    isOf: (document) =>
      Array.isArray(document) ? document.every(isBareTrace) : hasKey(document, 'data') || isBareTrace(document),
    isStream: false,
    read: (documents) => documents.flatMap((document) => parseLegacyTraces(document)),
  },
};

/** `{"data": […], "errors": …}`; an error in it is still Jaeger (docs/facts/jaeger.md#legacy-envelope). */
function isEnvelope({ status, documents: [first] }: JsonAnswer): boolean {
  return status === 200 && hasKey(first, 'data') && hasKey(first, 'errors');
}

function isBareTrace(value: unknown): boolean {
  return hasKey(value, 'spans') && hasKey(value, 'traceID');
}

/** Times in micros; `tags` is a JSON map of text to text (docs/facts/jaeger.md#legacy-search). */
function searchParameters({ service, marker, fromMs, toMs, limit }: MarkerQuery): (readonly [string, string])[] {
  return [
    ['service', service],
    ...(marker === undefined ? [] : [['tags', JSON.stringify({ [marker.tag]: marker.value })] as const]),
    ['start', String(Math.round(fromMs * 1000))],
    ['end', String(Math.round(toMs * 1000))],
    ['limit', String(limit)],
    ['raw', 'true'],
  ];
}

function document(answer: JsonAnswer, url: URL): unknown {
  const [first] = answer.documents;
  if (answer.status === 200 && first !== undefined) return first;
  throw notJson(answer, url);
}

/** Something answered, and it is not the API. */
export function notJson(answer: JsonAnswer, url: URL): BackendError {
  const what = answer.html ? 'an HTML page' : answer.documents.length > 0 ? 'other JSON' : 'neither JSON nor HTML';
  return new BackendError('HC702', `${where(url)} answered ${answer.status} with ${what}`, {
    expected: "JSON of Jaeger's query API",
    received: `${what}, status ${answer.status}`,
    hint: "give Jaeger's query URL with its base path, e.g. --traces http://localhost:16686/jaeger",
  });
}
