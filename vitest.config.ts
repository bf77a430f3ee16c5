import { defineConfig } from 'vitest/config';

/**
 * A bare `vitest` runs `unit` and `lab`: everything that needs nothing but Node. `real` installs Envoy and Jaeger, `kube`
 * builds a Kubernetes API, `live` needs a mesh, so these exist only when they are asked for by name.
 */
const asked = process.argv.flatMap((arg, index, args) =>
  arg === '--project' ? [args[index + 1]] : arg.startsWith('--project=') ? [arg.slice('--project='.length)] : [],
);

const common = { restoreMocks: true, unstubEnvs: true } as const;
/** One run takes a flush interval and more; a hook waits for a whole mesh. */
const slow = { testTimeout: 120_000, hookTimeout: 600_000 } as const;

const unit = {
  ...common,
  name: 'unit',
  include: ['{harness,specs,fixtures,reports,tools,deploy}/**/*.test.ts'],
  exclude: ['**/*.{lab,real,kube}.test.ts', '**/node_modules/**'],
  testTimeout: 60_000,
};
const lab = {
  ...common,
  ...slow,
  name: 'lab',
  include: ['specs/*.spec.ts', '{harness,specs,fixtures}/**/*.lab.test.ts'],
  globalSetup: ['specs/setup-lab.ts'],
};
const real = {
  ...common,
  ...slow,
  name: 'real',
  include: ['specs/*.spec.ts', '{harness,specs,fixtures}/**/*.real.test.ts'],
  globalSetup: ['specs/setup-real.ts'],
  // Each of these files starts its own mesh of a dozen processes; two cores carry one at a time.
  fileParallelism: false,
};
const kube = {
  ...common,
  ...slow,
  name: 'kube',
  include: ['{harness,fixtures,deploy}/**/*.kube.test.ts'],
  // Each of these files starts its own control plane, some a mesh beside it.
  fileParallelism: false,
};
const live = { ...common, ...slow, name: 'live', include: ['specs/*.spec.ts'], globalSetup: ['specs/setup-live.ts'] };

export default defineConfig({
  test: {
    projects: [
      { test: unit },
      { test: lab },
      ...(asked.includes('real') ? [{ test: real }] : []),
      ...(asked.includes('kube') ? [{ test: kube }] : []),
      ...(asked.includes('live') ? [{ test: live }] : []),
    ],
  },
});
