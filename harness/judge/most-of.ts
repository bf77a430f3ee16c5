/** The first of those that are alike most often; undefined: there is none. Of equally many the first by its key. */
export function mostOf<Item>(items: readonly Item[], keyOf: (item: Item) => string): Item | undefined {
  const groups = [...Map.groupBy(items, keyOf)];
  const [most] = groups.toSorted(([a, one], [b, other]) => other.length - one.length || (a < b ? -1 : 1));
  return most?.[1][0];
}
