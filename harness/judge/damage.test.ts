import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { readRecording, SCENARIOS, toCapture } from '../../fixtures/recordings/load.ts';
import { reportOf } from '../../fixtures/testing/report-of.ts';
import type { Capture } from '../model/capture.ts';
import type { Span } from '../model/span.ts';

const HEALTHY = SCENARIOS.filter((name) => name.startsWith('healthy-v') || name === 'shared-context-gw1');

/** The capture with the spans of one of its traces changed. */
function damaged(capture: Capture, at: number, change: (spans: readonly Span[]) => readonly Span[]): Capture {
  return {
    ...capture,
    traces: capture.traces.map((trace, index) => (index === at ? { ...trace, spans: change(trace.spans) } : trace)),
  };
}

describe('a healthy run with one defect', () => {
  it.each(HEALTHY)('of %s is never a pass when any one span is missing', (scenario) => {
    const capture = toCapture(readRecording(scenario));
    expect(reportOf(capture).verdict).toBe('pass');
    capture.traces.forEach(({ spans }, at) => {
      for (const gone of spans) {
        const report = reportOf(damaged(capture, at, (all) => all.filter((span) => span !== gone)));
        expect(report.verdict, `${gone.service} ${gone.kind} ${gone.operation}`).toBe('fail');
      }
    });
  });

  it.each(HEALTHY)('of %s is never a pass when any one span has another parent', (scenario) => {
    const capture = toCapture(readRecording(scenario));
    // Under shared span context the SERVER's own id joins it to its caller, whatever parent it names.
    const joined = (span: Span, all: readonly Span[]) =>
      span.kind === 'server' && all.some(({ id, kind }) => kind === 'client' && id === span.id);
    capture.traces.forEach(({ spans }, at) => {
      for (const moved of spans.filter((span) => !joined(span, spans))) {
        for (const other of spans) {
          // Two spans of one id are one place in the tree.
          if (other.id === moved.parentId) continue;
          const report = reportOf(
            damaged(capture, at, (all) => all.map((span) => (span === moved ? { ...span, parentId: other.id } : span))),
          );
          expect(report.verdict, `${moved.service} ${moved.kind} below ${other.service} ${other.kind}`).toBe('fail');
        }
      }
    });
  });

  it.each(HEALTHY)('of %s is never a pass when any one span is there twice', (scenario) => {
    const capture = toCapture(readRecording(scenario));
    capture.traces.forEach(({ spans }, at) => {
      for (const twice of spans) expect(reportOf(damaged(capture, at, (all) => [...all, twice])).verdict).toBe('fail');
    });
  });
});

describe('a capture of any content', () => {
  const base = toCapture(readRecording('healthy-v1-zipkin-gw2'));
  const ids = base.traces.flatMap(({ spans }) => spans.map(({ id }) => id)).slice(0, 12);
  const span = fc.record({
    id: fc.constantFrom(...ids),
    parentId: fc.constantFrom(...ids),
    kind: fc.constantFrom<Span['kind']>('client', 'server', 'internal', 'unspecified'),
    service: fc.constantFrom(
      'productpage.default',
      'reviews.default',
      'details',
      '',
      'toString',
      'istio-ingressgateway.istio-system',
    ),
    operation: fc.string({ maxLength: 5 }),
    startMicros: fc.integer(),
    durationMicros: fc.integer(),
    tags: fc.dictionary(
      fc.constantFrom(
        'component',
        'node_id',
        'upstream_cluster',
        'http.status_code',
        'response_flags',
        '__proto__',
        'istio.canonical_revision',
      ),
      fc.constantFrom('proxy', '200', '0', 'outbound|9080||reviews.default', 'x~y~z', '-', 'UH', 'v9'),
    ),
  });

  it('is judged without a crash, and never passes as a healthy run', () => {
    fc.assert(
      fc.property(fc.array(span, { minLength: 1, maxLength: 25 }), (spans) => {
        const traceId = base.traces[0]!.spans[0]!.traceId;
        const report = reportOf(damaged(base, 0, () => spans.map((made) => ({ ...made, traceId }))));
        expect(report.promises.flatMap(({ findings }) => findings).some(({ code }) => code === 'HC714')).toBe(false);
        expect(report.verdict).not.toBe('pass');
      }),
      { numRuns: 300 },
    );
  });
});
