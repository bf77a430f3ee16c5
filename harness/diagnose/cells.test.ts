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

/** Recording → hop of productpage to details, hop of reviews to ratings. */
const TABLE: readonly (readonly [string, Row, Row])[] = [
  ['healthy-v2-zipkin-gw2', b3('kept'), b3('kept')],
  ['healthy-v2-zipkin-gw1', b3('kept'), b3('kept')],
  ['shared-context-gw1', b3('kept'), b3('kept')],
  ['healthy-v2-otel-gw2', w3c('kept'), w3c('kept')],
  ['drop-all-productpage', b3('lost', 'lost', 'lost'), nothing],
  ['drop-b3-productpage', b3('lost'), nothing],
  ['drop-all-reviews', b3('kept'), b3('lost', 'lost', 'lost')],
  ['drop-traceid-reviews', b3('kept'), b3('lost')],
  ['drop-request-id-productpage', b3('kept', 'kept', 'lost'), b3('kept')],
  ['new-traceid-productpage', b3('changed', 'kept'), nothing],
  ['truncate-traceid-productpage', b3('changed', 'kept'), nothing],
  ['new-spanid-productpage', b3('kept', 'changed'), b3('kept')],
  ['swap-spanid-productpage', b3('kept', 'changed'), b3('kept')],
  ['reuse-context-productpage', b3('changed', 'changed', 'lost'), b3('kept')],
  ['force-unsampled-productpage', nothing, nothing],
  ['otel-drop-w3c-productpage', w3c('lost'), nothing],
  ['no-report-ratings', b3('kept'), b3('kept')],
];

function row(report: RunReport, caller: string, callee: string): Row {
  const hop = report.hops.find((candidate) => candidate.caller === caller && candidate.callee === callee);
  return Object.fromEntries(
    Object.entries(hop?.headers ?? {}).flatMap(([name, { cell }]) => (cell === 'not-observable' ? [] : [[name, cell]])),
  );
}

describe('the propagation matrix', () => {
  it.each(TABLE)('of %s shows the observable effect of its fault, and no other', (scenario, details, ratings) => {
    const report = reportOf(toCapture(readRecording(scenario)));
    expect(row(report, 'productpage', 'details')).toEqual(details);
    expect(row(report, 'reviews', 'ratings')).toEqual(ratings);
  });

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
