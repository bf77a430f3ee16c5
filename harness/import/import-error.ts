import { HopcheckError } from '../model/hopcheck-error.ts';

interface Place {
  readonly file: string;
  /** `line 3 column 7`, `data[0].spans[2].spanID`; absent: the file as a whole. */
  readonly at?: string;
}

interface Problem {
  readonly expected: string;
  readonly received: string;
  readonly example: string;
  readonly cause?: unknown;
}

/** A dump or a list of requests that cannot be read. The message names file and place, what was expected, and an example. */
export class ImportError extends HopcheckError {
  override readonly name = 'ImportError' as const;
  constructor({ file, at = '' }: Place, { expected, received, example, cause }: Problem) {
    const where = at === '' ? file : `${file}, ${at}`;
    super(`${where}: expected ${expected}; received ${received}\n  for example: ${example}`, { cause });
  }
}
