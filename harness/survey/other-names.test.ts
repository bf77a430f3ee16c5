import { describe, expect, it } from 'vitest';
import { reportOf } from '../../fixtures/testing/report-of.ts';
import { FOUND } from '../../fixtures/testing/sample-cluster.ts';
import { testSettings } from '../../fixtures/testing/settings.ts';
import { SimulatedClock } from '../../fixtures/testing/simulated-clock.ts';
import { surveyLab } from '../../fixtures/testing/survey-lab.ts';
import { bookinfo } from '../applications/bookinfo.ts';
import { examine } from '../doctor/doctor.ts';
import { toDiagnosis } from '../doctor/preconditions.ts';
import { importCapture } from '../import/import-capture.ts';
import { parseFault } from '../lab/faults.ts';
import type { Lab, LabOptions } from '../lab/lab.ts';
import { labOptions } from '../lab/options.ts';
import { seededRandom } from '../lab/random.ts';
import { startStandin } from '../lab/standin.ts';
import { callAllowance } from '../model/limits.ts';
import type { RunReport } from '../model/report.ts';
import type { SurveyInput } from './survey-input.ts';
import { awaitReady } from './wait.ts';

const SERVICES = ['productpage', 'details', 'reviews', 'ratings'];
const GATEWAY_API = { name: 'bookinfo-gateway-istio', namespace: 'default' };
const CONVENTIONS = { serviceNames: 'conventions', driver: 'otel' } as const;

/** Healthy meshes that name things otherwise; each with the gateway's name in its spans. No flag names it. */
const MESHES: readonly { readonly title: string; readonly gateway: string; readonly mesh: Partial<LabOptions> }[] = [
  {
    title: 'a Gateway API gateway beside the application',
    gateway: 'bookinfo-gateway-istio',
    mesh: { gateway: GATEWAY_API },
  },
  {
    title: 'a gateway as Helm names it',
    gateway: 'istio-ingress',
    mesh: { gateway: { name: 'istio-ingress', namespace: 'istio-ingress' } },
  },
  { title: 'names by the conventions', gateway: 'istio-ingressgateway', mesh: CONVENTIONS },
  {
    title: "names by the conventions, without Istio's tags",
    gateway: 'istio-ingressgateway',
    mesh: { ...CONVENTIONS, istioTags: false },
  },
  {
    title: "names by the conventions, without Istio's tags, one gateway span",
    gateway: 'istio-ingressgateway',
    mesh: { ...CONVENTIONS, istioTags: false, gatewayProfile: 1 },
  },
  { title: "no tags of Istio's", gateway: 'istio-ingressgateway', mesh: { istioTags: false } },
  { title: 'the application in another namespace', gateway: 'istio-ingressgateway', mesh: { namespace: 'shop' } },
  {
    title: 'all of it',
    gateway: 'shop-gateway-istio',
    mesh: {
      ...CONVENTIONS,
      istioTags: false,
      namespace: 'shop',
      gateway: { name: 'shop-gateway-istio', namespace: 'shop' },
    },
  },
];

function start(different: Partial<LabOptions>, faults: readonly string[] = []): Promise<Lab> {
  const parsed = faults.map((text) => parseFault(text, SERVICES));
  return startStandin(labOptions({ clock: new SimulatedClock(), network: 'memory', faults: parsed, ...different }));
}
function inputOf(lab: Lab): SurveyInput {
  return {
    settings: testSettings(lab.ingressUrl, lab.jaegerUrl),
    application: bookinfo,
    plan: [],
    clock: lab.options.clock,
    http: { ingress: lab.http!, traceBackend: lab.http! },
    random: seededRandom(3).hex,
    signal: new AbortController().signal,
  };
}
const named = ({ promises }: RunReport) =>
  promises
    .flatMap(({ findings }) => findings)
    .filter(({ severity }) => severity !== 'info')
    .map(({ code, subject }) =>
      subject.kind === 'hop'
        ? `${code} ${subject.caller} → ${subject.callee}`
        : `${code} ${subject.kind === 'service' ? subject.service : subject.kind}`,
    );
const observedOf = ({ promises }: RunReport, promise: string) => promises.find(({ id }) => id === promise)?.observed;

