import { spawnSync } from 'node:child_process';
import { resolve } from 'node:path';
import { installReal } from '../fixtures/envoy/install.ts';
import { InstallError } from '../fixtures/install/install-error.ts';

// npm run test:real: the same suites on real Envoy and real Jaeger. What is missing is installed first; what cannot be
// installed is a failure, never a skip.
const root = resolve(import.meta.dirname, '..');
/** Where CI wants the counts; see tools/count.ts. */
const results = process.env.HOPCHECK_TEST_RESULTS;
try {
  await installReal();
  const counting = results ? ['--reporter=default', '--reporter=json', `--outputFile.json=${results}/real.json`] : [];
  const args = ['run', '--project', 'real', ...counting, ...process.argv.slice(2)];
  console.log(`vitest ${args.join(' ')}`);
  process.exitCode =
    spawnSync(resolve(root, 'node_modules/.bin/vitest'), args, { cwd: root, stdio: 'inherit' }).status ?? 1;
} catch (error) {
  if (!(error instanceof InstallError)) throw error;
  console.error(`npm run test:real: ${error.message}`);
  process.exitCode = 1;
}
