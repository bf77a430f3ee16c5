import { describe, expect, it } from 'vitest';
import { answerToTraces } from '../../fixtures/cases/cases.ts';
import { by, changed, inWords, repeated, tagged, to } from '../../fixtures/cases/dumps.ts';
import { driveLab } from '../../fixtures/testing/drive-lab.ts';
import { SimulatedClock } from '../../fixtures/testing/simulated-clock.ts';
import { parseFault } from '../lab/faults.ts';
import { labOptions } from '../lab/options.ts';
import { startStandin } from '../lab/standin.ts';

const SERVICES = ['productpage', 'details', 'reviews', 'ratings'];

/** Findings of a run in which a route sends a part of the calls to reviews v1, which has no pod. */
async function run(weights: string, shares?: Readonly<Record<string, number>>): Promise<readonly string[]> {
  const faults = [`weights:reviews:${weights}`, 'missing:reviews-v1'].map((text) => parseFault(text, SERVICES));
  const simulated = { clock: new SimulatedClock(), network: 'memory' } as const;
  await using lab = await startStandin(labOptions({ faults, ...simulated }));
  const given = shares && {
    shares: { value: { service: 'reviews', weights: shares }, source: 'flag' as const, from: '--shares' },
  };
  const report = await driveLab(lab, { ...(given !== undefined && { settings: given }) });
  return inWords(report).filter((words) => !words.includes(' info '));
}

describe('a version without pods that a route leads to', () => {
  it.each([
    ['v1=90,v2=10', { v1: 90, v2: 10 }],
    ['v1=34,v2=33,v3=33', undefined],
    ['v1=34,v2=33,v3=33', { v1: 34, v2: 33, v3: 33 }],
  ])('is one finding, which names it: %s', async (weights, shares) => {
    expect(await run(weights, shares)).toEqual([
      expect.stringMatching(/^HC103 error callee-unreachable · productpage → reviews v1 · /),
    ]);
  });

  it('is one finding of a dump as well', () => {
    const dump = repeated(60).flatMap((trace, nth) =>
      nth % 4 < 2
        ? [trace]
        : changed(
            (span) => to('reviews')(span) || by('reviews')(span) || by('ratings')(span),
            (span) =>
              to('reviews')(span)
                ? tagged(span, {
                    'http.status_code': '503',
                    response_flags: 'UH',
                    upstream_cluster: 'outbound|9080|v1|reviews.default.svc.cluster.local',
                  })
                : undefined,
            [trace],
          ),
    );
    const { verdict, findings } = answerToTraces(dump);
    expect({ verdict, findings }).toEqual({
      verdict: 'fail',
      findings: ['HC303 error callee-unreachable · productpage → reviews'],
    });
  });
});
