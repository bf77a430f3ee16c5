import { describe, expect, it } from 'vitest';
import { readRecording, toCapture } from '../../fixtures/recordings/load.ts';
import { viewRun } from '../judge/run-view.ts';
import type { Capture } from '../model/capture.ts';
import type { Span } from '../model/span.ts';

const healthy = toCapture(readRecording('healthy-v2-zipkin-gw2'));
const defective = (capture: Capture) =>
  viewRun(capture).diagnosis.hopDefects.map(
    ({ code, causes, fact: { hop } }) => `${code} ${causes.join(', ')} · ${hop.caller} → ${hop.callee}`,
  );
const withSpans = (capture: Capture, change: (spans: readonly Span[]) => readonly Span[]): Capture => ({
  ...capture,
  traces: capture.traces.map((trace) => ({ ...trace, spans: change(trace.spans) })),
});
const isRatings = ({ service, operation }: Span) => service.startsWith('ratings') || operation.startsWith('ratings');

describe('diagnose', () => {
  it('finds nothing in a healthy run', () => {
    const { hopDefects, silent, lost, facts } = viewRun(healthy).diagnosis;
    expect({ hopDefects, silent, lost }).toEqual({ hopDefects: [], silent: [], lost: [] });
    const withRatings = healthy.exchanges.filter(({ answer }) => answer?.page.version !== 'v1').length;
    expect([...facts].length).toBe(healthy.traces.length * 3 + withRatings);
  });

  it('accuses no caller of a call that no trace shows, and names every cause of that', () => {
    const causesIn = (capture: Capture) => {
      const { hopDefects, uncaptured } = viewRun(capture).diagnosis;
      return { hopDefects, causes: new Set(uncaptured.map(({ causes }) => causes.join(', '))) };
    };
    const cut = withSpans(healthy, (spans) => spans.filter((span) => !isRatings(span)));
    expect(causesIn(cut)).toEqual({ hopDefects: [], causes: new Set(['not-captured, sampled-changed']) });
    const unsearched = { ...cut, preflight: { ...cut.preflight, markerSearch: 'not-supported' as const } };
    expect(causesIn(unsearched)).toEqual({
      hopDefects: [],
      causes: new Set([
        'not-captured, context-dropped, trace-restarted, format-mismatch, id-truncated, context-reused, sampled-changed',
      ]),
    });
  });

  it('reports a changed sampling decision where the spans of all callees of a caller are missing', () => {
    const isBelow = ({ service, operation }: Span) =>
      /^(details|reviews|ratings)/.test(`${service}`) || /^(details|reviews|ratings)/.test(operation);
    const cut = withSpans(healthy, (spans) => spans.filter((span) => !isBelow(span)));
    expect(new Set(defective(cut))).toEqual(
      new Set(['HC603 sampled-changed · productpage → details', 'HC603 sampled-changed · productpage → reviews']),
    );
  });

  it('reports it where the calls of the callee are missing as well', () => {
    const isBelow = ({ service, operation }: Span) =>
      /^(reviews|ratings)/.test(service) || /^(reviews|ratings)/.test(operation);
    const cut = withSpans(healthy, (spans) => spans.filter((span) => !isBelow(span)));
    expect(new Set(defective(cut))).toEqual(new Set(['HC603 sampled-changed · productpage → reviews']));
  });

  it('takes the context for kept where the callee is below its caller, whatever became of the call', () => {
    const cut = withSpans(healthy, (spans) => {
      const call = spans.find((span) => span.kind === 'client' && /^details/.test(span.operation));
      const server = spans.find((span) => span.kind === 'server' && /^details/.test(span.service));
      if (call?.parentId === undefined || server === undefined) return spans;
      const { parentId } = call;
      return spans.flatMap((span) => (span === call ? [] : span === server ? { ...span, parentId } : span));
    });
    const { hopDefects, facts } = viewRun(cut).diagnosis;
    const contexts = [...facts].flatMap(({ hop, context }) => (hop.callee === 'details' ? [context] : []));
    expect({ hopDefects, contexts: new Set(contexts) }).toEqual({ hopDefects: [], contexts: new Set(['kept']) });
  });

  it('takes a SERVER span without its call for a sign of a lost span', () => {
    const cut = withSpans(healthy, (spans) => spans.filter((span) => !(isRatings(span) && span.kind === 'client')));
    const { hopDefects, lost } = viewRun(cut).diagnosis;
    expect(hopDefects).toEqual([]);
    expect(new Set(lost.map(({ service }) => service))).toEqual(new Set(['reviews']));
  });

  it('distinguishes an absent sidecar from one that does not report by the calls of the service', () => {
    const isReviewsServer = ({ service, kind }: Span) => service.startsWith('reviews') && kind === 'server';
    const isReviews = ({ service }: Span) => service.startsWith('reviews');
    const silentReviews = withSpans(healthy, (spans) => spans.filter((span) => !isReviews(span)));
    expect(new Set(viewRun(silentReviews).diagnosis.silent.flatMap(({ causes }) => causes))).toEqual(
      new Set(['sidecar-not-reporting']),
    );
    const noSidecar = withSpans(healthy, (spans) => {
      const server = spans.find(isReviewsServer);
      return spans
        .filter((span) => !isReviews(span))
        .map((span) =>
          span.service.startsWith('ratings') && server?.parentId !== undefined
            ? { ...span, parentId: server.parentId }
            : span,
        );
    });
    expect(new Set(viewRun(noSidecar).diagnosis.silent.flatMap(({ causes }) => causes))).toEqual(
      new Set(['sidecar-absent', 'tracing-off']),
    );
  });

  it('names several faults at once, each with its hop', () => {
    const both = withSpans(toCapture(readRecording('drop-all-reviews')), (spans) =>
      spans.map((span) =>
        span.kind === 'client' && span.operation.startsWith('details')
          ? { ...span, tags: { ...span.tags, 'guid:x-request-id': 'another' } }
          : span,
      ),
    );
    expect(new Set(defective(both))).toEqual(
      new Set(['HC501 context-dropped · reviews → ratings', 'HC507 request-id-dropped · productpage → details']),
    );
  });

  it('gives the same result in any order of the spans', () => {
    for (const scenario of ['drop-all-productpage', 'reuse-context-productpage', 'swap-spanid-productpage']) {
      const capture = toCapture(readRecording(scenario));
      expect(defective(withSpans(capture, (spans) => spans.toReversed()))).toEqual(defective(capture));
    }
  });
});
