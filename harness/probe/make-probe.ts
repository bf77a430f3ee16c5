import type { ContextFormat, Probe, ProbePurpose } from '../model/exchange.ts';
import { CONTEXT_HEADERS } from './context.ts';
import { newSpanId, newTraceId, newUuid, type RandomHex } from './random.ts';

/**
 * Makes one probe: fresh ids, a unique marker, and the headers its purpose asks for.
 * *Forced on* is the context with sampled 1 and `x-client-trace-id`: only both together are traced on either driver at
 * any rate. *Forced off* is the context with sampled 0 (facts/envoy-observed.md §6).
 */
export function makeProbe(
  id: string,
  purpose: ProbePurpose,
  format: ContextFormat,
  runId: string,
  random: RandomHex,
): Probe {
  const marker = `hopcheck-${runId}-${id}`;
  const own = [
    ['user-agent', marker],
    ['accept', 'text/html'],
  ] as const;
  if (purpose === 'undecided') return { id, purpose, format: 'none', marker, headers: own };
  const traceId = newTraceId(random);
  const spanId = newSpanId(random);
  const context = CONTEXT_HEADERS[format]({ traceId, spanId, sampled: purpose === 'forced-on' });
  const force = purpose === 'forced-on' ? [['x-client-trace-id', newUuid(random)] as const] : [];
  return { id, purpose, format, marker, traceId, spanId, headers: [...own, ...context, ...force] };
}

/** `p001`, `p002`, … */
export function probeId(index: number, prefix = 'p'): string {
  return `${prefix}${String(index + 1).padStart(3, '0')}`;
}
