import { describe, expect, it } from 'vitest';
import { relay, relayApplication } from '../../fixtures/relay/relay.ts';
import { reportOf } from '../../fixtures/testing/report-of.ts';
import { testSettings } from '../../fixtures/testing/settings.ts';
import { SimulatedClock } from '../../fixtures/testing/simulated-clock.ts';
import { surveyLab } from '../../fixtures/testing/survey-lab.ts';
import { bookinfo } from '../applications/bookinfo.ts';
import type { HttpClient } from '../http/http.ts';
import { parseFault } from '../lab/faults.ts';
import type { LabOptions } from '../lab/lab.ts';
import { labOptions } from '../lab/options.ts';
import { startStandin } from '../lab/standin.ts';
import type { Capture } from '../model/capture.ts';
import type { Clock } from '../model/clock.ts';
import { callAllowance } from '../model/limits.ts';
import { makePlan } from '../probe/plan.ts';
import { survey } from './survey.ts';

function simulated(different: Partial<LabOptions> = {}) {
  return startStandin(labOptions({ clock: new SimulatedClock(), network: 'memory', ...different }));
}
const codes = (capture: Capture) =>
  reportOf(capture).promises.flatMap(({ findings }) => findings.map(({ code }) => code));
const budget = (capture: Capture) => callAllowance(capture.exchanges.length);

describe('a run', () => {
  it('reads a Jaeger without the legacy API, sends no probe that it could not find again, and reports it', async () => {
    await using lab = await simulated({ jaeger: '2.13' });
    const withoutLegacy = (http: HttpClient): HttpClient => ({
      ...http,
      send: (request, signal) =>
        request.url.pathname.startsWith('/api/traces')
          ? Promise.resolve({ status: 200, headers: [], body: '<!doctype html>' })
          : http.send(request, signal),
    });
    const http = lab.http!;
    const capture = await survey({
      settings: testSettings(lab.ingressUrl, lab.jaegerUrl),
      application: bookinfo,
      plan: makePlan(60),
      clock: lab.options.clock,
      http: { ingress: http, traceBackend: withoutLegacy(http) },
      signal: new AbortController().signal,
    });
    expect(capture.preflight).toMatchObject({ api: 'jaeger-v3', markerSearch: 'not-supported' });
    expect(capture.exchanges.some(({ probe }) => probe.purpose === 'undecided')).toBe(false);
    expect(reportOf(capture).verdict).toBe('pass');
    expect(codes(capture)).toEqual(['HC706']);
    expect(capture.timings.backendCalls).toBeLessThanOrEqual(budget(capture));
  });

  it('finds undecided probes although the clock of the mesh is an hour ahead, and reports the offset', async () => {
    const ours = new SimulatedClock();
    const theirs: Clock = { now: () => ours.now() + 3_600_000, sleep: (ms, signal) => ours.sleep(ms, signal) };
    await using lab = await simulated({ clock: theirs });
    const http = lab.http!;
    const capture = await survey({
      settings: testSettings(lab.ingressUrl, lab.jaegerUrl),
      application: bookinfo,
      plan: makePlan(60),
      clock: ours,
      http: { ingress: http, traceBackend: http },
      signal: new AbortController().signal,
    });
    const report = reportOf(capture);
    expect(report.verdict).toBe('pass');
    expect(codes(capture)).toEqual(['HC707', 'HC606']);
    expect(report.promises.find(({ id }) => id === 'sampling')?.observed).toContain('undecided: 10 of 10 traced');
    expect(Math.abs((capture.preflight.spanClock?.offsetMs ?? 0) - 3_600_000)).toBeLessThan(100);
  });

  it('waits longer when spans come later than configured, and reports it', async () => {
    await using lab = await simulated({ flush: { minSpans: 1000, intervalMs: 9000 } });
    const capture = await surveyLab(lab);
    expect(reportOf(capture).verdict).toBe('pass');
    expect(codes(capture)).toContain('HC716');
    expect(capture.timings.graceMs).toBeGreaterThan(6000);
  });

  it('records what changed in the cluster meanwhile, and no change where it could not be read again', async () => {
    const facts = { context: 'demo', dataPlane: 'sidecar', found: [], steps: [], issues: [] } as const;
    const changes = [{ kind: 'tracing', before: 'zipkin', after: 'otel' }] as const;
    for (const found of [changes, undefined]) {
      await using lab = await simulated();
      const parts: string[] = [];
      const capture = await surveyLab(lab, {
        cluster: { facts, expectations: {}, changesSince: async () => found },
        onPart: ({ type }) => parts.push(type),
      });
      expect(capture.changes).toEqual(found);
      expect(parts.includes('changes')).toBe(found !== undefined);
    }
  });

  it('returns the collected traces when it is interrupted, in any phase', async () => {
    for (const afterMs of [5, 1000, 5000, 8000]) {
      await using lab = await simulated();
      const ending = new AbortController();
      lab.options.clock.sleep(afterMs).then(() => ending.abort(new Error('enough')));
      const capture = await surveyLab(lab, { signal: ending.signal });
      expect(capture.end, `${afterMs} ms`).toBe('interrupted');
      expect(reportOf(capture).verdict).toBe('inconclusive');
      expect(capture.traces).toHaveLength(capture.exchanges.length);
    }
  });

  it('settles the traces whose own grace time was over when it is interrupted, the first ones without a gap', async () => {
    await using lab = await simulated({ faults: [parseFault('drop-all:reviews', ['reviews'])] });
    const ending = new AbortController();
    lab.options.clock.sleep(8000).then(() => ending.abort(new Error('enough')));
    const capture = await surveyLab(lab, { signal: ending.signal });
    const inOrder = capture.traces
      .filter(({ probe }) =>
        capture.exchanges.some(
          (one) => one.probe.id === probe && one.probe.purpose === 'forced-on' && !one.probe.trial,
        ),
      )
      .map(({ reason }) => reason);
    const settled = inOrder.indexOf('deadline');
    expect(settled).toBeGreaterThan(9);
    expect(new Set(inOrder.slice(0, settled))).toEqual(new Set(['quiet', 'expected-set']));
    expect(new Set(inOrder.slice(settled))).toEqual(new Set(['deadline']));
    const report = reportOf(capture);
    const findings = report.promises.flatMap((promise) => promise.findings);
    const missing = findings.find(({ code }) => code === 'HC302');
    // No accusation rests on a search that was not made, and all numbers are of the same traces.
    expect({
      verdict: report.verdict,
      codes: new Set(findings.map(({ code }) => code)),
      remedy: missing?.remedy,
    }).toEqual({
      verdict: 'fail',
      codes: new Set(['HC301', 'HC302', 'HC715']),
      remedy: expect.stringContaining('run hopcheck again, to its end'),
    });
    const gateway = report.hops.find(({ callee }) => callee === 'productpage');
    expect(gateway?.seen).toBe(settled);
    expect(report.sentence).toContain(`when ${settled} of their traces were complete`);
    const open = report.run.traces - settled;
    expect(report.promises.find(({ id }) => id === 'parentage')?.reason).toBe(
      `${open} traces are not judged: more spans could still come when the run was ended`,
    );
  });

  it('sends at most five requests beforehand, all marked', async () => {
    await using lab = await simulated();
    const { preflight, run } = await surveyLab(lab);
    expect(preflight.requests.length).toBeLessThanOrEqual(5);
    for (const { probe } of preflight.requests)
      expect(probe.marker).toMatch(new RegExp(`^hopcheck-${run.id}-f\\d{3}$`));
  });

  it('continues after a preflight with an error banner, an incomplete trace or an undecided profile', async () => {
    for (const fault of ['down:details', 'no-report:details', 'drop-all:productpage']) {
      await using lab = await simulated({ faults: [parseFault(fault, ['details', 'productpage'])] });
      const capture = await surveyLab(lab);
      expect({ fault, end: capture.end, exchanges: capture.exchanges.length }).toEqual({
        fault,
        end: 'complete',
        exchanges: makePlan(60).length,
      });
    }
  });
});

