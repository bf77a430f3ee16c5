import { z } from 'zod';

// What the schemas of captures and reports are made of. The types are inferred from the schemas, so each shape, word and
// bound is written once.

/** What a schema describes, as data that does not change. */
export type Data<S extends z.ZodType> = Immutable<z.output<S>>;

type Immutable<T> = T extends string | number | boolean | null | undefined
  ? T
  : { readonly [Key in keyof T]: Immutable<T[Key]> };

/**
 * An object that keeps fields it does not know, because a newer version may add some and none is lost by reading and
 * judging again (docs/schemas.md#frozen). Its type has the known fields alone.
 */
export function open<Shape extends z.ZodRawShape>(shape: Shape): z.ZodObject<Shape, z.core.$strip> {
  return z.looseObject(shape) as unknown as z.ZodObject<Shape, z.core.$strip>;
}

/** A word of a list that may grow: any text is read, so that captures of a newer version are. Its type is today's list. */
export function growing<const Words extends readonly string[]>(words: Words): z.ZodType<Words[number]> {
  return z.union([z.enum(words), z.string()]);
}

/** A field that the first documents of the format did not have. Each that is made today has it, and so has its type. */
export function added<Schema extends z.ZodType>(schema: Schema): Schema {
  return schema.exactOptional() as unknown as Schema;
}

/** Schemas of ids that programs make. A secret that is found in one by chance is not a secret there. */
export const MADE_IDS = z.registry<{ readonly isId: true }>();

/** So many lower-case hexadecimal digits. */
export function hexId<Id extends string>(digits: number): z.ZodType<Id> {
  const id = z.string().regex(new RegExp(`^[0-9a-f]{${digits}}$`), `${digits} lower-case hex digits`);
  return id.register(MADE_IDS, { isId: true }) as unknown as z.ZodType<Id>;
}

/** How many there are. */
export const count = z.int().nonnegative();

/** 0 to 1. */
export const probability = z.number().min(0).max(1).meta({ id: 'probability' });

/** Headers and the like: names with values, in order. */
export const pairs = z.array(z.tuple([z.string(), z.string()]));
