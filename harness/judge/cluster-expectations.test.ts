import { describe, expect, it } from 'vitest';
import { readRecording, toCapture } from '../../fixtures/recordings/load.ts';
import { pagesOf } from '../../fixtures/testing/pages.ts';
import { reportOf } from '../../fixtures/testing/report-of.ts';
import type { Capture, Expectations, LoadBalancing } from '../model/capture.ts';
import type { ClusterFacts, Excuse } from '../model/cluster.ts';
import type { Exchange } from '../model/exchange.ts';
import type { Source } from '../model/source.ts';

// A cluster's own configuration changes how the same traces are judged.

const facts: ClusterFacts = {
  context: 'kind-demo',
  dataPlane: 'sidecar',
  found: [],
  steps: [{ id: 'api', title: 'the Kubernetes API answers', status: 'ok', detail: 'kind-demo' }],
  issues: [],
};
const inCluster = (
  capture: Capture,
  expectations: Partial<Expectations>,
  more: Partial<ClusterFacts> = {},
): Capture => ({
  ...capture,
  cluster: { ...facts, ...more },
  expectations: { ...capture.expectations, ...expectations },
});
function promise(capture: Capture, id: string) {
  const found = reportOf(capture).promises.find((each) => each.id === id)!;
  return { ...found, codes: found.findings.map(({ code, severity }) => `${code} ${severity}`) };
}

/** Eighteen requests, three versions in turn. */
const rotating = toCapture(readRecording('healthy-60'));
const pages = (counts: Readonly<Record<string, number>>): Capture => pagesOf(rotating, counts);
const thirds = (source: Source): NonNullable<Expectations['shares']> => ({
  value: { v1: 1, v2: 1, v3: 1 },
  source,
  from: 'ready pods of Service default/reviews',
});

describe('the load-balancing policy', () => {
  const policy = (value: LoadBalancing, from: string): Partial<Expectations> => ({
    loadBalancing: { value, source: 'discovered', from },
  });
  const rotatingWorkers = { value: 2, source: 'flag', from: '--workers' } as const;
  const uneven = pages({ v1: 20, v2: 21, v3: 23 });

  it('other than round robin claims no turns, even where the run is alone', () => {
    for (const value of ['least-request', 'random', 'passthrough', 'consistent-hash'] as const) {
      const capture = inCluster(uneven, { ...policy(value, "Istio 1.31.1's default"), rotatingWorkers });
      expect(promise(capture, 'load-balancing')).toMatchObject({
        status: 'pass',
        codes: [],
        observed: expect.stringContaining("no turns expected (Istio 1.31.1's default)"),
      });
      expect(reportOf(capture).versions?.rotation?.spread).toBeUndefined();
    }
  });

  it('of round robin, as the DestinationRule sets it, allows a claim about turns', () => {
    const from = 'DestinationRule default/reviews: round-robin';
    const found = promise(inCluster(uneven, { ...policy('round-robin', from), rotatingWorkers }), 'load-balancing');
    expect(found).toMatchObject({
      status: 'fail',
      codes: ['HC204 error'],
      findings: [{ expected: expect.stringContaining(`(--workers; ${from})`) }],
    });
    expect(promise(inCluster(uneven, policy('round-robin', from)), 'load-balancing').codes).toEqual([]);
  });
});

describe('an excuse for skew', () => {
  const from = 'DestinationRule default/reviews: outlierDetection';
  const skew = (service = 'reviews'): Partial<Expectations> => ({ excuses: [{ kind: 'skew', service, from }] });
  const skewed = pages({ v1: 54, v2: 8, v3: 8 });

  it('makes a share that is off a warning, which names the excuse', () => {
    const { status, codes, findings } = promise(
      inCluster(skewed, { shares: thirds('discovered'), ...skew() }),
      'load-balancing',
    );
    expect({ status, codes }).toEqual({ status: 'pass', codes: ['HC202 warning'] });
    expect(findings[0]?.expected).toContain(`; its pods need not get equal shares: ${from}`);
  });

  it('makes a version that is never served a warning, and reports none that chance may have left out', () => {
    const missing = inCluster(pages({ v1: 60, v2: 60 }), { shares: thirds('discovered'), ...skew() });
    expect(promise(missing, 'load-balancing')).toMatchObject({ status: 'pass', codes: ['HC201 warning'] });
    const few = inCluster(pages({ v1: 5, v2: 5 }), { shares: thirds('discovered'), ...skew() });
    expect(promise(few, 'load-balancing')).toMatchObject({ status: 'pass', codes: [] });
    expect(promise(inCluster(pages({ v1: 5, v2: 5 }), { shares: thirds('discovered') }), 'load-balancing').status).toBe(
      'inconclusive',
    );
  });

  it('holds for its own service only, and not for configured shares', () => {
    const other = inCluster(skewed, { shares: thirds('discovered'), ...skew('details') });
    expect(promise(other, 'load-balancing')).toMatchObject({ status: 'fail', codes: ['HC202 error'] });
    const given = inCluster(skewed, { shares: thirds('flag'), ...skew() });
    expect(promise(given, 'load-balancing')).toMatchObject({ status: 'fail', codes: ['HC202 error'] });
  });

  it('does not cover a version that is not expected', () => {
    const shares = { ...thirds('discovered'), value: { v1: 1, v2: 1 } };
    expect(promise(inCluster(skewed, { shares, ...skew() }), 'load-balancing').codes).toContain('HC203 error');
  });
});

