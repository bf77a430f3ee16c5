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
  ['Zipkin', { jaeger: 'zipkin' }],
  ['Tempo', { jaeger: 'tempo' }],
  ['Tempo of an OpenShift', { jaeger: 'tempo', basePath: '/api/traces/v1/dev/tempo' }],
  ['a mesh of Istio 1.0 and Tempo, which renames shared span ids', { mesh: 'istio-1.0', jaeger: 'tempo' }],
  ['a mesh of Istio 1.0 and Zipkin', { mesh: 'istio-1.0', jaeger: 'zipkin' }],
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
  standing(report).map(({ code, subject, callees }) => {
    if (subject.kind === 'hop') return `${code} ${subject.caller} → ${subject.callee}`;
    if (subject.kind !== 'service' || callees === undefined) return `${code} ${subject.kind}`;
    return `${code} ${subject.service} → ${callees.map(({ callee }) => callee).join(', ')}`;
  });

describe.each(FLAVOURS)('%s', (_title, flavour) => {
  it('passes on a healthy mesh, finds undecided probes, and keeps to its number of calls', async () => {
    await using lab = await simulated([], { foreignRate: 5, ...flavour });
    const capture = await surveyLab(lab);
    const report = reportOf(capture);
    expect({ verdict: report.verdict, findings: named(report) }).toEqual({ verdict: 'pass', findings: [] });
    expect(report.promises.find(({ id }) => id === 'sampling')?.observed).toContain('undecided: 10 of 10 traced');
    expect(capture.timings.backendCalls).toBeLessThanOrEqual(callAllowance(capture.exchanges.length));
  });

  it.each([
    ['drop-all:reviews', ['HC501 reviews → ratings']],
    ['drop-all:productpage', ['HC501 productpage → details, reviews']],
    ['new-traceid:reviews', ['HC502 reviews → ratings']],
    ['truncate-traceid:productpage', ['HC503 productpage → details, reviews']],
    ['no-report:details', ['HC306 service']],
    ['missing:reviews-v3', ['HC201 service']],
  ])('shows the fault %s', async (fault, expected) => {
    await using lab = await simulated([fault], flavour);
    const report = reportOf(await surveyLab(lab));
    expect({ verdict: report.verdict, findings: named(report) }).toEqual({ verdict: 'fail', findings: expected });
  });
});

describe('two runs at once on one mesh', () => {
  it.each([
    { title: 'nothing wrong', faults: [], verdict: 'pass' },
    { title: 'drop-all:reviews', faults: ['drop-all:reviews'], verdict: 'fail' },
  ] as const)('both get the right verdict: $title', async ({ faults, verdict }) => {
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
