import type { Random } from '../random.ts';
import { type Handler, header, type WireRequest, type WireResponse } from '../wire.ts';
import { otlpSpan, shuffled } from './render.ts';
import type { SpanStore, StoredSpan } from './store.ts';

export interface TempoOptions {
  readonly store: SpanStore;
  /** Of a gateway in front, such as OpenShift's `/api/traces/v1/dev/tempo`; it shows these routes and nothing else. */
  readonly basePath: string;
  readonly random: Random;
  readonly nowMs: () => number;
  /** It serves several tenants: a request must name this one. */
  readonly tenant?: string;
  /** Of a larger trace it gives so many spans, and says PARTIAL; default: none is cut. */
  readonly mostSpans?: number;
}

/** What a search does not show yet, ms. */
const UNSEARCHED_MS = 30_000;
const KINDS = ['UNSPECIFIED', 'INTERNAL', 'SERVER', 'CLIENT', 'PRODUCER', 'CONSUMER'];
/** One condition of the TraceQL that hopcheck writes. */
const CONDITION = /^(resource|span)\.([\w.]+|"[^"]*") = ("(?:[^"\\]|\\.)*")$/;

/** Tempo's query API by its documentation; it was not compared with a real one (docs/facts/jaeger.md#tempo). */
export function tempoApi(options: TempoOptions): Handler {
  return async (request) => {
    const url = new URL(request.path, 'http://tempo');
    if (options.basePath !== '' && !url.pathname.startsWith(`${options.basePath}/`)) return notFound();
    const path = url.pathname.slice(options.basePath.length);
    if (path === '/api/status/buildinfo') return json({ version: '3.0.0', revision: '' });
    if (!isTenants(request, options)) return text(401, 'no org id');
    if (path === '/api/search') return search(options, url.searchParams);
    if (path === '/api/v2/search/tag/resource.service.name/values') return services(options);
    if (path.startsWith('/api/v2/traces/')) return byId(options, path.slice('/api/v2/traces/'.length));
    return notFound();
  };
}

function isTenants(request: WireRequest, { tenant }: TempoOptions): boolean {
  return tenant === undefined || header(request.headers, 'x-scope-orgid') === tenant;
}

/** An id that it does not know is an empty trace, with status 200. */
function byId({ store, random, mostSpans = Number.POSITIVE_INFINITY }: TempoOptions, id: string): WireResponse {
  if (!/^[0-9a-fA-F]{1,32}$/.test(id)) return text(400, 'trace IDs can only contain hex characters');
  const spans = shuffled(deduplicated(store.trace(id) ?? []), random);
  const shown = spans.slice(0, mostSpans);
  return json({
    trace: { resourceSpans: shown.map(resourceSpan) },
    metrics: {},
    ...(shown.length < spans.length && { status: 'PARTIAL', message: 'trace exceeds max size' }),
  });
}

function search({ store, nowMs }: TempoOptions, query: URLSearchParams): WireResponse {
  const conditions = conditionsOf(query.get('q') ?? '');
  if (conditions === undefined) return text(400, 'invalid TraceQL query: parse error');
  const startMs = Number(query.get('start') ?? 0) * 1000;
  const endMs = Math.min(Number(query.get('end') ?? Number.MAX_SAFE_INTEGER) * 1000, nowMs() - UNSEARCHED_MS);
  const found = [...store.all()].filter(
    (spans) =>
      spans.some((span) => conditions.every((holds) => holds(span))) &&
      firstMs(spans) >= startMs &&
      firstMs(spans) <= endMs,
  );
  const traces = found.slice(0, Number(query.get('limit') ?? 20)).map((spans) => ({
    traceID: (spans[0]?.traceId ?? '').replace(/^0+/, ''),
    rootServiceName: '<root span not yet received>',
    startTimeUnixNano: `${spans[0]?.startMicros}000`,
  }));
  return json({ ...(traces.length > 0 && { traces }), metrics: { inspectedTraces: traces.length } });
}

function conditionsOf(query: string): ((span: StoredSpan) => boolean)[] | undefined {
  const [, inner] = /^\{ (.*) \}$/.exec(query) ?? [];
  const conditions = inner?.split(' && ').map((part) => {
    const [, scope, name = '', value = '""'] = CONDITION.exec(part) ?? [];
    const key = name.startsWith('"') ? (JSON.parse(name) as string) : name;
    const wanted = JSON.parse(value) as string;
    if (scope === undefined) return undefined;
    return scope === 'resource'
      ? ({ service }: StoredSpan) => key === 'service.name' && service === wanted
      : ({ tags }: StoredSpan) => tags.some(([has, is]) => has === key && is === wanted);
  });
  return conditions?.every((holds) => holds !== undefined) === true ? conditions : undefined;
}

function services({ store, nowMs }: TempoOptions): WireResponse {
  const seen = [...store.all()].filter((spans) => firstMs(spans) <= nowMs() - UNSEARCHED_MS).flat();
  const names = [...new Set(seen.map(({ service }) => service))].toSorted();
  return json({
    ...(names.length > 0 && { tagValues: names.map((value) => ({ type: 'string', value })) }),
    metrics: {},
  });
}

/** The same span twice is one. A SERVER span that has its caller's id gets another, below the caller. */
function deduplicated(spans: readonly StoredSpan[]): readonly StoredSpan[] {
  const clients = new Set(spans.filter(({ kind }) => kind === 3).map(({ id }) => id));
  const isShared = ({ kind, id }: StoredSpan) => kind === 2 && clients.has(id);
  const renamed = new Map(spans.filter(isShared).map(({ id }) => [id, another(id)]));
  const unique = new Map(spans.map((span) => [`${span.id} ${span.kind}`, span]));
  return [...unique.values()].map((span) => {
    if (isShared(span)) return { ...span, id: renamed.get(span.id) ?? span.id, parentId: span.id };
    const parentId = renamed.get(span.parentId ?? '');
    return parentId === undefined ? span : { ...span, parentId };
  });
}

function another(id: string): string {
  return (BigInt(`0x${id}`) ^ 0xffff_ffff_ffff_ffffn).toString(16).padStart(16, '0');
}

/** Ids are base64, and kinds are names. */
function resourceSpan(span: StoredSpan): object {
  const attribute = ([key, value]: readonly [string, string]) => ({ key, value: { stringValue: value } });
  return {
    resource: { attributes: [...span.resource, ['service.name', span.service] as const].map(attribute) },
    scopeSpans: [
      {
        scope: span.scope ?? {},
        spans: [
          {
            ...otlpSpan(span),
            traceId: base64(span.traceId),
            spanId: base64(span.id),
            ...(span.parentId !== undefined && { parentSpanId: base64(span.parentId) }),
            kind: `SPAN_KIND_${KINDS[span.kind]}`,
          },
        ],
      },
    ],
  };
}

function base64(hex: string): string {
  return Buffer.from(hex, 'hex').toString('base64');
}

function firstMs(spans: readonly StoredSpan[]): number {
  return Math.min(...spans.map(({ startMicros }) => startMicros)) / 1000;
}

function json(body: unknown): WireResponse {
  return { status: 200, headers: [['content-type', 'application/json']], body: JSON.stringify(body) };
}

function text(status: number, body: string): WireResponse {
  return { status, headers: [['content-type', 'text/plain; charset=utf-8']], body };
}

function notFound(): WireResponse {
  return text(404, '404 page not found');
}
