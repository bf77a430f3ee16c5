import type { TraceId } from '../model/ids.ts';
import { type Span, tag } from '../model/span.ts';
import { envoyName } from '../model/tag-names.ts';
import type { Trace } from '../model/trace.ts';
import { BackendError, type MarkerQuery, type TraceBackend } from './backend.ts';
import { type BackendRow, routeAt } from './backend-row.ts';
import { readTraceId } from './legacy-json.ts';
import { asList, asObject, asText, hasKey } from './misfit.ts';
import { parseOtlpTraces } from './otlp-json.ts';
import { type JsonAnswer, type JsonReader, where } from './read-json.ts';
import { readTempoVersion } from './tempo-version.ts';

/** Newest first: the second one is of versions before 2.7, and its answer has no status. */
const BY_ID = ['/api/v2/traces', '/api/traces'] as const;
/** A search of version 3 ends so long before now, ms (docs/facts/jaeger.md#tempo). */
const SEARCH_DELAY_MS = 30_000;

/**
 * Tempo's query API, from its documentation: hopcheck has not been tried on a real one (docs/backends.md). A trace is read
 * by its id. A search names traces only, and each of them is read. Tempo gives span ids that are there twice new ones, so
 * duplicates never show.
 */
export function createTempoBackend(baseUrl: URL, reader: JsonReader): TraceBackend {
  let byId: (typeof BY_ID)[number] | undefined;
  /** undefined: Tempo does not know the id. @throws BackendError HC713 where it gives a part of the trace only. */
  const read = async (id: TraceId, signal?: AbortSignal): Promise<Trace | undefined> => {
    for (const path of byId === undefined ? BY_ID : [byId]) {
      const url = routeAt(baseUrl, `${path}/${id}`);
      const answer = await reader.get(url, signal);
      // A route that an older version does not have is answered like an id that it does not know.
      if (answer.status === 404 && !answer.html) continue;
      if (answer.status === 422) throw cut(id, 'status 422');
      const json = document(answer, url);
      byId = path;
      if (hasKey(json, 'status') && asObject(json, '').status === 'PARTIAL') throw cut(id, 'PARTIAL');
      return parseOtlpTraces([json]).find((trace) => trace.id === id);
    }
    return undefined;
  };
  return {
    api: 'tempo',
    baseUrl,
    markerSearch: { supported: true },
    searchDelayMs: SEARCH_DELAY_MS,
    batchSize: 1,
    get calls() {
      return reader.calls;
    },
    async traces(ids, signal) {
      const traces = new Map<TraceId, Trace>();
      for (const id of ids) {
        const trace = await read(id, signal);
        if (trace !== undefined) traces.set(id, trace);
      }
      return traces;
    },
    async search(query, signal) {
      const url = searchUrl(baseUrl, query);
      const json = asObject(document(await reader.get(url, signal), url), 'answer');
      const found: Trace[] = [];
      for (const [index, item] of asList(json.traces, 'traces').entries()) {
        // Leading zeros are not there.
        const place = `traces[${index}]`;
        const trace = await read(readTraceId(asObject(item, place).traceID, `${place}.traceID`), signal);
        // A server that did not read the query must not have its other traces taken for this probe's.
        if (trace?.spans.some((span) => fits(span, query))) found.push(trace);
      }
      return found;
    },
    version: (signal) => readTempoVersion(baseUrl, reader, signal),
    async services(signal) {
      const url = routeAt(baseUrl, '/api/v2/search/tag/resource.service.name/values');
      const { tagValues } = asObject(document(await reader.get(url, signal), url), 'answer');
      return asList(tagValues, 'tagValues').map((item, index) =>
        asText(asObject(item, `tagValues[${index}]`).value, `tagValues[${index}].value`),
      );
    },
  };
}

export const tempoRow: BackendRow = {
  async detect(baseUrl, reader, signal) {
    const query = { service: 'hopcheck-negotiation', fromMs: 0, toMs: 1000, limit: 1 };
    return isFound(await reader.get(searchUrl(baseUrl, query), signal)) ? { supported: true } : undefined;
  },
  create: createTempoBackend,
  dump: {
    shapes: ['{"batches": […]}', '{"trace": {"resourceSpans": […]}}'],
    isOf: (document) => hasKey(document, 'batches') || hasKey(document, 'trace'),
    isStream: true,
    read: parseOtlpTraces,
  },
};

/** `{"traces": […], "metrics": {…}}`; an empty list is left out. */
function isFound({ status, documents: [first] }: JsonAnswer): boolean {
  return status === 200 && (hasKey(first, 'metrics') || (hasKey(first, 'traces') && !hasKey(first, 'data')));
}

/** TraceQL; the times are whole seconds. */
function searchUrl(baseUrl: URL, { service, marker, fromMs, toMs, limit }: MarkerQuery): URL {
  const conditions = [
    `resource.service.name = ${JSON.stringify(service)}`,
    ...(marker === undefined ? [] : [`${attribute(marker.tag)} = ${JSON.stringify(marker.value)}`]),
  ];
  const url = routeAt(baseUrl, '/api/search');
  url.searchParams.set('q', `{ ${conditions.join(' && ')} }`);
  url.searchParams.set('start', String(Math.floor(fromMs / 1000)));
  url.searchParams.set('end', String(Math.ceil(toMs / 1000)));
  url.searchParams.set('limit', String(limit));
  return url;
}

/** A name with other characters than these is written in quotes. */
function attribute(name: string): string {
  return /^[\w.]+$/.test(name) ? `span.${name}` : `span.${JSON.stringify(name)}`;
}

function fits(span: Span, { service, marker }: MarkerQuery): boolean {
  return span.service === service && (marker === undefined || tag(span, envoyName(marker.tag)) === marker.value);
}

function cut(id: TraceId, received: string): BackendError {
  return new BackendError('HC713', `trace ${id} is larger than this Tempo returns (${received})`, {
    expected: 'a whole trace',
    received: `a part of it, ${received}`,
    hint: 'look at that trace in Grafana: one trace id may be in use by many requests; or raise max_bytes_per_trace in Tempo',
  });
}

function document(answer: JsonAnswer, url: URL): unknown {
  const [first] = answer.documents;
  if (answer.status === 200 && first !== undefined) return first;
  const what = answer.html ? 'an HTML page' : answer.documents.length > 0 ? 'other JSON' : 'neither JSON nor HTML';
  throw new BackendError('HC702', `${where(url)} answered ${answer.status} with ${what}`, {
    expected: "JSON of Tempo's query API",
    received: `${what}, status ${answer.status}`,
    hint: "give the URL of Tempo's query frontend, e.g. --traces http://localhost:3200",
  });
}
