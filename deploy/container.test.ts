import { existsSync, readFileSync } from 'node:fs';
import { builtinModules } from 'node:module';
import { dirname, join, relative, resolve } from 'node:path';
import { describe, expect, it } from 'vitest';
import { DEPLOY } from './testing.ts';

const ROOT = resolve(DEPLOY, '..');
const dockerfile = readFileSync(join(DEPLOY, 'Dockerfile'), 'utf8');
const ignored = readFileSync(join(DEPLOY, 'Dockerfile.dockerignore'), 'utf8').split('\n').filter(Boolean);
const copied = [...dockerfile.matchAll(/^COPY (\w+) \.\/\1$/gm)].map(([, folder = '']) => folder);
const IMPORT = /(?:\bfrom\s*|\bimport\s*\(\s*|\bimport\s+)(['"])([^'"\n]+)\1/g;

/** What only a checkout has, and the command loads only when asked for it (harness/cli/lab/start-lab.ts). */
const CHECKOUT_ONLY = resolve(ROOT, 'fixtures');

/** Everything that the command may load, however late, but for that. */
function reachable(from: string): { files: Set<string>; packages: Set<string> } {
  const files = new Set<string>();
  const packages = new Set<string>();
  const queue = [from];
  for (let file = queue.pop(); file !== undefined; file = queue.pop()) {
    if (files.has(file)) continue;
    files.add(file);
    for (const [, , target = ''] of readFileSync(file, 'utf8').matchAll(IMPORT)) {
      if (target.startsWith('.')) {
        const path = resolve(dirname(file), target);
        if (!path.startsWith(CHECKOUT_ONLY)) queue.push(path);
      } else if (!target.startsWith('node:') && !builtinModules.includes(target))
        packages.add(
          target
            .split('/')
            .slice(0, target.startsWith('@') ? 2 : 1)
            .join('/'),
        );
    }
  }
  return { files, packages };
}

describe('the image (its recipe: no container can be built here)', () => {
  const { files, packages } = reachable(join(ROOT, 'harness/cli/bin.ts'));

  it('holds every module that the command may load', () => {
    expect(files.size).toBeGreaterThan(100);
    const missing = [...files]
      .map((file) => relative(ROOT, file))
      .filter((path) => !copied.includes(path.split('/')[0] ?? ''));
    expect(missing.filter((path) => path !== 'package.json')).toEqual([]);
    expect([...files].filter((file) => /\.test\.ts$|\/golden\/|harness\/cli\/testing\//.test(file))).toEqual([]);
  });

  it('holds every package that the modules need, and leaves out packages for development', () => {
    const { dependencies, devDependencies } = JSON.parse(readFileSync(join(ROOT, 'package.json'), 'utf8'));
    expect(Object.keys(dependencies)).toEqual(expect.arrayContaining([...packages]));
    expect([...packages].filter((name) => name in devDependencies)).toEqual([]);
    expect(dockerfile).toContain('npm ci --omit=dev');
  });

  it('copies only folders that exist, and .dockerignore lets them through', () => {
    for (const folder of [...copied, 'package.json', 'package-lock.json']) {
      expect({ folder, exists: existsSync(join(ROOT, folder)) }).toEqual({ folder, exists: true });
      expect(ignored).toContain(`!${folder}`);
    }
  });

  it('starts the command itself, as a user that is not root', () => {
    expect(dockerfile).toContain('\nENTRYPOINT ["node", "/hopcheck/harness/cli/bin.ts"]\n');
    expect(dockerfile).toMatch(/\nUSER 1000:1000\n/);
  });
});
