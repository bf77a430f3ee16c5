import { readFileSync } from 'node:fs';
import { builtinModules } from 'node:module';
import { dirname, join, resolve } from 'node:path';
import { expect, it } from 'vitest';
import { DEPLOY, plainFile } from './testing.ts';

const ROOT = resolve(DEPLOY, '..');
const IMPORT = /(?:\bfrom\s+|\bimport\s*\(\s*|\bimport\s+)(['"])([^'"\n]+)\1/g;

/** What only a checkout has, and the command loads only when asked for it (harness/cli/lab/start-lab.ts). */
const CHECKOUT_ONLY = resolve(ROOT, 'fixtures');

/** Every package that the command may load, however late, but for that. */
function packagesOf(from: string): ReadonlySet<string> {
  const files = new Set([from]);
  const packages = new Set<string>();
  // Grows while it is gone through: a set gives what is added on the way.
  for (const file of files) {
    for (const [, , target = ''] of readFileSync(file, 'utf8').matchAll(IMPORT)) {
      if (target === 'hopcheck/vitest' || target.startsWith('vitest')) continue; // in what `hopcheck init` writes
      if (target.startsWith('.')) {
        const path = resolve(dirname(file), target);
        if (!path.startsWith(CHECKOUT_ONLY)) files.add(path);
      } else if (!target.startsWith('node:') && !builtinModules.includes(target))
        packages.add(
          target
            .split('/')
            .slice(0, target.startsWith('@') ? 2 : 1)
            .join('/'),
        );
    }
  }
  return packages;
}

// The image itself is built and run by `npm run test:package` (fixtures/package/image-suite.ts).
it('needs no package that the image leaves out', () => {
  const { dependencies, devDependencies } = JSON.parse(readFileSync(join(ROOT, 'package.json'), 'utf8'));
  const packages = packagesOf(join(ROOT, 'harness/cli/bin.ts'));
  expect(packages.size).toBeGreaterThan(5);
  expect(Object.keys(dependencies)).toEqual(expect.arrayContaining([...packages]));
  expect([...packages].filter((name) => name in devDependencies)).toEqual([]);
});

it('runs as the user that the manifests name, and by the entrypoint of the image', () => {
  const [, user] = /^const USER = '(\d+):\1';$/m.exec(readFileSync(join(ROOT, 'tools/build-image.ts'), 'utf8')) ?? [];
  for (const name of ['gate', 'smoke'] as const) {
    const manifest = readFileSync(plainFile(name), 'utf8');
    expect(manifest).toContain(`runAsUser: ${user}\n`);
    expect(manifest).toContain('image: hopcheck:0.1.0');
    expect(manifest).not.toContain('command:');
  }
});
