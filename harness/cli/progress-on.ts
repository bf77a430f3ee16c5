import { createProgress, type Progress } from '../../reports/progress.ts';
import type { Io } from './io.ts';

/** Progress on standard error: a line in place where somebody watches, few plain ones in a log. */
export function progressOn(io: Pick<Io, 'stderr' | 'env'>): Progress {
  return createProgress({
    tty: io.stderr.isTTY && io.env.TERM !== 'dumb',
    ...(io.stderr.columns !== undefined && { columns: io.stderr.columns }),
    write: (text) => io.stderr.write(text),
    now: () => performance.now(),
  });
}
