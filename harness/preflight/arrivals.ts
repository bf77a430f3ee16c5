import type { Preflight } from '../model/capture.ts';
import type { Probe } from '../model/exchange.ts';

/** What became of preflight's requests, by the formats in which any of them arrived: a mesh reads one, and some two. */
export interface Arrivals {
  readonly seen: number;
  /** Requests in those formats. */
  readonly asked: number;
  readonly formats: readonly Probe['format'][];
  /** Formats that were tried and are not read. */
  readonly unread: readonly Probe['format'][];
}

export function arrivals({ requests, spansSeen }: Pick<Preflight, 'requests' | 'spansSeen'>): Arrivals {
  const formatsOf = (exchanges: Preflight['requests']) => [...new Set(exchanges.map(({ probe }) => probe.format))];
  const seen = requests.filter(({ probe }) => Object.hasOwn(spansSeen, probe.id));
  const formats = formatsOf(seen);
  return {
    seen: seen.length,
    asked: requests.filter(({ probe }) => formats.includes(probe.format)).length,
    formats,
    unread: formatsOf(requests).filter((format) => !formats.includes(format)),
  };
}
