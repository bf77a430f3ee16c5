import type { ParentageFact } from '../../harness/model/facts/parentage.ts';
import { plural } from '../../harness/model/numbers.ts';
import type { Texts } from './texts.ts';
import { spanText } from './values.ts';

export const PARENTAGE_TEXTS: Texts<ParentageFact> = {
  'parent-present': ({ parentId, span, service }) =>
    `${parentText(parentId)} of ${spanText(span, service)} in the trace`,
  'own-parent': ({ parentId }) => `${parentText(parentId)} is the span itself`,
  'unique-span': ({ span, spanId }) => `one ${span.toUpperCase()} span with id ${spanId}`,
  'parent-cycle': ({ spans, services }) => `a cycle of ${plural(spans, 'span')}: ${services.join(' → ')}`,
  'one-entry': () => 'one entry span',
  'entry-spans': ({ services }) => (services.length === 0 ? 'none' : `${services.length}: ${services.join(', ')}`),
  'client-above': ({ service }) => `a CLIENT span of ${service} above it`,
  'span-above': ({ above, aboveService, span, service }) =>
    `${spanText(above, aboveService)} directly above ${spanText(span, service)}`,
  'intact-traces': ({ intact, of }) =>
    `${intact} of ${plural(of, 'trace')} with one entry span and every parent in place`,
};

function parentText(parentId: string | undefined): string {
  return parentId === undefined ? 'the parent' : `parent ${parentId}`;
}
