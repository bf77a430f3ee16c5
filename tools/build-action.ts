import { copyFileSync, mkdirSync, mkdtempSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { build } from 'esbuild';

// npm run build:action -- FOLDER: the GitHub Action as the runner takes it, action.yml and its JavaScript with all packages.
// Without a folder it goes to a temporary one, whose name is printed. Nothing of it is kept in the repository.

const root = resolve(import.meta.dirname, '..');
const folder = resolve(process.argv[2] ?? mkdtempSync(join(tmpdir(), 'hopcheck-action-')));
mkdirSync(folder, { recursive: true });
await build({
  absWorkingDir: root,
  entryPoints: { index: 'harness/cli/action.ts' },
  outdir: folder,
  bundle: true,
  splitting: true,
  format: 'esm',
  platform: 'node',
  target: 'node24',
  legalComments: 'linked',
  logLevel: 'warning',
  // Packages of CommonJS ask for Node's own modules.
  banner: {
    js: "import { createRequire as requireOf } from 'node:module'; const require = requireOf(import.meta.url);",
  },
  plugins: [
    {
      name: 'checkout-only',
      setup: ({ onResolve }) => onResolve({ filter: /\/fixtures\// }, ({ path }) => ({ path, external: true })),
    },
  ],
});
writeFileSync(join(folder, 'package.json'), '{"type": "module"}\n');
copyFileSync(join(root, 'deploy/pipelines/github/action.yml'), join(folder, 'action.yml'));
console.log(folder);
