import { checkBaseline } from '../config/check-baseline.ts';
import { isLeftOut } from '../judge/selection.ts';
import type { Policy } from '../model/policy.ts';
import type { JudgedRun } from '../model/report.ts';

/** A judged run and its baseline must be of one application and of the same promises. @throws ConfigError */
export function checkBaselineOf({ hops, promises }: JudgedRun, policy: Policy): void {
  checkBaseline(policy.baseline, {
    hops: hops.map(({ caller, callee }) => `${caller}->${callee}`),
    promises: promises.map(({ id }) => id).filter((id) => !isLeftOut(id, policy)),
  });
}
