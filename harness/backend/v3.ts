import type { TraceId } from '../model/ids.ts';
import { type Span, tag } from '../model/span.ts';
import type { Trace } from '../model/trace.ts';
import type { MarkerQuery, TraceBackend } from './backend.ts';
import { notJson } from './legacy.ts';
import { asList, asObject, asText } from './misfit.ts';
import { parseOtlpTraces } from './otlp-json.ts';
import type { JsonReader } from './read-json.ts';
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
  return span.service === service && (marker === undefined || tag(span, 'user_agent') === marker.value);
}
