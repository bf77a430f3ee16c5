import type { RunReport } from '../harness/model/report.ts';
import { safeText } from './characters/safe-text.ts';
import { asNoCommand } from './no-command.ts';

/** Bytes of a termination message that Kubernetes keeps are 4096; a character has up to 4. */
const LONGEST = 1000;

/** Verdict, exit code and sentence in one line, for the end of a log and a pod's termination message. */
export function renderLine({ verdict, exitCode, sentence }: RunReport): string {
  return `${asNoCommand(safeText(`hopcheck ${verdict} (exit ${exitCode}): ${sentence}`, LONGEST))}\n`;
}
