import type { ContextHeaders, FormatRow, SentHeaders, WrittenContext } from './format.ts';

/** `{trace}-{span}-{state}-{parent}` (openzipkin/b3-propagation, "Single Header"). */
export const b3Single: FormatRow = {
  speaks: 'B3',
  write,
  read,
  variants: {
    '64-bit': { isShort: true, write: (context) => write({ ...context, traceId: context.traceId.slice(16) }) },
  },
  columns: [{ name: 'b3', shows: 'span', decides: true }],
  isAlwaysShown: true,
};

function write({
  traceId,
  spanId,
  sampled,
}: Readonly<Record<'traceId' | 'spanId', string>> & { sampled: boolean }): ContextHeaders {
  return [['b3', `${traceId}-${spanId}-${sampled ? '1' : '0'}`]];
}

function read(sent: SentHeaders): WrittenContext | undefined {
  const [, traceId, spanId, state] =
    /^([0-9a-f]+)-([0-9a-f]+)(?:-([01d]))?(?:-[0-9a-f]+)?$/i.exec(sent.get('b3') ?? '') ?? [];
  if (traceId === undefined || spanId === undefined) return undefined;
  return { traceId, spanId, ...(state !== undefined && { sampled: state !== '0' }) };
}
