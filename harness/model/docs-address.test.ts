import { existsSync, readFileSync } from 'node:fs';
import { resolve } from 'node:path';
import { expect, it } from 'vitest';
import { CODES } from './codes.ts';
import { DOCS_ADDRESS, docsPage } from './docs-address.ts';

const ROOT = resolve(import.meta.dirname, '../..');
const { version, repository, homepage } = JSON.parse(readFileSync(resolve(ROOT, 'package.json'), 'utf8')) as {
  readonly version: string;
  readonly repository?: string | { readonly url: string };
  readonly homepage?: string;
};

it('is of this version, and of the repository in package.json; both are set together', () => {
  const url = typeof repository === 'string' ? repository : repository?.url;
  const place = url?.replace(/^git\+/, '').replace(/\.git$/, '') ?? homepage;
  expect({ isSet: DOCS_ADDRESS !== undefined }).toEqual({ isSet: place !== undefined });
  expect(DOCS_ADDRESS ?? `${place}/blob/v${version}`).toBe(`${place}/blob/v${version}`);
});

it('leads to pages that are there: absolute with an address, by their path without', () => {
  const path = 'docs/codes/HC501.md';
  expect(docsPage(path, 'https://example.org/hopcheck/v1')).toBe('https://example.org/hopcheck/v1/docs/codes/HC501.md');
  expect(docsPage(path, undefined)).toBe(DOCS_ADDRESS === undefined ? path : docsPage(path));
  for (const code of Object.keys(CODES)) expect(existsSync(resolve(ROOT, `docs/codes/${code}.md`)), code).toBe(true);
});
