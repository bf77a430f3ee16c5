import { renderReport } from '../../reports/text/render-report.ts';
import { checkBaseline, hopNames } from '../config/check-baseline.ts';
import { expectationsOf } from '../config/expectations.ts';
import { drive } from '../drive/drive.ts';
import type { Target } from '../drive/target.ts';
import { judgedPromises } from '../judge/judge.ts';
import { hasUndecidedLimit } from '../judge/limits.ts';
import { applyPolicy } from '../judge/policy.ts';
import { isLeftOut } from '../judge/selection.ts';
import type { Capture } from '../model/capture.ts';
import type { Policy } from '../model/policy.ts';
import type { ProgressEvent } from '../model/progress.ts';
import type { JudgedRun, RunReport } from '../model/report.ts';
import { secondStage } from '../probe/plan.ts';
import type { CommandContext } from './context.ts';

/** How one run is done, beside its settings. */
export interface RunMeans {
  /** Absent: no capture is kept. */
  readonly capturePath?: string;
  readonly onProgress?: (event: ProgressEvent) => void;
  /** Ends it: what was collected is judged. */
  readonly signal: AbortSignal;
}

export interface Reported {
  readonly report: RunReport;
  /** Before it got its texts, after the policy. */
  readonly judged: JudgedRun;
  readonly capture: Capture;
  /** What went wrong that is our own fault, or the disk's. */
  readonly problems: readonly string[];
}

/** Drives, judges, applies the policy, and makes the report: what `run` does once, and `watch` again and again. @throws ConfigError */
export async function reportOf(
  { settings, cluster, waitedMs }: Pick<Target, 'settings' | 'cluster' | 'waitedMs'>,
  policy: Policy,
  { application, plan, clock, io }: CommandContext,
  { capturePath, onProgress, signal }: RunMeans,
): Promise<Reported> {
  checkBaseline(policy.baseline, {
    hops: hopNames(application.definition),
    promises: judgedPromises({
      expectations: expectationsOf(settings, application.definition),
      ...(cluster !== undefined && { cluster: cluster.facts }),
    }).filter((id) => !isLeftOut(id, policy)),
  });
  const {
    judged: driven,
    capture,
    problems,
  } = await drive({
    settings,
    application,
    plan: [...plan(settings.probes, settings.undecided), ...secondStage(settings.confirm ?? 0)],
    clock,
    ...(io.createClient !== undefined && { createClient: io.createClient }),
    ...(cluster !== undefined && { cluster }),
    waitedMs,
    ...(capturePath !== undefined && { capturePath }),
    ...(settings.confirm !== undefined && { wantsMore: (first) => hasUndecidedLimit(applyPolicy(first, policy)) }),
    ...(onProgress !== undefined && { onProgress }),
    detail: true,
    signal,
  });
  const judged = applyPolicy(driven, policy);
  return { report: renderReport(judged), judged, capture, problems };
}
