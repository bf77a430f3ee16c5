import type { RunReport } from '../harness/model/report.ts';
import { safeText } from './characters/safe-text.ts';
import { asNoCommand } from './no-command.ts';
import { culpritOf } from './text/culprit.ts';

/** Bytes of a termination message that Kubernetes keeps are 4096; a character has up to 4. */
const LONGEST = 1000;

/** Verdict, exit code, the finding's code and the sentence in one line, for the end of a log and a pod's termination message. */
export function renderLine(report: RunReport): string {
  const { verdict, exitCode, sentence } = report;
  const code = culpritOf(report)?.code;
  const by = code === undefined ? `exit ${exitCode}` : `exit ${exitCode}, ${code}`;
  return `${asNoCommand(safeText(`hopcheck ${verdict} (${by}): ${sentence}`, LONGEST))}\n`;
}
