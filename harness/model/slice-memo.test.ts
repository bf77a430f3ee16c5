import { expect, it } from 'vitest';
import { SliceMemo } from './slice-memo.ts';

it('finds by what came before only slices that are equal, also when it has begun anew', () => {
  const memo = new SliceMemo();
  const slices: Buffer[] = [];
  let found = 0;
  // Each third slice comes for the first time, and there are more of them than it remembers. They differ in the middle.
  for (let turn = 0; turn < 3 * 70_000; turn += 1) {
    const name =
      turn % 3 === 0 ? `${'x'.repeat(turn % 7)}${turn}` : `zone-of-${turn % 3 === 1 ? 9 : Math.floor(turn / 30) % 5}`;
    const bytes = Buffer.from(`"in ${name} here":"a value"`);
    const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
    const earlier = memo.last;
    let value = memo.expectNext(view, 0);
    if (value >= 0) {
      found += 1;
      expect(memo.end).toBe(bytes.length);
    } else {
      const hash = bytes.reduce((sum, byte) => (Math.imul(sum, 31) + byte) | 0, 0);
      value = memo.find(bytes, 0, bytes.length, hash);
      if (value < 0) {
        value = slices.push(bytes) - 1;
        memo.add(bytes, 0, bytes.length, hash, value);
      }
      memo.followLast(earlier);
    }
    if (slices[value]?.equals(bytes) !== true) throw new Error(`turn ${turn}: ${slices[value]} for ${bytes}`);
  }
  expect(found).toBeGreaterThan(10_000);
});
