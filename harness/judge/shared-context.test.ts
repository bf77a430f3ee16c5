import { describe, expect, it } from 'vitest';
import { inWords } from '../../fixtures/cases/dumps.ts';
import { driveLab } from '../../fixtures/testing/drive-lab.ts';
import { SimulatedClock } from '../../fixtures/testing/simulated-clock.ts';
import { parseFault } from '../lab/faults.ts';
import { labOptions } from '../lab/options.ts';
import { startStandin } from '../lab/standin.ts';

/** Verdict and findings of a run on a mesh with a shared span context. */
async function run(gatewayProfile: 1 | 2, ...faults: readonly string[]) {
  const simulated = { clock: new SimulatedClock(), network: 'memory' } as const;
  const parsed = faults.map((text) => parseFault(text, ['productpage', 'details', 'reviews', 'ratings']));
  await using lab = await startStandin(
    labOptions({ faults: parsed, sharedSpanContext: true, gatewayProfile, ...simulated }),
  );
  const report = await driveLab(lab);
  return { verdict: report.verdict, findings: inWords(report).filter((words) => !words.includes(' info ')) };
}

describe('a run on a mesh with a shared span context', () => {
  it.each([1, 2] as const)('passes where it is healthy, with %i spans of the gateway', async (spans) => {
    expect(await run(spans)).toEqual({ verdict: 'pass', findings: [] });
  });

  it.each([
    ['swap-spanid:productpage', 'productpage', 1],
    ['swap-spanid:productpage', 'productpage', 2],
    ['swap-spanid:reviews', 'reviews v2, v3 → ratings', 1],
  ] as const)('says that the parent is wrong, and nothing else: %s', async (fault, subject, spans) => {
    expect((await run(spans, fault)).findings).toEqual([
      expect.stringMatching(new RegExp(`^HC505 error parent-wrong · ${subject} · `)),
    ]);
  });

  it('accuses a service without a sidecar, and none of those that get its id', async () => {
    expect((await run(2, 'no-sidecar:productpage')).findings).toEqual([
      expect.stringMatching(/^HC306 error sidecar-absent, tracing-off · productpage · /),
    ]);
  });
});
