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
  ])('%s: follows %s', (path, text) => {
    plant('README.md', '');
    plant(path, text);
    expect(checkCitations(root).broken).toEqual([]);
  });

  it.each([
    ['harness/a.ts', '/** (docs/gone.md) */', 'there is no docs/gone.md'],
    ['harness/a.ts', '/** (docs/rules.md#rule-9) */', 'docs/rules.md has no heading #rule-9; it has rules, rule-1'],
    ['harness/a.ts', '/** (docs/rules.md#not-one) */', 'has no heading #not-one'],
    ['harness/a.ts', '// (docs/rules.md#rule-1, #rule-9)', 'no heading #rule-9'],
    ['harness/a.ts', '// design §6', 'cite a heading'],
    ['harness/a.ts', '// (facts/jaeger.md)', 'cite a heading'],
    ['harness/a.ts', '// (jaeger-observed.md)', 'cite a heading'],
    ['harness/a.ts', '// (facts.md §1.8)', 'cite a heading'],
    ['README.md', '[x](docs/gone.md)', 'there is no docs/gone.md'],
    ['docs/b.md', '![x](images/gone.png)', 'there is no docs/images/gone.png'],
    ['docs/b.md', '[x](#gone)', 'docs/b.md has no heading #gone'],
    ['docs/b.md', '<source srcset="images/gone.png">', 'there is no docs/images/gone.png'],
    ['docs/b.md', 'see `harness/gone.ts`', 'there is no harness/gone.ts'],
  ])('%s: reports %s', (path, text, why) => {
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
