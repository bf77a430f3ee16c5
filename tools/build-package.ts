import { spawnSync } from 'node:child_process';
import { chmodSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { dirname, join, resolve } from 'node:path';
import { build, type Plugin } from 'esbuild';

// npm run build: what the package consists of, in dist/. `npm pack` runs it first.
//
// The JavaScript is bundled, because hundreds of small modules take most of the time that a command needs to start; what a
// command loads only when it is used stays a separate file. Dependencies stay packages. The types are tsc's.

/** A relative import of a module, without its `.ts`. */
const RELATIVE = /(?:from |import |import\()["'](\.{1,2}\/[^"']+)\.ts["']/g;

const root = resolve(import.meta.dirname, '..');
const dist = join(root, 'dist');
const { exports: EXPORTS } = JSON.parse(readFileSync(join(root, 'package.json'), 'utf8')) as {
  readonly exports: Readonly<Record<string, string | { readonly types: string }>>;
};

/** What the package exports, and what `hopcheck` starts. The keys are file names in dist/. */
const ENTRIES = {
  start: 'harness/cli/start.ts',
  index: 'harness/public/index.ts',
  vitest: 'harness/vitest/index.ts',
  'vitest-setup': 'harness/vitest/setup.ts',
  contract: 'harness/vitest/contract.ts',
  config: 'harness/definition/define-config.ts',
  // The threads that harness/import/trace-workers.ts, harness/capture/line-thread.ts and harness/capture/piece-workers.ts start.
  'trace-worker': 'harness/import/trace-worker.ts',
  'line-worker': 'harness/capture/line-worker.ts',
  'piece-worker': 'harness/capture/piece-worker.ts',
} as const;

/** The engines of real parts come with a checkout only: `lab --engine envoy` says so (harness/cli/lab/start-lab.ts). */
const checkoutOnly: Plugin = {
  name: 'checkout-only',
  setup: ({ onResolve }) => {
    onResolve({ filter: /\/fixtures\// }, ({ path }) => ({ path, external: true }));
  },
};

rmSync(dist, { recursive: true, force: true });
await build({
  absWorkingDir: root,
  entryPoints: ENTRIES,
  outdir: dist,
  bundle: true,
  splitting: true,
  format: 'esm',
  platform: 'node',
  target: 'node22',
  packages: 'external',
  legalComments: 'none',
  logLevel: 'warning',
  plugins: [checkoutOnly],
});
chmodSync(join(dist, 'start.js'), 0o755);

const types = spawnSync(join(root, 'node_modules/.bin/tsc'), ['-p', 'tsconfig.package.json'], {
  cwd: root,
  stdio: 'inherit',
});
if (types.status !== 0) process.exit(types.status ?? 1);
const kept = new Set<string>();
for (const entry of Object.values(EXPORTS)) if (typeof entry === 'object') keep(resolve(root, entry.types));
for (const name of readdirSync(join(dist, 'types'), { recursive: true, encoding: 'utf8' }))
  if (name.endsWith('.d.ts') && !kept.has(join(dist, 'types', name))) rmSync(join(dist, 'types', name));

/**
 * Keeps a declaration and what it imports; of the rest nothing can be seen from outside. Declarations keep the `.ts` of
 * their imports, which a reader without `allowImportingTsExtensions` may not have.
 */
function keep(path: string): void {
  if (kept.has(path)) return;
  kept.add(path);
  const text = readFileSync(path, 'utf8');
  for (const [, imported = ''] of text.matchAll(RELATIVE)) keep(resolve(dirname(path), `${imported}.d.ts`));
  // TypeScript 7 takes no types of Node by itself.
  const node = /import\("(?:node:)?url"\)/.test(text) ? '/// <reference types="node" />\n' : '';
  // Schemas are nested deeply: indentation is a third of what the declarations weigh.
  const flat = text.replaceAll(/^ +(?!\*)/gm, '');
  writeFileSync(path, node + flat.replaceAll(RELATIVE, (whole) => whole.replace(/\.ts(["'])$/, '.js$1')));
}
