import { ALL_PROMISES, type PromiseId } from '../../harness/model/promises.ts';
import type { ReportedPromise } from '../../harness/model/report.ts';

/** What holds when the promise passes. */
export function titleOf(id: PromiseId): string {
  return ALL_PROMISES.find((promise) => promise.id === id)?.title ?? id;
}

/**
 * The title that fits the status: what is wrong where the promise fails, else what holds when it passes. The environment
 * never fails; where it is inconclusive, the check was not able to run.
 */
export function titleNow({ id, title, status }: Pick<ReportedPromise, 'id' | 'title' | 'status'>): string {
  const isBroken = status === 'fail' || (id === 'environment' && status === 'inconclusive');
  return isBroken ? (ALL_PROMISES.find((promise) => promise.id === id)?.failing ?? title) : title;
}
