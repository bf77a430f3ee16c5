import { countsCalls } from '../model/counted-share.ts';
import type { JudgedFinding } from '../model/finding.ts';
import type { Policy } from '../model/policy.ts';
import type { JudgedPromise } from '../model/report.ts';
import { knownIn } from './same-finding.ts';
import { fits, tolerationOf } from './tolerations.ts';

/**
 * Which findings a policy splits, of those about all callees of a caller. It tolerates only a part of the finding; or it does not
 * tolerate the finding, and the baseline knows only some of the parts, or a limit is on its calls. The calls of one request
 * often fail together, so that an interval of all of them would be too narrow.
 * @param startedAt start of the run, ISO 8601.
 */
export function isToldApart({ tolerate, baseline, max = [] }: Policy, startedAt: string) {
  const isKnown = baseline === undefined ? () => false : knownIn(baseline);
  return (finding: JudgedFinding, { id }: JudgedPromise): boolean => {
    const { code, parts = [] } = finding;
    const fitsPart = tolerate.some(
      (toleration) => !fits(toleration, finding) && parts.some((part) => fits(toleration, part)),
    );
    if (fitsPart) return true;
    if (tolerationOf(finding, tolerate, startedAt) !== undefined) return false;
    const known = parts.filter((part) => isKnown({ ...part, promise: id })).length;
    const isLimited = countsCalls(code) && max.some((limit) => limit.code === code);
    return isLimited || (known > 0 && known < parts.length);
  };
}
