import type { Pairs } from './identity.ts';

/** The ids and the decision that a header carries, as far as it can be read. Ids lower case, trace ids padded to 32. */
export interface ReadContext {
  readonly traceId?: string;
  readonly spanId?: string;
  readonly parentId?: string;
  /** `1`, `0`, or `d` for debug; absent: deferred. */
  readonly sampled?: string;
}

const ZEROS = /^0*$/;

/** Values of a header in order, its name in any case. Cookies that HTTP/2 took apart are one value (RFC 9113 §8.2.3). */
export function valuesOf(name: string, headers: Pairs): readonly string[] {
  const values = headers.filter(([other]) => other.toLowerCase() === name).map(([, value]) => value);
  return name === 'cookie' && values.length > 1 ? [values.join('; ')] : values;
}

/** `traceparent` of any version; undefined: it is not well formed (W3C Trace Context §3.2). */
export function readTraceparent(text: string): ReadContext | undefined {
  const pattern = /^(?!ff)([0-9a-f]{2})-([0-9a-f]{32})-([0-9a-f]{16})-([0-9a-f]{2})(-.*)?$/;
  const [, version, traceId = '', spanId = '', flags = '', more] = pattern.exec(text.trim()) ?? [];
  if (version === undefined || ZEROS.test(traceId) || ZEROS.test(spanId)) return undefined;
  if (version === '00' && more !== undefined) return undefined;
  return { traceId, spanId, sampled: (Number.parseInt(flags, 16) & 1) === 1 ? '1' : '0' };
}

/** The single header; the decision alone has no ids. */
export function readB3(text: string): ReadContext | undefined {
  if (/^[01d]$/.test(text.trim())) return { sampled: text.trim() };
  const pattern = /^([0-9a-f]{16}|[0-9a-f]{32})-([0-9a-f]{16})(?:-([01d])(?:-([0-9a-f]{16}))?)?$/i;
  const [, traceId, spanId, sampled, parentId] = pattern.exec(text.trim()) ?? [];
  if (traceId === undefined || spanId === undefined) return undefined;
  return {
    traceId: sameTraceForm(traceId),
    spanId: spanId.toLowerCase(),
    ...(sampled !== undefined && { sampled }),
    ...(parentId !== undefined && { parentId: parentId.toLowerCase() }),
  };
}

/** 64 bits and their padded form are the same id in B3. */
export function sameTraceForm(id: string): string {
  return id.trim().toLowerCase().padStart(32, '0');
}

/** `true` and `false` are what some libraries write. */
export function sameDecision(text: string): string {
  return { true: '1', false: '0' }[text.toLowerCase()] ?? text;
}

/** What the headers of one request or call say together, the first format that can be read. */
export function contextOf(headers: Pairs): ReadContext {
  const [traceparent] = valuesOf('traceparent', headers);
  const [single] = valuesOf('b3', headers);
  const first = (name: string) => valuesOf(name, headers)[0];
  const traceId = first('x-b3-traceid');
  const spanId = first('x-b3-spanid');
  const parentId = first('x-b3-parentspanid');
  const sampled = first('x-b3-sampled');
  const isDebug = first('x-b3-flags') === '1';
  const multi: ReadContext = {
    ...(traceId !== undefined && { traceId: sameTraceForm(traceId) }),
    ...(spanId !== undefined && { spanId: spanId.toLowerCase() }),
    ...(parentId !== undefined && { parentId: parentId.toLowerCase() }),
    ...(isDebug ? { sampled: 'd' } : sampled !== undefined && { sampled: sameDecision(sampled) }),
  };
  const inOne = single === undefined ? undefined : readB3(single);
  const w3c = traceparent === undefined ? undefined : readTraceparent(traceparent);
  return { ...w3c, ...inOne, ...multi };
}
