import { beforeAll, describe, expect, it } from 'vitest';
import { startEnvoyLab } from '../../fixtures/envoy/engine.ts';
import { installReal } from '../../fixtures/envoy/install.ts';
import { driveLab } from '../../fixtures/testing/drive-lab.ts';
import { labOptions } from '../lab/options.ts';

let binaries: Awaited<ReturnType<typeof installReal>>;
beforeAll(async () => {
  binaries = await installReal();
});

/** Short, and the run knows it. */
const FLUSH_MS = 1000;

describe.each(['zipkin', 'otel'] as const)('real Envoy with the %s driver', (driver) => {
  it.each([
    { sampling: 50, verdict: 'pass', codes: [] },
    { sampling: 20, verdict: 'fail', codes: ['HC604'] },
    { sampling: 85, verdict: 'fail', codes: ['HC604'] },
  ])(
    'that traces $sampling percent where 50 are configured gets the verdict $verdict',
    async ({ sampling, verdict, codes }) => {
      const flush = { minSpans: 5, intervalMs: FLUSH_MS };
      await using lab = await startEnvoyLab(labOptions({ engine: 'envoy', driver, sampling, flush }), binaries);
      const report = await driveLab(lab, {
        settings: {
          rate: 60,
          flushMs: { value: FLUSH_MS, source: 'flag', from: '--flush-interval' },
          sampling: { value: 50, source: 'flag', from: '--sampling' },
          undecided: 137,
        },
      });
      const unwanted = report.promises.flatMap(({ findings }) =>
        findings.filter(({ severity }) => severity !== 'info'),
      );
      expect({ verdict: report.verdict, codes: unwanted.map(({ code }) => code) }).toEqual({ verdict, codes });
    },
  );
});
