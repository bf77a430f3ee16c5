import { describe, expect, it } from 'vitest';
import { readRecording, toCapture } from '../../fixtures/recordings/load.ts';
import { reportOf } from '../../fixtures/testing/report-of.ts';
import type { Capture } from '../model/capture.ts';
import type { SpanId } from '../model/ids.ts';
import type { PromiseId } from '../model/promises.ts';
import type { Span } from '../model/span.ts';

/**
 * As Istio up to 1.4 has them: each sidecar asks Mixer about the request that it lets in, and Mixer reports a span of
 * it.
 */
function checked(span: Span, number: number): readonly Span[] {
  const cluster = 'outbound|9091||istio-policy.istio-system.svc.cluster.local';
  const id = (which: number) => (number * 2 + which).toString(16).padStart(16, 'c') as SpanId;
  const call: Span = {
    ...span,
    id: id(0),
    parentId: span.id,
    kind: 'client',
    operation: `async ${cluster} egress`,
    tags: { ...span.tags, upstream_cluster: cluster },
  };
  const check: Span = {
    ...call,
    id: id(1),
    parentId: call.id,
    kind: 'server',
    service: 'istio-policy',
    operation: '/istio.mixer.v1.Mixer/Check',
    tags: {
      component: 'proxy',
      node_id: 'sidecar~10.0.0.9~istio-policy-7d8f9c6b5-x2x4k.istio-system~istio-system.svc.cluster.local',
    },
  };
  return [call, check];
}
function withMixer(capture: Capture): Capture {
  let number = 0;
  const traces = capture.traces.map((trace) => ({
    ...trace,
    spans: trace.spans.flatMap((span) => {
      number += 1;
      return span.kind === 'server' ? [span, ...checked(span, number)] : [span];
    }),
  }));
  return { ...capture, traces };
}
const recorded = (scenario: string) => toCapture(readRecording(scenario));
const statuses = (capture: Capture) =>
  Object.fromEntries(reportOf(capture).promises.map(({ id, status }) => [id, status])) as Record<PromiseId, string>;

describe('a mesh with Mixer, whose spans are among the traces', () => {
  const old = ['trace-shape', 'parentage', 'sampling'] as const;

  it('leaves some promises not supported, and the others judged as usual', () => {
    const before = statuses(recorded('healthy-v1-zipkin-gw1'));
    const after = statuses(withMixer(recorded('healthy-v1-zipkin-gw1')));
    for (const id of old) expect({ id, status: after[id] }).toEqual({ id, status: 'not-supported' });
    const rest = (all: Record<string, string>) => Object.entries(all).filter(([id]) => !old.some((not) => not === id));
    expect(rest(after)).toEqual(rest(before));
    const { promises, verdict } = reportOf(withMixer(recorded('healthy-v1-zipkin-gw1')));
    expect(verdict).toBe('pass');
    expect(promises.find(({ id }) => id === 'parentage')).toMatchObject({
      observed: expect.stringMatching(/^spans of Mixer in (\d+) of \1 traces$/),
      reason: expect.stringContaining("Mixer's spans hang below"),
      findings: [],
    });
  });

  it('still shows a hop that drops the context', () => {
    const { promises, verdict } = reportOf(withMixer(recorded('drop-all-reviews')));
    expect(verdict).toBe('fail');
    const [finding] = promises.find(({ id }) => id === 'propagation')?.findings ?? [];
    expect(finding).toMatchObject({ code: 'HC501', subject: { caller: 'reviews', callee: 'ratings' } });
  });

  it('is not assumed for a service with a similar name', () => {
    const capture = recorded('healthy-v1-zipkin-gw1');
    const named = capture.traces.map((trace) => ({
      ...trace,
      spans: trace.spans.map((span) => ({ ...span, tags: { ...span.tags, 'guid:x-request-id': 'istio-policy' } })),
    }));
    expect(statuses({ ...capture, traces: named })).toEqual(statuses(capture));
  });
});
