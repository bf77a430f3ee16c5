import { describe, expect, it } from 'vitest';
import { readRecording, toCapture } from '../../fixtures/recordings/load.ts';
import { reportOf } from '../../fixtures/testing/report-of.ts';
import type { Capture } from '../model/capture.ts';
import type { Span } from '../model/span.ts';

const healthy = toCapture(readRecording('healthy-v2-zipkin-gw2'));

/** A cluster in which the port of this Service is not declared as HTTP. */
const declaring = (capture: Capture, service: string, severity: 'error' | 'warning' = 'error'): Capture => ({
  ...capture,
  cluster: {
    context: 'kind-demo',
    dataPlane: 'sidecar',
    found: [],
    steps: [{ id: 'api', title: 'the Kubernetes API answers', status: 'ok', detail: 'kind-demo' }],
    issues: [
      {
        code: 'HC807',
        severity,
        subject: { kind: 'service', service },
        expected: `port 9080 of Service default/${service} named http-… or with appProtocol http`,
        received: 'declared tcp: no spans are made of it',
        remedy: `name the port http: kubectl -n default edit service ${service}`,
      },
    ],
  },
});
const without = (capture: Capture, isGone: (span: Span) => boolean): Capture => ({
  ...capture,
  traces: capture.traces.map((trace) => ({ ...trace, spans: trace.spans.filter((span) => !isGone(span)) })),
});
const isDetails = ({ service, operation }: Span) => service.startsWith('details') || operation.startsWith('details');
const isMade = (by: string) => (span: Span) => span.service.startsWith(by) && span.kind === 'server';

const standing = (capture: Capture) => {
  const report = reportOf(capture);
  const findings = report.promises.flatMap((promise) => promise.findings);
  return {
    verdict: report.verdict,
    codes: [...new Set(findings.flatMap(({ code, explainedBy }) => (explainedBy === undefined ? [code] : [])))]
      .filter((code) => code !== 'HC606')
      .toSorted(),
    // Which of them follow from the port.
    explained: [...new Set(findings.flatMap(({ code, explainedBy }) => (explainedBy?.code === 'HC807' ? [code] : [])))],
  };
};

describe('the port of a Service', () => {
  it('is the one finding where it explains that no trace shows the calls', () => {
    const unseen = without(healthy, isDetails);
    expect(standing(unseen).codes).toEqual(['HC302']);
    expect(standing(declaring(unseen, 'details'))).toEqual({
      verdict: 'fail',
      codes: ['HC807'],
      explained: ['HC301', 'HC302'],
    });
  });

  it.each([
    [
      ['productpage', 'details'],
      ['sampled-changed', 'not-captured'],
    ],
    [['productpage'], ['not-captured', 'sampled-changed']],
    [['details'], ['not-captured', 'sampled-changed']],
  ])('puts what the caller may have done first where it is HTTP on both sides: %j', (captured, causes) => {
    const { cluster, ...unseen } = declaring(without(healthy, isDetails), 'reviews');
    const report = reportOf({
      ...unseen,
      cluster: { ...cluster!, issues: [], captured },
      preflight: { ...unseen.preflight, markerSearch: 'supported' },
    });
    const findings = report.promises.flatMap((promise) => promise.findings);
    expect(findings.find(({ code }) => code === 'HC302')?.causes).toEqual(causes);
  });

  it('is the one finding where its protocol is guessed, too', () => {
    expect(standing(declaring(without(healthy, isDetails), 'details', 'warning'))).toMatchObject({
      verdict: 'fail',
      codes: ['HC807'],
    });
  });

  it('is the one finding where the calls of the caller to all its callees are missing', () => {
    const onlyDetails = ({ application }: Capture) => ({
      ...application,
      calls: application.calls.filter(({ callee }) => callee === 'details'),
    });
    const unseen = without(
      healthy,
      (span) => !/^(istio|productpage)/.test(span.service) || span.operation.startsWith('reviews') || isDetails(span),
    );
    expect(standing(declaring({ ...unseen, application: onlyDetails(unseen) }, 'details')).codes).toContain('HC807');
    expect(standing(declaring(unseen, 'details')).explained).toContain('HC302');
  });

  it('explains a service that answers and makes no span', () => {
    expect(standing(declaring(without(healthy, isMade('details')), 'details'))).toMatchObject({
      codes: ['HC807'],
      explained: ['HC301', 'HC303', 'HC306'],
    });
  });

  it('explains nothing of a service that is seen', () => {
    const dropped = toCapture(readRecording('drop-all-productpage'));
    expect(standing(declaring(dropped, 'details')).codes).toEqual(['HC501', 'HC807']);
    expect(standing(declaring(healthy, 'details')).codes).toEqual(['HC807']);
  });
});
