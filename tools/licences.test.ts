import { readFileSync } from 'node:fs';
import { resolve } from 'node:path';
import { expect, it } from 'vitest';
import { type Lock, licencesOf } from './licences.ts';

const lock = JSON.parse(readFileSync(resolve(import.meta.dirname, '../package-lock.json'), 'utf8')) as Lock;
const withPackage = (name: string, license: string | undefined, dev: boolean): Lock => ({
  packages: { [`node_modules/${name}`]: { ...(license !== undefined && { license }), dev } },
});

it('every installed package has a permissive licence, or an exception with its reason', () => {
  expect(licencesOf(lock).length).toBeGreaterThan(100);
});

it.each([
  [
    'a copyleft licence',
    { given: withPackage('left', 'GPL-3.0-only', true), message: 'left: licence GPL-3.0-only; expected' },
  ],
  [
    'a package without a licence',
    { given: withPackage('quiet', undefined, false), message: 'quiet: licence none stated, used at run time' },
  ],
  [
    'an exception that would run against a mesh',
    { given: withPackage('axe-core', 'MPL-2.0', false), message: 'used at run time' },
  ],
  ['an exception under another licence', { given: withPackage('axe-core', 'AGPL-3.0', true), message: 'AGPL-3.0' }],
])('refuses %s', (_what, { given, message }) => {
  expect(() => licencesOf(given)).toThrow(message);
});

it('reads packages inside other packages and in scopes', () => {
  expect(licencesOf(withPackage('a/node_modules/@b/c', 'MIT', false))).toEqual([
    { name: '@b/c', licence: 'MIT', dev: false },
  ]);
});
