import { describe, expect, it } from 'vitest';
import { readRecording, toCapture } from '../../fixtures/recordings/load.ts';
import { reportOf } from '../../fixtures/testing/report-of.ts';
import type { Capture } from '../model/capture.ts';
import type { Span } from '../model/span.ts';

const healthy = toCapture(readRecording('healthy-v2-zipkin-gw2'));
const GATEWAY = 'istio-ingressgateway';
const renamed =
  (to: string) =>
  (span: Span): Span => ({
    ...span,
    service: span.service.replace(GATEWAY, to),
    tags: Object.fromEntries(
      Object.entries(span.tags).map(([key, value]) => [
        key,
        key === 'node_id' || key.startsWith('istio.') ? value.replace(GATEWAY, to) : value,
      ]),
    ),
  });

/** The gateway of each trace by its number. */
function throughGateways(names: (index: number) => string): Capture {
  // What preflight knew of them was of the recording.
  const { gateway: _, ...preflight } = healthy.preflight;
  return {
    ...healthy,
    preflight,
    traces: healthy.traces.map((trace, index) => ({ ...trace, spans: trace.spans.map(renamed(names(index))) })),
  };
}
const findingsOf = (capture: Capture) =>
  reportOf(capture)
    .promises.flatMap(({ findings }) => findings)
    .filter(({ severity }) => severity !== 'info');

describe('gateways with several names', () => {
  it('are one finding about the gateway, with a line for each other name', () => {
    const [finding, ...others] = findingsOf(throughGateways((index) => (index === 0 ? 'second' : GATEWAY)));
    expect(others).toEqual([]);
    expect(finding).toMatchObject({
      code: 'HC723',
      causes: ['name-unknown'],
      subject: { kind: 'service', service: GATEWAY },
      share: { affected: 1, of: 6 },
      received: `second in place of ${GATEWAY}`,
    });
    expect(finding?.remedy).toContain(`{ "services": { "second": "${GATEWAY}" } }`);
  });

  it('are all mapped to the name of the definition, where no span has that name', () => {
    const capture = throughGateways((index) => (index === 0 ? 'second' : 'first'));
    const [finding, ...others] = findingsOf(capture);
    expect(others).toEqual([]);
    expect(finding?.received).toBe('second in place of first');
    const line = `{ "services": { "second": "${GATEWAY}", "first": "${GATEWAY}" } }`;
    expect(finding?.remedy).toContain(line);
    const services = { value: JSON.parse(line).services, source: 'file', from: 'f.json' } as const;
    expect(findingsOf({ ...capture, expectations: { ...capture.expectations, services } })).toEqual([]);
  });
});

it('a capture in which preflight found the gateway is judged by a later mapping', () => {
  const capture = throughGateways(() => 'edge');
  const gateway = { value: 'edge', source: 'discovered', from: 'the router~ in node_id' } as const;
  const services = { value: { edge: GATEWAY }, source: 'file', from: 'f.json' } as const;
  const later: Capture = {
    ...capture,
    preflight: { ...capture.preflight, gateway },
    expectations: { ...capture.expectations, services },
  };
  expect(findingsOf(later)).toEqual([]);
});
