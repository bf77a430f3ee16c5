/** So many requests to the trace backend are under way at a time: its answers take time, and it serves others too. */
export const AT_ONCE = 4;

/**
 * Does the work for each item, {@link AT_ONCE} of them at a time, and begins them in their order.
 * @param isOver asked before each: true, and no further one begins.
 * @returns the results in the order of the items; undefined for those that were not begun. Rejects with the first failure, when
 * what was under way has ended.
 */
export async function atOnce<Item, Result>(
  items: Iterable<Item>,
  work: (item: Item) => Promise<Result>,
  isOver: () => boolean = () => false,
): Promise<(Result | undefined)[]> {
  const results: (Result | undefined)[] = [];
  const failures: unknown[] = [];
  let begun = 0;
  const queue = items[Symbol.iterator]();
  const worker = async () => {
    while (failures.length === 0 && !isOver()) {
      const next = queue.next();
      if (next.done === true) return;
      const index = begun;
      begun += 1;
      try {
        results[index] = await work(next.value);
      } catch (error) {
        failures.push(error);
      }
    }
  };
  await Promise.all(Array.from({ length: AT_ONCE }, worker));
  if (failures.length > 0) throw failures[0];
  return results;
}
