import { kuberhealthyStatus } from '../../reports/kuberhealthy.ts';
import { ConfigError } from '../config/config-error.ts';
import type { ConfigInput } from '../config/config-input.ts';
import { resolveOptions } from '../config/resolve.ts';
import type { Clock } from '../model/clock.ts';
import type { RunReport } from '../model/report.ts';
import { retry } from '../system/retry.ts';
import type { CommandContext } from './context.ts';
import type { Io } from './io.ts';
import { say } from './output.ts';

/** The check that this pod is, as Kuberhealthy names it in the environment (docs of Kuberhealthy 3, checker pods). */
export interface KuberhealthyCheck {
  readonly url: string;
  readonly runId: string;
  /** When Kuberhealthy takes silence for a failure; epoch, ms. Absent: it does not say. */
  readonly deadlineMs?: number;
}

/** Kept for judging, writing and reporting before Kuberhealthy's deadline, ms. */
const LAST_STEPS_MS = 15_000;
/** Between two attempts, and of all of them, ms. */
const AGAIN_MS = [1000, 2000, 4000, 8000, 15_000] as const;
const ANSWER_MS = 10_000;

/** Undefined: the option is not given. @throws ConfigError where the environment is not that of a check pod */
export function readKuberhealthy(input: ConfigInput): KuberhealthyCheck | undefined {
  const { kuberhealthy } = resolveOptions(input, ['kuberhealthy']).parsed;
  if (kuberhealthy?.value !== true) return undefined;
  const { KH_REPORTING_URL: url, KH_RUN_UUID: runId, KH_CHECK_RUN_DEADLINE: deadline } = input.env;
  if (!url || !runId || !URL.canParse(url)) {
    throw new ConfigError([
      {
        option: '--kuberhealthy',
        source: `${kuberhealthy.source} ${kuberhealthy.from}`,
        expected: 'the environment of a check pod of Kuberhealthy: the variables KH_REPORTING_URL and KH_RUN_UUID',
        example: 'KH_REPORTING_URL=http://kuberhealthy.kuberhealthy/check',
      },
    ]);
  }
  const seconds = Number(deadline);
  return { url, runId, ...(Number.isFinite(seconds) && seconds > 0 && { deadlineMs: seconds * 1000 }) };
}

/** The time limit of a run, so that it can still report. ms; undefined: as long as it takes */
export function limitFor(
  check: KuberhealthyCheck | undefined,
  limitMs: number | undefined,
  clock: Clock,
): number | undefined {
  if (check?.deadlineMs === undefined) return limitMs;
  const leftMs = Math.max(1, check.deadlineMs - clock.now() - LAST_STEPS_MS);
  return limitMs === undefined ? leftMs : Math.min(limitMs, leftMs);
}

/** Reports a run to Kuberhealthy. False where it did not take it, which is then reported on standard error. */
export async function tellKuberhealthy(
  report: RunReport,
  { url, runId }: KuberhealthyCheck,
  { io, clock }: { readonly io: Io } & Pick<CommandContext, 'clock'>,
): Promise<boolean> {
  const body = JSON.stringify(kuberhealthyStatus(report));
  const attempt = async () => {
    const signal = AbortSignal.timeout(ANSWER_MS);
    const headers = { 'content-type': 'application/json', 'kh-run-uuid': runId };
    const { ok, status } = await fetch(url, { method: 'POST', headers, body, signal });
    if (!ok) throw new Error(`Kuberhealthy answered ${status}`);
  };
  try {
    await retry(attempt, { clock, waitMs: (_, failures) => AGAIN_MS[failures - 1] });
    return true;
  } catch (error) {
    say(
      io.stderr,
      `--kuberhealthy: the result could not be reported: ${error instanceof Error ? error.message : String(error)}`,
    );
    return false;
  }
}
