import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { readRecording, SCENARIOS, toCapture } from '../../fixtures/recordings/load.ts';
import { reportOf } from '../../fixtures/testing/report-of.ts';
import type { Capture } from '../model/capture.ts';
import { DETAIL_TRACES, type RunDetail, type TraceDetail } from '../model/detail.ts';
import type { TraceId } from '../model/ids.ts';

function detailOf(capture: Capture): RunDetail {
  const { detail } = reportOf(capture, { detail: true });
  if (detail === undefined) throw new Error('no detail');
  return detail;
}

const recorded = (scenario: string) => toCapture(readRecording(scenario));
/** `  reviews server v1`, one line per span. */
const tree = ({ spans }: Pick<TraceDetail, 'spans'>) =>
  spans.map(({ depth, service, kind, version }) =>
    `${'  '.repeat(depth)}${service} ${kind} ${version ?? ''}`.trimEnd(),
  );

describe('the detail of a run', () => {
  it('is made only on request', () => {
    expect(reportOf(recorded('healthy-v1-zipkin-gw2'))).not.toHaveProperty('detail');
  });

  it('changes nothing else of the report', () => {
    const capture = recorded('drop-all-reviews');
    const { detail: _, ...rest } = reportOf(capture, { detail: true });
    expect(rest).toEqual(reportOf(capture));
  });

  it.each(['healthy-60', 'healthy-v1-zipkin-gw1', 'healthy-v2-zipkin-gw2'])(
    'lists each healthy trace depth first, as the definition expects it for its version (%s)',
    (scenario) => {
      const detail = detailOf(recorded(scenario));
      const names = (spans: readonly { depth: number; service: string; kind: string }[]) =>
        spans.map(({ depth, service, kind }) => `${depth} ${service} ${kind}`);
      expect(detail.traces.length).toBeGreaterThan(0);
      for (const trace of detail.traces) {
        const expected = detail.expected.find(({ version }) => version === trace.version)!;
        expect(trace).toMatchObject({ state: 'whole', gaps: [], fragments: [] });
        // Siblings by start: a sidecar may report two calls in either order.
        expect(names(trace.spans).toSorted()).toEqual(names(expected.spans).toSorted());
        expect(trace.spans[0]).toMatchObject({ marks: ['entry'], gateway: true, offsetMicros: 0, proxy: true });
      }
    },
  );

  it('marks the gap of a broken hop below the caller, and finds its other half', () => {
    const { traces } = detailOf(recorded('drop-all-reviews'));
    const broken = traces.filter(({ state }) => state === 'broken');
    expect(broken.length).toBeGreaterThan(0);
    for (const { gaps, spans, fragments } of broken) {
      expect(gaps).toMatchObject([{ caller: 'reviews', callee: 'ratings', half: 'client' }]);
      expect(spans[gaps[0]!.below!]).toMatchObject({ service: 'reviews', kind: 'server' });
      expect(fragments.flatMap(tree)).toEqual(
        expect.arrayContaining([expect.stringMatching(/reviews client/), expect.stringMatching(/ratings server/)]),
      );
    }
  });

  it('shows orphans where a service reports nothing, and wrong parents with their code', () => {
    const silent = detailOf(recorded('no-report-productpage')).traces;
    expect(silent.flatMap(({ spans }) => spans.flatMap(({ marks }) => marks))).toContain('orphan');
    const swapped = detailOf(recorded('swap-spanid-productpage')).traces;
    const codes = swapped.flatMap(({ spans }) => spans.flatMap((span) => span.codes));
    expect(codes.length + swapped.flatMap(({ spans }) => spans.flatMap(({ marks }) => marks)).length).toBeGreaterThan(
      swapped.length,
    );
    for (const { state } of swapped) expect(state).toBe('broken');
  });

  it('agrees with the judge on every recording: shape and parentage hold exactly where every trace is whole', () => {
    const disagreeing = SCENARIOS.filter((scenario) => {
      const report = reportOf(recorded(scenario), { detail: true });
      const failed = report.promises.some(
        ({ id, findings }) =>
          ['trace-shape', 'parentage'].includes(id) &&
          // A call that was repeated because of an outage leaves a whole trace.
          findings.some(
            ({ code, severity, explainedBy }) =>
              severity === 'error' || (explainedBy !== undefined && code !== 'HC305'),
          ),
      );
      return failed !== report.detail!.traces.some(({ state }) => state === 'broken');
    });
    expect(disagreeing).toEqual([]);
  });

  it('lists the expected shares, the probes and the reasons of settling', () => {
    const detail = detailOf(recorded('healthy-60'));
    expect(detail.shares).toMatchObject({ source: 'assumed', of: { v1: 1 / 3, v2: 1 / 3, v3: 1 / 3 } });
    expect(detail.probes).toHaveLength(recorded('healthy-60').exchanges.length);
    for (const { sentAtMs, answeredAtMs } of detail.probes) expect(answeredAtMs).toBeGreaterThan(sentAtMs);
    expect(detail.waiting.settled).toEqual({ imported: detail.probes.length });
  });

  it('keeps evidence and broken traces where there are too many, and counts the others', () => {
    const base = recorded('healthy-v1-zipkin-gw2');
    const [exchange] = base.exchanges;
    const [trace] = base.traces;
    const many = DETAIL_TRACES + 500;
    const ids = Array.from({ length: many }, (_, n) => n.toString(16).padStart(32, '0').replace(/^0/, 'a') as TraceId);
    const brokenAt = new Set([7, 900, many - 1]);
    const capture: Capture = {
      ...base,
      exchanges: ids.map((id) => ({ ...exchange!, probe: { ...exchange!.probe, id, traceId: id } })),
      traces: ids.map((id, n) => {
        const spans = trace!.spans.map((span) => ({ ...span, traceId: id }));
        return { ...trace!, probe: id, traceId: id, spans: brokenAt.has(n) ? spans.slice(0, -1) : spans };
      }),
    };
    const { traces, leftOut, probes } = detailOf(capture);
    expect(traces).toHaveLength(DETAIL_TRACES);
    expect(leftOut).toEqual({ traces: 500, broken: 0 });
    expect(traces.filter(({ state }) => state === 'broken').map(({ id }) => ids.indexOf(id))).toEqual([...brokenAt]);
    expect(traces.map(({ id }) => ids.indexOf(id))).toEqual(
      traces.map(({ id }) => ids.indexOf(id)).toSorted((a, b) => a - b),
    );
    expect(probes).toHaveLength(many);
  });

  it('lists every span once, with its parent before it, whatever the links', () => {
    const base = recorded('healthy-v1-zipkin-gw2');
    const ids = base.traces[0]!.spans.map(({ id }) => id);
    fc.assert(
      fc.property(
        fc.array(fc.record({ at: fc.nat(ids.length - 1), parent: fc.option(fc.constantFrom(...ids)) }), {
          maxLength: 30,
        }),
        (made) => {
          const [first] = base.traces;
          const spans = made.map(({ at, parent }, index) => {
            const { parentId: _, ...like } = first!.spans[at]!;
            // Never a copy of another: those are listed once.
            const span = { ...like, startMicros: like.startMicros + index * 1_000_000 };
            return parent === null ? span : { ...span, parentId: parent };
          });
          const traces = base.traces.map((trace, index) => (index === 0 ? { ...trace, spans } : trace));
          const detail = detailOf({ ...base, traces }).traces.find(({ probe }) => probe === first!.probe);
          expect(detail?.spans.length ?? 0).toBe(spans.length);
          detail?.spans.forEach(({ parent, depth }, index) => {
            expect(parent ?? -1).toBeLessThan(index);
            expect(depth).toBe(parent === undefined ? 0 : detail.spans[parent]!.depth + 1);
          });
        },
      ),
      { numRuns: 300 },
    );
  });
});
