import type { z } from 'zod';
import { MADE_IDS } from '../model/schema.ts';

/**
 * What of one place of a document is the file's own: words and ids that stay although a secret is found in them. A
 * password may be one of the words (`server`, `complete`) or have all its letters in one. Such a record would not be
 * readable any more, and as every capture holds these words, keeping them reveals nothing.
 */
export interface OwnWords {
  /** The words that the schema has for this place. */
  readonly words: ReadonlySet<string>;
  /** An id that a program made. */
  readonly isId: boolean;
  /** Names of its fields are data that comes from outside, such as the names of tags. */
  readonly isMap: boolean;
  /** By field. */
  readonly fields: ReadonlyMap<string, OwnWords>;
  /** Of each item of a list and of each value of a map. */
  readonly items?: OwnWords;
}

const NOTHING: OwnWords = { words: new Set(), isId: false, isMap: false, fields: new Map() };

/** Derives what may stay from schemas, of which each document fits one. A new word of an enum is among it by itself. */
export function ownWordsOf(schemas: readonly z.core.$ZodType[]): OwnWords {
  return schemas.map(readSchema).reduce(merged, NOTHING);
}

/** By the public definitions of zod 4, https://zod.dev/packages/core; a kind that is not listed holds nothing to keep. */
function readSchema(schema: z.core.$ZodType): OwnWords {
  if (MADE_IDS.get(schema) !== undefined) return { ...NOTHING, isId: true };
  const { def } = (schema as z.core.$ZodTypes)._zod;
  switch (def.type) {
    case 'literal':
      return { ...NOTHING, words: texts(def.values) };
    case 'enum':
      return { ...NOTHING, words: texts(Object.values(def.entries)) };
    case 'object':
      return {
        ...NOTHING,
        fields: new Map(Object.entries(def.shape).map(([name, field]) => [name, readSchema(field)])),
      };
    case 'record':
      return { ...NOTHING, isMap: true, items: readSchema(def.valueType) };
    case 'array':
      return { ...NOTHING, items: readSchema(def.element) };
    case 'tuple':
      return { ...NOTHING, items: ownWordsOf(def.items) };
    case 'union':
      return ownWordsOf(def.options);
    case 'optional':
    case 'nullable':
    case 'default':
    case 'readonly':
      return readSchema(def.innerType);
    default:
      return NOTHING;
  }
}

function texts(values: readonly unknown[]): ReadonlySet<string> {
  return new Set(values.filter((value) => typeof value === 'string'));
}

function merged(a: OwnWords, b: OwnWords): OwnWords {
  const fields = new Map(a.fields);
  for (const [name, field] of b.fields) fields.set(name, merged(fields.get(name) ?? NOTHING, field));
  const items = a.items !== undefined && b.items !== undefined ? merged(a.items, b.items) : (a.items ?? b.items);
  return {
    words: new Set([...a.words, ...b.words]),
    isId: a.isId || b.isId,
    isMap: a.isMap || b.isMap,
    fields,
    ...(items !== undefined && { items }),
  };
}
