import { describe, expect, it } from 'vitest';
import { readRecording, toCapture } from '../../fixtures/recordings/load.ts';
import type { Exchange } from '../model/exchange.ts';
import { ingressOffset, spanOffset } from './clocks.ts';

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
});
