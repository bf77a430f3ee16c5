/** Maps values to places on a picture, with the values worth a line. */
export interface Scale {
  (value: number): number;
  readonly ticks: readonly number[];
}

/** Even steps from `from` to `to`, onto `range`; ticks at 1, 2 or 5 of a power of ten. */
export function linearScale(from: number, to: number, range: readonly [number, number], wanted = 5): Scale {
  const length = to - from || 1;
  const step = niceStep(length / wanted);
  const first = Math.ceil(from / step);
  const ticks = Array.from({ length: Math.max(0, Math.floor(to / step) - first + 1) }, (_, n) => (first + n) * step);
  const place = (value: number) => range[0] + ((value - from) / length) * (range[1] - range[0]);
  return Object.assign(place, { ticks });
}

/** Even steps by factor: for durations, which lie over decades. Values below `from` lie at its place; `from` > 0. */
export function logScale(from: number, to: number, range: readonly [number, number]): Scale {
  const low = Math.log10(from);
  const length = Math.log10(to) - low || 1;
  const place = (value: number) =>
    range[0] + ((Math.log10(Math.max(value, from)) - low) / length) * (range[1] - range[0]);
  const factors = length > 2.5 ? [1] : length > 1.2 ? [1, 3] : [1, 2, 5];
  const ticks: number[] = [];
  for (let power = Math.floor(low); power <= Math.ceil(low + length); power += 1) {
    for (const factor of factors) {
      const tick = factor * 10 ** power;
      if (tick >= from * 0.999 && tick <= to * 1.001) ticks.push(tick);
    }
  }
  return Object.assign(place, { ticks });
}

/** Figures for even ticks: as many decimals as their step needs, so that no two read alike. */
export function tickWords({ ticks: [first = 0, second = first + 1] }: Scale): (value: number) => string {
  const decimals = Math.max(0, -Math.floor(Math.log10(second - first) + 1e-9));
  return (value) => value.toFixed(decimals);
}

function niceStep(rough: number): number {
  const power = 10 ** Math.floor(Math.log10(rough));
  const factor = [1, 2, 5, 10].find((candidate) => candidate * power >= rough) ?? 10;
  return factor * power;
}

/** The value below which this part of the sorted values lies; 0 where there are none. */
export function quantile(sorted: readonly number[], part: number): number {
  if (sorted.length === 0) return 0;
  const at = (sorted.length - 1) * part;
  const low = sorted[Math.floor(at)] ?? 0;
  const high = sorted[Math.ceil(at)] ?? low;
  return low + (high - low) * (at - Math.floor(at));
}
