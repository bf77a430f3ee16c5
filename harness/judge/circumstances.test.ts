import { describe, expect, it } from 'vitest';
import { judged, readState } from '../../fixtures/istio/recorded-states.ts';
import type { Capture } from '../model/capture.ts';
import type { ConfigurationIssue } from '../model/cluster.ts';
import type { Span } from '../model/span.ts';

/** As without `--kube`. */
function withoutCluster({ cluster: _cluster, changes: _changes, ...capture }: Capture): Capture {
  const { excuses: _excuses, ...expectations } = capture.expectations;
  return { ...capture, expectations };
}
function withIssues(capture: Capture, issues: readonly ConfigurationIssue[]): Capture {
  return { ...capture, cluster: { ...capture.cluster!, issues } };
}
const ALL = ['productpage', 'details', 'reviews', 'ratings'];
const issue = (
  more: Pick<ConfigurationIssue, 'code' | 'subject'> & Partial<ConfigurationIssue>,
): ConfigurationIssue => ({
  severity: 'error',
  expected: 'this',
  received: 'that',
  remedy: 'kubectl edit something',
  ...more,
});
const reportingOff = (more: Partial<ConfigurationIssue> = {}) =>
  issue({ code: 'HC803', subject: { kind: 'mesh' }, services: ALL, ...more });
const found = (capture: Capture) => judged(capture).findings;
const without = (capture: Capture, isGone: (span: Span) => boolean): Capture => ({
  ...capture,
  traces: capture.traces.map((trace) => ({ ...trace, spans: trace.spans.filter((span) => !isGone(span)) })),
});
const isOf = (service: string, kind: Span['kind']) => (span: Span) =>
  span.service === `${service}.default` && span.kind === kind;

describe('reporting that is switched off', () => {
  it.each([
    ['telemetry-off-namespace', {}],
    ['telemetry-off-direction', { modes: ['SERVER'] as const }],
  ])('is the only finding in %s', (name, more) => {
    expect(found(withIssues(readState(name), [reportingOff(more)]))).toEqual(['HC803  · the mesh']);
  });

  it('is one finding without the cluster, too', () => {
    for (const name of ['telemetry-off-namespace', 'telemetry-off-direction'])
      expect(found(withoutCluster(readState(name)))).toMatchObject([expect.stringMatching(/^HC306 .*productpage$/)]);
  });

  it('explains nothing of a service that it does not apply to', () => {
    const state = without(readState('telemetry-off-workload'), isOf('details', 'server'));
    const off = reportingOff({ subject: { kind: 'service', service: 'reviews' }, services: ['reviews'] });
    expect(found(withIssues(state, [off]))).toEqual([expect.stringMatching(/^HC306 .*details$/), 'HC803  · reviews']);
  });

  it('explains nothing of a service whose spans are there', () => {
    const healthy = readState('istiod-restart');
    const lossy = without(healthy, (span) => isOf('details', 'server')(span) && span.startMicros % 2 === 0);
    expect(found(withIssues(lossy, [reportingOff()]))).toEqual(['HC306 spans-lost · details', 'HC803  · the mesh']);
  });
});

describe('tracing that is not set', () => {
  it('explains that no span came at all', () => {
    const capture = withIssues(readState('no-telemetry'), [issue({ code: 'HC802', subject: { kind: 'mesh' } })]);
    expect(judged(capture)).toMatchObject({ verdict: 'fail', findings: ['HC802  · the mesh'] });
  });
});

describe('a context that proxies do not touch', () => {
  const state = readState('context-propagation-off');

  it('is the only finding, and with the cluster the resource that says so', () => {
    expect(found(withoutCluster(state))).toEqual(['HC511 propagation-disabled · the mesh']);
    const setting = issue({ code: 'HC812', subject: { kind: 'mesh' }, services: ['istio-ingressgateway', ...ALL] });
    expect(found(withIssues(state, [setting]))).toEqual(['HC812  · the mesh']);
  });

  it('does not explain spans that are missing', () => {
    expect(found(withoutCluster(without(state, isOf('details', 'server'))))).toEqual(
      expect.arrayContaining([expect.stringMatching(/HC306 .*details$/), 'HC511 propagation-disabled · the mesh']),
    );
  });

  it('is not found where applications lose the context', () => {
    expect(found(readState('istiod-restart'))).toEqual([]);
  });
});

describe('a fault that is injected', () => {
  it.each(['ratings-delay', 'ratings-abort'])('is the only finding in %s', (name) => {
    expect(found(readState(name))).toEqual(['HC810  · ratings']);
    expect(found(withoutCluster(readState(name)))).toEqual(['HC307 fault-injected · reviews v2, v3 → ratings']);
  });
});

describe('a pod without a sidecar', () => {
  it('is the only finding', () => {
    expect(found(readState('no-sidecar-details'))).toEqual(['HC808  · details v1']);
  });

  it('of another version explains nothing', () => {
    const state = without(readState('istiod-restart'), isOf('reviews', 'server'));
    const bare = issue({ code: 'HC808', subject: { kind: 'service', service: 'reviews', versions: ['v1'] } });
    expect(found(withIssues(state, [bare]))).toEqual(
      expect.arrayContaining([expect.stringMatching(/^HC306 .*reviews$/), 'HC808  · reviews v1']),
    );
  });
});
