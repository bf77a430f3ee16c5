import type { RunReport } from '../harness/model/report.ts';
import { safeText } from './characters/safe-text.ts';

/** What a check reports to Kuberhealthy. */
export interface KuberhealthyStatus {
  readonly OK: boolean;
  /** Empty where OK: Kuberhealthy refuses both together. */
  readonly Errors: readonly string[];
}

/** Errors of one run at most; Kuberhealthy keeps them in an object of the cluster. */
const MOST_ERRORS = 10;
const LONGEST = 500;

/**
 * A run as Kuberhealthy takes it. It knows two states: a run that could not decide is not OK, because nothing was shown
 * to hold, and its error begins with `inconclusive`, so that it is not read as a broken mesh.
 */
export function kuberhealthyStatus({ verdict, sentence, promises }: RunReport): KuberhealthyStatus {
  if (verdict === 'pass') return { OK: true, Errors: [] };
  const findings = promises
    .flatMap(({ findings: found }) => found)
    .filter(
      ({ severity, waived, explainedBy }) => severity === 'error' && waived === undefined && explainedBy === undefined,
    )
    .map(({ code, expected, received }) => `${code}: expected: ${expected} · received: ${received}`);
  const errors = [`${verdict}: ${sentence}`, ...findings].slice(0, MOST_ERRORS);
  return { OK: false, Errors: errors.map((text) => safeText(text, LONGEST)) };
}
