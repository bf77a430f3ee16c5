import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join, relative } from 'node:path';
import { z } from 'zod';

/** What Vitest's JSON reporter writes, as far as it is counted. */
const Results = z.object({
  numPassedTests: z.number(),
  numFailedTests: z.number(),
  numPendingTests: z.number(),
  numTodoTests: z.number(),
  numFailedTestSuites: z.number(),
  success: z.boolean(),
  testResults: z
    .array(
      z.object({
        name: z.string(),
        status: z.string(),
        assertionResults: z.array(z.object({ fullName: z.string(), status: z.string() })),
      }),
    )
    .optional(),
});

/**
 * Adds up the results that runs have left in a folder, and prints the closing line. Steps that failed count as failures
 * too, so that a step which dies before it counts anything is never green; so does a folder without results. `red` names
 * what failed.
 */
export function countResults(
  folder: string,
  failedSteps: number,
): { line: string; exitCode: 0 | 1; red: readonly string[] } {
  const sum = { passed: 0, failed: failedSteps, skipped: 0 };
  const red: string[] = [];
  const files = readdirSync(folder).filter((name) => name.endsWith('.json'));
  for (const name of files) {
    const result = Results.parse(JSON.parse(readFileSync(join(folder, name), 'utf8')));
    sum.passed += result.numPassedTests;
    sum.failed += result.numFailedTests;
    sum.skipped += result.numPendingTests + result.numTodoTests;
    for (const file of result.testResults ?? []) {
      const tests = file.assertionResults.filter(({ status }) => status === 'failed');
      red.push(...tests.map(({ fullName }) => `test: ${fullName}`));
      if (tests.length === 0 && file.status === 'failed') red.push(`file: ${relative(process.cwd(), file.name)}`);
    }
    // A file that throws at import has no failed test, and must be red all the same.
    if (!result.success && result.numFailedTests === 0) sum.failed += Math.max(1, result.numFailedTestSuites);
  }
  if (files.length === 0) sum.failed += 1;
  const line = `${sum.passed} passed, ${sum.failed} failed, ${sum.skipped} skipped`;
  return { line, exitCode: sum.failed > 0 || sum.passed === 0 ? 1 : 0, red };
}

if (import.meta.main) {
  const [folder = '.', failedSteps = '0'] = process.argv.slice(2);
  const { line, exitCode, red } = countResults(folder, Number(failedSteps));
  // A log of an hour is read from its end.
  const steps = join(folder, 'failed.txt');
  if (existsSync(steps)) process.stdout.write(readFileSync(steps, 'utf8'));
  for (const name of red) console.log(name);
  console.log(line);
  process.exitCode = exitCode;
}
