import { z } from 'zod';
import { factSchema } from '../harness/model/facts/facts.ts';

interface Kind {
  readonly properties: { readonly kind: { readonly const: string } };
}

/**
 * JSON Schema of a fact, from the schemas in harness/model/facts. A reader of today must take the reports of a later
 * hopcheck (docs/schemas.md): further properties and kinds that it does not know are allowed.
 */
export function factDefinition(): Readonly<Record<string, unknown>> {
  const { oneOf } = z.toJSONSchema(factSchema) as unknown as { readonly oneOf: readonly Kind[] };
  const names = oneOf.map(({ properties }) => properties.kind.const);
  const later = { kind: { not: { enum: names }, description: 'A kind of a later hopcheck.' } };
  return {
    description: 'One fact: kind names it, the other properties are its values. Texts are made of it.',
    type: 'object',
    required: ['kind'],
    anyOf: [...oneOf.map(open), { properties: later }],
  };
}

/** Without the properties that close an object. */
function open(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(open);
  if (typeof value !== 'object' || value === null) return value;
  const kept = Object.entries(value).filter(([name, entry]) => name !== 'additionalProperties' || entry !== false);
  return Object.fromEntries(kept.map(([name, entry]) => [name, open(entry)]));
}