describe('a format that the mesh does not read', () => {
  it.each([
    ['zipkin', 'w3c'],
    ['otel', 'b3'],
  ] as const)('is a finding on a mesh of %s for the format %s', async (driver, format) => {
    await using lab = await simulated({ driver });
    const capture = await surveyLab(lab, { settings: { format: { value: format, source: 'flag', from: '--format' } } });
    const report = reportOf(capture);
    expect({ verdict: report.verdict, codes: codes(capture) }).toEqual({
      verdict: 'fail',
      codes: ['HC601', 'HC606', 'HC602'],
    });
    const after = report.promises.flatMap(({ findings }) => findings).find(({ code }) => code === 'HC602');
    expect(after?.explainedBy?.code).toBe('HC601');
    const finding = report.promises.flatMap(({ findings }) => findings)[0];
    expect(finding).toMatchObject({
      received: 'a trace under an id that the mesh made',
      share: { affected: 62, of: 62 },
    });
    expect(finding?.remedy).toContain(`does not read ${format}`);
    expect(capture.timings.backendCalls).toBeLessThanOrEqual(budget(capture));
  });
});

describe('a second application, with three services and no versions', () => {
  const plan = makePlan(20);
  it('passes when nothing is wrong', async () => {
    await using lab = await simulated({ application: relayApplication });
    const report = reportOf(await surveyLab(lab, { application: relay, plan }));
    expect({
      verdict: report.verdict,
      loadBalancing: report.promises.find(({ id }) => id === 'load-balancing')?.status,
    }).toEqual({ verdict: 'pass', loadBalancing: 'skipped' });
  });

  it.each([
    ['drop-all:middle', 'middle does not pass the trace context on to back'],
    ['no-report:middle', 'middle sends no spans'],
    ['down:back', 'back does not run behind its sidecar (503): 32 of 32 pages show an error'],
    ['force-unsampled:front', 'front changes the sampling decision in the call to middle'],
  ])('fails with %s, and the report names the place: %s', async (fault, names) => {
    const faults = [parseFault(fault, ['front', 'middle', 'back'])];
    await using lab = await simulated({ application: relayApplication, faults });
    const report = reportOf(await surveyLab(lab, { application: relay, plan }));
    expect(report.verdict).toBe('fail');
    expect(report.sentence).toContain(names);
  });
});
