import { describe, expect, it } from 'vitest';
import { compareReports } from '../harness/compare/compare-reports.ts';
import { renderComparison } from './compare.ts';
import { renderComparisonPage } from './html/compare.ts';
import { asRead, flat, sample } from './testing.ts';

const PAIRS = [
  ['pass', 'fail-dropped'],
  ['fail-dropped', 'pass'],
  ['fail-dropped', 'fail-dropped'],
  ['pass', 'hostile'],
] as const;

describe.each(PAIRS)('%s and %s', (before, after) => {
  const comparison = compareReports(sample(before), sample(after));
  const text = renderComparison(comparison, { color: false });

  it('reads as its golden file, in lines that fit', async () => {
    await expect(text).toMatchFileSnapshot(`golden/compare-${before}-${after}.txt`);
    expect(text.split('\n').filter((line) => line.length > 80)).toEqual([]);
  });

  it('says the same on the page as in the terminal', () => {
    const page = flat(asRead(renderComparisonPage(comparison)));
    for (const line of ['SAME', 'DIFFERS']) expect(page.includes(line)).toBe(text.includes(line));
    const said = flat(text).replace(/ [+~-] /g, ' ');
    for (const { finding } of comparison.findings.filter(({ state }) => state !== 'known')) {
      expect({ page: page.includes(finding.code), text: said.includes(finding.code) }).toEqual({
        page: true,
        text: true,
      });
    }
  });
});

it('holds no control character and no markup of others', () => {
  const comparison = compareReports(sample('pass'), sample('hostile'));
  const controls = [...renderComparison(comparison, { color: false })].filter((one) => one < ' ' && one !== '\n');
  expect(controls).toEqual([]);
  expect(renderComparisonPage(comparison)).not.toMatch(/<script|<img|onerror/);
});