describe.each(MESHES)('$title', ({ gateway, mesh }) => {
  it('passes as a healthy mesh in a run, within its calls, and after an import of its traces', async () => {
    await using lab = await start({ foreignRate: 5, ...mesh });
    const capture = await surveyLab(lab);
    const report = reportOf(capture);
    expect({ verdict: report.verdict, findings: named(report) }).toEqual({ verdict: 'pass', findings: [] });
    expect(observedOf(report, 'sampling')).toContain('undecided: 10 of 10 traced');
    expect(report.hops[0]).toMatchObject({ caller: gateway, callee: 'productpage' });
    expect(capture.traces.filter(({ reason }) => reason === 'quiet')).toEqual([]);
    expect(capture.timings.backendCalls).toBeLessThanOrEqual(callAllowance(capture.exchanges.length));
    const traces = capture.traces.flatMap(({ traceId, spans }) =>
      traceId === undefined ? [] : { id: traceId, spans },
    );
    const { expectations } = capture;
    const imported = reportOf(
      importCapture({ application: bookinfo, traces, files: 1, complete: true, expectations, hopcheck: '0.1.0' }),
    );
    expect({ verdict: imported.verdict, findings: named(imported) }).toEqual({ verdict: 'pass', findings: [] });
    expect(imported.run.probes).toBe(report.run.traces);
  });

  it('is in order for doctor, and ready for a run with --wait', async () => {
    await using lab = await start(mesh);
    const input = inputOf(lab);
    expect(await awaitReady(input, 60_000)).toBeUndefined();
    const { preconditions, ready } = toDiagnosis(await examine(input), input.settings, bookinfo.definition);
    expect(preconditions.filter(({ status }) => status !== 'ok')).toEqual([]);
    expect(ready).toBe(true);
    expect(preconditions.find(({ id }) => id === 'services')?.observed).toContain(gateway);
  });

  it.each([
    ['drop-all:reviews', ['HC501 reviews → ratings']],
    ['drop-header:productpage->details:x-request-id', ['HC507 productpage → details']],
    ['no-report:details', ['HC306 details']],
  ])('shows %s, and accuses no other service', async (fault, expected) => {
    await using lab = await start(mesh, [fault]);
    const report = reportOf(await surveyLab(lab));
    expect({ verdict: report.verdict, findings: named(report) }).toEqual({ verdict: 'fail', findings: expected });
  });
});

describe('a gateway that the routes lead to', () => {
  it('is identified by them', async () => {
    await using lab = await start({ gateway: GATEWAY_API });
    const value = { names: ['bookinfo-gateway-istio'], pods: [] };
    const from = 'HTTPRoute default/bookinfo on Gateway default/bookinfo-gateway';
    const cluster = { facts: FOUND, expectations: { gateway: { value, source: 'discovered', from } } } as const;
    const capture = await surveyLab(lab, { cluster });
    expect(capture.preflight.gateway).toEqual({ value: 'bookinfo-gateway-istio', source: 'discovered', from });
    const report = reportOf(capture);
    expect(named(report)).toEqual(['HC805 reviews']);
    expect(observedOf(report, 'environment')).toContain('gateway bookinfo-gateway-istio');
  });

  it('gives way to a configured gateway', async () => {
    await using lab = await start({ gateway: GATEWAY_API });
    const services = { 'bookinfo-gateway-istio': 'istio-ingressgateway' };
    const report = reportOf(
      await surveyLab(lab, { settings: { services: { value: services, source: 'file', from: 'f.json' } } }),
    );
    expect({ verdict: report.verdict, findings: named(report) }).toEqual({ verdict: 'pass', findings: [] });
    expect(report.hops[0]).toMatchObject({ caller: 'istio-ingressgateway' });
    expect(observedOf(report, 'environment')).not.toContain('gateway bookinfo');
  });
});

describe('services with other names in spans', () => {
  const labels = { productpage: 'bk-page', details: 'bk-details', reviews: 'bk-reviews', ratings: 'bk-ratings' };
  const mapping =
    '{ "services": { "bk-page": "productpage", "bk-details": "details", "bk-reviews": "reviews", "bk-ratings": "ratings" } }';
  const services = { value: JSON.parse(mapping).services, source: 'file', from: 'f.json' } as const;

  it('are one finding with the line that maps them, and no finding with that line', async () => {
    await using lab = await start({ labels });
    const report = reportOf(await surveyLab(lab));
    expect({ verdict: report.verdict, findings: named(report) }).toEqual({
      verdict: 'inconclusive',
      findings: ['HC723 mesh'],
    });
    const [finding] = report.promises.flatMap(({ findings }) => findings).filter(({ code }) => code === 'HC723');
    expect(finding?.remedy).toContain(mapping);
    expect(finding?.received).toContain('bk-details in place of details');
    await using same = await start({ labels });
    const mapped = reportOf(await surveyLab(same, { settings: { services } }));
    expect({ verdict: mapped.verdict, findings: named(mapped) }).toEqual({ verdict: 'pass', findings: [] });
  });

  it('are a finding about the service where it is only one', async () => {
    await using lab = await start({ labels: { details: 'catalogue' } });
    expect(named(reportOf(await surveyLab(lab)))).toEqual(['HC723 details']);
  });

  it('hide no fault, and a fault does not hide them', async () => {
    await using lab = await start({ labels }, ['drop-all:reviews']);
    const report = reportOf(await surveyLab(lab));
    expect({ verdict: report.verdict, findings: named(report) }).toEqual({
      verdict: 'fail',
      findings: ['HC723 mesh', 'HC501 reviews → ratings'],
    });
  });

  it('do not keep --wait waiting, and doctor shows the line as well', async () => {
    await using lab = await start({ labels });
    const input = inputOf(lab);
    expect(await awaitReady(input, 60_000)).toBeUndefined();
    const { preconditions } = toDiagnosis(await examine(input), input.settings, bookinfo.definition);
    const unsure = preconditions.filter(({ status }) => status !== 'ok');
    expect(unsure.map(({ id }) => id)).toEqual(['services']);
    expect(unsure[0]?.fix).toContain('"bk-details": "details"');
  });
});
