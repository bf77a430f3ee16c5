import { type EndSignal, type Io, SIGNAL_EXIT_CODES } from './io.ts';
import { say } from './output.ts';

/** Something was ended by a signal before there was anything to report. */
export class EndedError extends Error {
  override readonly name = 'EndedError' as const;
  readonly exitCode: number;
  constructor(signal: EndSignal) {
    super(`ended by ${signal}`);
    this.exitCode = SIGNAL_EXIT_CODES[signal];
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
 * signal ends the process at once, for somebody who presses Ctrl-C twice means it.
 * @param whatEnds what happens now, for the person who pressed the keys.
 * @param totalTimeoutMs undefined: as long as it takes.
 */
export function endingOf(io: Io, whatEnds: string, totalTimeoutMs?: number): Ending {
  const controller = new AbortController();
  let received: EndSignal | undefined;
  const unsubscribe = io.onSignal((name) => {
    if (received !== undefined) process.exit(SIGNAL_EXIT_CODES[name]);
    received = name;
    say(io.stderr, `\n${name}: ${whatEnds} (again to end at once)`);
    controller.abort(new EndedError(name));
  });
  const timer =
    totalTimeoutMs === undefined
      ? undefined
      : setTimeout(() => controller.abort(new Error(`the total timeout of ${totalTimeoutMs} ms`)), totalTimeoutMs);
  return {
    signal: controller.signal,
    get exitCode() {
      return received === undefined ? undefined : SIGNAL_EXIT_CODES[received];
    },
    [Symbol.dispose]: () => {
      clearTimeout(timer);
      unsubscribe();
    },
  };
}
