/** Exit code for wrong usage, configuration or input (sysexits.h EX_USAGE). */
export const USAGE_EXIT_CODE = 64;

/** Ends a command before there is a report. The command prints the message, then the hint, and ends with the exit code. */
export class HopcheckError extends Error {
  /** Default {@link USAGE_EXIT_CODE}. */
  readonly exitCode: number;
  /** The remedy, where the message does not name it. */
  readonly hint: string | undefined;

  constructor(message: string, options: { exitCode?: number; hint?: string; cause?: unknown } = {}) {
    super(message, options.cause === undefined ? undefined : { cause: options.cause });
    this.exitCode = options.exitCode ?? USAGE_EXIT_CODE;
    this.hint = options.hint;
  }
}
