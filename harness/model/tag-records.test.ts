import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { TagRecords } from './tag-records.ts';

const made = (records: TagRecords, pairs: readonly (readonly [string, string])[]) => {
  records.start();
  for (const [key, text] of pairs) records.add(key, text);
  return records.finish();
};
/** The first of each key, in the order of the keys. */
const plain = (pairs: readonly (readonly [string, string])[]) => {
  const first = pairs.filter(([key], index) => pairs.findIndex(([other]) => other === key) === index);
  return Object.fromEntries(first.toSorted(([a], [b]) => (a < b ? -1 : 1)));
};
const key = fc.oneof(fc.constantFrom('a', 'b', 'c', '0', '__proto__', 'constructor', 'toString', ''), fc.string());

describe('records of tags', () => {
  it('have the first text of each key, in the order of the keys, whatever came before', () => {
    const records = new TagRecords();
    fc.assert(
      fc.property(fc.array(fc.array(fc.tuple(key, fc.string())), { maxLength: 6 }), (lists) => {
        for (const pairs of lists) expect(Object.entries(made(records, pairs))).toEqual(Object.entries(plain(pairs)));
      }),
    );
  });

  it('hold for more keys than a record has room for, and for more key lists than are kept', () => {
    const records = new TagRecords();
    const many = Array.from({ length: 250 }, (_, index) => [`k${index}`, `v${index}`] as const);
    expect(made(records, many)).toEqual(plain(many));
    for (let list = 0; list < 9000; list += 1) {
      const pairs = [
        [`list${list}`, 'x'],
        ['same', `${list}`],
      ] as const;
      expect(made(records, pairs)).toEqual(plain(pairs));
    }
  });

  it('do not change one another', () => {
    const records = new TagRecords();
    const first = made(records, [['a', '1']]);
    const second = made(records, [['a', '2']]);
    expect({ first, second }).toEqual({ first: { a: '1' }, second: { a: '2' } });
  });
});
