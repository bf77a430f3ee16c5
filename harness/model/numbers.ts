/** As many digits as mean anything in a report. */
export function rounded(value: number): number {
  return Number(value.toPrecision(6));
}

/** A share of 1: `33 %`, `0.5 %`. */
export function percent(fraction: number): string {
  const value = fraction * 100;
  return `${value >= 10 ? Math.round(value) : Number(value.toPrecision(2))} %`;
}

/** How often that happens by chance, as one says it: `in 30 % of runs`, `once in 4 200 runs`, `less than once in a million runs`. */
export function byChance(probability: number): string {
  if (probability < 1e-6) return 'less than once in a million runs';
  if (probability >= 0.01) return `in ${percent(probability)} of runs`;
  const runs = String(Number((1 / probability).toPrecision(2)));
  return `once in ${runs.replace(/\B(?=(\d{3})+$)/g, ' ')} runs`;
}

/** `1 span`, `3 spans`. */
export function plural(count: number, one: string, many = `${one}s`): string {
  return `${count} ${count === 1 ? one : many}`;
}
