import { readFileSync } from 'node:fs';
import { renderReport } from '../../reports/text/render-report.ts';
import { loadConfigFile } from '../config/load-config-file.ts';
import { resolveOutput } from '../config/output-settings.ts';
import { totalTimeoutOf } from '../config/resolve.ts';
import { findApplication } from '../definition/find-application.ts';
import { drive } from '../drive/drive.ts';
import { openTarget } from '../drive/target.ts';
import type { ReadableApplication } from '../model/application.ts';
import type { Clock } from '../model/clock.ts';
import type { Plan } from '../model/exchange.ts';
import type { RunReport } from '../model/report.ts';
import { systemClock } from '../system/system-clock.ts';

export interface LiveInput {
  /** Where neither environment nor configuration file names one. */
  readonly application: ReadableApplication;
  readonly plan: Plan;
  /** Default: the process's. */
  readonly env?: Readonly<Record<string, string | undefined>>;
  /** Default: the machine's. */
  readonly clock?: Clock;
}

/**
 * One run against the mesh that the environment and the configuration file name; `HOPCHECK_CAPTURE` (or the file's `capture`) keeps what it saw.
 * For a Vitest global setup, which hands the report to the tests.
 * @throws ConfigError
 */
export async function driveFromEnvironment({
  application: byDefault,
  plan,
  env = process.env,
  clock = systemClock,
}: LiveInput): Promise<RunReport> {
  const file = await loadConfigFile(process.cwd());
  const own = await findApplication({ flags: {}, env, ...(file !== undefined && { file }) }, process.cwd());
  const application = own ?? byDefault;
  const readFile = (path: string) => readFileSync(path, 'utf8');
  const page = application.definition.request.path;
  const input = { flags: {}, env, page, readFile, ...(file !== undefined && { file }) };
  const { capture } = resolveOutput(input);
  const signal = AbortSignal.timeout(totalTimeoutOf(input) ?? 0);
  await using target = await openTarget(input, application.definition, { clock, signal });
  const { settings, cluster, waitedMs } = target;
  const { judged, problems } = await drive({
    settings,
    application,
    plan: plan(settings.probes, settings.undecided),
    clock,
    ...(cluster !== undefined && { cluster }),
    waitedMs,
    ...(capture !== undefined && { capturePath: capture.value }),
    signal,
  });
  for (const problem of problems) console.error(problem);
  return renderReport(judged);
}
