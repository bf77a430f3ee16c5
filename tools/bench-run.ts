import { parseArgs } from 'node:util';
import { startEnvoyLab } from '../fixtures/envoy/engine.ts';
import { installReal } from '../fixtures/envoy/install.ts';
import { driveLab } from '../fixtures/testing/drive-lab.ts';
import { parseFault } from '../harness/lab/faults.ts';
import type { Lab, LabOptions } from '../harness/lab/lab.ts';
import { labOptions } from '../harness/lab/options.ts';
import { startStandin } from '../harness/lab/standin.ts';
import { MARGIN_MS } from '../harness/model/limits.ts';
import { TARGETS } from './figures.ts';

// A run against what it has to wait for: its own requests, a flush and the margin. npm run bench has it on the embedded lab;
// node tools/bench-run.ts --engine envoy [--runs 2] has it on real Envoy and real Jaeger, by each driver.

type Engine = (options: LabOptions) => Promise<Lab>;

/** A healthy run, and one with a break, whose target is so much longer. */
export async function benchRun(start: Engine = startStandin, given: Partial<LabOptions> = {}): Promise<void> {
  await physicsOfARun(start, given, 'healthy');
  await physicsOfARun(start, given, 'drop-all:productpage', TARGETS.runBrokenMs);
}

async function physicsOfARun(start: Engine, given: Partial<LabOptions>, fault: string, moreMs = 0): Promise<void> {
  const faults = fault === 'healthy' ? [] : [parseFault(fault, ['productpage'])];
  await using lab = await start(labOptions({ ...given, faults }));
  const startedAtMs = performance.now();
  const { timings, verdict } = await driveLab(lab);
  const tookMs = performance.now() - startedAtMs;
  const neededMs = timings.probeMs + lab.options.flush.intervalMs + MARGIN_MS;
  const targetMs = TARGETS.runRatio * (neededMs + TARGETS.runOwnMs) + moreMs;
  const s = (ms: number) => (ms / 1000).toFixed(2);
  const where = given.engine === undefined ? '' : ` on ${given.engine}, ${given.driver}`;
  console.log(
    `a run${where}, ${fault}: ${verdict}, ${s(tookMs)} s for ${s(timings.probeMs)} s of traffic, flush and margin: ${(tookMs / neededMs).toFixed(3)} × (target ${s(targetMs)} s, ${(targetMs / neededMs).toFixed(3)} ×); waited ${s(timings.settleMs)} s after the last answer`,
  );
}

if (import.meta.main) {
  const { values } = parseArgs({
    options: { engine: { type: 'string', default: 'standin' }, runs: { type: 'string', default: '2' } },
  });
  const binaries = values.engine === 'envoy' ? await installReal() : undefined;
  for (let run = 0; run < Number(values.runs); run += 1)
    if (binaries === undefined) await benchRun();
    else
      for (const driver of ['zipkin', 'otel'] as const)
        await benchRun((options) => startEnvoyLab(options, binaries), { engine: 'envoy', driver });
}
