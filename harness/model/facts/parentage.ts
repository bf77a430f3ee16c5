import { z } from 'zod';
import type { Data } from '../schema.ts';
import { count, fact, spanKind, word, words } from './values.ts';

/** HC4xx: how the spans of a trace hang together. */
export const parentageFact = z.discriminatedUnion('kind', [
  fact('parent-present', 'The parent of the span is in the trace.', {
    parentId: word('Span id of the parent').optional(),
    span: spanKind('the span'),
    service: word('Service that made it'),
  }),
  fact('own-parent', 'The span is its own parent.', { parentId: word('Its span id').optional() }),
  fact('unique-span', 'One span has this id and kind.', { span: spanKind('the span'), spanId: word('Its span id') }),
  fact('parent-cycle', 'Parents lead round in a circle.', {
    spans: count('spans in the circle'),
    services: words('Services that made the first of them', 1),
  }),
  fact('one-entry', 'The trace has one entry span.', {}),
  fact('entry-spans', 'Entry spans of the trace.', { services: words('Service of each; empty: there is none') }),
  fact('client-above', 'The CLIENT span of the caller is directly above.', { service: word('The caller') }),
  fact('span-above', 'The span that is directly above.', {
    above: spanKind('the span above'),
    aboveService: word('Service that made the span above'),
    span: spanKind('the span'),
    service: word('Service that made it'),
  }),
  fact('intact-traces', 'Traces with one entry span and every parent in place.', {
    intact: count('those traces'),
    of: count('traces'),
  }),
]);
export type ParentageFact = Data<typeof parentageFact>;
