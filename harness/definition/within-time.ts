import { createContext, Script } from 'node:vm';

const CONTEXT: { work?: () => void } = createContext({});
const SCRIPT = new Script('work()');

/**
 * Does the work, and ends it where it takes too long: a regular expression can need exponential time for an unexpected
 * answer, and only V8 itself can end it (`timeout` of node:vm).
 * @returns false: it was ended.
 */
export function withinTime(limitMs: number, work: () => void): boolean {
  CONTEXT.work = work;
  try {
    SCRIPT.runInContext(CONTEXT, { timeout: limitMs });
    return true;
  } catch (error) {
    // It may be an error of another realm.
    if (Object(error).code === 'ERR_SCRIPT_EXECUTION_TIMEOUT') return false;
    throw error;
  } finally {
    delete CONTEXT.work;
  }
}
