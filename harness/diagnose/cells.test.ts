import { describe, expect, it } from 'vitest';
import { readRecording, toCapture } from '../../fixtures/recordings/load.ts';
import { reportOf } from '../../fixtures/testing/report-of.ts';
import { BY_LIKELIHOOD, FORMATS } from '../formats/formats.ts';
import type { Capture } from '../model/capture.ts';
import type { ReportedCell, RunReport } from '../model/report.ts';

type Row = Readonly<Record<string, ReportedCell['cell']>>;

/** By hand, from what each fault is: cells not named are not observable, whatever happened. */
const b3 = (
  traceid: ReportedCell['cell'],
  spanid: ReportedCell['cell'] = traceid,
  requestId: ReportedCell['cell'] = 'kept',
): Row => ({
  'x-request-id': requestId,
  'x-b3-traceid': traceid,
  'x-b3-spanid': spanid,
});
const w3c = (traceparent: ReportedCell['cell'], requestId: ReportedCell['cell'] = 'kept'): Row => ({
  'x-request-id': requestId,
  traceparent,
});
const nothing: Row = {};

/** Of a recording: the rows of productpage to details, and of reviews to ratings, below a break by their fragments. */
const TABLE: readonly { readonly recording: string; readonly details: Row; readonly ratings: Row }[] = [
  { recording: 'healthy-v2-zipkin-gw2', details: b3('kept'), ratings: b3('kept') },
  { recording: 'healthy-v2-zipkin-gw1', details: b3('kept'), ratings: b3('kept') },
  { recording: 'shared-context-gw1', details: b3('kept'), ratings: b3('kept') },
  { recording: 'healthy-v2-otel-gw2', details: w3c('kept'), ratings: w3c('kept') },
  { recording: 'drop-all-productpage', details: b3('lost', 'lost', 'lost'), ratings: b3('kept') },
  { recording: 'drop-b3-productpage', details: b3('lost'), ratings: b3('kept') },
  { recording: 'drop-all-reviews', details: b3('kept'), ratings: b3('lost', 'lost', 'lost') },
  { recording: 'drop-traceid-reviews', details: b3('kept'), ratings: b3('lost') },
  { recording: 'drop-request-id-productpage', details: b3('kept', 'kept', 'lost'), ratings: b3('kept') },
  { recording: 'new-traceid-productpage', details: b3('changed', 'kept'), ratings: b3('kept') },
  { recording: 'truncate-traceid-productpage', details: b3('changed', 'kept'), ratings: b3('kept') },
  { recording: 'new-spanid-productpage', details: b3('kept', 'changed'), ratings: b3('kept') },
  { recording: 'swap-spanid-productpage', details: b3('kept', 'changed'), ratings: b3('kept') },
  { recording: 'reuse-context-productpage', details: b3('changed', 'changed', 'lost'), ratings: b3('kept') },
  { recording: 'force-unsampled-productpage', details: nothing, ratings: nothing },
  { recording: 'otel-drop-w3c-productpage', details: w3c('lost'), ratings: w3c('kept') },
  { recording: 'no-report-ratings', details: b3('kept'), ratings: b3('kept') },
];

function row(report: RunReport, caller: string, callee: string): Row {
  const hop = report.hops.find((candidate) => candidate.caller === caller && candidate.callee === callee);
  return Object.fromEntries(
    Object.entries(hop?.headers ?? {}).flatMap(([name, { cell }]) => (cell === 'not-observable' ? [] : [[name, cell]])),
  );
}

describe('the propagation matrix', () => {
  it.each(TABLE)(
    'of $recording shows the observable effect of its fault, and no other',
    ({ recording, details, ratings }) => {
      const report = reportOf(toCapture(readRecording(recording)));
      expect(row(report, 'productpage', 'details')).toEqual(details);
      expect(row(report, 'reviews', 'ratings')).toEqual(ratings);
    },
  );

  it('has every header in every row of an application, each cell with its reason', () => {
    const { hops } = reportOf(toCapture(readRecording('healthy-v2-zipkin-gw2')));
    const shown = BY_LIKELIHOOD.filter((id) => FORMATS[id].isAlwaysShown).flatMap((id) => FORMATS[id].columns);
    const always = shown.map(({ name }) => name);
    for (const { caller, headers } of hops.filter((hop) => hop.caller !== 'istio-ingressgateway')) {
      expect(Object.keys(headers), caller).toEqual(['x-request-id', ...always]);
      for (const { why } of Object.values(headers)) expect(why.length).toBeGreaterThan(10);
    }
  });

  it('marks x-b3-sampled as kept only where a loss would have shown', () => {
    const healthy = toCapture(readRecording('healthy-v2-zipkin-gw2'));
    const withForcedOff = (healthy: Capture, count: number) => ({
      ...healthy,
      exchanges: [
        ...healthy.exchanges,
        ...Array.from({ length: count }, (_, index) => ({
          ...healthy.exchanges[0]!,
          probe: { ...healthy.exchanges[0]!.probe, id: `off${index}`, purpose: 'forced-off' as const },
        })),
      ],
      traces: [
        ...healthy.traces,
        ...Array.from({ length: count }, (_, index) => ({
          probe: `off${index}`,
          reason: 'absent' as const,
          spans: [],
          polls: 1,
        })),
      ],
    });
    const cell = (count: number, percent: number) => {
      const capture = withForcedOff(healthy, count);
      const samplingPercent = { value: percent, source: 'flag' as const, from: '--sampling' };
      const report = reportOf({ ...capture, expectations: { ...capture.expectations, samplingPercent } });
      return report.hops.find(({ caller }) => caller === 'productpage')?.headers['x-b3-sampled']?.cell;
    };
    expect(cell(1, 100)).toBe('kept');
    expect(cell(0, 100)).toBe('not-observable');
    // Nothing came of these probes, and nothing could have come under their ids.
    const { hops } = reportOf(withForcedOff(toCapture(readRecording('drop-all-reviews')), 10));
    expect(hops.find(({ caller }) => caller === 'reviews')?.headers['x-b3-sampled']?.cell).toBe('not-observable');
    expect(cell(10, 1)).toBe('not-observable');
    // 1 − 0.5⁴ < 0.95 < 1 − 0.5⁵
    expect(cell(4, 50)).toBe('not-observable');
    expect(cell(5, 50)).toBe('kept');
  });
});
