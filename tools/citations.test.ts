import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join, resolve } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { checkCitations, headingsOf } from './citations.ts';

it('every citation, link and image of this repository leads somewhere', () => {
  const { files, followed, broken } = checkCitations(resolve(import.meta.dirname, '..'));
  expect(files).toBeGreaterThan(600);
  expect(followed).toBeGreaterThan(500);
  expect(broken.map(({ file, line, citation, why }) => `${file}:${line}: ${citation}: ${why}`)).toEqual([]);
});

describe('checkCitations', () => {
  let root: string;
  const plant = (path: string, text: string) => {
    mkdirSync(dirname(join(root, path)), { recursive: true });
    writeFileSync(join(root, path), text);
  };
  beforeEach(() => {
    root = mkdtempSync(join(tmpdir(), 'citations-'));
    plant('docs/rules.md', '# Rules\n\n## Rule 1\n\n```\n## Not one\n```\n');
    plant('docs/images/a.png', '');
    plant('harness/a.ts', '');
  });
  afterEach(() => rmSync(root, { recursive: true }));

  it.each([
    ['harness/a.ts', '/** Never (docs/rules.md#rule-1). */'],
    ['harness/a.ts', ' * (docs/rules.md#rules,\n * #rule-1)'],
    ['harness/a.ts', '// RFC 9110 §5.1, §5.5, and W3C Trace Context\n * §3.2.2.3'],
    ['harness/a.ts', ['const page = `docs/codes/$', '{code}.md`; // docs/codes/*.md'].join('')],
    [
      'README.md',
      '[rule](docs/rules.md#rule-1) ![a](docs/images/a.png) <img src="docs/images/a.png"> [x](https://a/b.md)',
    ],
    ['docs/b.md', '[rule](rules.md#rule-1), [up](../README.md), [here](#own)\n\n## Own\n'],
    ['docs/b.md', '`harness/a.ts`, `harness/<name>.ts`, `[x](nowhere.md)`'],
  ])('follows in %s the citation %s', (path, text) => {
    plant('README.md', '');
    plant(path, text);
    expect(checkCitations(root).broken).toEqual([]);
  });

  it.each([
    { path: 'harness/a.ts', text: '/** (docs/gone.md) */', why: 'there is no docs/gone.md' },
    {
      path: 'harness/a.ts',
      text: '/** (docs/rules.md#rule-9) */',
      why: 'docs/rules.md has no heading #rule-9; it has rules, rule-1',
    },
    { path: 'harness/a.ts', text: '/** (docs/rules.md#not-one) */', why: 'has no heading #not-one' },
    { path: 'harness/a.ts', text: '// (docs/rules.md#rule-1, #rule-9)', why: 'no heading #rule-9' },
    { path: 'harness/a.ts', text: '// design §6', why: 'cite a heading' },
    { path: 'harness/a.ts', text: '// (facts/jaeger.md)', why: 'cite a heading' },
    { path: 'harness/a.ts', text: '// (jaeger-observed.md)', why: 'cite a heading' },
    { path: 'harness/a.ts', text: '// (facts.md §1.8)', why: 'cite a heading' },
    { path: 'README.md', text: '[x](docs/gone.md)', why: 'there is no docs/gone.md' },
    { path: 'docs/b.md', text: '![x](images/gone.png)', why: 'there is no docs/images/gone.png' },
    { path: 'docs/b.md', text: '[x](#gone)', why: 'docs/b.md has no heading #gone' },
    { path: 'docs/b.md', text: '<source srcset="images/gone.png">', why: 'there is no docs/images/gone.png' },
    { path: 'docs/b.md', text: 'see `harness/gone.ts`', why: 'there is no harness/gone.ts' },
  ])('reports in $path the citation $text', ({ path, text, why }) => {
    plant(path, `\n${text}\n`);
    expect(checkCitations(root).broken).toEqual([
      { file: path, line: 2, citation: expect.any(String), why: expect.stringContaining(why) },
    ]);
  });
});

describe('headingsOf', () => {
  it('makes addresses as GitHub does', () => {
    const page = '# What `--kube` finds, and\n## A [link](x.md)\n## Same\n## Same\n### Größe: 3 × 4\n';
    expect([...headingsOf(page)]).toEqual(['what---kube-finds-and', 'a-link', 'same', 'same-1', 'größe-3--4']);
  });
});
