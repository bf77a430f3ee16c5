import { spawnSync } from 'node:child_process';
import { resolve } from 'node:path';
import { InstallError } from '../fixtures/install/install-error.ts';
import { installIstio } from '../fixtures/istio/install.ts';

// npm run test:istio: the shared suites and the variants on a real Istio with its own Bookinfo. What is missing is
// installed first; what cannot be installed is a failure, never a skip.
const root = resolve(import.meta.dirname, '..');
try {
  await installIstio();
  const args = ['run', '--project', 'istio', ...process.argv.slice(2)];
  console.log(`vitest ${args.join(' ')}`);
  process.exitCode =
    spawnSync(resolve(root, 'node_modules/.bin/vitest'), args, { cwd: root, stdio: 'inherit' }).status ?? 1;
} catch (error) {
  if (!(error instanceof InstallError)) throw error;
  console.error(`npm run test:istio: ${error.message}`);
  process.exitCode = 1;
}
