import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { DEFAULT_APPLICATION } from '../applications/default.ts';
import type { RunReport } from '../model/report.ts';
import { makePlan } from '../probe/plan.ts';
import { runForSpecs, type SpecOptions } from './spec-run.ts';

export type { SpecOptions } from './spec-run.ts';

/** What Vitest hands to a global setup, as far as it is needed: versions 4 and 5 have it. */
interface Project {
  provide(key: 'hopcheckReport', value: RunReport): void;
  provide(key: 'hopcheckTraces', value: string): void;
}

/** A global setup of Vitest; what it returns is called at the end. */
export type Setup = (project: Project) => Promise<() => void>;

/**
 * One run for all specs of a Vitest project, against the mesh that the environment (`HOPCHECK_INGRESS`,
 * `HOPCHECK_TRACES`, …) and the configuration file name. In vitest.config.ts: `globalSetup: ['hopcheck/vitest/setup']`.
 * Every option of `hopcheck run` holds, and one that cannot hold in specs is refused by its name.
 * @throws ConfigError where ingress or trace backend are not named, or an option is wrong.
 */
export const setup: Setup = setupWith({});

/**
 * The same with options, which go before environment and configuration file. In a file that `globalSetup` names:
 * `export const setup = setupWith({ skip: ['statistics'], report: ['junit=mesh.xml'] })`.
 */
export function setupWith(options: SpecOptions): Setup {
  return async (project) => {
    const { report, traces } = await runForSpecs({ application: DEFAULT_APPLICATION, plan: makePlan, options });
    // Some megabytes: each worker that wants them reads the file, which only its owner may read.
    const folder = mkdtempSync(join(tmpdir(), 'hopcheck-specs-'));
    const path = join(folder, 'traces.json');
    writeFileSync(path, JSON.stringify(traces), { mode: 0o600 });
    project.provide('hopcheckReport', report);
    project.provide('hopcheckTraces', path);
    return () => rmSync(folder, { recursive: true, force: true });
  };
}
