// Over 250 lines: one table, a row per value form, read as a whole; docs/contract.md is made from it.
import type { ServiceKind } from '../../model/contract.ts';
import { type HeaderFamily, headerOf } from './headers.ts';
import { type Identity, type Pairs, usualHeaders, usualValue } from './identity.ts';

/**
 * What became of one header at one call. `child`: the same trace with a new span, as a tracer writes it. `restarted`: a
 * new trace. `allowed`: changed in a way that means the same.
 */
export const OUTCOMES = [
  'unchanged',
  'allowed',
  'child',
  'restarted',
  'dropped',
  'changed',
  'invented',
  'foreign',
] as const;
export type HeaderOutcome = (typeof OUTCOMES)[number];

/** One way to write a header, and what may become of it. */
export interface Form {
  /** `traceparent sampled-0`; stable, because captures have it. */
  readonly id: string;
  /** The header that the row is about. */
  readonly header: string;
  readonly text: string;
  /** Where the rule comes from. */
  readonly spec: string;
  readonly isWellFormed: boolean;
  readonly headers: (identity: Identity) => Pairs;
  /** By the kind of service: any of these is right. */
  readonly expected: Readonly<Record<ServiceKind, readonly HeaderOutcome[]>>;
  /** HTTP/2 forbids to send it (RFC 9113 §8.2). */
  readonly isHttp1Only?: true;
}

const KEPT: readonly HeaderOutcome[] = ['unchanged', 'allowed'];
const w3cSection = (section: string) => `W3C Trace Context §${section}`;
const B3 = 'openzipkin/b3-propagation';
const httpSection = (section: string) => `RFC 9110 §${section}`;

type Row = readonly [
  header: string,
  name: string,
  text: string,
  spec: string,
  headers: (identity: Identity) => Pairs,
  options?: { readonly malformed?: true; readonly http1?: true; readonly tracer?: readonly HeaderOutcome[] },
];

const w3c =
  (value: (identity: Identity) => string, name = 'traceparent') =>
  (identity: Identity): Pairs => [[name, value(identity)]];
const state =
  (...values: readonly string[]) =>
  (identity: Identity): Pairs => [
    ['traceparent', usualValue('traceparent', identity)],
    ...values.map((value) => ['tracestate', value.replaceAll('TOKEN', identity.token)] as const),
  ];
const b3 =
  (change: Readonly<Record<string, ((identity: Identity) => string) | undefined>> = {}) =>
  (identity: Identity): Pairs => {
    const usual = usualHeaders(['x-b3-traceid', 'x-b3-spanid', 'x-b3-sampled'], identity);
    const kept = usual.filter(([name]) => !Object.hasOwn(change, name));
    const own = Object.entries(change).flatMap(([name, value]) =>
      value === undefined ? [] : [[name, value(identity)] as const],
    );
    return [...kept, ...own];
  };
const one =
  (name: string, value: (identity: Identity) => string, shown = name) =>
  (identity: Identity): Pairs => [[shown, value(identity)]];

/** A member list of the longest that vendors should pass on: 512 characters (W3C Trace Context §3.3.1.5). */
function longState(token: string): string {
  const first = `hopcheck=${token}`;
  return `${first},${fill(512 - first.length - 1)}`;
}

/** Members of at most 128 characters, so many characters in all. */
function fill(length: number): string {
  const members: string[] = [];
  for (let left = length; left > 0; ) {
    // A rest that is too short for a member goes to this one.
    const size = left > 140 ? 120 : left > 120 ? left - 20 : left;
    const key = `v${members.length}=`;
    members.push(`${key}${'x'.repeat(size - key.length)}`);
    left -= size + 1;
  }
  return members.join(',');
}

