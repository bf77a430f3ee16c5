import { describe, expect, it } from 'vitest';
import { driveLab } from '../../fixtures/testing/drive-lab.ts';
import { SimulatedClock } from '../../fixtures/testing/simulated-clock.ts';
import { parseFault } from '../lab/faults.ts';
import type { LabOptions } from '../lab/lab.ts';
import { labOptions } from '../lab/options.ts';
import { startStandin } from '../lab/standin.ts';

/** A run against a mesh that samples `really`, and is held to `expected`, in percent. */
async function run(really: number, expected: number, undecided: number, different: Partial<LabOptions> = {}) {
  const simulated = { clock: new SimulatedClock(), network: 'memory' as const };
  await using lab = await startStandin(labOptions({ sampling: really, ...simulated, ...different }));
  const sampling = { value: expected, source: 'flag' as const, from: '--sampling' };
  const report = await driveLab(lab, { settings: { sampling, undecided } });
  const rate = report.promises.find(({ id }) => id === 'sampling-rate');
  const errors = report.promises.flatMap(({ findings }) => findings.filter(({ severity }) => severity !== 'info'));
  return { report, rate, codes: errors.map(({ code }) => code) };
}

describe.each(['zipkin', 'otel'] as const)('a mesh with the %s driver', (driver) => {
  it.each([
    { what: 'half of the configured 50 %', really: 25, expected: 50, undecided: 137 },
    { what: '80 % instead of the configured 50 %', really: 80, expected: 50, undecided: 137 },
    { what: 'all requests instead of 1 %', really: 100, expected: 1, undecided: 10 },
    { what: 'not all requests', really: 60, expected: 100, undecided: 10 },
    { what: 'some requests instead of 0 %', really: 30, expected: 0, undecided: 20 },
  ])('that traces $what gets one finding about the rate, and no other', async ({ really, expected, undecided }) => {
    const { report, codes } = await run(really, expected, undecided, { driver, seed: 2 });
    expect({ verdict: report.verdict, codes }).toEqual({ verdict: 'fail', codes: ['HC604'] });
  });

  it.each([
    { percent: 1, undecided: 10, status: 'skipped' },
    { percent: 50, undecided: 137, status: 'pass' },
    { percent: 100, undecided: 10, status: 'pass' },
  ])(
    'that traces the configured percentage, $percent, by $undecided probes is healthy, and the rate is $status',
    async ({ percent, undecided, status }) => {
      const { report, rate, codes } = await run(percent, percent, undecided, { driver });
      expect({ verdict: report.verdict, codes, status: rate?.status }).toEqual({ verdict: 'pass', codes: [], status });
    },
  );
});

it.each([10, 90])(
  'at %i percent the check of the rate runs with the number of probes that the skipped check names',
  async (percent) => {
    const few = await run(percent, percent, 5);
    const [, number] = /--undecided (\d+) is enough/.exec(few.rate?.reason ?? '') ?? [];
    expect(few.rate?.status).toBe('skipped');
    const enough = await run(percent, percent, Number(number));
    expect({ rate: enough.rate?.status, verdict: enough.report.verdict }).toEqual({ rate: 'pass', verdict: 'pass' });
  },
);

it('an application that drops x-request-id does not change the rate, because the gateway has decided', async () => {
  const fault = parseFault('drop-header:productpage:x-request-id', ['productpage', 'details', 'reviews', 'ratings']);
  const { rate } = await run(50, 50, 137, { driver: 'otel', faults: [fault] });
  expect(rate?.status).toBe('pass');
});
