import { appendFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';

/** A run of a script with another result than expected. */
export interface FailedRun {
  readonly name: string;
  /** Its result. The closing lines of CI show its first dozen lines. */
  readonly message: string;
}

/**
 * Leaves the results of a script where CI counts them (tools/count.ts), as Vitest's JSON reporter leaves its own. Each
 * failed run is there by name, because the end of a log may be all that is left of it. Does nothing outside of CI.
 * @param script also the name of the file
 * @param skipped for each skipped run a line: its name, and why
 */
export function leaveResults(
  script: string,
  passed: number,
  failed: readonly FailedRun[],
  skipped: readonly string[] = [],
): void {
  const folder = process.env.HOPCHECK_TEST_RESULTS;
  if (!folder) return;
  const assertionResults = failed.map(({ name, message }) => ({
    fullName: name,
    status: 'failed',
    failureMessages: [message],
  }));
  const counts = {
    numPassedTests: passed,
    numFailedTests: failed.length,
    numPendingTests: skipped.length,
    numTodoTests: 0,
  };
  const success = failed.length === 0;
  const testResults = [{ name: script, status: success ? 'passed' : 'failed', assertionResults }];
  writeFileSync(
    join(folder, `${script}.json`),
    JSON.stringify({ ...counts, numFailedTestSuites: 0, success, testResults }),
  );
  for (const line of skipped) appendFileSync(join(folder, 'skips.txt'), `${line}\n`);
}
