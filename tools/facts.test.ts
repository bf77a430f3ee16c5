import { readdirSync, readFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { describe, expect, it } from 'vitest';
import { CODES } from '../harness/model/codes.ts';

const ROOT = resolve(import.meta.dirname, '..');
const FOLDER = join(ROOT, 'docs/facts');
/** The first line of a section says how its facts were established (docs/facts/README.md). */
const EVIDENCE = /^\*(?:Seen|Read|Documented|Reported|Inferred)\b.*\*$/;

const sectionsOf = (page: string) =>
  page
    .split(/^## /m)
    .slice(1)
    .map((section) => section.split('\n').filter((line) => line.trim() !== ''));

describe('docs/facts', () => {
  const pages = readdirSync(FOLDER).filter((name) => name !== 'README.md');

  it.each(pages)('%s shows in each section how its facts were established', (name) => {
    const sections = sectionsOf(readFileSync(join(FOLDER, name), 'utf8'));
    expect(sections.length).toBeGreaterThan(1);
    const silent = sections.filter(([, first = '']) => !EVIDENCE.test(first)).map(([title]) => title);
    expect(silent).toEqual([]);
  });

  it('has a row in its index for each page', () => {
    const index = readFileSync(join(FOLDER, 'README.md'), 'utf8');
    for (const name of pages) expect(index).toContain(`| [${name}](${name}) |`);
  });

  it('names finding codes that exist', () => {
    const named = pages.flatMap((name) => readFileSync(join(FOLDER, name), 'utf8').match(/\bHC\d{3}\b/g) ?? []);
    expect(named.length).toBeGreaterThan(20);
    expect(named.filter((code) => !Object.hasOwn(CODES, code))).toEqual([]);
  });

  it('are checked by a pattern that finds a section without evidence', () => {
    const [first, second] = sectionsOf('# Page\n\n## A\n\n*Seen on x.*\n\nfact\n\n## B\n\nfact\n');
    expect({ first: EVIDENCE.test(first?.[1] ?? ''), second: EVIDENCE.test(second?.[1] ?? '') }).toEqual({
      first: true,
      second: false,
    });
  });
});
