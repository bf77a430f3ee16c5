import { z } from 'zod';
import { factSchema } from '../harness/model/facts/facts.ts';

/** The place of {@link factDefinition} in docs/report.schema.json. */
const PLACE = /^ {4}"fact": \{\n[\s\S]*?^ {4}\}/m;

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

/**
 * The report's JSON Schema with today's facts in it, one line per kind.
 * @throws Error where the schema has no place for them
 */
export function withFacts(schema: string): string {
  if (!PLACE.test(schema)) throw new Error('docs/report.schema.json: $defs must have "fact": { … } over several lines');
  const { anyOf, ...head } = factDefinition() as { readonly anyOf: readonly unknown[] };
  const lines = [
    ...Object.entries(head).map(([name, value]) => `      ${JSON.stringify(name)}: ${JSON.stringify(value)},`),
    '      "anyOf": [',
    anyOf.map((kind) => `        ${JSON.stringify(kind)}`).join(',\n'),
    '      ]',
  ];
  return schema.replace(PLACE, () => ['    "fact": {', ...lines, '    }'].join('\n'));
}
