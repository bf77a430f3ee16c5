/**
 * How likely it is by chance that all of one kind stand among the first of a row, where every order is as likely.
 * @param some of the kind
 * @param first places at the beginning of the row, at least `some`
 * @param all places of the row
 * @returns C(first, some) / C(all, some); 1 where the kind does not occur
 */
export function allFirstPValue(some: number, first: number, all: number): number {
  let chance = 1;
  for (let taken = 0; taken < some; taken += 1) chance *= (first - taken) / (all - taken);
  return chance;
}
