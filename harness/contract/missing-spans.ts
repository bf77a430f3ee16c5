import type { Clock } from '../model/clock.ts';
import type { UpstreamCall } from '../model/contract.ts';
import { contextOf } from './judge/read-context.ts';
import type { Otlp } from './otlp.ts';

/** An exporter of OpenTelemetry sends what it has every 5 s (OTEL_BSP_SCHEDULE_DELAY). */
const FLUSH_MS = 6000;
const POLL_MS = 50;

/** Waits until every span that a call names was exported, or an exporter has had time for it. */
export async function awaitSpans(
  otlp: Otlp,
  calls: readonly UpstreamCall[],
  clock: Clock,
  signal: AbortSignal,
): Promise<void> {
  const named = new Set(calls.flatMap(({ headers }) => contextOf(headers).spanId ?? []));
  const until = clock.now() + FLUSH_MS;
  while (!signal.aborted && clock.now() < until) {
    const exported = new Set(otlp.spans().map(({ spanId }) => spanId));
    if ([...named].every((id) => exported.has(id))) return;
    await clock.sleep(POLL_MS, signal).catch(() => undefined);
  }
}
