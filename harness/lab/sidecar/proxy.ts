import type { Clock } from '../../model/clock.ts';
import type { Driver } from '../lab.ts';
import type { Random } from '../random.ts';
import { ConnectionError, type Handler, type Headers, header, type WireRequest, type WireResponse } from '../wire.ts';
import type { ReportedSpan } from './report.ts';
import { decide } from './request-id.ts';
import { bySecondName, downstreamTags, type ProxyIdentity, upstreamTags } from './tags.ts';
import type { SpanContext, Tracer } from './tracer.ts';

export interface ProxyOptions {
  readonly identity: ProxyIdentity;
  readonly tracer: Tracer;
  readonly driver: Driver;
  readonly clock: Clock;
  readonly random: Random;
  /** Epoch micros, never the same twice: parents start before their children. */
  readonly micros: () => number;
  readonly sampling: number;
  readonly shared: boolean;
  /** Old proxies had no istio.* tags. */
  readonly istioTags: boolean;
  /** Tags by their names in OpenTelemetry's semantic conventions, where they have one. */
  readonly secondNames: boolean;
  readonly gateway: boolean;
  /** Two gateway spans: a SERVER for the request and a CLIENT for each try upstream. */
  readonly spawnUpstream: boolean;
  readonly workers: readonly { add(span: ReportedSpan): void }[];
}

/** Where a listener sends a request on. */
export interface Upstream {
  readonly cluster: string;
  readonly operation: string;
  /** Envoy's fault rule for the route (response flags DI, FI); drawn for each request. */
  readonly injected?: () => InjectedFault;
  /** undefined: no endpoint (UH). */
  send?(request: WireRequest, signal: AbortSignal): Promise<WireResponse>;
}

interface InjectedFault {
  /** 0: none. */
  readonly delayMs: number;
  /** The status answered in the upstream's place. */
  readonly abort?: number;
}

export type Direction = 'inbound' | 'outbound';

/**
 * One of Envoy's listeners with its HTTP connection manager: request id, decision, span, headers, tags
 * (docs/facts/envoy.md#the-stand-in).
 */
export function proxyListener(
  options: ProxyOptions,
  direction: Direction,
  route: (request: WireRequest, worker: number) => Upstream,
): Handler {
  return async (request, signal) => {
    const worker = options.random.below(options.workers.length);
    const upstream = route(request, worker);
    const incoming = sanitise(request.headers, options.gateway);
    const decision = decide({ headers: incoming, edge: options.gateway, sampling: options.sampling }, options.random);
    const isServer = direction === 'inbound' || options.spawnUpstream;
    const context = options.tracer.start(incoming, decision.traced, options.shared && isServer, options.random);
    const span = new OpenSpan(options, context, isServer ? 'server' : 'client');
    const attempt =
      options.spawnUpstream && context !== undefined ? options.tracer.child(context, options.random) : undefined;
    const upstreamSpan = new OpenSpan(options, attempt, 'client');
    const decorated = header(incoming, 'x-envoy-decorator-operation');
    const operation = direction === 'inbound' ? (decorated ?? upstream.operation) : upstream.operation;
    const onward = onwardHeaders(options, direction, incoming, decision.requestId, attempt ?? context, operation);
    const answer = await forward(upstream, { ...request, headers: onward }, signal, options.clock);
    const facts = { ...answer, upstream, request, headers: onward };
    if (options.spawnUpstream && answer.sent)
      upstreamSpan.end(worker, `router ${upstream.cluster}; egress`, upstreamTags(options, facts));
    span.end(worker, operation, downstreamTags(options, facts));
    if (answer.response === undefined) throw new ConnectionError('the caller has gone');
    return answer.response;
  };
}

interface Forwarded {
  /** undefined: the caller gave up before there was one. */
  readonly response?: WireResponse;
  readonly status: number;
  readonly flags: string;
  /** False: the proxy answered before it chose a host, and then it makes no upstream span (docs/facts/envoy.md#faults). */
  readonly sent: boolean;
}

async function forward(
  upstream: Upstream,
  request: WireRequest,
  signal: AbortSignal,
  clock: Clock,
): Promise<Forwarded> {
  const { delayMs = 0, abort } = upstream.injected?.() ?? {};
  const flagged = (flag?: string) =>
    [...(delayMs > 0 ? ['DI'] : []), ...(flag === undefined ? [] : [flag])].join() || '-';
  const local = (body: string, flag: string, { status = 503, sent = false } = {}): Forwarded => ({
    response: { status, headers: [['content-type', 'text/plain']], body },
    status,
    flags: flagged(flag),
    sent,
  });
  try {
    if (delayMs > 0) await clock.sleep(delayMs, signal);
  } catch (error) {
    if (signal.aborted) return { status: 0, flags: flagged('DC'), sent: false };
    throw error;
  }
  if (abort !== undefined) return local('fault filter abort', 'FI', { status: abort });
  if (upstream.send === undefined) return local('no healthy upstream', 'UH');
  try {
    const response = await upstream.send(request, signal);
    return { response, status: response.status, flags: flagged(), sent: true };
  } catch (error) {
    if (signal.aborted) return { status: 0, flags: flagged('DC'), sent: true };
    if (error instanceof ConnectionError)
      return local('upstream connect error or disconnect/reset before headers', error.afterConnect ? 'UC' : 'UF', {
        sent: true,
      });
    throw error;
  }
}

/**
 * What comes from outside loses Envoy's own headers; x-client-trace-id and all trace contexts stay
 * (docs/facts/envoy.md#edge).
 */
function sanitise(headers: Headers, edge: boolean): Headers {
  const stripped = new Set(['x-envoy-force-trace', ...(edge ? ['x-envoy-decorator-operation'] : [])]);
  return headers
    .map(([name, value]): [string, string] => [name.toLowerCase(), value])
    .filter(([name]) => !stripped.has(name));
}

function onwardHeaders(
  options: ProxyOptions,
  direction: Direction,
  incoming: Headers,
  requestId: string,
  context: SpanContext | undefined,
  operation: string,
): Headers {
  const rest = incoming.filter(([name]) => name !== 'x-request-id' && name !== 'x-envoy-decorator-operation');
  const own: Headers = [['x-request-id', requestId]];
  if (direction === 'outbound') own.push(['x-envoy-decorator-operation', operation]);
  const headers = [...rest, ...own];
  return context === undefined ? headers : options.tracer.inject(headers, context);
}

class OpenSpan {
  readonly #options: ProxyOptions;
  readonly #context: SpanContext | undefined;
  readonly #kind: ReportedSpan['kind'];
  readonly #startMicros: number;

  constructor(options: ProxyOptions, context: SpanContext | undefined, kind: ReportedSpan['kind']) {
    this.#options = options;
    this.#context = context;
    this.#kind = kind;
    this.#startMicros = options.micros();
  }

  end(worker: number, name: string, tags: ReportedSpan['tags']): void {
    const context = this.#context;
    if (context?.sampled !== true) return;
    this.#options.workers[worker]?.add({
      traceId: context.traceId,
      id: context.spanId,
      ...(context.parentId !== undefined && { parentId: context.parentId }),
      kind: this.#kind,
      name,
      startMicros: this.#startMicros,
      durationMicros: Math.max(1, this.#options.micros() - this.#startMicros),
      shared: this.#options.shared,
      tags: this.#options.secondNames ? tags.map(bySecondName) : tags,
    });
  }
}
