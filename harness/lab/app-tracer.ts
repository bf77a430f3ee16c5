import { faultsOn } from './faults.ts';
import type { LabOptions } from './lab.ts';
import type { Pod } from './naming.ts';
import type { Random } from './random.ts';
import { otlpReport, type ReportedSpan } from './sidecar/report.ts';
import { WorkerReporter } from './sidecar/reporter.ts';
import { type Handler, type Headers, header } from './wire.ts';

/** How a batch of an SDK's exporter is cut at the latest; its interval is that of the lab's proxies. */
const BATCH_SPANS = 512;
const TRACEPARENT = /^00-([0-9a-f]{32})-([0-9a-f]{16})-([0-9a-f]{2})$/;

/** What an OpenTelemetry SDK in an application does with one request that it serves. */
export interface ServedRequest {
  /** A call made for it: the headers to send, which carry the CLIENT span's id, and its end. */
  call(service: string, headers: Headers): { readonly headers: Headers; end(status: number): void };
  end(status: number): void;
}

export interface AppTracer {
  /** undefined: the request carries no context, and the application's SDK leaves it alone. */
  serve(path: string, headers: Headers): ServedRequest | undefined;
}

interface Context {
  readonly traceId: string;
  readonly spanId: string;
  readonly sampled: boolean;
}

interface Means {
  readonly options: LabOptions;
  readonly random: Random;
  /** Takes OTLP in JSON. */
  readonly takeSpans: Handler;
  readonly signal: AbortSignal;
}

/**
 * The tracer of one pod's application, between the proxy's SERVER span and its CLIENT spans: SERVER,
 * internal, and one CLIENT span per call, exported as OTLP over HTTP. It continues the mesh's format, and follows its decision.
 * `new-spanid` is a tracer that exports nothing.
 */
export function appTracer({ service, version }: Pod, means: Means): AppTracer {
  const { options, random, signal } = means;
  const micros = clockOf(options);
  const exports = faultsOn(options.faults, ['new-spanid'], service, version).length === 0;
  const reporter = new WorkerReporter({
    clock: options.clock,
    random,
    minSpans: BATCH_SPANS,
    intervalMs: options.flush.intervalMs,
    send: (spans) => send(service, spans, means),
    signal,
  });
  const begin = (parent: Context, kind: ReportedSpan['kind'], name: string) => {
    const context = { ...parent, spanId: random.hex(16) };
    const startMicros = micros();
    const end = (tags: ReportedSpan['tags']) => {
      if (!context.sampled || !exports) return;
      const durationMicros = Math.max(1, micros() - startMicros);
      const ids = { traceId: context.traceId, id: context.spanId, parentId: parent.spanId };
      reporter.add({ ...ids, kind, name, startMicros, durationMicros, shared: false, tags });
    };
    return { context, end };
  };
  return {
    serve(path, headers) {
      const parent = contextOf(headers, options.driver);
      if (parent === undefined) return undefined;
      const server = begin(parent, 'server', `GET ${path}`);
      const work = begin(server.context, 'internal', 'handle');
      return {
        call(callee, sent) {
          const client = begin(work.context, 'client', 'GET');
          const tags = (status: number) => httpTags('url.full', `http://${callee}/`, status);
          return { headers: inject(sent, client.context, options.driver), end: (status) => client.end(tags(status)) };
        },
        end(status) {
          work.end([]);
          server.end(httpTags('url.path', path, status));
        },
      };
    },
  };
}

/** The name of the service is the application's word, without the namespace that a proxy adds. */
async function send(service: string, spans: readonly ReportedSpan[], { takeSpans, signal }: Means): Promise<void> {
  const { path, body } = otlpReport({ service, sdk: { name: 'opentelemetry', language: 'nodejs' } }, spans);
  const headers: Headers = [
    ['host', 'collector'],
    ['content-type', 'application/json'],
  ];
  await takeSpans({ method: 'POST', path, headers, body }, signal);
}

/** No two readings are equal, however coarse the clock: parents start before their children. */
function clockOf({ clock }: LabOptions): () => number {
  let last = 0;
  return () => {
    last = Math.max(last + 1, Math.ceil(clock.now() * 1000));
    return last;
  };
}

/** As the instrumentations of today write them. */
function httpTags(place: string, value: string, status: number): ReportedSpan['tags'] {
  return [
    ['http.request.method', 'GET'],
    [place, value],
    ['http.response.status_code', String(status)],
    ...(status >= 500 ? [['error', 'true'] as const] : []),
  ];
}

function contextOf(headers: Headers, driver: LabOptions['driver']): Context | undefined {
  if (driver === 'otel') {
    const [, traceId, spanId, flags] = TRACEPARENT.exec(header(headers, 'traceparent') ?? '') ?? [];
    if (traceId === undefined || spanId === undefined) return undefined;
    return { traceId, spanId, sampled: flags === '01' };
  }
  const [traceId, spanId] = [header(headers, 'x-b3-traceid'), header(headers, 'x-b3-spanid')];
  if (traceId === undefined || spanId === undefined) return undefined;
  return { traceId: traceId.padStart(32, '0'), spanId, sampled: header(headers, 'x-b3-sampled') === '1' };
}

/** Takes the place of the headers that the application would have copied. */
function inject(headers: Headers, { traceId, spanId, sampled }: Context, driver: LabOptions['driver']): Headers {
  const names = driver === 'otel' ? ['traceparent'] : B3;
  const own: Headers =
    driver === 'otel'
      ? [['traceparent', `00-${traceId}-${spanId}-${sampled ? '01' : '00'}`]]
      : [
          ['x-b3-traceid', traceId],
          ['x-b3-spanid', spanId],
          ['x-b3-sampled', sampled ? '1' : '0'],
        ];
  return [...headers.filter(([name]) => !names.includes(name.toLowerCase())), ...own];
}

const B3 = ['x-b3-traceid', 'x-b3-spanid', 'x-b3-parentspanid', 'x-b3-sampled'];
