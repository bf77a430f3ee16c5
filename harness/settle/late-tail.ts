import { MARGIN_MS } from '../model/limits.ts';
import type { Entry } from './entry.ts';

/** Who owes the spans of a trace of which nothing came; no service has this name. */
const ANYONE = '';

/** From the first trace of a tail on, one trace in so many lacks the spans at least: workers and versions take turns. */
const ONE_IN = 8;

/** When a run was answered and what it waits for, as the rules know it. */
interface Times {
  /** The run's last answer, epoch ms; undefined while probes are still being sent. */
  readonly lastAnswerAtMs?: number;
  /** Flush + margin, or longer where spans were seen to come later, ms. */
  readonly graceMs: number;
}

/**
 * The traces at the end of a run that lack spans of a service which every trace before them has. A service whose spans take
 * longer to arrive than the margin owes those of the last requests, and of no others. So these may still come, and each of
 * these traces waits one grace time more (docs/architecture.md#rule-3).
 *
 * The traces that lack spans of a service are such a tail where all of this holds:
 * * A trace before the first of them has its spans.
 * * Each was answered within a flush before the run's last answer. Spans that are at most a grace time late were there for
 *   all others.
 * * They are in the second half of the run and one in eight of the traces from the first of them on, or no later trace has its
 *   spans. So loss that is spread over a run does not count, and that of a few spans rarely.
 */
export function lateTail(entries: readonly Entry[], { lastAnswerAtMs, graceMs }: Times): ReadonlySet<Entry> {
  const tail = new Set<Entry>();
  if (lastAnswerAtMs === undefined) return tail;
  const sharedReadAtMs = lastAnswerAtMs + graceMs;
  const isRead = ({ reason, lastReadAtMs = 0 }: Entry) => reason !== undefined || lastReadAtMs >= sharedReadAtMs;
  const sorted = entries.filter(isAwaited).toSorted((a, b) => answeredMs(a) - answeredMs(b));
  const [first] = sorted;
  if (first === undefined) return tail;
  const halfMs = (answeredMs(first) + lastAnswerAtMs) / 2;
  const flushMs = graceMs - MARGIN_MS;
  for (const service of new Set(sorted.flatMap(owedBy))) {
    const lacking = sorted.filter((entry) => isRead(entry) && owedBy(entry).includes(service));
    const [earliest] = lacking;
    if (earliest === undefined || earliest === first) continue;
    const fromMs = answeredMs(earliest);
    const since = sorted.length - sorted.indexOf(earliest);
    const isDense = fromMs > halfMs && lacking.length * ONE_IN >= since;
    if (fromMs > lastAnswerAtMs - flushMs && (isDense || lacking.length === since))
      for (const entry of lacking) tail.add(entry);
  }
  return tail;
}

/** A trace is expected of it: one came, or it was forced on. */
function isAwaited({ spans, probe }: Entry): boolean {
  return spans.length > 0 || (probe.purpose === 'forced-on' && probe.trial === undefined);
}

function owedBy({ spans, owing = [] }: Entry): readonly string[] {
  return spans.length === 0 ? [ANYONE] : owing;
}

function answeredMs({ exchange }: Entry): number {
  return exchange.answeredAtMs;
}
