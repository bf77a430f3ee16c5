import { HopcheckError } from '../model/hopcheck-error.ts';
import type { RunReport } from '../model/report.ts';
import type { CommandContext } from './context.ts';
import { type EndSignal, type Io, SIGNAL_EXIT_CODES } from './io.ts';
import { say } from './output.ts';

/** Something was ended by a signal before there was anything to report. */
export class EndedError extends HopcheckError {
  override readonly name = 'EndedError' as const;
  constructor(signal: EndSignal) {
    super(`ended by ${signal}`, { exitCode: SIGNAL_EXIT_CODES[signal] });
  }
}

/** How a run can be ended from outside. */
export interface Ending extends Disposable {
  readonly signal: AbortSignal;
  /** The exit code of the signal that ended it; undefined: none did. */
  readonly exitCode: number | undefined;
}

/**
 * Ctrl-C and SIGTERM abort the run, and so does its total time; what was collected is then judged and written. A second
 * signal ends the process at once, as a person wants who presses Ctrl-C twice.
 * @param whatEnds what happens now, for the person who pressed the keys.
 * @param totalTimeoutMs undefined: as long as it takes.
 */
export function endingOf(
  { io, clock }: Pick<CommandContext, 'io' | 'clock'>,
  whatEnds: string,
  totalTimeoutMs?: number,
): Ending {
  const controller = new AbortController();
  let received: EndSignal | undefined;
  const unsubscribe = io.onSignal((name) => {
    if (received !== undefined) process.exit(SIGNAL_EXIT_CODES[name]);
    received = name;
    say(io.stderr, `\n${name}: ${whatEnds} (again to end at once)`);
    controller.abort(new EndedError(name));
  });
  const over = new AbortController();
  if (totalTimeoutMs !== undefined)
    clock.sleep(totalTimeoutMs, over.signal).then(
      () => controller.abort(new Error(`the total timeout of ${totalTimeoutMs} ms`)),
      () => undefined,
    );
  return {
    signal: controller.signal,
    get exitCode() {
      return received === undefined ? undefined : SIGNAL_EXIT_CODES[received];
    },
    [Symbol.dispose]: () => {
      over.abort();
      unsubscribe();
    },
  };
}

/**
 * The exit code of a command that has reported: the verdict's, but for a signal that ended it, and for a pass of which
 * something that was asked for could not be written, which must not look like success. Where it differs from the one in
 * the report, a line says so.
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
