import type { WrittenContext } from '../formats/format.ts';
import { decidesByRequestId, FORMATS } from '../formats/formats.ts';
import { CONTEXT_FORMATS, type ContextFormat, type ProbePurpose } from '../model/exchange.ts';
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

interface Written extends WrittenContext {
  readonly format: ContextFormat;
}

/**
 * The context a request carries, and whether it forces the decision (docs/facts/envoy.md#headers-seen, #forcing):
 * sampled 0 is *forced off*; `x-client-trace-id` is *forced on*, and so is sampled 1 where the format's driver goes by it.
 * Where the driver decides for itself, sampled 1 alone is a wish. Without sampled the mesh decides, whatever ids are
 * carried.
 */
export function carriedContext(headers: readonly (readonly [name: string, value: string])[]): CarriedContext {
  const sent = new Map(headers.map(([name, value]) => [name.toLowerCase(), value.trim()]));
  const [written] = CONTEXT_FORMATS.flatMap((format): Written[] => {
    const read = FORMATS[format].read(sent);
    return read === undefined ? [] : [{ format, ...read }];
  });
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
  return decidesByRequestId(context.format) ? { purpose: 'undecided', isWish: true } : { purpose: 'forced-on' };
}
