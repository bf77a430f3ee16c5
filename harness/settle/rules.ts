import type { SettleReason } from '../model/capture.ts';
import { MARGIN_MS } from '../model/limits.ts';
import { type Entry, latestEndMs, unansweredEndMs } from './entry.ts';

/** So long without a change is enough where an earlier trace lacks the same ({@link Situation.lackedEarlier}), ms. */
export const STILL_MS = 1500;

/** A trace is an earlier one when its probe was answered so long before the run's last answer, ms. */
export const EARLIER_MS = 2000;

/** What the rules need to know about the run as a whole. */
export interface Situation {
  /** The run's last answer, epoch ms; undefined while probes are still being sent. */
  readonly lastAnswerAtMs?: number;
  /** Flush + margin, ms. */
  readonly graceMs: number;
  /**
   * The grace time before what a trace lacks counts, ms; absent: {@link graceMs}. Longer where the flush was configured as
   * shorter than Envoy's own and nothing proves that: then a healthy trace looks broken for so long.
   */
  readonly lackGraceMs?: number;
  readonly meshAheadMs: number;
  /** The application's longest upstream timeout, ms. */
  readonly longestUpstreamTimeoutMs: number;
  /** When the last forced-on probe whose trace is whole, or has settled, was sent, epoch ms. */
  readonly lastArrivedControlSentAtMs?: number;
  /** The lacks of traces that were answered early in the run, see {@link lackedEarlier}; absent: nothing that counts. */
  readonly lackedEarlier?: ReadonlySet<string>;
  /** Traces whose missing spans may all be late, see {@link lateTail}; absent: none. */
  readonly lateTail?: ReadonlySet<Entry>;
  /** How long after the run's last answer those wait, ms; absent: no longer than others. */
  readonly tailWaitMs?: number;
}

/**
 * The lacks of traces, by reads one grace time after the run's last answer, although their probes were answered
 * {@link EARLIER_MS} before it: it is not late by the flush alone, or it would have come with what others sent meanwhile.
 * Nothing where spans of this run came later than the flush explains: then lateness explains a lack as well.
 */
export function lackedEarlier(entries: readonly Entry[], situation: Situation, isLate: boolean): ReadonlySet<string> {
  const lacked = new Set<string>();
  const { lastAnswerAtMs, graceMs } = situation;
  if (isLate || lastAnswerAtMs === undefined) return lacked;
  for (const { lacks, spans, exchange, lastReadAtMs = 0 } of entries) {
    const isEarlier = exchange.answeredAtMs <= lastAnswerAtMs - EARLIER_MS;
    if (!isEarlier || spans.length === 0 || lastReadAtMs < lastAnswerAtMs + graceMs) continue;
    for (const lack of lacks ?? []) lacked.add(lack);
  }
  return lacked;
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
 * Of a run that was ended from outside: gives the traces their reasons whose own grace time is over, counted from their
 * own answer. Of the forced-on probes in sending order, it ends before the first trace that may still change. So broken
 * traces, which take longer to settle, have the share that they have among what was sent. Nothing is read again, and no
 * other trace gets a reason.
 */
export function settleEnded(open: readonly Entry[], situationNow: () => Situation): void {
  const forcedOn = open.filter(({ probe }) => probe.purpose === 'forced-on' && probe.trial === undefined);
  const readAtMs = Math.max(0, ...forcedOn.map(({ lastReadAtMs = 0 }) => lastReadAtMs));
  const situation = situationNow();
  for (const entry of forcedOn.toSorted((a, b) => a.exchange.sentAtMs - b.exchange.sentAtMs)) {
    const { answeredAtMs } = entry.exchange;
    // A whole trace is not read again while probes are sent.
    const read = entry.complete ? { ...entry, lastReadAtMs: readAtMs } : entry;
    const reason = settleReason(read, { ...situation, lastAnswerAtMs: answeredAtMs });
    if (reason === undefined) return;
    entry.reason = reason;
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
  if (entry.spans.length === 0) {
    const isOver = entry.lastReadAtMs >= tailUntilMs(entry, situation);
    return isOver && hasLaterControl(entry, situation) ? 'absent' : undefined;
  }
  if (entry.complete) return 'expected-set';
  return entry.lastReadAtMs >= quietAtMs(entry, situation) ? 'quiet' : undefined;
}

/** When a read that shows no further change makes the trace quiet, epoch ms; infinite while probes are still being sent. */
export function quietAtMs(entry: Entry, situation: Situation): number {
  if (situation.lastAnswerAtMs === undefined) return Number.POSITIVE_INFINITY;
  const unanswered = unansweredEndMs(entry.spans);
  const stillAtWorkUntil =
    unanswered === undefined ? 0 : unanswered - situation.meshAheadMs + situation.longestUpstreamTimeoutMs;
  return Math.max(
    Math.max(situation.lastAnswerAtMs, stillAtWorkUntil) + (situation.lackGraceMs ?? situation.graceMs),
    (entry.lastChangeAtMs ?? 0) + stillMs(entry, situation),
    tailUntilMs(entry, situation),
  );
}

/** Until when a trace of the late tail may still change, epoch ms; 0 for any other. */
function tailUntilMs(entry: Entry, { lastAnswerAtMs = 0, lateTail, tailWaitMs = 0 }: Situation): number {
  return lateTail?.has(entry) === true ? lastAnswerAtMs + tailWaitMs : 0;
}

/**
 * How long nothing may change, ms: the grace time. A change soon after the last answer is a proxy's flush. Where all that
 * this trace lacks is lacked by an earlier one too, which had longer to become whole, such a change makes nothing more
 * likely to come; {@link STILL_MS} show that it was not the first of several. Spans that ended well after the answer are
 * work that goes on, and for them the grace time holds.
 */
function stillMs(entry: Entry, { graceMs, meshAheadMs, lackedEarlier }: Situation): number {
  const { lacks = [] } = entry;
  const isLackedEarlier = lacks.length > 0 && lacks.every((lack) => lackedEarlier?.has(lack));
  const endedMs = (latestEndMs(entry) ?? 0) - meshAheadMs;
  const worksOn = endedMs > entry.exchange.answeredAtMs + MARGIN_MS;
  return isLackedEarlier && !worksOn ? Math.min(STILL_MS, graceMs) : graceMs;
}

/** A forced-on probe sent after this one has arrived, so waiting was long enough for this one too. */
function hasLaterControl(entry: Entry, situation: Situation): boolean {
  const control = situation.lastArrivedControlSentAtMs;
  return control !== undefined && control >= entry.exchange.sentAtMs;
}
