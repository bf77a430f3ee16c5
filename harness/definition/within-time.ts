import { createContext, Script } from 'node:vm';

const CONTEXT: { work?: () => void } = createContext({});
const SCRIPT = new Script('work()');

/** How much longer than its time it may wait for the processor, before it is ended all the same. */
const MOST = 64;

/**
 * Does the work, and ends it where it takes too long: a regular expression can need exponential time for an unexpected
 * answer, and only V8 itself can end it (`timeout` of node:vm). The limit is one of the processor's time. On a busy machine the
 * clock may pass it before the work had its turn; then it is done again, with twice the time on the clock.
 * @param work may be done more than once, and leaves nothing behind where it is ended.
 * @returns false: it was ended.
 */
export function withinTime(limitMs: number, work: () => void): boolean {
  for (let clockMs = limitMs; ; clockMs *= 2) {
    const before = process.cpuUsage();
    if (endsWithin(clockMs, work)) return true;
    const { user, system } = process.cpuUsage(before);
    if ((user + system) / 1000 >= limitMs || clockMs >= MOST * limitMs) return false;
  }
}

function endsWithin(clockMs: number, work: () => void): boolean {
  CONTEXT.work = work;
  try {
    SCRIPT.runInContext(CONTEXT, { timeout: clockMs });
    return true;
  } catch (error) {
    // It may be an error of another realm.
    if (Object(error).code === 'ERR_SCRIPT_EXECUTION_TIMEOUT') return false;
    throw error;
  } finally {
    delete CONTEXT.work;
  }
}
