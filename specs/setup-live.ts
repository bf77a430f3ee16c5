import type { TestProject } from 'vitest/node';
import { DEFAULT_APPLICATION } from '../harness/applications/default.ts';
import { makePlan } from '../harness/probe/plan.ts';
import { driveFromEnvironment } from '../harness/vitest/live.ts';

/** Project `live`: one run against the mesh that `HOPCHECK_INGRESS` and `HOPCHECK_TRACES` name, for all specs. */
export async function setup(project: TestProject): Promise<void> {
  project.provide('hopcheckReport', await driveFromEnvironment({ application: DEFAULT_APPLICATION, plan: makePlan }));
}
