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
it.each<[string, [string, string][], object]>([
  ['nothing', [], { purpose: 'undecided' }],
  ['sampled 1', b3('1'), { purpose: 'forced-on', format: 'b3', traceId: TRACE, spanId: SPAN }],
  ['sampled true', b3('true'), { purpose: 'forced-on', format: 'b3' }],
  ['sampled 0', b3('0'), { purpose: 'forced-off', format: 'b3', traceId: TRACE }],
  ['sampled 0 wins over x-client-trace-id', [...b3('0'), force], { purpose: 'forced-off' }],
  ['no decision', b3(), { purpose: 'undecided', format: 'b3', traceId: TRACE }],
  ['no decision, forced', [...b3(), force], { purpose: 'forced-on', format: 'b3' }],
  ['only forced', [force], { purpose: 'forced-on' }],
  ['b3 single', [['b3', `${TRACE}-${SPAN}-1`]], { purpose: 'forced-on', format: 'b3-single', spanId: SPAN }],
  ['b3 single, off, with a parent', [['b3', `${TRACE}-${SPAN}-0-${SPAN}`]], { purpose: 'forced-off' }],
  ['b3 single, deferred', [['b3', `${TRACE}-${SPAN}`]], { purpose: 'undecided', format: 'b3-single' }],
  ['a wish', [['traceparent', `00-${TRACE}-${SPAN}-01`]], { purpose: 'undecided', isWish: true, format: 'w3c' }],
  ['traceparent, forced', [['traceparent', `00-${TRACE}-${SPAN}-01`], force], { purpose: 'forced-on', format: 'w3c' }],
  ['traceparent, off', [['traceparent', `00-${TRACE}-${SPAN}-00`]], { purpose: 'forced-off', format: 'w3c' }],
])('%s', (_what, headers, expected) => {
  expect(carriedContext(headers)).toMatchObject(expected);
});

it.each<[string, [string, string][]]>([
  [
    'ids that are none',
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
])('%s: no context', (_what, headers) => {
  expect(carriedContext(headers)).toEqual({ purpose: 'undecided' });
});
