import { describe, expect, it } from 'vitest';
import { driveLab } from '../../fixtures/testing/drive-lab.ts';
import { SimulatedClock } from '../../fixtures/testing/simulated-clock.ts';
import { parseFault } from '../lab/faults.ts';
import type { LabOptions } from '../lab/lab.ts';
import { labOptions } from '../lab/options.ts';
import { startStandin } from '../lab/standin.ts';

/** A run against a mesh that samples `really`, told that it samples `told`, in percent. */
async function run(really: number, told: number, undecided: number, different: Partial<LabOptions> = {}) {
  const simulated = { clock: new SimulatedClock(), network: 'memory' as const };
  await using lab = await startStandin(labOptions({ sampling: really, ...simulated, ...different }));
  const sampling = { value: told, source: 'flag' as const, from: '--sampling' };
  const report = await driveLab(lab, { settings: { sampling, undecided } });
  const rate = report.promises.find(({ id }) => id === 'sampling-rate');
  const errors = report.promises.flatMap(({ findings }) => findings.filter(({ severity }) => severity !== 'info'));
  return { report, rate, codes: errors.map(({ code }) => code) };
}

describe.each(['zipkin', 'otel'] as const)('a mesh with the %s driver', (driver) => {
  it.each([
    ['half of the configured 50 %', 25, 50, 137],
    ['as much more than it', 80, 50, 137],
    ['all instead of 1 %', 100, 1, 10],
    ['not all', 60, 100, 10],
    ['some instead of none', 30, 0, 20],
  ])('that traces %s: found, and nothing else accused', async (_, really, told, undecided) => {
    const { report, codes } = await run(really, told, undecided, { driver, seed: 2 });
    expect([report.verdict, codes]).toEqual(['fail', ['HC604']]);
  });

  it.each([
    [1, 10, 'skipped'],
    [50, 137, 'pass'],
    [100, 10, 'pass'],
  ])(
    'that traces the configured percentage, %i, by %i probes: a healthy run, the rate %s',
    async (percent, undecided, status) => {
      const { report, rate, codes } = await run(percent, percent, undecided, { driver });
      expect([report.verdict, codes, rate?.status]).toEqual(['pass', [], status]);
    },
  );
});

it.each([10, 90])('at %i percent: the number of probes that a skipped check names makes it run', async (percent) => {
  const few = await run(percent, percent, 5);
  const [, number] = /--undecided (\d+) is enough/.exec(few.rate?.reason ?? '') ?? [];
  expect(few.rate?.status).toBe('skipped');
  const enough = await run(percent, percent, Number(number));
  expect([enough.rate?.status, enough.report.verdict]).toEqual(['pass', 'pass']);
});

it('an application that drops x-request-id takes nothing from the rate: the gateway has decided', async () => {
  const fault = parseFault('drop-header:productpage:x-request-id', ['productpage', 'details', 'reviews', 'ratings']);
  const { rate } = await run(50, 50, 137, { driver: 'otel', faults: [fault] });
  expect(rate?.status).toBe('pass');
});
