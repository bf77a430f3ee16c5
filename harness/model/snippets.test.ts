import { expect, it } from 'vitest';
import { SNIPPETS } from './snippets.ts';

/** Columns that a terminal of 80 has beside the labels of a report. */
const ROOM = 68;

it('code to paste fits a terminal beside the labels of a report', () => {
  const lines = Object.values(SNIPPETS).flatMap(({ define }) => define.replaceAll('\t', '    ').split('\n'));
  expect(lines.filter(({ length }) => length > ROOM)).toEqual([]);
});
