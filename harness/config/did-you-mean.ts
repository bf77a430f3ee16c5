/** Fewer letters begin too many words. */
const SHORTEST_BEGINNING = 3;

/** The known word that is at most two edits away, or the only one that begins so; undefined: none is that near. */
export function didYouMean(word: string, known: readonly string[]): string | undefined {
  const near = known.map((candidate) => ({ candidate, edits: distance(word.toLowerCase(), candidate.toLowerCase()) }));
  const [best] = near.toSorted((a, b) => a.edits - b.edits);
  // Where half the letters are others it is another word: `yaml` is not meant to be `html`.
  const letters = Math.max(word.length, best?.candidate.length ?? 0);
  // Of two letters one is little: v9 may be v1 as well as v2.
  const isOnly = near.filter(({ edits }) => edits === best?.edits).length === 1;
  const isNear = best?.edits === 1 ? letters > 2 || (letters === 2 && isOnly) : best?.edits === 2 && letters > 4;
  if (best !== undefined && (isNear || best.edits === 0)) return best.candidate;
  const begun = known.filter((candidate) => candidate.toLowerCase().startsWith(word.toLowerCase()));
  return word.length >= SHORTEST_BEGINNING && begun.length === 1 ? begun[0] : undefined;
}

/** The known words that are most like it, the nearest first; for a message where none is near enough to be meant. */
export function nearest(word: string, known: readonly string[], most = 3): readonly string[] {
  const lower = word.toLowerCase();
  const shared = (candidate: string) => {
    let length = 0;
    while (length < lower.length && candidate.toLowerCase()[length] === lower[length]) length += 1;
    return length;
  };
  return known
    .map((candidate) => ({ candidate, edits: distance(lower, candidate.toLowerCase()), begins: shared(candidate) }))
    .toSorted((a, b) => a.edits - b.edits || b.begins - a.begins)
    .slice(0, most)
    .map(({ candidate }) => candidate);
}

/**
 * Levenshtein's, and two neighbours in the wrong order are one edit, because that is one slip of the fingers (optimal
 * string alignment). A row at a time; the last two are kept.
 */
function distance(a: string, b: string): number {
  let before: readonly number[] = [];
  let row = Array.from({ length: b.length + 1 }, (_, index) => index);
  for (let i = 1; i <= a.length; i += 1) {
    const next = [i];
    for (let j = 1; j <= b.length; j += 1) {
      const replace = (row[j - 1] ?? 0) + (a[i - 1] === b[j - 1] ? 0 : 1);
      const swapped = i > 1 && j > 1 && a[i - 1] === b[j - 2] && a[i - 2] === b[j - 1];
      const swap = swapped ? (before[j - 2] ?? 0) + 1 : Number.POSITIVE_INFINITY;
      next.push(Math.min(replace, swap, (row[j] ?? 0) + 1, (next[j - 1] ?? 0) + 1));
    }
    before = row;
    row = next;
  }
  return row[b.length] ?? 0;
}
