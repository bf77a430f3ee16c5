import type { CommandContext } from './context.ts';
import { progressOn } from './output.ts';

/** Before that nothing is shown, ms: the progress of a file that is read at once is not worth a line. */
const TOLD_AFTER_MS = 1000;

/** Shows how much of files is read, and how long the rest takes at the speed so far. */
export interface ReadingProgress extends Disposable {
  /** @param of bytes in all; absent: not known, as of standard input */
  readonly told: (bytes: number, of?: number) => void;
}

/** @param quiet nothing is shown */
export function readingProgress(context: CommandContext, quiet: boolean): ReadingProgress {
  const { clock } = context;
  const progress = progressOn(context);
  const startedAtMs = clock.now();
  return {
    told(bytes, of) {
      const tookMs = clock.now() - startedAtMs;
      if (quiet || tookMs < TOLD_AFTER_MS) return;
      const leftMs = of === undefined ? undefined : (tookMs * Math.max(0, of - bytes)) / bytes;
      progress.event({
        phase: 'read',
        bytes,
        ...(of !== undefined && { of }),
        ...(leftMs !== undefined && { leftMs }),
      });
    },
    [Symbol.dispose]: () => progress.end(),
  };
}
