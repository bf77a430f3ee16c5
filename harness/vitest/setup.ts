import { DEFAULT_APPLICATION } from '../applications/default.ts';
import { makePlan } from '../probe/plan.ts';
import { driveFromEnvironment } from './live.ts';

/** What Vitest hands to a global setup, as far as it is needed: versions 4 and 5 have it. */
interface Project {
  provide(key: 'hopcheckReport', value: Awaited<ReturnType<typeof driveFromEnvironment>>): void;
}

/**
 * One run for all specs of a Vitest project, against the mesh that the environment (`HOPCHECK_INGRESS`, `HOPCHECK_TRACES`, …)
 * and the configuration file name. In vitest.config.ts: `globalSetup: ['hopcheck/vitest/setup']`.
 * @throws ConfigError where ingress or trace backend are not named.
 */
export async function setup(project: Project): Promise<void> {
  project.provide('hopcheckReport', await driveFromEnvironment({ application: DEFAULT_APPLICATION, plan: makePlan }));
}
