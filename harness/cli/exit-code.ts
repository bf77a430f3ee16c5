import type { RunReport } from '../model/report.ts';
import type { Io } from './io.ts';
import { say } from './output.ts';

/**
 * The exit code of a command that has reported: the verdict's, but for a signal that ended it, and for a pass of which
 * something that was asked for could not be written, which must not look like success. Where it is not the one that the
 * report names, that is said.
 * @param complete everything asked for was written.
 * @param ended the exit code of the signal that ended it.
 */
export function exitCodeOf({ exitCode }: RunReport, io: Io, complete: boolean, ended?: number): number {
  const actual = ended ?? (exitCode === 0 && !complete ? 2 : exitCode);
  if (actual === exitCode) return exitCode;
  const why = ended === undefined ? 'not everything that was asked for could be written' : 'a signal ended the run';
  say(io.stderr, `exit ${actual}: ${why}`);
  return actual;
}
