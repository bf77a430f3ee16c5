import { appendFileSync, statSync } from 'node:fs';

/** Bytes that a step's summary may have; of a larger one nothing is shown (actions/runner, CreateStepSummaryCommand). */
const LARGEST = 1024 * 1024;

/**
 * Adds to the summary of a step, one file for all that the step says. A heading is one only after an empty line, whatever
 * stands there already.
 * @throws the file system's error, and where all that the step said would be lost by it.
 */
export function addToJobSummary(path: string, markdown: string): void {
  const before = statSync(path, { throwIfNoEntry: false })?.size ?? 0;
  const text = before === 0 ? markdown : `\n\n${markdown}`;
  if (before + Buffer.byteLength(text) > LARGEST)
    throw new Error(`${path} has ${before} bytes already, and GitHub shows nothing of a summary over 1 MiB`);
  appendFileSync(path, text);
}
