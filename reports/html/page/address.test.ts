import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { NO_FILTER, readAddress, writeAddress } from './address.ts';

describe('the address of a trace', () => {
  it('is short where nothing is narrowed', () => {
    expect(writeAddress({ probe: 'p012', filter: NO_FILTER })).toBe('#trace-p012');
    expect(writeAddress({ filter: { ...NO_FILTER, state: 'broken' } })).toBe('#traces&state=broken');
  });

  it('is read as it was written, whatever is looked for', () => {
    const text = fc.string({ maxLength: 20 });
    fc.assert(
      fc.property(fc.record({ text, state: text, version: text, sort: text }), fc.nat(9999), (filter, n) => {
        const address = { probe: `p${n}`, filter };
        const written = new URL(`file:///report.html${writeAddress(address)}`);
        const wellFormed = Object.fromEntries(
          Object.entries(filter).map(([name, value]) => [name, value.toWellFormed()]),
        );
        expect(readAddress(written.hash)).toEqual({ ...address, filter: wellFormed });
      }),
    );
  });

  it('is not any other part of the page', () => {
    for (const hash of ['', '#map', '#HC501-reviews-ratings', '#trace']) expect(readAddress(hash)).toBeUndefined();
  });
});
