import { describe, expect, it } from 'vitest';
import { readRecording, toCapture } from '../../fixtures/recordings/load.ts';
import { type GatewayTrace, gatewayProfileOf } from './gateway-profile.ts';

function tracesOf(scenario: string): GatewayTrace[] {
  const { traces, exchanges } = toCapture(readRecording(scenario));
  return traces.map(({ spans }, index) => {
    const carriedParent = exchanges[index]?.probe.spanId;
    return { spans, ...(carriedParent !== undefined && { carriedParent }) };
  });
}

describe('gatewayProfileOf', () => {
  it.each([
    ['healthy-v1-zipkin-gw1', 1],
    ['healthy-v2-otel-gw1', 1],
    ['shared-context-gw1', 1],
    ['healthy-v1-zipkin-gw2', 2],
    ['no-report-productpage', 2],
  ])('finds in %s a profile of %i, from any single span of each trace as well', (scenario, profile) => {
    expect(gatewayProfileOf(tracesOf(scenario), 'istio-ingressgateway')).toBe(profile);
    for (const trace of tracesOf(scenario)) {
      for (const span of trace.spans.filter(({ service }) => service.startsWith('istio-ingressgateway')))
        expect(gatewayProfileOf([{ ...trace, spans: [span] }], 'istio-ingressgateway')).toBe(profile);
    }
  });

  it('follows the majority, and decides nothing when it is even or empty', () => {
    const [one, two] = [tracesOf('healthy-v1-zipkin-gw1'), tracesOf('healthy-v1-zipkin-gw2')];
    expect(gatewayProfileOf([...one.slice(0, 2), ...two.slice(0, 3)], 'istio-ingressgateway')).toBe(2);
    expect(gatewayProfileOf([...one.slice(0, 2), ...two.slice(0, 2)], 'istio-ingressgateway')).toBeUndefined();
    expect(gatewayProfileOf([], 'istio-ingressgateway')).toBeUndefined();
  });
});
