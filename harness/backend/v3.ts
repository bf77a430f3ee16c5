import type { TraceId } from '../model/ids.ts';
import type { Trace } from '../model/trace.ts';
import type { TraceBackend } from './backend.ts';
import { notJson } from './legacy.ts';
import { asList, asObject, asText } from './misfit.ts';
import { parseOtlpTraces } from './otlp-json.ts';
import type { JsonReader } from './read-json.ts';

/**
 * Jaeger's v3 query API: OTLP JSON under `/api/v3` (facts/jaeger.md §2). Parameters in snake_case, which every version
 * takes; `raw_traces`, because `rawTraces` is silently ignored by older ones (facts/jaeger-observed.md).
 */
export function createV3Backend(baseUrl: URL, reader: JsonReader): TraceBackend {
  const at = (path: string) => {
    const url = new URL(baseUrl);
    url.pathname = `${baseUrl.pathname.replace(/\/+$/, '')}${path}`;
    return url;
  };
  return {
    api: 'jaeger-v3',
    baseUrl,
    markerSearch: {
      supported: false,
      reason: 'this Jaeger has no legacy search, and a search by attribute over /api/v3 is not supported yet',
    },
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
    search: () => Promise.resolve([]),
    async services(signal) {
      const url = at('/api/v3/services');
      const answer = await reader.get(url, signal);
      if (answer.status !== 200 || answer.documents.length === 0) throw notJson(answer, url);
      const { services } = asObject(answer.documents[0], 'answer');
      return asList(services, 'services').map((name, index) => asText(name, `services[${index}]`));
    },
  };
}
