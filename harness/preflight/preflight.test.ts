import { describe, expect, it } from 'vitest';
import { readRecording, toCapture } from '../../fixtures/recordings/load.ts';
import type { Exchange } from '../model/exchange.ts';
import type { Trace } from '../model/trace.ts';
import { ingressOffset, spanOffset } from './clocks.ts';
import { gatewayProfileOf } from './gateway-profile.ts';

const tracesOf = (scenario: string): Trace[] =>
  toCapture(readRecording(scenario)).traces.flatMap(({ traceId, spans }) =>
    traceId === undefined ? [] : [{ id: traceId, spans }],
  );

describe('gatewayProfileOf', () => {
  it.each([
    ['healthy-v1-zipkin-gw1', 1],
    ['healthy-v2-otel-gw1', 1],
    ['healthy-v1-zipkin-gw2', 2],
    ['no-report-productpage', 2],
  ])('%s has %i', (scenario, profile) => {
    expect(gatewayProfileOf(tracesOf(scenario), 'istio-ingressgateway', {})).toBe(profile);
  });

  it('goes with the majority, and with nobody when it is even or empty', () => {
    const [one, two] = [tracesOf('healthy-v1-zipkin-gw1'), tracesOf('healthy-v1-zipkin-gw2')];
    expect(gatewayProfileOf([...one.slice(0, 2), ...two.slice(0, 3)], 'istio-ingressgateway', {})).toBe(2);
    expect(gatewayProfileOf([...one.slice(0, 2), ...two.slice(0, 2)], 'istio-ingressgateway', {})).toBeUndefined();
    expect(gatewayProfileOf([], 'istio-ingressgateway', {})).toBeUndefined();
  });
});

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
    const span = tracesOf('healthy-v1-zipkin-gw2')[0]!.spans[0]!;
    const shifted = { ...span, startMicros: 70_010_000, durationMicros: 60_000 };
    expect(spanOffset(exchange(), shifted)).toEqual({ offsetMs: 59_990, uncertaintyMs: 20 });
  });
});
