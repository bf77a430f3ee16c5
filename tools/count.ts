import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { z } from 'zod';

/** What Vitest's JSON reporter writes, as far as it is counted. */
const Results = z.object({
  numPassedTests: z.number(),
  numFailedTests: z.number(),
  numPendingTests: z.number(),
  numTodoTests: z.number(),
  numFailedTestSuites: z.number(),
  success: z.boolean(),
});

/**
 * Adds up the results that runs have left in a folder, and prints the closing line. Steps that failed count as failures
 * too, so that a step which dies before it counts anything is never green; so does a folder without results.
 */
export function countResults(folder: string, failedSteps: number): { line: string; exitCode: 0 | 1 } {
  const sum = { passed: 0, failed: failedSteps, skipped: 0 };
  const files = readdirSync(folder).filter((name) => name.endsWith('.json'));
  for (const name of files) {
    const result = Results.parse(JSON.parse(readFileSync(join(folder, name), 'utf8')));
    sum.passed += result.numPassedTests;
    sum.failed += result.numFailedTests;
    sum.skipped += result.numPendingTests + result.numTodoTests;
    // A file that throws at import has no failed test, and must be red all the same.
    if (!result.success && result.numFailedTests === 0) sum.failed += Math.max(1, result.numFailedTestSuites);
  }
  if (files.length === 0) sum.failed += 1;
  const line = `${sum.passed} passed, ${sum.failed} failed, ${sum.skipped} skipped`;
  return { line, exitCode: sum.failed > 0 || sum.passed === 0 ? 1 : 0 };
}

if (import.meta.main) {
  const [folder = '.', failedSteps = '0'] = process.argv.slice(2);
  const { line, exitCode } = countResults(folder, Number(failedSteps));
  console.log(line);
  process.exitCode = exitCode;
}
