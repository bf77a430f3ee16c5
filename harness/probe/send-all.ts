import type { Clock } from '../model/clock.ts';
import type { Exchange, Probe } from '../model/exchange.ts';
import type { Rate } from './rate.ts';

export interface Pace {
  /** Probes per second at most. It may change while they are sent. */
  readonly rate: Rate;
  /** Probes under way at most. */
  readonly concurrency: number;
  readonly clock: Clock;
  /** 0 ≤ x < 1, for each probe anew: when in its time slot it is sent. */
  readonly jitter: () => number;
}

/**
 * Sends every probe once, in order, no faster than the pace allows. Each goes at a random moment of its slot: at a fixed
 * beat, other traffic with a fixed beat can make a balancer's turns fall on the same version every time.
 * Probes not yet sent when the signal aborts are not
 * sent at all. Resolves when each one sent has come back.
 */
export async function sendAll(
  probes: readonly Probe[],
  send: (probe: Probe) => Promise<Exchange>,
  pace: Pace,
  onExchange: (exchange: Exchange) => void,
  signal: AbortSignal,
): Promise<void> {
  const { rate } = pace;
  /** Where the slots of the present rate begin. */
  let since = { atMs: pace.clock.now(), index: 0, perSecond: rate.now() };
  const underWay = new Set<Promise<void>>();
  for (const [index, probe] of probes.entries()) {
    while (underWay.size >= pace.concurrency) await Promise.race(underWay);
    if (rate.now() !== since.perSecond) {
      // Slots that were missed at the rate before are not made up for at a higher one.
      const atMs = Math.max(pace.clock.now(), since.atMs + ((index - since.index) * 1000) / since.perSecond);
      since = { atMs, index, perSecond: rate.now() };
    }
    const due = since.atMs + ((index - since.index + pace.jitter()) * 1000) / since.perSecond;
    if (!(await waitUntil(due, pace.clock, signal))) break;
    const sending: Promise<void> = send(probe)
      .then((exchange) => {
        rate.answered(exchange);
        onExchange(exchange);
      })
      .finally(() => underWay.delete(sending));
    underWay.add(sending);
  }
  await Promise.all(underWay);
}

/** False when the signal came first. */
async function waitUntil(dueMs: number, clock: Clock, signal: AbortSignal): Promise<boolean> {
  const waitMs = dueMs - clock.now();
  if (waitMs > 0) {
    try {
      await clock.sleep(waitMs, signal);
    } catch (error) {
      if (!signal.aborted) throw error;
    }
  }
  return !signal.aborted;
}
