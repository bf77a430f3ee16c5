import { BACKEND_ROWS } from '../backend/backends.ts';
import { zipkinRow } from '../backend/zipkin.ts';
import type { Span } from '../model/span.ts';
import { parsed } from './read-dump.ts';
import type { Reading } from './span-buckets.ts';
import { NONE } from './span-records.ts';

/** An item in the envelope of its list, as a document that has nothing else. */
export function within(list: string, item: unknown): unknown {
  return list === '' ? [item] : list.split('.').reduceRight<unknown>((inner, key) => ({ [key]: inner }), [item]);
}

/** Where a span lies that was cut out of a document. */
export interface CutPlace {
  /** From 1 on. */
  readonly document: number;
  readonly list: string;
  readonly item: number;
  readonly scope: number;
  readonly nth: number;
}

/**
 * A span that was cut out, as the reader of whole documents reads it.
 * @param service of its group @throws ImportError that names its place in the file
 */
export function readCut(span: unknown, { file, row }: Reading, place: CutPlace, service = ''): Span {
  const { document, list, item, scope, nth } = place;
  const reader = BACKEND_ROWS[row] as (typeof BACKEND_ROWS)[number];
  const isZipkin = reader === zipkinRow;
  const [whole, numbers] = isZipkin
    ? scope === NONE
      ? [[span], [nth]]
      : [[[span]], [item, nth]]
    : [within(list, groupOf(span, service)), [item, scope, nth]];
  const [trace] = parsed(() => reader.dump.read([whole]), file, `document ${document}`, numbers);
  return trace?.spans[0] as Span;
}

function groupOf(span: unknown, service: string): object {
  const attributes = [{ key: 'service.name', value: { stringValue: service } }];
  return { resource: { attributes }, scopeSpans: [{ spans: [span] }] };
}
