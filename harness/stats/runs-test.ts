import { logChoose } from './distributions.ts';

/**
 * Whether two kinds of things stand in a random order: the exact test of Wald and Wolfowitz. It counts the runs, stretches
 * of one kind; few of them mean that each kind comes in blocks.
 * @param order one value per thing, in order.
 * @returns P(at most so many runs) where every order is as likely as any other; 1 where there is one kind only.
 */
export function blocksPValue(order: readonly boolean[]): number {
  const some = order.filter(Boolean).length;
  const others = order.length - some;
  if (some === 0 || others === 0) return 1;
  const runs = 1 + order.filter((value, at) => at > 0 && value !== order[at - 1]).length;
  const all = logChoose(order.length, some);
  let sum = 0;
  for (let count = 2; count <= runs; count += 1) sum += Math.exp(logOrders(count, some, others) - all);
  return Math.min(1, sum);
}

/** log of how many orders have so many runs. */
function logOrders(runs: number, some: number, others: number): number {
  const half = Math.floor(runs / 2);
  const stretches = (left: number, right: number) => logChoose(some - 1, left - 1) + logChoose(others - 1, right - 1);
  if (runs % 2 === 0) return Math.log(2) + stretches(half, half);
  return logSum(stretches(half + 1, half), stretches(half, half + 1));
}

function logSum(a: number, b: number): number {
  const most = Math.max(a, b);
  return most === Number.NEGATIVE_INFINITY ? most : most + Math.log(Math.exp(a - most) + Math.exp(b - most));
}
