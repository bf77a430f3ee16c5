/** As many digits as mean anything in a report. */
export function rounded(value: number): number {
  return Number(value.toPrecision(6));
}

/** A share of 1: `33 %`, `0.5 %`. */
export function percent(fraction: number): string {
  const value = fraction * 100;
  return `${value >= 10 ? Math.round(value) : Number(value.toPrecision(2))} %`;
}

/** A probability, however small: `4.2 %`, `3e-7 %`. */
export function probability(fraction: number): string {
  const value = fraction * 100;
  return value === 0 || value >= 0.1 ? `${Number(value.toPrecision(2))} %` : `${value.toExponential(0)} %`;
}
