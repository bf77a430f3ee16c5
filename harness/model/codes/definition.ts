import type { z } from 'zod';
import { fact } from '../facts/values.ts';
import type { PromiseId, Tag } from '../promises.ts';

/** What a code means, for its page in docs/codes and for hints. Codes are never reused. */
export interface CodeDefinition {
  readonly promise: PromiseId;
  /** The finding in a few words. */
  readonly title: string;
  /** What the share of a finding counts; `time`: how often it happened. Absent: it is or it is not. */
  readonly counts?: 'probe' | 'trace' | 'call' | 'attempt' | 'span' | 'time';
  readonly meaning: string;
  /** How it looks in the traces, as Jaeger or another backend shows them, or in the answer. */
  readonly looks: string;
  readonly usualCauses: readonly string[];
  readonly fix: string;
  /** Absent: those of its promise. */
  readonly tags?: readonly Tag[];
  /** Kinds of facts that this code brings along, each with its text ({@link kind}). */
  readonly kinds?: readonly CodeKind[];
}

/** A kind of fact, and the template that `reports/text/template.ts` makes its text of. */
export interface CodeKind {
  readonly schema: z.core.$ZodTypeDiscriminable;
  readonly says: string;
}

/**
 * A kind of fact whose text is so plain that it stands beside its values, and both beside their code. Any other kind is a
 * row in `harness/model/facts/`, with a function for its text in `reports/text/`.
 * @param means what the fact states, a sentence
 * @param says its text, with values in it: `{service}`, several of them with commas, `{spans span}` as `1 span` or
 *   `3 spans`, and `{rate %}` for a share of 1. It may name text, numbers and lists of text that are always there.
 * @param values zod schemas by name
 */
export function kind<const Kind extends string, const Says extends string, Values extends z.core.$ZodShape>(
  kind: Kind,
  means: string,
  says: Filled<Says, Values>,
  values: Values,
) {
  return { schema: fact(kind, means, values), says: says as Says };
}

/** The template itself, where it names only values that a text can hold; else a message, which no template is. */
type Filled<Says extends string, Values> = [Exclude<Named<Says>, Textual<Values>>] extends [never]
  ? Says
  : `${Exclude<Named<Says>, Textual<Values>>} is not a value that a text can hold`;

/** `spans` and `service` of `{spans span} of {service}`. */
type Named<Says extends string> = Says extends `${string}{${infer Place}}${infer Rest}`
  ? (Place extends `${infer Name} ${string}` ? Name : Place) | Named<Rest>
  : never;

type Textual<Values> = {
  [Name in keyof Values]: z.output<Values[Name]> extends string | number | readonly string[] ? Name : never;
}[keyof Values];
