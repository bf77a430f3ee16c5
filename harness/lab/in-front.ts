import type { Fault, FaultKind } from './faults.ts';
import { withoutContext } from './header-faults.ts';
import type { Random } from './random.ts';
import { type Headers, header } from './wire.ts';

type Change = (headers: Headers, random: Random) => Headers;

/** What something in front of the gateway does to the headers of a request, by the fault. */
const IN_FRONT: Readonly<Partial<Record<FaultKind, Change>>> = {
  'parent-outside': (headers, random) =>
    ['x-b3-traceid', 'x-b3-sampled', 'b3', 'traceparent'].some((name) => header(headers, name) !== undefined)
      ? headers
      : withParent(headers, random),
  'strip-outside': withoutContext,
  'replace-outside': (headers, random) => withParent(withoutContext(headers), random),
  'unsampled-outside': (headers, random) => [
    ...withoutContext(headers),
    ['x-b3-sampled', '0'],
    ['traceparent', `00-${random.hex(32)}-${random.hex(16)}-00`],
  ],
};

/** What stands in front of the gateway; undefined: nothing does. */
export function inFront(faults: readonly Fault[], random: Random): ((headers: Headers) => Headers) | undefined {
  const changes = faults.flatMap(({ kind, share }) => {
    const change = IN_FRONT[kind];
    return change === undefined ? [] : [{ change, share }];
  });
  if (changes.length === 0) return undefined;
  return (headers) =>
    changes.reduce(
      (changed, { change, share }) => (share < 1 && random.next() >= share ? changed : change(changed, random)),
      headers,
    );
}

/** In both formats: it does not know which one the mesh reads. Without a B3 decision, so that the mesh's own stays. */
function withParent(headers: Headers, random: Random): Headers {
  const [traceId, spanId] = [random.hex(32), random.hex(16)];
  return [
    ...headers,
    ['x-b3-traceid', traceId],
    ['x-b3-spanid', spanId],
    ['traceparent', `00-${traceId}-${spanId}-01`],
  ];
}
