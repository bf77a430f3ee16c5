import { spawnSync } from 'node:child_process';
import { resolve } from 'node:path';
import { installReal } from '../fixtures/envoy/install.ts';
import { InstallError } from '../fixtures/install/install-error.ts';
import { installKube } from '../fixtures/kube/install.ts';

// npm run test:kube: everything that needs a real Kubernetes API, and the real lab behind it. What is missing is built
// first; what cannot be built is a failure, never a skip.
const root = resolve(import.meta.dirname, '..');
/** Where CI wants the counts; see tools/count.ts. */
const results = process.env.HOPCHECK_TEST_RESULTS;
try {
  await installKube();
  await installReal();
  const counting = results ? ['--reporter=default', '--reporter=json', `--outputFile.json=${results}/kube.json`] : [];
  const args = ['run', '--project', 'kube', ...counting, ...process.argv.slice(2)];
  console.log(`vitest ${args.join(' ')}`);
  process.exitCode =
    spawnSync(resolve(root, 'node_modules/.bin/vitest'), args, { cwd: root, stdio: 'inherit' }).status ?? 1;
} catch (error) {
  if (!(error instanceof InstallError)) throw error;
  console.error(`npm run test:kube: ${error.message}`);
  process.exitCode = 1;
}
