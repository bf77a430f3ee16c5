import type { Finding } from '../harness/model/finding.ts';

/**
 * For places that have room for some of them: the n-th finding of every code before any code's next one, and within a
 * code what was seen most often first.
 */
export function oneOfEachFirst(findings: readonly Finding[]): readonly Finding[] {
  const ranked = [...Map.groupBy(findings, ({ code }) => code).values()].flatMap((same) =>
    same
      .toSorted((one, other) => other.share.affected - one.share.affected)
      .map((finding, rank) => ({ finding, rank })),
  );
  return ranked.toSorted((one, other) => one.rank - other.rank).map(({ finding }) => finding);
}

/** `HC304 × 12, HC406 × 3` */
export function countsInWords(names: readonly string[]): string {
  return [...Map.groupBy(names, (name) => name)].map(([name, same]) => `${name} × ${same.length}`).join(', ');
}
