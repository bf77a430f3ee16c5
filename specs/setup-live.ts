import type { TestProject } from 'vitest/node';
import { driveFromEnvironment } from '../harness/vitest/live.ts';
import { bookinfo } from './bookinfo.ts';
import { makePlan } from './plan.ts';

/** Project `live`: one run against the mesh that `HOPCHECK_INGRESS` and `HOPCHECK_JAEGER` name, for all specs. */
export async function setup(project: TestProject): Promise<void> {
  project.provide('hopcheckReport', await driveFromEnvironment({ application: bookinfo, plan: makePlan }));
}
