import type { ContextFormat, ProbePurpose } from '../model/exchange.ts';
import { parseSpanId, parseTraceId, type SpanId, type TraceId } from '../model/ids.ts';

/** What a request's headers ask of the mesh. */
export interface CarriedContext {
  readonly purpose: ProbePurpose;
  /** It asks to be traced in a way that a tracer may overrule. */
  readonly isWish?: true;
  readonly format?: ContextFormat;
  readonly traceId?: TraceId;
  readonly spanId?: SpanId;
}

type Headers = ReadonlyMap<string, string>;

/** Hex, hex, and what is said of sampling, as it stands in the headers. */
interface Written {
  readonly format: ContextFormat;
  readonly traceId: string;
  readonly spanId: string;
  readonly sampled?: boolean;
}

/**
 * The context a request carries, and whether it forces the decision (docs/facts/envoy.md#headers-seen, #forcing):
 * sampled 0 is *forced off*; `x-client-trace-id` is *forced on*, and so is B3 with sampled 1. A traceparent with
 * sampled 1 alone is a wish: Envoy's OpenTelemetry driver decides for itself. Without sampled the mesh decides,
 * whatever ids are carried.
 */
export function carriedContext(headers: readonly (readonly [name: string, value: string])[]): CarriedContext {
  const sent: Headers = new Map(headers.map(([name, value]) => [name.toLowerCase(), value.trim()]));
  const written = readB3(sent) ?? readSingle(sent) ?? readTraceparent(sent);
  const trace = parseTraceId(written?.traceId ?? '');
  const span = parseSpanId(written?.spanId ?? '');
  const context = written !== undefined && trace.ok && span.ok ? written : undefined;
  return {
    ...purposeOf(context, sent.has('x-client-trace-id')),
    ...(context !== undefined && { format: context.format }),
    ...(context !== undefined && trace.ok && { traceId: trace.id }),
    ...(context !== undefined && span.ok && { spanId: span.id }),
  };
}

function purposeOf(context: Written | undefined, isForced: boolean): Pick<CarriedContext, 'purpose' | 'isWish'> {
  if (context?.sampled === false) return { purpose: 'forced-off' };
  if (isForced) return { purpose: 'forced-on' };
  if (context?.sampled !== true) return { purpose: 'undecided' };
  return context.format === 'w3c' ? { purpose: 'undecided', isWish: true } : { purpose: 'forced-on' };
}

function readB3(sent: Headers): Written | undefined {
  const traceId = sent.get('x-b3-traceid');
  const spanId = sent.get('x-b3-spanid');
  if (traceId === undefined || spanId === undefined) return undefined;
  const sampled = sent.get('x-b3-sampled');
  // Envoy takes `true` for 1 and anything else for 0 (docs/facts/envoy.md#headers-seen).
  return { format: 'b3', traceId, spanId, ...(sampled !== undefined && { sampled: /^(1|true)$/.test(sampled) }) };
}

/** `{trace}-{span}-{state}-{parent}` (openzipkin/b3-propagation, "Single Header"). */
function readSingle(sent: Headers): Written | undefined {
  const [, traceId, spanId, state] =
    /^([0-9a-f]+)-([0-9a-f]+)(?:-([01d]))?(?:-[0-9a-f]+)?$/i.exec(sent.get('b3') ?? '') ?? [];
  if (traceId === undefined || spanId === undefined) return undefined;
  return { format: 'b3-single', traceId, spanId, ...(state !== undefined && { sampled: state !== '0' }) };
}

/** W3C Trace Context §3.2. */
function readTraceparent(sent: Headers): Written | undefined {
  const [, traceId, spanId, flags] =
    /^[0-9a-f]{2}-([0-9a-f]{32})-([0-9a-f]{16})-([0-9a-f]{2})/.exec(sent.get('traceparent') ?? '') ?? [];
  if (traceId === undefined || spanId === undefined || flags === undefined) return undefined;
  return { format: 'w3c', traceId, spanId, sampled: (Number.parseInt(flags, 16) & 1) === 1 };
}
