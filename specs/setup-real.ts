import type { TestProject } from 'vitest/node';
import { startEnvoyLab } from '../fixtures/envoy/engine.ts';
import { installReal } from '../fixtures/envoy/install.ts';
import { driveLab } from '../fixtures/testing/drive-lab.ts';
import { labOptions } from '../harness/lab/options.ts';

/** Project `real`: one run on real Envoy and real Jaeger for all specs. Missing programs are installed first. */
export async function setup(project: TestProject): Promise<void> {
  await using lab = await startEnvoyLab(
    labOptions({ engine: 'envoy', workers: 2, foreignRate: 2 }),
    await installReal(),
  );
  project.provide(
    'hopcheckReport',
    await driveLab(lab, { settings: { sampling: { value: 100, source: 'flag', from: '--sampling' } } }),
  );
}
