import type { Clock } from '../model/clock.ts';
import type { Fault } from './faults.ts';
import type { SpanStore, StoredSpan } from './jaeger/store.ts';
import type { Random } from './random.ts';

/** An OpenTelemetry collector between the proxies and the trace backend (docs/facts/collector.md). */
export interface CollectorOptions {
  /** Its batch processor sends what it has every so many ms; 0: at once. */
  readonly batchMs: number;
  /** Its tail sampling; absent: it keeps every trace. */
  readonly tailSampling?: TailSampling;
}

/** A trace is kept when one of the two keeps it. */
export interface TailSampling {
  /** Percent of all traces. */
  readonly percent: number;
  /** Traces in which a span has the marker of a probe. */
  readonly probes: boolean;
}

/** The batch processor's default, ms (docs/facts/collector.md#batch). */
const DEFAULT_BATCH_MS = 200;
/** From a trace's first span to the decision, ms: the processor's default, and what most people have. */
export const DECISION_WAIT_MS = 30_000;
/** The processor looks at what is due once a second (docs/facts/collector.md#tail-sampling). */
const TICK_MS = 1000;
/** The markers of all probes (harness/probe/make-probe.ts), as the policy has them. */
export const PROBE_MARKER = '^hopcheck-';

/** undefined: proxies report to the trace backend itself. */
export function collectorOf(faults: readonly Fault[]): CollectorOptions | undefined {
  const of = (wanted: Fault['kind']) =>
    faults.filter(({ kind }) => kind === wanted).map(({ argument = '' }) => argument);
  const [batches, policies] = [of('collector-batch'), of('tail-sampling')];
  if (batches.length === 0 && policies.length === 0) return undefined;
  const percents = policies.filter((policy) => policy !== 'probes').map(Number);
  return {
    batchMs: batches.length === 0 ? DEFAULT_BATCH_MS : Math.max(...batches.map(Number)),
    ...(policies.length > 0 && {
      tailSampling: { percent: Math.max(0, ...percents), probes: policies.includes('probes') },
    }),
  };
}

type Taker = Pick<SpanStore, 'add'>;

/**
 * What the collector does, for the stand-in: tail sampling first, then the batch.
 * @param signal the lab is stopped: what the collector still holds is lost.
 */
export function throughCollector(
  onward: Taker,
  { batchMs, tailSampling }: CollectorOptions,
  means: { readonly clock: Clock; readonly random: Random },
  signal: AbortSignal,
): Taker {
  const batched = inBatches(onward, batchMs, means, signal);
  return tailSampling === undefined ? batched : tailSampled(batched, tailSampling, means, signal);
}

/** A timer that runs whether or not spans come, so that a span waits for any part of the interval. */
function inBatches(
  onward: Taker,
  batchMs: number,
  { clock, random }: { readonly clock: Clock; readonly random: Random },
  signal: AbortSignal,
): Taker {
  if (batchMs === 0) return onward;
  let held: StoredSpan[] = [];
  every(batchMs, random.next() * batchMs, clock, signal, () => {
    if (held.length > 0) onward.add(held);
    held = [];
  });
  return { add: (spans) => void held.push(...spans) };
}

interface HeldTrace {
  readonly spans: StoredSpan[];
  readonly dueAtMs: number;
}

/** Spans that come after the decision share their trace's. */
function tailSampled(
  onward: Taker,
  { percent, probes }: TailSampling,
  { clock, random }: { readonly clock: Clock; readonly random: Random },
  signal: AbortSignal,
): Taker {
  const held = new Map<string, HeldTrace>();
  const decided = new Map<string, boolean>();
  const marker = new RegExp(PROBE_MARKER);
  const isProbe = ({ tags }: StoredSpan) => tags.some(([key, value]) => key === 'user_agent' && marker.test(value));
  every(TICK_MS, random.next() * TICK_MS, clock, signal, () => {
    for (const [id, { spans, dueAtMs }] of held) {
      if (dueAtMs > clock.now()) continue;
      held.delete(id);
      const keep = random.next() * 100 < percent || (probes && spans.some(isProbe));
      decided.set(id, keep);
      if (keep) onward.add(spans);
    }
  });
  return {
    add: (spans) => {
      for (const span of spans) {
        const decision = decided.get(span.traceId);
        if (decision === true) onward.add([span]);
        if (decision !== undefined) continue;
        const known = held.get(span.traceId);
        if (known !== undefined) known.spans.push(span);
        else held.set(span.traceId, { spans: [span], dueAtMs: clock.now() + DECISION_WAIT_MS });
      }
    },
  };
}

function every(intervalMs: number, firstMs: number, clock: Clock, signal: AbortSignal, work: () => void): void {
  const run = async () => {
    await clock.sleep(firstMs, signal);
    for (;;) {
      work();
      await clock.sleep(intervalMs, signal);
    }
  };
  run().catch((error: unknown) => {
    if (!signal.aborted) throw error;
  });
}
