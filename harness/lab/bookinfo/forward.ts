import { type Headers, header } from '../wire.ts';

/** What reviews and details copy, byte for byte (docs/facts/bookinfo.md#details, #reviews). Neither copies `b3`. */
const COMMON = [
  'x-request-id',
  'x-ot-span-context',
  'x-datadog-trace-id',
  'x-datadog-parent-id',
  'x-datadog-sampling-priority',
  'traceparent',
  'tracestate',
  'x-cloud-trace-context',
  'grpc-trace-bin',
  'sw8',
  'user-agent',
  'cookie',
  'authorization',
  'jwt',
];
const B3 = ['x-b3-traceid', 'x-b3-spanid', 'x-b3-parentspanid', 'x-b3-sampled', 'x-b3-flags'];

export function copyCommon(inbound: Headers): Headers {
  return copy(inbound, [...COMMON, ...B3, 'end-user']);
}

/**
 * productpage does not copy B3: it extracts and injects it with OpenTelemetry's B3MultiFormat 1.32, which pads ids to 32
 * digits, loses parentspanid and flags, and turns a missing decision into 0 (docs/facts/bookinfo.md#productpage).
 */
export function extractAndInject(inbound: Headers): Headers {
  return [...b3MultiFormat(inbound), ...copy(inbound, COMMON)];
}

function b3MultiFormat(inbound: Headers): Headers {
  const single = header(inbound, 'b3')?.split('-');
  const traceId = single?.[0] ?? header(inbound, 'x-b3-traceid');
  const spanId = single?.[1] ?? header(inbound, 'x-b3-spanid');
  if (!/^[0-9a-f]{16}([0-9a-f]{16})?$/i.test(traceId ?? '') || !/^[0-9a-f]{16}$/i.test(spanId ?? '')) return [];
  const decision = single === undefined ? header(inbound, 'x-b3-sampled') : (single[2] ?? '1');
  const sampled = ['1', 'true', 'd'].includes(decision?.toLowerCase() ?? '') || header(inbound, 'x-b3-flags') === '1';
  return [
    ['x-b3-traceid', (traceId ?? '').toLowerCase().padStart(32, '0')],
    ['x-b3-spanid', (spanId ?? '').toLowerCase()],
    ['x-b3-sampled', sampled ? '1' : '0'],
  ];
}

function copy(inbound: Headers, names: readonly string[]): Headers {
  return names.flatMap((name) => {
    const value = header(inbound, name);
    return value === undefined ? [] : [[name, value] as [string, string]];
  });
}
