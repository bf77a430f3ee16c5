import type { RandomHex } from '../../model/random-ids.ts';
import { newSpanId, newTraceId, newUuid } from '../../model/random-ids.ts';

/** What makes the headers of one request its own. No two requests of a run share any of it. */
export interface Identity {
  /** 32 hex digits; both halves are unique, so that a cut id is still known. */
  readonly traceId: string;
  readonly spanId: string;
  readonly parentId: string;
  readonly requestId: string;
  /** 16 hex digits, in every header that has no id. */
  readonly token: string;
}

export type Pairs = readonly (readonly [name: string, value: string])[];

export function newIdentity(random: RandomHex): Identity {
  return {
    traceId: newTraceId(random),
    spanId: newSpanId(random),
    parentId: newSpanId(random),
    requestId: newUuid(random),
    token: newSpanId(random),
  };
}

/** A well formed value of each header; the context formats carry the same ids. */
export function usualValue(name: string, { traceId, spanId, parentId, requestId, token }: Identity): string {
  const values: Readonly<Record<string, string>> = {
    'x-request-id': requestId,
    traceparent: `00-${traceId}-${spanId}-01`,
    tracestate: `hopcheck=${token}`,
    'x-b3-traceid': traceId,
    'x-b3-spanid': spanId,
    'x-b3-parentspanid': parentId,
    'x-b3-sampled': '1',
    'x-b3-flags': '1',
    b3: `${traceId}-${spanId}-1-${parentId}`,
    'x-ot-span-context': `${traceId};${spanId};${parentId};cs`,
    baggage: `hopcheck=${token}`,
    cookie: `hopcheck=${token}`,
    authorization: `Bearer hopcheck-${token}`,
    'x-datadog-trace-id': String(BigInt(`0x${traceId.slice(16)}`)),
    'x-datadog-parent-id': String(BigInt(`0x${spanId}`)),
    'x-datadog-sampling-priority': '1',
    sw8: `1-${base64(traceId)}-${base64(spanId)}-0-${base64('hopcheck')}-${base64('1')}-${base64('/')}-${base64('127.0.0.1')}`,
    'x-cloud-trace-context': `${traceId}/${BigInt(`0x${spanId}`)};o=1`,
    'grpc-trace-bin': binaryContext(traceId, spanId),
    'x-amzn-trace-id': `Root=1-${traceId.slice(0, 8)}-${traceId.slice(8)};Parent=${spanId};Sampled=1`,
    'uber-trace-id': `${traceId}:${spanId}:0:1`,
  };
  return values[name] ?? `hopcheck-${token}`;
}

/** Every header of these once, in its usual form. B3 has no debug flag beside its sampling decision. */
export function usualHeaders(names: readonly string[], identity: Identity): Pairs {
  return names.filter((name) => name !== 'x-b3-flags').map((name) => [name, usualValue(name, identity)]);
}

/** Of OpenCensus' binary format: version 0, trace id, span id, options. */
function binaryContext(traceId: string, spanId: string): string {
  return base64Hex(`0000${traceId}01${spanId}0201`).replace(/=+$/, '');
}

function base64Hex(hex: string): string {
  const bytes = hex.match(/../g) ?? [];
  return btoa(bytes.map((byte) => String.fromCharCode(Number.parseInt(byte, 16))).join(''));
}

function base64(text: string): string {
  return btoa(text);
}
