import { expect, it } from 'vitest';
import { parseSpanId, parseTraceId } from '../model/ids.ts';
import type { Span, SpanKind } from '../model/span.ts';
import type { Trace } from '../model/trace.ts';
import { concatenated, mergeTraces } from './merge-traces.ts';

const traceId = (text: string) => {
  const parsed = parseTraceId(text);
  if (!parsed.ok) throw new Error(parsed.reason);
  return parsed.id;
};
function span(id: string, kind: SpanKind = 'server', startMicros = 0): Span {
  const parsed = parseSpanId(id);
  if (!parsed.ok) throw new Error(parsed.reason);
  const names = { service: 'front', operation: 'x', tags: {} };
  return { traceId: traceId('1'), id: parsed.id, kind, startMicros, durationMicros: 1, ...names };
}
const trace = (...spans: Span[]): Trace => ({ id: traceId('1'), spans });

it('mergeTraces makes one trace of two readings, even where one came earlier or has shifted times', () => {
  const [a, b] = [span('a'), span('b')];
  expect(mergeTraces([[trace(a)], [trace(a, b)]])).toEqual([trace(a, b)]);
  expect(mergeTraces([[trace(a, b)], [trace(b)]])).toEqual([trace(a, b)]);
  expect(mergeTraces([[trace(a)], [trace(span('a', 'server', 500))]])).toEqual([trace(a)]);
});

it('mergeTraces keeps both spans of a shared span context', () => {
  const spans = [span('a', 'client'), span('a', 'server')];
  expect(mergeTraces([[trace(...spans)], [trace(...spans)]])).toEqual([trace(...spans)]);
});

it('mergeTraces repairs nothing, so that an id that is there twice stays there exactly twice', () => {
  const twice = [span('a'), span('a', 'server', 9)];
  expect(mergeTraces([[trace(...twice)]])).toEqual([trace(...twice)]);
  expect(mergeTraces([[trace(...twice)], [trace(...twice)]])).toEqual([trace(...twice)]);
  expect(mergeTraces([[trace(span('a'))], [trace(...twice)]])[0]?.spans).toHaveLength(2);
});

it('concatenated keeps all spans of two parts of one reading, those of the first in front', () => {
  const other: Trace = { id: traceId('2'), spans: [span('c')] };
  expect(concatenated([trace(span('a'))], [trace(span('a')), other])).toEqual([trace(span('a'), span('a')), other]);
});
