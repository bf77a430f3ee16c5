import type { ContractCapture, ServiceKind } from '../../model/contract.ts';
import type { OwnedCall } from './attribute.ts';
import type { Kinds } from './classify.ts';
import type { HeaderFamily } from './headers.ts';
import type { Pairs } from './identity.ts';
import { type ReadContext, readB3, readTraceparent, sameTraceForm, valuesOf } from './read-context.ts';

const READERS: Readonly<Partial<Record<HeaderFamily, (headers: Pairs) => ReadContext | undefined>>> = {
  w3c: (headers) => readTraceparent(valuesOf('traceparent', headers)[0] ?? ''),
  'b3-single': (headers) => readB3(valuesOf('b3', headers)[0] ?? ''),
  b3: (headers) => {
    const [traceId] = valuesOf('x-b3-traceid', headers);
    const [spanId] = valuesOf('x-b3-spanid', headers);
    if (traceId === undefined || spanId === undefined) return undefined;
    return { traceId: sameTraceForm(traceId), spanId: spanId.toLowerCase() };
  },
};

/**
 * Whether a service copies a format or writes contexts of its tracer: a tracer keeps the trace id and names a new span,
 * which no request carried. By the requests that carried every format; a format that did not arrive is held to copying.
 * @param alone calls of requests that were sent alone.
 */
export function recogniseKinds({ expect }: Pick<ContractCapture, 'expect'>, alone: readonly OwnedCall[]): Kinds {
  const families = Object.entries(READERS) as [HeaderFamily, (headers: Pairs) => ReadContext | undefined][];
  return Object.fromEntries(
    families.map(([family, read]): [HeaderFamily, ServiceKind] => {
      if (expect !== undefined) return [family, expect];
      const seen = alone.flatMap(({ call, exchange }) => {
        const [before, after] = [read(exchange.headers), read(call.headers)];
        if (before?.traceId === undefined || after?.traceId !== before.traceId) return [];
        const [parent] = valuesOf('x-b3-parentspanid', exchange.headers);
        return after.spanId !== before.spanId && after.spanId !== parent;
      });
      return [family, seen.length > 0 && seen.every(Boolean) ? 'tracer' : 'pass-through'];
    }),
  );
}
