import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join, relative } from 'node:path';
import { stripVTControlCharacters } from 'node:util';
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
        message: z.string().optional(),
        assertionResults: z.array(
          z.object({ fullName: z.string(), status: z.string(), failureMessages: z.array(z.string()).nullish() }),
        ),
      }),
    )
    .optional(),
});

/** What a suite came to. */
export interface Counts {
  readonly passed: number;
  readonly failed: number;
  readonly skipped: number;
  /** What failed: name and the beginning of the message, so that the last lines of a long log are enough to begin with. */
  readonly red: readonly string[];
  /** What was skipped: name and reason (tools/skips-reporter.ts). */
  readonly skips: readonly string[];
}

/**
 * Adds up the results that runs have left in a folder. A folder without results counts as a failure, so that a suite which
 * dies before it counts anything is never green; so does a file of results that cannot be read.
 */
export function countResults(folder: string): Counts {
  const sum = { passed: 0, failed: 0, skipped: 0 };
  const red: string[] = [];
  const files = readdirSync(folder).filter((name) => name.endsWith('.json'));
  for (const name of files) {
    const result = readResults(join(folder, name));
    if (result === undefined) {
      sum.failed += 1;
      red.push(`results: ${name} cannot be read`);
      continue;
    }
    sum.passed += result.numPassedTests;
    sum.failed += result.numFailedTests;
    sum.skipped += result.numPendingTests + result.numTodoTests;
    for (const file of result.testResults ?? []) {
      const tests = file.assertionResults.filter(({ status }) => status === 'failed');
      red.push(...tests.map(({ fullName, failureMessages }) => `test: ${fullName}${shortened(failureMessages?.[0])}`));
      if (tests.length === 0 && file.status === 'failed')
        red.push(`file: ${relative(process.cwd(), file.name)}${shortened(file.message)}`);
    }
    // A file that throws at import has no failed test, and must be red all the same.
    if (!result.success && result.numFailedTests === 0) sum.failed += Math.max(1, result.numFailedTestSuites);
  }
  if (sum.passed + sum.failed === 0) {
    sum.failed += 1;
    red.push('results: no test was counted');
  }
  const skips = join(folder, 'skips.txt');
  return { ...sum, red, skips: existsSync(skips) ? readFileSync(skips, 'utf8').split('\n').filter(Boolean) : [] };
}

/** Lines of a message that the closing lines have room for. */
const MESSAGE_LINES = 12;

/** A message up to its stack, indented below the name of what failed. */
function shortened(message = ''): string {
  const lines = stripVTControlCharacters(message).split('\n');
  const stack = lines.findIndex((line) => /^\s+at /.test(line));
  const shown = lines.slice(0, stack < 0 ? MESSAGE_LINES : Math.min(stack, MESSAGE_LINES)).join('\n    ');
  return shown.trim() === '' ? '' : `\n    ${shown.trimEnd()}`;
}

function readResults(path: string): z.infer<typeof Results> | undefined {
  try {
    return Results.safeParse(JSON.parse(readFileSync(path, 'utf8'))).data;
  } catch {
    return undefined;
  }
}
