import type { HttpClient, HttpTarget } from '../http/http.ts';

/** A stream that commands write to. */
export interface Output {
  /** Text for people. */
  write(text: string): void;
  /** What a program reads, as it is. */
  data(text: string): void;
  readonly isTTY: boolean;
  /** Commands in a text, as they have to be called here ({@link Io.called}); absent: by their own name. */
  readonly asCalled?: (text: string) => string;
  readonly columns?: number;
}

/** What a command has of the world; a test gives its own. */
export interface Io {
  readonly stdout: Output;
  readonly stderr: Output;
  /** Absent: none. */
  readonly stdin?: () => AsyncIterable<Buffer>;
  readonly env: Readonly<Record<string, string | undefined>>;
  readonly cwd: string;
  /** How hopcheck was called: `npx hopcheck`. Default: `hopcheck`. */
  readonly called?: string;
  /** Calls back on SIGINT and SIGTERM until the returned function is called. */
  onSignal(handler: (signal: EndSignal) => void): () => void;
  /** Ends the process although something still goes on in it. Default: it goes on. */
  readonly endNow?: (exitCode: number) => void;
  /** hopcheck in a separate process. Default: this program. */
  readonly runSelf?: RunSelf;
  /** Default: over the network. */
  readonly createClient?: (target: HttpTarget) => HttpClient;
}

/**
 * Ends with the exit code of the process; null: a signal ended it.
 * @param onLine takes each line of its standard error
 */
export type RunSelf = (
  args: readonly string[],
  signal: AbortSignal,
  onLine: (line: string) => void,
) => Promise<number | null>;

export type EndSignal = 'SIGINT' | 'SIGTERM';

/** 128 + the signal's number, as shells say it. */
export const SIGNAL_EXIT_CODES: Readonly<Record<EndSignal, number>> = { SIGINT: 130, SIGTERM: 143 };

/**
 * Colours on a terminal, unless NO_COLOR is set (no-color.org), and in a log where FORCE_COLOR is set
 * (force-color.org).
 */
export function wantsColor(output: Output, env: Io['env'], flag: boolean): boolean {
  if (!flag || (env.NO_COLOR !== undefined && env.NO_COLOR !== '')) return false;
  const { FORCE_COLOR: forced = '', TERM } = env;
  if (forced !== '') return !['0', 'false'].includes(forced);
  return output.isTTY && TERM !== 'dumb';
}
