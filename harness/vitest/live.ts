import { existsSync, readFileSync } from 'node:fs';
import { resolveSettings } from '../config/resolve.ts';
import { drive } from '../drive/drive.ts';
import type { ReadableApplication } from '../model/application.ts';
import type { PlannedProbe } from '../model/exchange.ts';
import type { RunReport } from '../model/report.ts';

const CONFIG_FILE = 'hopcheck.config.json';

export interface LiveInput {
  readonly application: ReadableApplication;
  readonly plan: (probes: number) => readonly PlannedProbe[];
  /** Default: the process's. */
  readonly env?: Readonly<Record<string, string | undefined>>;
}

/**
 * One run against the mesh that the environment and `hopcheck.config.json` name; `HOPCHECK_CAPTURE` keeps what it saw.
 * For a Vitest global setup, which hands the report to the tests.
 * @throws ConfigError
 */
export async function driveFromEnvironment({ application, plan, env = process.env }: LiveInput): Promise<RunReport> {
  const file = existsSync(CONFIG_FILE) ? { path: CONFIG_FILE, text: readFileSync(CONFIG_FILE, 'utf8') } : undefined;
  const readFile = (path: string) => readFileSync(path, 'utf8');
  const settings = resolveSettings({ flags: {}, env, readFile, ...(file !== undefined && { file }) });
  const { report, problems } = await drive({
    settings,
    application,
    plan: plan(settings.probes),
    ...(env.HOPCHECK_CAPTURE && { capturePath: env.HOPCHECK_CAPTURE }),
    signal: AbortSignal.timeout(settings.totalTimeoutMs),
  });
  for (const problem of problems) console.error(problem);
  return report;
}