describe('a fault that the configuration injects', () => {
  const fault = (
    service: string,
    more: Partial<Excuse>,
  ): { excuses: readonly Excuse[]; facts: Partial<ClusterFacts> } => {
    const from = `VirtualService default/${service}: a fault`;
    const issue = {
      code: 'HC810' as const,
      severity: 'warning' as const,
      subject: { kind: 'service' as const, service },
      expected: 'no fault injection',
      received: from,
      remedy: 'remove it',
    };
    return { excuses: [{ kind: 'errors', service, from, ...more }], facts: { issues: [issue] } };
  };
  const judged = (capture: Capture, service: string, more: Partial<Excuse>) => {
    const { excuses, facts: issues } = fault(service, more);
    return promise(inCluster(capture, { excuses }, issues), 'ingress');
  };
  const slow = toCapture(readRecording('slow-ratings-7000'));
  const down = toCapture(readRecording('down-ratings'));
  const explained = (service: string) => ({
    promise: 'configuration',
    code: 'HC810',
    subject: { kind: 'service', service },
  });

  it('explains the errors of the page that it makes, and the errors above it', () => {
    expect(promise(inCluster(slow, {}), 'ingress').codes).toContain('HC103 error');
    const found = judged(slow, 'ratings', { delays: true });
    expect({ status: found.status, pageErrors: found.codes.filter((code) => code.startsWith('HC103 error')) }).toEqual({
      status: 'fail',
      pageErrors: [],
    });
    for (const { explainedBy } of found.findings) expect(explainedBy).toEqual(explained('ratings'));
  });

  it('comes first in the sentence of the report', () => {
    const { excuses, facts: issues } = fault('ratings', { delays: true });
    const onlyPages = { ...inCluster(slow, { excuses }, issues), traces: [] };
    expect(reportOf(onlyPages).sentence).toBe(
      'ratings: faults are injected on purpose: VirtualService default/ratings: a fault',
    );
  });

  it('explains no call with another reason, and none of a service that it does not lead to', () => {
    expect(judged(down, 'ratings', { delays: true }).codes).toEqual(promise(inCluster(down, {}), 'ingress').codes);
    expect(judged(down, 'ratings', { delays: true }).codes).toContain('HC103 error');
    expect(judged(slow, 'details', { delays: true }).codes).toContain('HC103 error');
  });

  const answered = (change: (exchange: Exchange) => Exchange): Capture => ({
    ...rotating,
    exchanges: rotating.exchanges.map(change),
  });
  const status = (code: number) =>
    answered(({ answer, ...rest }) => ({ ...rest, answer: { ...answer!, status: code } }));
  const failing = (kind: 'timeout' | 'refused') =>
    answered(({ answer: _, ...rest }) => ({ ...rest, error: { kind, message: kind } }));
  it.each([
    { what: 'the status that it answers with', capture: status(555), more: { aborts: 555 }, isExplained: true },
    { what: 'another status', capture: status(500), more: { aborts: 555 }, isExplained: false },
    { what: 'no answer in time', capture: failing('timeout'), more: { delays: true }, isExplained: true },
    { what: 'a connection that is refused', capture: failing('refused'), more: { delays: true }, isExplained: false },
  ] as const)('explains an error on the way in by its reason: $what', ({ capture, more, isExplained }) => {
    const { findings, status: outcome } = judged(capture, 'productpage', more);
    expect(outcome).toBe('fail');
    expect(findings[0]?.explainedBy).toEqual(isExplained ? explained('productpage') : undefined);
    expect(findings[0]?.severity).toBe(isExplained ? 'info' : 'error');
  });
});

describe('ambient mode', () => {
  /** Of every trace only the gateway's spans, as a mesh without sidecars leaves them. */
  const forced = toCapture(readRecording('healthy-v1-zipkin-gw2'));
  const gatewayOnly: Capture = {
    ...forced,
    traces: forced.traces.map((trace) => ({
      ...trace,
      spans: trace.spans.filter(({ service }) => service.startsWith('istio-ingressgateway')),
    })),
  };

  it('has no spans of hops, so promises about them are not supported, and the others are judged', () => {
    const report = reportOf(inCluster(gatewayOnly, {}, { dataPlane: 'ambient' }));
    const statuses = Object.fromEntries(report.promises.map(({ id, status }) => [id, status]));
    expect(statuses).toMatchObject({
      ingress: 'pass',
      'load-balancing': 'pass',
      'trace-shape': 'not-supported',
      parentage: 'not-supported',
      propagation: 'not-supported',
      sampling: 'pass',
    });
    for (const { status, reason } of report.promises)
      if (status === 'not-supported') expect(reason).toContain('ambient mode: ztunnel makes no spans');
    expect({ verdict: report.verdict, exitCode: report.exitCode }).toEqual({ verdict: 'pass', exitCode: 0 });
  });

  it('does not excuse missing spans where there are sidecars', () => {
    const report = reportOf(inCluster(gatewayOnly, {}));
    expect(report.promises.find(({ id }) => id === 'trace-shape')?.status).toBe('fail');
  });
});
