import { describe, expect, it } from 'vitest';
import { readRecording, toCapture } from '../../fixtures/recordings/load.ts';
import { reportOf } from '../../fixtures/testing/report-of.ts';
import type { Capture } from '../model/capture.ts';
import type { ReportedPromise } from '../model/report.ts';

const healthy = toCapture(readRecording('healthy-v1-zipkin-gw2'));
/** Three, each served by another version. */
const undecided = healthy.exchanges.filter(({ probe }) => probe.purpose === 'undecided');
const like = (index: number) => undecided[index % undecided.length]!;
const traceOf = (index: number) => healthy.traces.find(({ probe }) => probe === like(index).probe.id)!;

/** The healthy run, with so many undecided probes of which the first were traced, and the last did not settle. */
function withUndecided(traced: number, of: number, percent: number, open = 0): Capture {
  const others = healthy.exchanges.filter(({ probe }) => probe.purpose !== 'undecided');
  const ids = Array.from({ length: of + open }, (_, index) => `u${index}`);
  return {
    ...healthy,
    expectations: { ...healthy.expectations, samplingPercent: { value: percent, source: 'flag', from: '--sampling' } },
    exchanges: [...others, ...ids.map((id, index) => ({ ...like(index), probe: { ...like(index).probe, id } }))],
    traces: [
      ...healthy.traces.filter(({ probe }) => others.some((exchange) => exchange.probe.id === probe)),
      ...ids.map((probe, index) => {
        if (index >= of) return { ...traceOf(index), probe, reason: 'deadline' as const };
        if (index < traced) return { ...traceOf(index), probe };
        return { probe, reason: 'absent' as const, spans: [], polls: 2 };
      }),
    ],
  };
}
function rateOf(capture: Capture): ReportedPromise {
  return reportOf(capture).promises.find(({ id }) => id === 'sampling-rate')!;
}

describe('the sampling rate', () => {
  it.each([
    {
      what: 'too low',
      traced: 30,
      of: 140,
      percent: 50,
      received: '21 % (14.9–29.2 %); by chance this happens less than once in a million runs',
    },
    {
      what: 'too high',
      traced: 112,
      of: 140,
      percent: 50,
      received: '80 % (72.4–86.3 %); by chance this happens less than once in a million runs',
    },
    {
      what: 'one of 100 % missing',
      traced: 9,
      of: 10,
      percent: 100,
      received: '90 % (55.5–99.7 %); by chance this happens less than once in a million',
    },
    { what: 'one of 0 % there', traced: 1, of: 10, percent: 0, received: '10 % (0.3–44.5 %); by chance' },
    {
      what: 'all of 1 %, in a default run',
      traced: 10,
      of: 10,
      percent: 1,
      received: '100 % (69.2–100.0 %); by chance',
    },
  ])('is one finding and no other where it is off: $what', ({ traced, of, percent, received }) => {
    const report = reportOf(withUndecided(traced, of, percent));
    const findings = report.promises.flatMap((promise) => promise.findings);
    expect(findings).toMatchObject([
      {
        code: 'HC604',
        severity: 'error',
        causes: ['sampling-rate-off'],
        subject: { kind: 'mesh' },
        expected: `${percent} % of undecided requests traced (flag, --sampling)`,
        received: expect.stringContaining(received),
        share: { affected: traced, of },
      },
    ]);
    expect(findings[0]?.remedy).toContain('--sampling');
    expect(findings[0]?.evidence.curl).toContain('curl');
    expect({ verdict: report.verdict, exitCode: report.exitCode }).toEqual({ verdict: 'fail', exitCode: 1 });
    expect(report.sentence).toContain('the sampling rate is off');
  });

  it.each([
    { traced: 70, of: 140, percent: 50 },
    { traced: 48, of: 140, percent: 50 },
    { traced: 10, of: 10, percent: 100 },
    { traced: 4, of: 4, percent: 100 },
    { traced: 0, of: 230, percent: 0 },
  ])('holds with $traced of $of traced at $percent percent', ({ traced, of, percent }) => {
    const report = reportOf(withUndecided(traced, of, percent));
    expect(rateOf(withUndecided(traced, of, percent))).toMatchObject({ status: 'pass', findings: [] });
    expect(report.verdict).toBe('pass');
  });

  it('is skipped with too few probes, and the reason names the number that is enough', () => {
    const { status, reason, findings } = rateOf(withUndecided(5, 10, 50));
    expect({ status, findings }).toEqual({ status: 'skipped', findings: [] });
    expect(reason).toBe(
      '10 undecided probes are too few to tell 50 % (--sampling) from 25 % in 90 % of runs: --undecided 137 is enough',
    );
    expect(rateOf(withUndecided(68, 136, 50)).status).toBe('skipped');
    expect(rateOf(withUndecided(68, 137, 50)).status).toBe('pass');
    expect(rateOf(withUndecided(0, 10, 1)).reason).toContain('from 0.5 % and 2 % in 90 % of runs: --undecided 11190');
    expect(rateOf(withUndecided(0, 10, 0.1)).reason).toContain('more than 20000 undecided probes');
    // Nothing else is taken back by it.
    expect(reportOf(withUndecided(5, 10, 50)).verdict).toBe('pass');
  });

  it('counts open traces either way, and is off only where it is off both ways', () => {
    expect(rateOf(withUndecided(10, 10, 100, 1))).toMatchObject({ status: 'inconclusive' });
    expect(rateOf(withUndecided(30, 100, 50, 40))).toMatchObject({ status: 'inconclusive' });
    expect(rateOf(withUndecided(9, 10, 100, 1))).toMatchObject({ status: 'fail' });
    expect(rateOf(withUndecided(0, 0, 50, 200))).toMatchObject({ status: 'inconclusive' });
    expect(rateOf(withUndecided(10, 20, 50, 400))).toMatchObject({ status: 'inconclusive' });
    expect(rateOf(withUndecided(10, 10, 1, 5))).toMatchObject({ status: 'fail' });
  });

  it('is information of the promise sampling where no rate is configured, with the interval', () => {
    const { promises } = reportOf(healthy);
    expect(promises.map(({ id }) => id)).not.toContain('sampling-rate');
    expect(promises.find(({ id }) => id === 'sampling')?.findings).toMatchObject([
      {
        code: 'HC606',
        severity: 'info',
        received: expect.stringMatching(/^undecided probes traced: \d of \d \(.* %\)$/),
      },
    ]);
    expect(reportOf(withUndecided(5, 10, 50)).promises.flatMap(({ findings }) => findings)).toEqual([]);
  });
});

