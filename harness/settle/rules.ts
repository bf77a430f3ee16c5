import type { SettleReason } from '../model/capture.ts';
import { type Entry, unansweredEndMs } from './entry.ts';

/** What the rules need to know about the run as a whole. */
export interface Situation {
  /** The run's last answer, epoch ms; undefined while probes are still being sent. */
  readonly lastAnswerAtMs?: number;
  /** Flush + margin, ms. */
  readonly graceMs: number;
  readonly meshAheadMs: number;
  /** The application's longest upstream timeout, ms. */
  readonly longestUpstreamTimeoutMs: number;
  /** When the last forced-on probe whose trace is whole, or has settled, was sent, epoch ms. */
  readonly lastArrivedControlSentAtMs?: number;
}

/**
 * When the forced-on probes were sent that show that waiting was long enough, epoch ms: those whose trace is whole, or has
 * settled. Of a trace that still grows only some proxies have reported, perhaps not those that an absent one would have passed.
 */
export function arrivedControlsMs(entries: readonly Entry[]): number[] {
  return entries
    .filter((e) => e.probe.purpose === 'forced-on' && e.spans.length > 0 && (e.complete || e.reason !== undefined))
    .map(({ exchange }) => exchange.sentAtMs);
}

/** Not one span of a forced-on probe came. Of other probes it says nothing: only the search that would wait for it finds them. */
export function noneCame(entries: readonly Entry[]): boolean {
  const forcedOn = entries.filter(({ probe }) => probe.purpose === 'forced-on' && probe.trial === undefined);
  return forcedOn.length > 0 && forcedOn.every(({ spans }) => spans.length === 0);
}

/**
 * Gives every open trace its reason, where there is one. Those of which nothing came are last: what has just settled may
 * be the control that they wait for.
 */
export function settleOpen(open: readonly Entry[], situationNow: () => Situation): void {
  const isAbsent = ({ spans }: Entry) => spans.length === 0;
  for (const those of [open.filter((entry) => !isAbsent(entry)), open.filter(isAbsent)]) {
    const situation = situationNow();
    for (const entry of those) {
      const reason = settleReason(entry, situation);
      if (reason !== undefined) entry.reason = reason;
    }
  }
}

/**
 * Why this trace will not change any more (docs/architecture.md#rule-3); undefined: it still may. Every reason rests on
 * a read at least one grace time after the run's last answer, because each trace also carries negative claims ("nothing
 * unexpected").
 */
export function settleReason(entry: Entry, situation: Situation): SettleReason | undefined {
  const { lastAnswerAtMs, graceMs } = situation;
  if (lastAnswerAtMs === undefined || entry.lastReadAtMs === undefined) return undefined;
  if (entry.lastReadAtMs < lastAnswerAtMs + graceMs) return undefined;
  if (entry.spans.length === 0) return hasLaterControl(entry, situation) ? 'absent' : undefined;
  if (entry.complete) return 'expected-set';
  return entry.lastReadAtMs >= quietAtMs(entry, situation) ? 'quiet' : undefined;
}

/** When a read that shows no further change makes the trace quiet, epoch ms; infinite while probes are still being sent. */
export function quietAtMs(entry: Entry, situation: Situation): number {
  if (situation.lastAnswerAtMs === undefined) return Number.POSITIVE_INFINITY;
  const unanswered = unansweredEndMs(entry.spans);
  const stillAtWorkUntil =
    unanswered === undefined ? 0 : unanswered - situation.meshAheadMs + situation.longestUpstreamTimeoutMs;
  return Math.max(entry.lastChangeAtMs ?? 0, situation.lastAnswerAtMs, stillAtWorkUntil) + situation.graceMs;
}

/** A forced-on probe sent after this one has arrived, so waiting was long enough for this one too. */
function hasLaterControl(entry: Entry, situation: Situation): boolean {
  const control = situation.lastArrivedControlSentAtMs;
  return control !== undefined && control >= entry.exchange.sentAtMs;
}
