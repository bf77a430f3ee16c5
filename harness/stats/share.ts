import { binomialInterval, type Interval } from './interval.ts';

/**
 * A share with its interval, for people: `3 of 60 (1.0–13.9 %)`. The interval is exact, with 95 % confidence. One digit
 * after the point, more where the interval is so narrow that they would be equal.
 */
export function shareText(affected: number, of: number): string {
  return of === 0 ? '0 of 0' : `${affected} of ${of} (${intervalText(binomialInterval(affected, of))})`;
}

/** `1.0–13.9 %` */
export function intervalText({ low, high }: Interval): string {
  const digits = high - low < 0.001 ? 3 : high - low < 0.01 ? 2 : 1;
  return `${(low * 100).toFixed(digits)}–${(high * 100).toFixed(digits)} %`;
}
