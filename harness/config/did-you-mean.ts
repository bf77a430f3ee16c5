/** Fewer letters begin too many words. */
const SHORTEST_BEGINNING = 3;

/** The known word that is at most two edits away, or the only one that begins so; undefined: none is that near. */
export function didYouMean(word: string, known: readonly string[]): string | undefined {
  const near = known.map((candidate) => ({ candidate, edits: distance(word.toLowerCase(), candidate.toLowerCase()) }));
  const [best] = near.toSorted((a, b) => a.edits - b.edits);
  // Where half the letters are others it is another word: `yaml` is not meant to be `html`.
  const letters = Math.max(word.length, best?.candidate.length ?? 0);
  if (best !== undefined && best.edits <= 2 && 2 * best.edits < letters) return best.candidate;
  const begun = known.filter((candidate) => candidate.toLowerCase().startsWith(word.toLowerCase()));
  return word.length >= SHORTEST_BEGINNING && begun.length === 1 ? begun[0] : undefined;
}

/** Levenshtein's, one row at a time. */
function distance(a: string, b: string): number {
  let row = Array.from({ length: b.length + 1 }, (_, index) => index);
  for (let i = 1; i <= a.length; i += 1) {
    const next = [i];
    for (let j = 1; j <= b.length; j += 1) {
      const replace = (row[j - 1] ?? 0) + (a[i - 1] === b[j - 1] ? 0 : 1);
      next.push(Math.min(replace, (row[j] ?? 0) + 1, (next[j - 1] ?? 0) + 1));
    }
    row = next;
  }
  return row[b.length] ?? 0;
}
