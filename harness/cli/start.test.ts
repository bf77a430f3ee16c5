import { existsSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { spawnCli } from './testing/spawn-cli.ts';

describe('hopcheck', () => {
  it.each([
    ['keeps what is compiled for the next start', {}, true],
    ['keeps nothing where NODE_DISABLE_COMPILE_CACHE is set', { NODE_DISABLE_COMPILE_CACHE: '1' }, false],
  ])('%s', async (_title, env, isKept) => {
    const folder = mkdtempSync(join(tmpdir(), 'hopcheck-start-'));
    try {
      const started = spawnCli(['explain', 'HC501'], folder, { TMPDIR: folder, ...env });
      expect((await started.ended).exitCode).toBe(0);
      expect(existsSync(join(folder, 'node-compile-cache'))).toBe(isKept);
    } finally {
      rmSync(folder, { recursive: true, force: true });
    }
  });

  it('starts where nothing can be kept', async () => {
    const started = spawnCli(['explain', 'HC501'], tmpdir(), { TMPDIR: '/proc/hopcheck' });
    expect((await started.ended).exitCode).toBe(0);
  });
});
