import { describe, expect, it } from 'vitest';
import { FORMATS } from '../formats/formats.ts';
import { CONTEXT_FORMATS, type ContextFormat, probeId } from '../model/exchange.ts';
import { parseSpanId, parseTraceId } from '../model/ids.ts';
import { makeProbe, makeUndecided } from './make-probe.ts';
import { cryptoRandom } from './random.ts';

const TRACE = '0af7651916cd43dd8448eb211c80319c';
const SPAN = 'b7ad6b7169203331';
/** Trace id, span id and uuid are drawn in this order. */
function drawn() {
  const hex = [TRACE, SPAN, '0123456789abcdef0123456789abcdef'];
  return () => hex.shift() ?? '';
}
const sent = (purpose: Parameters<typeof makeProbe>[1], format: ContextFormat) =>
  Object.fromEntries(makeProbe('p007', purpose, format, 'cafe0123', drawn()).headers);

describe('makeProbe', () => {
  it('forces on with the context and x-client-trace-id, because each alone fails on one of the drivers', () => {
    expect(sent('forced-on', 'b3')).toEqual({
      'user-agent': 'hopcheck-cafe0123-p007',
      accept: 'text/html',
      'x-b3-traceid': TRACE,
      'x-b3-spanid': SPAN,
      'x-b3-sampled': '1',
      'x-client-trace-id': '01234567-89ab-4def-8123-456789abcdef',
    });
    expect(sent('forced-on', 'w3c')).toMatchObject({ traceparent: `00-${TRACE}-${SPAN}-01` });
    expect(sent('forced-on', 'b3-single')).toMatchObject({ b3: `${TRACE}-${SPAN}-1` });
  });

  it('forces off with the context alone', () => {
    expect(sent('forced-off', 'b3')).toMatchObject({ 'x-b3-traceid': TRACE, 'x-b3-sampled': '0' });
    expect(sent('forced-off', 'w3c')).toMatchObject({ traceparent: `00-${TRACE}-${SPAN}-00` });
    expect(sent('forced-off', 'b3')).not.toHaveProperty('x-client-trace-id');
  });

  it('leaves the decision to the mesh with the marker alone', () => {
    const probe = makeUndecided('p007', 'cafe0123', drawn());
    expect(probe.headers.map(([name]) => name)).toEqual(['user-agent', 'accept']);
    expect(probe.format).toBe('none');
    expect(probe).not.toHaveProperty('traceId');
  });

  it.each(CONTEXT_FORMATS)('carries one context format only (%s)', (format) => {
    const headers = new Map(Object.entries(sent('forced-on', format)));
    expect(CONTEXT_FORMATS.filter((other) => FORMATS[other].read(headers) !== undefined)).toEqual([format]);
  });

  it('makes valid ids, and markers that need no escaping in a search', () => {
    for (let index = 0; index < 200; index += 1) {
      const probe = makeProbe(probeId(index), 'forced-on', 'b3', cryptoRandom(8), cryptoRandom);
      expect(parseTraceId(probe.traceId ?? '')).toEqual({ ok: true, id: probe.traceId });
      expect(parseSpanId(probe.spanId ?? '')).toEqual({ ok: true, id: probe.spanId });
      expect(probe.marker).toMatch(/^[a-z0-9-]+$/);
    }
  });
});