const ROWS: readonly Row[] = [
  [
    'x-request-id',
    'present',
    'a UUID',
    'docs/facts/envoy.md#headers-seen',
    one('x-request-id', ({ requestId }) => requestId),
  ],
  [
    'x-request-id',
    'odd-case',
    'its name in odd case',
    httpSection('5.1'),
    one('x-request-id', ({ requestId }) => requestId, 'X-ReQuEsT-Id'),
    { http1: true },
  ],
  [
    'x-request-id',
    'text',
    'not a UUID',
    'docs/facts/envoy.md#headers-seen',
    one('x-request-id', ({ token }) => `order/${token}`),
  ],
  [
    'x-request-id',
    'white-space',
    'white space around it',
    httpSection('5.5'),
    one('x-request-id', ({ requestId }) => `  ${requestId}\t`),
    { http1: true },
  ],
  ['traceparent', 'sampled-1', 'sampled', w3cSection('3.2'), w3c((id) => usualValue('traceparent', id))],
  [
    'traceparent',
    'sampled-0',
    'not sampled',
    w3cSection('3.2.2.5.1'),
    w3c(({ traceId, spanId }) => `00-${traceId}-${spanId}-00`),
  ],
  [
    'traceparent',
    'other-flags',
    'flags that version 00 does not define',
    w3cSection('3.2.2.5.2'),
    w3c(({ traceId, spanId }) => `00-${traceId}-${spanId}-03`),
  ],
  [
    'traceparent',
    'odd-case',
    'its name in odd case',
    w3cSection('3.2.1'),
    w3c((id) => usualValue('traceparent', id), 'TraceParent'),
    { http1: true },
  ],
  [
    'traceparent',
    'white-space',
    'white space around it',
    httpSection('5.5'),
    w3c((id) => ` ${usualValue('traceparent', id)} `),
    { http1: true },
  ],
  [
    'traceparent',
    'version-01',
    'a later version, with more behind it',
    w3cSection('3.2.4'),
    w3c(({ traceId, spanId }) => `01-${traceId}-${spanId}-01-later`),
    { tracer: [...KEPT, 'child', 'restarted'] },
  ],
  [
    'traceparent',
    'version-ff',
    'the forbidden version ff',
    w3cSection('3.2.2.1'),
    w3c(({ traceId, spanId }) => `ff-${traceId}-${spanId}-01`),
    { malformed: true },
  ],
  [
    'traceparent',
    'upper-case',
    'upper-case ids',
    w3cSection('3.2.2.3'),
    w3c(({ traceId, spanId }) => `00-${traceId.toUpperCase()}-${spanId.toUpperCase()}-01`),
    { malformed: true, tracer: ['child', 'restarted', 'dropped'] },
  ],
  [
    'traceparent',
    'zero-trace',
    'a trace id of zeros',
    w3cSection('3.2.2.3'),
    w3c(({ spanId }) => `00-${'0'.repeat(32)}-${spanId}-01`),
    { malformed: true },
  ],
  [
    'traceparent',
    'zero-parent',
    'a parent id of zeros',
    w3cSection('3.2.2.4'),
    w3c(({ traceId }) => `00-${traceId}-${'0'.repeat(16)}-01`),
    { malformed: true },
  ],
  [
    'traceparent',
    '64-bit',
    'a trace id of 64 bits',
    w3cSection('3.2.2.3'),
    w3c(({ traceId, spanId }) => `00-${traceId.slice(16)}-${spanId}-01`),
    { malformed: true },
  ],
  ['traceparent', 'empty', 'empty', w3cSection('3.2.2'), w3c(() => ''), { malformed: true }],
  [
    'traceparent',
    'repeated',
    'sent twice',
    w3cSection('3.2'),
    (id) => [
      ['traceparent', usualValue('traceparent', id)],
      ['traceparent', usualValue('traceparent', id)],
    ],
    { malformed: true, tracer: ['child', 'restarted', 'dropped'] },
  ],
  ['tracestate', 'present', 'one member', w3cSection('3.3'), state('hopcheck=TOKEN')],
  [
    'tracestate',
    'several',
    'several members',
    w3cSection('3.3.1'),
    state('hopcheck=TOKEN,rojo=00f067aa0ba902b7,t61rcWkgMzE@tenant=1'),
  ],
  [
    'tracestate',
    'repeated',
    'several headers',
    w3cSection('3.3.1'),
    state('hopcheck=TOKEN', 'rojo=00f067aa0ba902b7', 'congo=t61rcWkgMzE'),
  ],
  [
    'tracestate',
    'white-space',
    'white space around the commas',
    w3cSection('3.3.1.1'),
    state('hopcheck=TOKEN , rojo=00f067aa0ba902b7'),
  ],
  ['tracestate', 'long', '512 characters', w3cSection('3.3.1.5'), (id) => state(longState(id.token))(id)],
  ['tracestate', 'empty', 'empty', w3cSection('3.3.1'), state(''), { malformed: true, tracer: [...KEPT, 'dropped'] }],
  ['x-b3-traceid', 'sampled-1', 'accept', `${B3} "Sampling State"`, b3()],
  ['x-b3-sampled', 'sampled-0', 'deny', `${B3} "Deny"`, b3({ 'x-b3-sampled': () => '0' })],
  ['x-b3-sampled', 'absent', 'deferred: no decision', `${B3} "Defer"`, b3({ 'x-b3-sampled': undefined })],
  [
    'x-b3-sampled',
    'true',
    'the decision in words',
    `${B3} "Sampling State"`,
    b3({ 'x-b3-sampled': () => 'true' }),
    { malformed: true, tracer: ['unchanged', 'allowed', 'child', 'restarted', 'dropped'] },
  ],
  [
    'x-b3-flags',
    'debug',
    'debug',
    `${B3} "Debug Flag"`,
    b3({ 'x-b3-sampled': undefined, 'x-b3-flags': () => '1' }),
    { tracer: [...KEPT, 'child', 'dropped'] },
  ],
  [
    'x-b3-parentspanid',
    'parent',
    'with the parent span id',
    `${B3} "ParentSpanId"`,
    b3({ 'x-b3-parentspanid': ({ parentId }) => parentId }),
    { tracer: [...KEPT, 'child', 'dropped'] },
  ],
  [
    'x-b3-traceid',
    '64-bit',
    'a trace id of 64 bits',
    `${B3} "TraceId"`,
    b3({ 'x-b3-traceid': ({ traceId }) => traceId.slice(16) }),
  ],
  [
    'x-b3-traceid',
    'upper-case',
    'upper-case ids',
    `${B3} "TraceId"`,
    b3({ 'x-b3-traceid': ({ traceId }) => traceId.toUpperCase(), 'x-b3-spanid': ({ spanId }) => spanId.toUpperCase() }),
    { malformed: true, tracer: ['unchanged', 'allowed', 'child', 'restarted', 'dropped'] },
  ],
  [
    'x-b3-traceid',
    'odd-case',
    'its name in odd case',
    httpSection('5.1'),
    (id) => [
      ['X-B3-TraceId', id.traceId],
      ['X-B3-SpanId', id.spanId],
      ['X-B3-Sampled', '1'],
    ],
    { http1: true },
  ],
  [
    'x-b3-traceid',
    'zero',
    'a trace id of zeros',
    `${B3} "TraceId"`,
    b3({ 'x-b3-traceid': () => '0'.repeat(32) }),
    { malformed: true },
  ],
  [
    'x-b3-spanid',
    'short',
    'a span id of 15 digits',
    `${B3} "SpanId"`,
    b3({ 'x-b3-spanid': ({ spanId }) => spanId.slice(1) }),
    { malformed: true, tracer: ['unchanged', 'allowed', 'child', 'restarted', 'dropped'] },
  ],
  [
    'x-b3-parentspanid',
    'empty',
    'empty',
    'docs/facts/reported-faults.md',
    b3({ 'x-b3-parentspanid': () => '' }),
    { malformed: true, tracer: ['unchanged', 'allowed', 'child', 'restarted', 'dropped'] },
  ],
  ['b3', 'full', 'every part', `${B3} "Single Header"`, one('b3', (id) => usualValue('b3', id))],
  [
    'b3',
    'short',
    'without parent',
    `${B3} "Single Header"`,
    one('b3', ({ traceId, spanId }) => `${traceId}-${spanId}-1`),
  ],
  [
    'b3',
    'deferred',
    'no decision',
    `${B3} "Single Header"`,
    one('b3', ({ traceId, spanId }) => `${traceId}-${spanId}`),
  ],
  [
    'b3',
    'deny',
    'the decision alone',
    `${B3} "Single Header"`,
    one('b3', () => '0'),
    { tracer: [...KEPT, 'child', 'restarted', 'dropped'] },
  ],
  ['b3', 'debug', 'debug', `${B3} "Single Header"`, one('b3', ({ traceId, spanId }) => `${traceId}-${spanId}-d`)],
  [
    'x-ot-span-context',
    'present',
    'present',
    'docs/forwarding.md',
    one('x-ot-span-context', (id) => usualValue('x-ot-span-context', id)),
  ],
  [
    'baggage',
    'present',
    'one member with a property',
    'W3C Baggage, "Header Content"',
    one('baggage', ({ token }) => `hopcheck=${token};ttl=30`),
  ],
  [
    'baggage',
    'repeated',
    'several headers',
    'W3C Baggage, "Header Content"',
    ({ token }) => [
      ['baggage', `hopcheck=${token}`],
      ['baggage', 'plan=a%20b'],
    ],
  ],
  [
    'traceparent',
    'absent',
    'no header at all',
    'docs/architecture.md#rule-7',
    () => [],
    { tracer: ['restarted', 'dropped'] },
  ],
];

/** Every value form, in the order in which it is sent. */
export const FORMS: readonly Form[] = ROWS.map(([header, name, text, spec, headers, options = {}]) => ({
  id: `${header} ${name}`,
  header,
  text,
  spec,
  isWellFormed: options.malformed !== true,
  headers,
  expected: {
    'pass-through': options.malformed === true ? [...KEPT, 'dropped'] : KEPT,
    tracer: options.tracer ?? tracerExpectation(headerOf(header).family, options.malformed === true),
  },
  ...(options.http1 === true && { isHttp1Only: true as const }),
}));

/** A tracer continues a context that it can read, and must not pass on one that it cannot (W3C Trace Context §3.2.2). */
function tracerExpectation(family: HeaderFamily, isMalformed: boolean): readonly HeaderOutcome[] {
  if (isMalformed) return ['restarted', 'dropped'];
  return ['w3c', 'b3', 'b3-single'].includes(family) ? [...KEPT, 'child'] : KEPT;
}

export function formOf(id: string): Form | undefined {
  return FORMS.find((form) => form.id === id);
}
