import type { TraceId } from '../model/ids.ts';
import { type Span, tag } from '../model/span.ts';
import { envoyName } from '../model/tag-names.ts';
import type { Trace } from '../model/trace.ts';
import type { MarkerQuery, TraceBackend } from './backend.ts';
import { type BackendRow, routeAt } from './backend-row.ts';
import { notJson } from './legacy.ts';
import { asList, asObject, asText, hasKey } from './misfit.ts';
import { parseOtlpTraces } from './otlp-json.ts';
import type { JsonAnswer, JsonReader } from './read-json.ts';
import { readVersion } from './read-version.ts';

/**
 * Jaeger's v3 query API: OTLP JSON under `/api/v3` (docs/facts/jaeger.md#v3). Parameters in snake_case, which every
 * version takes; `raw_traces`, because `rawTraces` is silently ignored by older ones
 * (docs/facts/jaeger.md#seen-side-by-side).
 */
export function createV3Backend(
  baseUrl: URL,
  reader: JsonReader,
  markerSearch: TraceBackend['markerSearch'],
): TraceBackend {
  const at = (path: string) => {
    const url = new URL(baseUrl);
    url.pathname = `${baseUrl.pathname.replace(/\/+$/, '')}${path}`;
    return url;
  };
  return {
    api: 'jaeger-v3',
    baseUrl,
    markerSearch,
    batchSize: 1,
    get calls() {
      return reader.calls;
    },
    async traces(ids, signal) {
      const traces = new Map<TraceId, Trace>();
      for (const id of ids) {
        const url = at(`/api/v3/traces/${id}`);
        url.searchParams.set('raw_traces', 'true');
        const answer = await reader.get(url, signal);
        if (answer.status === 404 && !answer.html) continue;
        if (answer.status !== 200 || answer.documents.length === 0) throw notJson(answer, url);
        for (const trace of parseOtlpTraces(answer.documents)) traces.set(trace.id, trace);
      }
      return traces;
    },
    async search(query, signal) {
      if (query.marker !== undefined && !markerSearch.supported) return [];
      const url = at('/api/v3/traces');
      for (const [name, value] of searchParameters(query)) url.searchParams.append(name, value);
      const answer = await reader.get(url, signal);
      if (answer.status === 404 && !answer.html) return [];
      if (answer.status !== 200 || answer.documents.length === 0) throw notJson(answer, url);
      // A server that did not read the filter must not have its other traces taken for this probe's.
      return parseOtlpTraces(answer.documents).filter(({ spans }) => spans.some((span) => fits(span, query)));
    },
    version: (signal) => readVersion(baseUrl, reader, signal),
    async services(signal) {
      const url = at('/api/v3/services');
      const answer = await reader.get(url, signal);
      if (answer.status !== 200 || answer.documents.length === 0) throw notJson(answer, url);
      const { services } = asObject(answer.documents[0], 'answer');
      return asList(services, 'services').map((name, index) => asText(name, `services[${index}]`));
    },
  };
}

export const v3Row: BackendRow = {
  async detect(baseUrl, reader, signal) {
    const services = await reader.get(routeAt(baseUrl, '/api/v3/services'), signal);
    if (!isServices(services)) return undefined;
    const summaries = await reader.get(routeAt(baseUrl, `/api/v3/trace-summaries?${SUMMARIES}`), signal);
    return hasAttributes(summaries) ? { supported: true } : WITHOUT_ATTRIBUTES;
  },
  create: createV3Backend,
  dump: {
    shapes: ['{"result": {"resourceSpans": […]}}', '{"resourceSpans": […]}'],
    isOf: (document) => ['result', 'resourceSpans'].some((key) => hasKey(document, key)),
    isStream: true,
    read: parseOtlpTraces,
  },
};

/** A query that finds nothing. */
const SUMMARIES = new URLSearchParams({
  'query.service_name': 'hopcheck-negotiation',
  'query.start_time_min': '2000-01-01T00:00:00Z',
  'query.start_time_max': '2000-01-01T00:00:01Z',
  'query.num_traces': '1',
});
const WITHOUT_ATTRIBUTES = {
  supported: false,
  reason: 'this Jaeger has no legacy search, and it is older than 2.19: its search over /api/v3 knows no attributes',
} as const;

/** The route came with the same version (2.19) as the search by attribute; before it an unknown path is the UI's HTML. */
function hasAttributes({ html, status }: JsonAnswer): boolean {
  return !html && (status === 200 || status === 404 || status === 400);
}

/** `{"services": […]}`, or `{}` where there are none yet. */
function isServices({ status, documents: [first] }: JsonAnswer): boolean {
  if (status !== 200 || typeof first !== 'object' || first === null || Array.isArray(first)) return false;
  return Object.keys(first).length === 0 || ('services' in first && Array.isArray(first.services));
}

/**
 * Times as RFC 3339; `query.attributes` is a JSON map of text to text, from 2.19 on (docs/facts/jaeger.md#v3-search).
 */
function searchParameters({ service, marker, fromMs, toMs, limit }: MarkerQuery): (readonly [string, string])[] {
  return [
    ['query.service_name', service],
    ...(marker === undefined ? [] : [['query.attributes', JSON.stringify({ [marker.tag]: marker.value })] as const]),
    ['query.start_time_min', new Date(fromMs).toISOString()],
    ['query.start_time_max', new Date(toMs).toISOString()],
    ['query.num_traces', String(limit)],
    ['query.raw_traces', 'true'],
  ];
}

function fits(span: Span, { service, marker }: MarkerQuery): boolean {
  return span.service === service && (marker === undefined || tag(span, envoyName(marker.tag)) === marker.value);
}
