import { describe, expect, it } from 'vitest';
import { z } from 'zod';
import { factKey } from '../../harness/model/facts/fact-key.ts';
import { type Fact, factSchema } from '../../harness/model/facts/facts.ts';
import { factText, receivedText } from './fact-text.ts';

interface Schema {
  readonly type?: string;
  readonly const?: string;
  readonly enum?: readonly string[];
  readonly properties?: Readonly<Record<string, Schema>>;
  readonly additionalProperties?: Schema | false;
  readonly required?: readonly string[];
  readonly items?: Schema;
  readonly maximum?: number;
  readonly minItems?: number;
}

/** Enough to reach each word of every enumeration, and every optional value there and not there. */
const VARIANTS = [0, 1, 2, 3, 4, 5, 6, 7];
const NUMBERS = [0, 1, 3, 5000];
const SHARES = [0, 0.0000001, 0.04, 1];

/** A value that fits the schema, another one for each variant. */
function example(schema: Schema, variant: number): unknown {
  if (schema.const !== undefined) return schema.const;
  if (schema.enum !== undefined) return schema.enum[variant % schema.enum.length];
  switch (schema.type) {
    case 'object':
      if (typeof schema.additionalProperties === 'object')
        return { v1: example(schema.additionalProperties, variant), v2: example(schema.additionalProperties, variant) };
      return Object.fromEntries(
        Object.entries(schema.properties ?? {})
          .filter(([name]) => schema.required?.includes(name) || variant % 2 === 1)
          .map(([name, value]) => [name, example(value, variant)]),
      );
    case 'array':
      return Array.from({ length: Math.max(schema.minItems ?? 0, variant % 3) }, (_, index) =>
        example(schema.items ?? {}, variant + index),
      );
    case 'boolean':
      return variant % 2 === 0;
    case 'integer':
      return NUMBERS[variant % NUMBERS.length];
    case 'number':
      return schema.maximum === 1 ? SHARES[variant % SHARES.length] : NUMBERS[variant % NUMBERS.length];
    default:
      return `word${variant}`;
  }
}

const { oneOf: kinds } = z.toJSONSchema(factSchema) as unknown as { readonly oneOf: readonly Schema[] };
const named = kinds.map((schema) => [schema.properties?.kind?.const ?? '', schema] as const);

describe('a fact', () => {
  it.each(named)('%s has a text for all that it can hold', (kind, schema) => {
    for (const variant of VARIANTS) {
      const fact = factSchema.parse(example(schema, variant)) as Fact;
      const text = factText(fact);
      expect(text, kind).not.toBe('');
      expect(text, kind).not.toMatch(/undefined|NaN|\[object|Infinity/);
      expect(text, kind).toBe(text.trim());
    }
  });

  it('has one key, whatever the order of its values', () => {
    const one: Fact = { kind: 'call-in-trace', caller: 'reviews', callee: 'ratings' };
    const same: Fact = { callee: 'ratings', caller: 'reviews', kind: 'call-in-trace' };
    expect(factKey(same)).toBe(factKey(one));
    expect(factKey({ ...one, callee: 'details' })).not.toBe(factKey(one));
  });

  it('of a value that is absent has the key of one without it', () => {
    expect(factKey({ kind: 'no-answer', error: undefined })).toBe(factKey({ kind: 'no-answer' }));
  });
});

describe('the wanted words', () => {
  const lost = { kind: 'context-harmed', how: 'context-dropped', requestId: 'lost' } as const;
  const pods = { kind: 'no-server-span' } as const;
  it.each([
    [
      { kind: 'same-trace', caller: 'reviews', callee: 'ratings' },
      'the call to ratings in the same trace, under reviews',
    ],
    [
      { ...lost, checked: { calls: 6, of: 50 } },
      'it starts a new trace; x-request-id is lost as well (hopcheck looked up 6 of these 50 calls)',
    ],
    [
      { ...lost, rate: { affected: 3, of: 60, low: 0.0104, high: 0.1392 } },
      'it starts a new trace; x-request-id is lost as well; on 3 of 60 calls (1.0–13.9 %)',
    ],
    [{ ...pods, answer: { status: 0, flags: ['DC'] } }, 'none; no answer: the caller gave up (DC)'],
    [{ ...pods, answer: { status: 503, flags: ['UH'] } }, 'none; the call was answered 503: no healthy endpoint (UH)'],
    [
      { ...pods, answer: { status: 200, grpcStatus: 14, flags: ['UH'] } },
      'none; the call was answered with gRPC status 14 UNAVAILABLE: no healthy endpoint (UH)',
    ],
    [
      { ...pods, answer: { status: 200, grpcStatus: 77, flags: [] } },
      'none; the call was answered with gRPC status 77',
    ],
    [
      { kind: 'fault-injected', effect: 'aborted', answer: { status: 503, flags: ['FI'] } },
      'aborted by a fault injection rule; the call was answered 503',
    ],
    [
      { kind: 'gateway-format', format: 'b3' },
      'remove --format to detect it automatically, or set it to the format the gateway uses: it traces these requests, and does not read b3',
    ],
  ] satisfies (readonly [Fact, string])[])('%j', (fact, text) => {
    expect(factText(fact)).toBe(text);
  });

  it('say how many things differ from the most common one', () => {
    const facts = { expected: { kind: 'one-call' }, received: { kind: 'no-call' } } as const;
    expect(receivedText({ ...facts, others: 1 })).toBe('no such call in the trace (1 other differs in detail)');
    expect(receivedText({ ...facts, others: 3 })).toBe('no such call in the trace (3 others differ in detail)');
  });
});
