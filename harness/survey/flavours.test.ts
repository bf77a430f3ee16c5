import { describe, expect, it } from 'vitest';
import { reportOf } from '../../fixtures/testing/report-of.ts';
import { SimulatedClock } from '../../fixtures/testing/simulated-clock.ts';
import { surveyLab } from '../../fixtures/testing/survey-lab.ts';
import { parseFault } from '../lab/faults.ts';
import type { LabOptions } from '../lab/lab.ts';
import { labOptions } from '../lab/options.ts';
import { startStandin } from '../lab/standin.ts';
import { callAllowance } from '../model/limits.ts';
import type { RunReport } from '../model/report.ts';

const SERVICES = ['productpage', 'details', 'reviews', 'ratings'];
const FLAVOURS: readonly (readonly [string, Partial<LabOptions>])[] = [
  ['Jaeger 2.21, without the legacy API', { jaeger: '2.21' }],
  ['SLS behind Jaeger', { jaeger: 'sls' }],
  ['Elasticsearch', { jaeger: 'elasticsearch' }],
  ['tags by the semantic conventions', { tagNames: 'conventions' }],
  ['tags by the semantic conventions, without the legacy API', { tagNames: 'conventions', jaeger: '2.21' }],
  ['a mesh of Istio 1.0', { mesh: 'istio-1.0' }],
  ['a mesh of Istio 1.0 and SLS, as the walk-through has it', { mesh: 'istio-1.0', jaeger: 'sls' }],
];
function simulated(faults: readonly string[], different: Partial<LabOptions>) {
  return startStandin(
    labOptions({
      clock: new SimulatedClock(),
      network: 'memory',
      faults: faults.map((text) => parseFault(text, SERVICES)),
      ...different,
    }),
  );
}
const standing = ({ promises }: RunReport) =>
  promises.flatMap(({ findings }) => findings).filter(({ severity }) => severity !== 'info');
const named = (report: RunReport) =>
  standing(report).map(({ code, subject }) =>
    subject.kind === 'hop' ? `${code} ${subject.caller} → ${subject.callee}` : `${code} ${subject.kind}`,
  );

describe.each(FLAVOURS)('%s', (_title, flavour) => {
  it('is green when nothing is wrong, undecided probes found, within the calls', async () => {
    await using lab = await simulated([], { foreignRate: 5, ...flavour });
    const capture = await surveyLab(lab);
    const report = reportOf(capture);
    expect([report.verdict, named(report)]).toEqual(['pass', []]);
    expect(report.promises.find(({ id }) => id === 'sampling')?.observed).toContain('undecided: 10 of 10 traced');
    expect(capture.timings.backendCalls).toBeLessThanOrEqual(callAllowance(capture.exchanges.length));
  });

  it.each([
    ['drop-all:reviews', ['HC501 reviews → ratings']],
    ['drop-all:productpage', ['HC501 productpage → details', 'HC501 productpage → reviews']],
    ['new-traceid:reviews', ['HC502 reviews → ratings']],
    ['truncate-traceid:productpage', ['HC503 productpage → details', 'HC503 productpage → reviews']],
    ['no-report:details', ['HC306 service']],
    ['missing:reviews-v3', ['HC201 service']],
  ])('finds %s', async (fault, expected) => {
    await using lab = await simulated([fault], flavour);
    const report = reportOf(await surveyLab(lab));
    expect([report.verdict, named(report)]).toEqual(['fail', expected]);
  });
});

describe('two hopchecks at once on one mesh', () => {
  it.each([
    ['nothing wrong', [], 'pass'],
    ['drop-all:reviews', ['drop-all:reviews'], 'fail'],
  ] as const)('are both right, %s', async (_title, faults, verdict) => {
    await using lab = await simulated(faults, { workers: 2, foreignRate: 2 });
    // The second one draws its ids from elsewhere.
    const other = { ...lab, options: { ...lab.options, seed: lab.options.seed + 100 } };
    const captures = await Promise.all([surveyLab(lab), surveyLab(other)]);
    const ids = captures.map(({ traces }) => new Set(traces.flatMap(({ traceId }) => traceId ?? [])));
    expect([...(ids[0] ?? [])].filter((id) => ids[1]?.has(id))).toEqual([]);
    for (const capture of captures) expect(reportOf(capture).verdict).toBe(verdict);
    expect(captures.map((capture) => named(reportOf(capture)))).toEqual(
      verdict === 'pass' ? [[], []] : [['HC501 reviews → ratings'], ['HC501 reviews → ratings']],
    );
  });
});
