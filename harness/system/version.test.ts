import { readFileSync } from 'node:fs';
import { expect, it } from 'vitest';
import { HOPCHECK_VERSION } from './version.ts';

it('HOPCHECK_VERSION is the version of the package', () => {
  const { version } = JSON.parse(readFileSync(new URL('../../package.json', import.meta.url), 'utf8')) as {
    version: string;
  };
  expect(HOPCHECK_VERSION).toBe(version);
});
