import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { JsonSplitter } from './json-splitter.ts';

interface Found {
  readonly items: { list: string; index: number; value: unknown }[];
  readonly rests: unknown[];
}

const LISTS = ['data', 'resourceSpans', 'batches', 'result.resourceSpans', 'trace.resourceSpans'] as const;

/** @param cuts where the bytes are cut, as shares of their length */
function split(text: string, cuts: readonly number[] = []): Found {
  const found: Found = { items: [], rests: [] };
  const splitter = new JsonSplitter({
    item: (json, list, index) => found.items.push({ list, index, value: JSON.parse(json.toString()) }),
    rest: (json) => found.rests.push(JSON.parse(json.toString())),
    broken: (byte) => {
      throw new Error(`broken at ${byte ?? 'the end'}`);
    },
  });
  const bytes = Buffer.from(text);
  const places = [0, ...cuts.map((cut) => Math.floor(cut * bytes.length)), bytes.length].toSorted((a, b) => a - b);
  for (const [index, place] of places.entries()) splitter.push(bytes.subarray(places[index - 1] ?? 0, place));
  splitter.end();
  return found;
}

const within = (list: (typeof LISTS)[number], items: unknown, beside: object) => {
  const [first = '', second] = list.split('.');
  return second === undefined ? { [first]: items, ...beside } : { ...beside, [first]: { a: ']', [second]: items } };
};

describe('bytes of JSON', () => {
  it('give the items of a list, and the rest of the document, wherever they are cut', () => {
    fc.assert(
      fc.property(
        fc.constantFrom(...LISTS),
        fc.array(fc.jsonValue()),
        fc.dictionary(fc.constantFrom('errors', 'b"\\', 'total', ''), fc.jsonValue()),
        fc.array(fc.double({ min: 0, max: 1, noNaN: true }), { maxLength: 5 }),
        fc.constantFrom(0, 1, 3),
        (list, items, beside, cuts, indent) => {
          const plain = JSON.parse(JSON.stringify(items)) as unknown[];
          const found = split(JSON.stringify(within(list, items, beside), null, indent), cuts);
          expect(found.items).toEqual(plain.map((value, index) => ({ list, index, value })));
          expect(found.rests).toEqual([JSON.parse(JSON.stringify(within(list, [], beside)))]);
        },
      ),
    );
  });

  it('are a list of items, or several documents one after another', () => {
    expect(split('[{"a":1}, [2], 3,"x\\"]",null]')).toEqual({
      items: [{ a: 1 }, [2], 3, 'x"]', null].map((value, index) => ({ list: '', index, value })),
      rests: [[]],
    });
    expect(split('{"data":[1]}{"data":[2]}\n[3]\n{"spans":[4]} 5', [0.2, 0.5, 0.9])).toEqual({
      items: [
        { list: 'data', index: 0, value: 1 },
        { list: 'data', index: 0, value: 2 },
        { list: '', index: 0, value: 3 },
      ],
      rests: [{ data: [] }, { data: [] }, [], { spans: [4] }, 5],
    });
    expect(split('{"other":{"data":[1]},"data":{"spans":[2]}}').items).toEqual([]);
  });

  it.each([
    '[1,,2]',
    '[,1]',
    '[1,]',
    '[1 2]',
    '["a""b"]',
    '{"data":[1,',
    '{"data":[{"a":"',
    ']',
    '[{}{}]',
    '{"data":[1',
  ])('are refused where something is wrong between items: %s', (text) => {
    expect(() => split(text, [0.5])).toThrow(/broken|JSON/);
  });

  it('of any text are split or refused', () => {
    fc.assert(
      fc.property(
        fc.string({ unit: fc.constantFrom(...'{}[]",:\\ 1a') }),
        fc.double({ min: 0, max: 1, noNaN: true }),
        (text, cut) => {
          const outcome = (cuts: readonly number[]) => {
            try {
              return split(text, cuts);
            } catch (error) {
              return error instanceof SyntaxError || /broken/.test(String(error)) ? 'refused' : error;
            }
          };
          expect(outcome([cut])).toEqual(outcome([]));
          if (outcome([]) === 'refused') expect(() => JSON.parse(text)).toThrow();
        },
      ),
    );
  });
});
