import { expect, it } from 'vitest';
import { carriedContext } from './carried-context.ts';

const TRACE = '0af7651916cd43dd8448eb211c80319c';
const SPAN = 'b7ad6b7169203331';
const b3 = (sampled?: string): [string, string][] => [
  ['X-B3-TraceId', TRACE],
  ['x-b3-spanid', SPAN],
  ...(sampled === undefined ? [] : [['x-b3-sampled', sampled] as [string, string]]),
];
const force: [string, string] = ['x-client-trace-id', '1f0c6d2e-7f0b-4d0e-9d57-0d6b8c1f4a2b'];

// docs/facts/envoy.md#headers-seen, #forcing.
it.each<{ what: string; headers: [string, string][]; expected: object }>([
  { what: 'nothing', headers: [], expected: { purpose: 'undecided' } },
  {
    what: 'sampled 1',
    headers: b3('1'),
    expected: { purpose: 'forced-on', format: 'b3', traceId: TRACE, spanId: SPAN },
  },
  { what: 'sampled true', headers: b3('true'), expected: { purpose: 'forced-on', format: 'b3' } },
  { what: 'sampled 0', headers: b3('0'), expected: { purpose: 'forced-off', format: 'b3', traceId: TRACE } },
  { what: 'sampled 0 before x-client-trace-id', headers: [...b3('0'), force], expected: { purpose: 'forced-off' } },
  { what: 'no decision', headers: b3(), expected: { purpose: 'undecided', format: 'b3', traceId: TRACE } },
  { what: 'no decision, forced', headers: [...b3(), force], expected: { purpose: 'forced-on', format: 'b3' } },
  { what: 'only forced', headers: [force], expected: { purpose: 'forced-on' } },
  {
    what: 'b3 single',
    headers: [['b3', `${TRACE}-${SPAN}-1`]],
    expected: { purpose: 'forced-on', format: 'b3-single', spanId: SPAN },
  },
  {
    what: 'b3 single, off, with a parent',
    headers: [['b3', `${TRACE}-${SPAN}-0-${SPAN}`]],
    expected: { purpose: 'forced-off' },
  },
  {
    what: 'b3 single, deferred',
    headers: [['b3', `${TRACE}-${SPAN}`]],
    expected: { purpose: 'undecided', format: 'b3-single' },
  },
  {
    what: 'a traceparent that is only a wish',
    headers: [['traceparent', `00-${TRACE}-${SPAN}-01`]],
    expected: { purpose: 'undecided', isWish: true, format: 'w3c' },
  },
  {
    what: 'traceparent, forced',
    headers: [['traceparent', `00-${TRACE}-${SPAN}-01`], force],
    expected: { purpose: 'forced-on', format: 'w3c' },
  },
  {
    what: 'traceparent, off',
    headers: [['traceparent', `00-${TRACE}-${SPAN}-00`]],
    expected: { purpose: 'forced-off', format: 'w3c' },
  },
])('carriedContext reads $what', ({ headers, expected }) => {
  expect(carriedContext(headers)).toMatchObject(expected);
});

it.each<[string, [string, string][]]>([
  [
    'ids that are not valid',
    [
      ['x-b3-traceid', 'zz'],
      ['x-b3-spanid', SPAN],
      ['x-b3-sampled', '1'],
    ],
  ],
  ['all zeros', [['traceparent', `00-${'0'.repeat(32)}-${SPAN}-01`]]],
  ['a lone trace id', [['x-b3-traceid', TRACE]]],
  [
    'a huge id',
    [
      ['x-b3-traceid', 'a'.repeat(10_000)],
      ['x-b3-spanid', SPAN],
    ],
  ],
])('carriedContext finds no context in %s', (_what, headers) => {
  expect(carriedContext(headers)).toEqual({ purpose: 'undecided' });
});
