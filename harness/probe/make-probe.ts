import type { ContextFormat, PlannedProbe, Probe, ProbePurpose, ProbeVariant } from '../model/exchange.ts';
import { parseTraceId, type TraceId } from '../model/ids.ts';
import { CONTEXT_HEADERS, type ContextHeaders } from './context.ts';
import { newSpanId, newTraceId, newUuid, type RandomHex } from './random.ts';

/**
 * Makes one probe: fresh ids, a unique marker, and the headers its purpose asks for.
 * *Forced on* is the context with sampled 1 and `x-client-trace-id`: only both together are traced on either driver at
 * any rate. *Forced off* is the context with sampled 0 (docs/facts/envoy.md#forcing).
 * @param variant another way to write the same context; one that this format does not have is left out.
 */
export function makeProbe(
  id: string,
  purpose: ProbePurpose,
  format: ContextFormat,
  runId: string,
  random: RandomHex,
  variant?: ProbeVariant,
): Probe {
  const marker = `hopcheck-${runId}-${id}`;
  const own = [
    ['user-agent', marker],
    ['accept', 'text/html'],
  ] as const;
  if (purpose === 'undecided') {
    if (variant !== 'ot-span-context') return { id, purpose, format: 'none', marker, headers: own };
    const beside = ['x-ot-span-context', `${random(16)};${random(16)}`] as const;
    return { id, purpose, format: 'none', marker, variant, headers: [...own, beside] };
  }
  const used = variant !== undefined && VARIANTS[format].includes(variant) ? variant : undefined;
  const traceId = used === '64-bit' ? shortTraceId(random) : newTraceId(random);
  const spanId = newSpanId(random);
  const context = CONTEXT_HEADERS[format]({ traceId, spanId, sampled: purpose === 'forced-on' });
  const force = purpose === 'forced-on' ? [['x-client-trace-id', newUuid(random)] as const] : [];
  return {
    id,
    purpose,
    format,
    marker,
    ...(used !== undefined && { variant: used }),
    traceId,
    spanId,
    headers: [...own, ...varied(context, used, random), ...force],
  };
}

/** The probe that the plan asks for, in the mesh's own format where the plan names none. */
export function makePlanned(
  id: string,
  planned: PlannedProbe,
  meshFormat: ContextFormat,
  runId: string,
  random: RandomHex,
): Probe {
  const { purpose, format = meshFormat, variant } = planned;
  const probe = makeProbe(id, purpose, format, runId, random, variant);
  return format === meshFormat || probe.format === 'none' ? probe : { ...probe, trial: true };
}

/** Which formats know which variants (openzipkin/b3-propagation; W3C Trace Context §3.3). */
const VARIANTS: Readonly<Record<ContextFormat, readonly ProbeVariant[]>> = {
  b3: ['parent', 'deferred', 'flags', '64-bit'],
  'b3-single': ['64-bit'],
  w3c: ['tracestate'],
};

function varied(context: ContextHeaders, variant: ProbeVariant | undefined, random: RandomHex): ContextHeaders {
  switch (variant) {
    case 'parent':
      return [...context, ['x-b3-parentspanid', newSpanId(random)]];
    case 'deferred':
      return context.filter(([name]) => name !== 'x-b3-sampled');
    case 'flags':
      return [...context, ['x-b3-flags', '1']];
    case 'tracestate':
      return [...context, ['tracestate', `hopcheck=${random(8)}`]];
    case '64-bit':
      return context.map(([name, value]) => [name, value.replace(/^0{16}(?=[0-9a-f]{16}(?:-|$))/, '')] as const);
    default:
      return context;
  }
}

function shortTraceId(random: RandomHex): TraceId {
  const parsed = parseTraceId(random(16));
  return parsed.ok ? parsed.id : shortTraceId(random);
}
