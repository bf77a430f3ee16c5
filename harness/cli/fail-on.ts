import type { RunReport } from '../model/report.ts';

/** With `--fail-on warning` a run that only warns has failed (design §6, exit codes). */
export function applyFailOn(report: RunReport, failOn: 'error' | 'warning'): RunReport {
  if (failOn === 'error' || report.verdict !== 'pass') return report;
  const warning = report.promises.flatMap(({ findings }) => findings).find(({ severity }) => severity === 'warning');
  if (warning === undefined) return report;
  const sentence = `a warning counts as a failure (--fail-on warning): ${warning.code}: ${warning.received}`;
  return { ...report, verdict: 'fail', exitCode: 1, sentence };
}
