/**
 * The public way to judge in a program: `import { judgeCapture } from 'hopcheck'`. Specs use `hopcheck/vitest`. Everything that is not
 * exported here may change with every release.
 */
import { renderReport } from '../../reports/text/render-report.ts';
import { decodeCapture } from '../capture/decode.ts';
import { judge } from '../judge/judge.ts';
import type { RunReport } from '../model/report.ts';

export type { Finding } from '../model/finding.ts';
export type { PromiseId } from '../model/promises.ts';
export type { ReportedPromise, RunReport, Verdict } from '../model/report.ts';

/**
 * The report of a capture, as `hopcheck judge` makes it: the same capture gives the same report.
 * @param text what `hopcheck run --capture FILE` or `hopcheck import` wrote.
 * @param origin names the capture in errors; default `the capture`.
 * @throws CaptureError where the text is not a capture, with the place of the first thing that does not fit.
 */
export function judgeCapture(text: string, origin?: string): RunReport {
  return renderReport(judge(decodeCapture(text, origin)));
}
