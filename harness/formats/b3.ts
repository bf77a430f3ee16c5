import { newSpanId } from '../model/random-ids.ts';
import type { ContextHeaders, FormatRow, SentHeaders, TraceContext, WrittenContext } from './format.ts';

/** B3 in several headers (openzipkin/b3-propagation, "Multiple Headers"), which Envoy's Zipkin tracer speaks. */
export const b3: FormatRow = {
  speaks: 'B3',
  write,
  read,
  variants: {
    parent: { write: (context, random) => [...write(context), ['x-b3-parentspanid', newSpanId(random)]] },
    deferred: { write: (context) => write(context).filter(([name]) => name !== 'x-b3-sampled') },
    flags: { write: (context) => [...write(context), ['x-b3-flags', '1']] },
    '64-bit': {
      isShort: true,
      write: (context) =>
        write(context).map(([name, value]) => [name, name === 'x-b3-traceid' ? value.slice(16) : value]),
    },
  },
  columns: [
    { name: 'x-b3-traceid', shows: 'trace', decides: true },
    { name: 'x-b3-spanid', shows: 'span', decides: true },
    { name: 'x-b3-parentspanid', shows: 'nothing' },
    { name: 'x-b3-sampled', shows: 'decision', decides: true },
    { name: 'x-b3-flags', shows: 'nothing', decides: true },
    // Of older OpenTracing tracers. The list of the walk-through has it behind those of B3 (docs/facts/envoy.md#headers-seen).
    { name: 'x-ot-span-context', shows: 'nothing', isOptional: true },
  ],
  driver: { providers: ['zipkin'], tags: ['net.host.ip'] },
  isAlwaysShown: true,
};

/** No parent span id: the probe is the first caller of its trace. */
function write({ traceId, spanId, sampled }: TraceContext): ContextHeaders {
  return [
    ['x-b3-traceid', traceId],
    ['x-b3-spanid', spanId],
    ['x-b3-sampled', sampled ? '1' : '0'],
  ];
}

function read(sent: SentHeaders): WrittenContext | undefined {
  const traceId = sent.get('x-b3-traceid');
  const spanId = sent.get('x-b3-spanid');
  if (traceId === undefined || spanId === undefined) return undefined;
  const sampled = sent.get('x-b3-sampled');
  // Envoy takes `true` for 1 and anything else for 0 (docs/facts/envoy.md#headers-seen).
  return { traceId, spanId, ...(sampled !== undefined && { sampled: /^(1|true)$/.test(sampled) }) };
}
