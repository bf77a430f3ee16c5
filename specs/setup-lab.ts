import type { TestProject } from 'vitest/node';
import { driveLab } from '../fixtures/testing/drive-lab.ts';
import { labOptions } from '../harness/lab/options.ts';
import { startStandin } from '../harness/lab/standin.ts';

/** Project `lab`: one run on the stand-in, over real sockets and with Envoy's real flush, for all specs. */
export async function setup(project: TestProject): Promise<void> {
  await using lab = await startStandin(labOptions({ workers: 2, foreignRate: 2 }));
  project.provide(
    'hopcheckReport',
    await driveLab(lab, { settings: { sampling: { value: 100, source: 'flag', from: '--sampling' } } }),
  );
}
