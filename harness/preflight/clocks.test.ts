import { describe, expect, it } from 'vitest';
import { readRecording, toCapture } from '../../fixtures/recordings/load.ts';
import type { Exchange } from '../model/exchange.ts';
import { commonOffset, ingressOffset, spanOffset } from './clocks.ts';

describe('clocks', () => {
  const exchange = (date?: string) =>
    ({
      sentAtMs: 10_000,
      answeredAtMs: 10_100,
      answer: { headers: date === undefined ? [] : [['date', date]] },
    }) as unknown as Exchange;

  it('reads the ingress clock from Date, to half a second and half a round trip', () => {
    expect(ingressOffset(exchange('Thu, 01 Jan 1970 00:01:10 GMT'))).toEqual({ offsetMs: 60_450, uncertaintyMs: 550 });
    expect(ingressOffset(exchange())).toBeUndefined();
    expect(ingressOffset(exchange('yesterday'))).toBeUndefined();
  });

  it('reads the mesh clock from a span that must lie between sending and answer', () => {
    const span = toCapture(readRecording('healthy-v1-zipkin-gw2')).traces[0]!.spans[0]!;
    const shifted = { ...span, startMicros: 70_010_000, durationMicros: 60_000 };
    expect(spanOffset(exchange(), shifted)).toEqual({ offsetMs: 59_990, uncertaintyMs: 20 });
  });

  it('knows the mesh clock as well as all requests together say, however slow the first was', () => {
    const slow = { offsetMs: -600, uncertaintyMs: 610 };
    const quick = { offsetMs: 3, uncertaintyMs: 4 };
    expect(commonOffset([slow, quick])).toEqual({ offsetMs: 3, uncertaintyMs: 4 });
    expect(commonOffset([slow, { offsetMs: 9, uncertaintyMs: 9 }])).toEqual({ offsetMs: 5, uncertaintyMs: 5 });
  });

  it('keeps the most certain offset where no offset fits all requests, and none where there is none', () => {
    const jumped = { offsetMs: 5000, uncertaintyMs: 2 };
    expect(commonOffset([{ offsetMs: 0, uncertaintyMs: 40 }, jumped])).toEqual(jumped);
    expect(commonOffset([])).toBeUndefined();
  });
});
