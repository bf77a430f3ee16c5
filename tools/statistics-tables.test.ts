import { readFileSync } from 'node:fs';
import { resolve } from 'node:path';
import { describe, expect, it } from 'vitest';
import { blockOf, powerTables, withBlock } from './statistics-tables.ts';

const page = readFileSync(resolve(import.meta.dirname, '../docs/statistics.md'), 'utf8');

describe('docs/statistics.md', () => {
  it('has the figures that the code computes (npm run simulate writes them)', () => {
    expect(blockOf(page, 'computed')).toBe(powerTables());
  });

  it('has the simulated tables, with their date', () => {
    for (const name of ['simulated', 'runs'])
      expect(blockOf(page, name)).toMatch(/^Written on \d{4}-\d\d-\d\d by `npm run simulate/);
  });

  it('has the figures of the issue: 1 in 20, 60 probes', () => {
    expect(blockOf(page, 'computed')).toContain('| 60 | 100 % | 98 % | 95 % | 87 % |');
  });
});

it('a missing block is an error', () => {
  expect(() => withBlock('no block', 'computed', 'x')).toThrow('expected <!-- computed: begin -->');
});