describe('a probe without information about the rate', () => {
  it('is one whose headers decided, because a gateway in front that forces tracing is not a rate', () => {
    const capture = withUndecided(4, 10, 100);
    const forced = capture.exchanges.map((exchange) =>
      exchange.probe.purpose === 'undecided'
        ? { ...exchange, probe: { ...exchange.probe, headers: [['X-Client-Trace-Id', 'x'] as const] } }
        : exchange,
    );
    expect(rateOf({ ...capture, exchanges: forced })).toMatchObject({ status: 'inconclusive' });
    const run = { ...capture.run, ingressHeaders: [['x-request-id', '…']] as const };
    expect(rateOf({ ...capture, run })).toMatchObject({
      status: 'skipped',
      reason: expect.stringContaining('--ingress-header x-request-id'),
    });
  });

  it('is one of a dump without a list of requests, because untraced requests are not in it', () => {
    const capture = withUndecided(10, 10, 1);
    const imported = { files: 1, traces: 13, foreign: 0, requests: false, complete: false };
    expect(rateOf({ ...capture, imported })).toMatchObject({ status: 'skipped', findings: [] });
    expect(reportOf({ ...capture, imported }).reach).toBeUndefined();
    expect(rateOf({ ...capture, imported: { ...imported, requests: true } }).status).toBe('fail');
  });

  it('is one whose trace cannot be searched', () => {
    const capture = withUndecided(0, 0, 50);
    const preflight = { ...capture.preflight, markerSearch: 'not-supported' as const, markerSearchReason: 'why' };
    expect(rateOf({ ...capture, preflight })).toMatchObject({
      status: 'not-supported',
      reason: expect.stringContaining('why'),
    });
    expect(rateOf(capture)).toMatchObject({ status: 'inconclusive', reason: 'no undecided probe was answered' });
  });

  it('is skipped behind a gateway without spans, because those spans identify the trace', () => {
    const capture = withUndecided(0, 10, 100);
    const traces = capture.traces.map((trace) => ({
      ...trace,
      spans: trace.spans.filter(({ service }) => !service.startsWith('istio-ingressgateway')),
    }));
    expect(rateOf({ ...capture, traces })).toMatchObject({ status: 'skipped' });
  });

  it('is one of a mesh that traces nothing, which has one defect and not two', () => {
    const capture = withUndecided(0, 10, 100);
    const traces = capture.traces.map(({ probe, polls }) => ({ probe, polls, spans: [], reason: 'absent' as const }));
    const report = reportOf({ ...capture, traces });
    expect(report.promises.find(({ id }) => id === 'sampling-rate')).toMatchObject({
      status: 'fail',
      findings: [{ code: 'HC604', severity: 'info', explainedBy: { promise: 'sampling', code: 'HC601' } }],
    });
  });
});
