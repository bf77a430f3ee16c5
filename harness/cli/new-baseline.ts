import { FORMATS } from '../../reports/formats.ts';
import { checkWritable, writeFileAtomic } from '../capture/atomic-write.ts';
import { ConfigError } from '../config/config-error.ts';
import type { RunReport } from '../model/report.ts';
import type { Io } from './io.ts';
import { say } from './output.ts';
import type { RunOutput } from './run-output.ts';

/** A path that cannot be written is better known before the run. @throws ConfigError */
export function checkNewBaseline(place: RunOutput['newBaseline']): void {
  if (place === undefined) return;
  try {
    checkWritable(place.path);
  } catch (error) {
    const expected = `a path that can be written (${messageOf(error)})`;
    throw new ConfigError([
      { option: '--write-baseline', value: place.value, expected, example: '--write-baseline before.json' },
    ]);
  }
}

/**
 * Writes the report that later runs are compared with. A baseline must not forgive what its run could not see, nor what the
 * earlier baseline does not know: then the file stays as it is, and standard error says why.
 * @returns false where it was asked for and not written.
 */
export function writeNewBaseline(report: RunReport, place: RunOutput['newBaseline'], io: Io): boolean {
  if (place === undefined) return true;
  const why = whyNot(report);
  if (why !== undefined) {
    say(io.stderr, `${place.value} is not written as a baseline: ${why}`);
    return false;
  }
  try {
    writeFileAtomic(place.path, FORMATS.json(report));
    return true;
  } catch (error) {
    say(io.stderr, `the baseline could not be written: ${messageOf(error)}`);
    return false;
  }
}

function whyNot({ promises, policy }: RunReport): string | undefined {
  const open = promises.filter(({ status }) => status === 'inconclusive').map(({ id }) => id);
  if (open.length > 0) return `the run could not decide ${open.join(', ')}`;
  const { new: fresh = 0, worse = 0 } = policy?.baseline ?? {};
  if (fresh + worse === 0) return undefined;
  return `${fresh} new and ${worse} worse findings would be known from then on; write it without --baseline to accept them`;
}

function messageOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}
