import type { Fact } from './facts.ts';

/** The same for the same fact, whatever the order in which its values were written. */
export function factKey(fact: Fact): string {
  return JSON.stringify(fact, (_, value: unknown) =>
    typeof value === 'object' && value !== null && !Array.isArray(value)
      ? Object.fromEntries(Object.entries(value).toSorted(([a], [b]) => (a < b ? -1 : 1)))
      : value,
  );
}
