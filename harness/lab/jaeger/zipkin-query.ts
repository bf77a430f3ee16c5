import type { Handler, WireResponse } from '../wire.ts';
import type { SpanStore, StoredSpan } from './store.ts';

/** Limit and look-back (ms) of a search that names none (docs/facts/zipkin.md#search). */
const LIMIT = 10;
const LOOK_BACK_MS = 86_400_000;
const KIND_NAMES = [undefined, undefined, 'SERVER', 'CLIENT', 'PRODUCER', 'CONSUMER'];

/** Zipkin's query API as the real one answers, at the root and below the path of its UI (docs/facts/zipkin.md#api). */
export function zipkinApi(store: SpanStore): Handler {
  return async (request) => {
    const url = new URL(request.path, 'http://zipkin');
    const query = url.searchParams;
    if (url.pathname === '/info') return json({ zipkin: { version: '3.5.1', commit: '' } });
    const path = url.pathname.replace(/^\/zipkin(?=\/api\/v2\/)/, '');
    if (path === '/api/v2/services') return json([...new Set(store.services().map((name) => name.toLowerCase()))]);
    if (path === '/api/v2/traces') return search(store, query);
    if (path === '/api/v2/traceMany') return many(store, query);
    if (path.startsWith('/api/v2/trace/')) return single(store, path.slice('/api/v2/trace/'.length));
    return text(404, '404 Not Found');
  };
}

function single(store: SpanStore, id: string): WireResponse {
  if (!/^[0-9a-f]{1,32}$/.test(id)) return notHex(id);
  const spans = store.trace(id);
  return spans === undefined ? text(404, `${id} not found`) : json(spans.map(zipkinSpan));
}

/** One id and the same id twice are refused; ids that it does not know are left out without a word. */
function many(store: SpanStore, query: URLSearchParams): WireResponse {
  const ids = (query.get('traceIds') ?? '').split(',');
  if (ids.length < 2) return text(400, 'Use /api/v2/trace/{traceId} endpoint to retrieve a single trace');
  for (const [index, id] of ids.entries()) {
    if (!/^[0-9a-f]{1,32}$/.test(id)) return notHex(id);
    if (ids.indexOf(id) < index) return text(400, `redundant traceId: ${id}`);
  }
  return json(ids.flatMap((id) => traceOf(store, id)));
}

function traceOf(store: SpanStore, id: string): object[][] {
  const spans = store.trace(id);
  return spans === undefined ? [] : [spans.map(zipkinSpan)];
}

/** Service and tags must be those of one span; the time is the trace's. Newest first. */
function search(store: SpanStore, query: URLSearchParams): WireResponse {
  const limit = Number(query.get('limit') ?? LIMIT);
  if (limit <= 0) return text(400, 'limit <= 0');
  const endMs = Number(query.get('endTs') ?? Number.MAX_SAFE_INTEGER / 1000);
  const fromMs = endMs - Number(query.get('lookback') ?? LOOK_BACK_MS);
  const service = query.get('serviceName')?.toLowerCase();
  const wanted = (query.get('annotationQuery') ?? '').split(' and ').filter((part) => part !== '');
  const matches = (span: StoredSpan) =>
    (service === undefined || span.service.toLowerCase() === service) &&
    wanted.every((part) => {
      const [key = '', ...value] = part.split('=');
      return span.tags.some(([name, has]) => name === key && (value.length === 0 || has === value.join('=')));
    });
  const startMs = (spans: readonly StoredSpan[]) => Math.min(...spans.map(({ startMicros }) => startMicros)) / 1000;
  const found = [...store.all()].filter(
    (spans) => startMs(spans) >= fromMs && startMs(spans) <= endMs && spans.some(matches),
  );
  const newest = found.toSorted((a, b) => startMs(b) - startMs(a)).slice(0, limit);
  return json(newest.map((spans) => spans.map(zipkinSpan)));
}

/** Names in lower case; a duration of nothing is left out; ids of 64 bit have 16 digits. */
function zipkinSpan(span: StoredSpan): object {
  const kind = KIND_NAMES[span.kind];
  const id = span.traceId.startsWith('0'.repeat(16)) ? span.traceId.slice(16) : span.traceId;
  const address = span.tags.find(([key]) => key === 'net.host.ip')?.[1];
  return {
    traceId: id,
    ...(span.parentId !== undefined && { parentId: span.parentId }),
    id: span.id,
    ...(kind !== undefined && { kind }),
    name: span.name.toLowerCase(),
    timestamp: span.startMicros,
    ...(span.durationMicros > 0 && { duration: span.durationMicros }),
    localEndpoint: { serviceName: span.service.toLowerCase(), ...(address !== undefined && { ipv4: address }) },
    tags: {
      ...Object.fromEntries(span.tags.filter(([key]) => key !== 'net.host.ip')),
      ...(span.isError && { error: 'true' }),
    },
  };
}

function json(body: unknown): WireResponse {
  return { status: 200, headers: [['content-type', 'application/json']], body: JSON.stringify(body) };
}

function text(status: number, body: string): WireResponse {
  return { status, headers: [['content-type', 'text/plain; charset=utf-8']], body };
}

function notHex(id: string): WireResponse {
  return text(400, `${id} should be lower-hex encoded with no prefix`);
}
