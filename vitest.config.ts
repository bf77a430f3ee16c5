import { defineConfig } from 'vitest/config';
import { inPart } from './fixtures/testing/part.ts';
import { kubeFiles, nodeFiles } from './tools/kube-files.ts';

/**
 * A bare `vitest` runs `unit` and `lab`, which need nothing but Node, and `browser` where there is a Chromium. `real` installs Envoy and Jaeger, `kube`
 * builds a Kubernetes API, `node` a whole node, `istio` a real Istio, `package` packs and installs, `live` needs a mesh, so these exist only when they are asked for by name.
 */
const asked = process.argv.flatMap((arg, index, args) =>
  arg === '--project' ? [args[index + 1]] : arg.startsWith('--project=') ? [arg.slice('--project='.length)] : [],
);

const common = { restoreMocks: true, unstubEnvs: true } as const;
/** Vitest leaves one core free: on two cores a file that waits for spans would hold up all others. */
const everyCore = { maxWorkers: '100%' } as const;
/** A test or a hook waits for a whole lab, a browser or a compiler, on cores that other files use as well. It hangs only by a fault. */
const patient = { testTimeout: 600_000, hookTimeout: 600_000 } as const;

/** The labs have no cluster, so there is no configuration to judge; `live` and harness/vitest/live.kube.test.ts run it. */
const WITHOUT_CLUSTER = ['specs/configuration.spec.ts', '**/node_modules/**'];

const unit = {
  ...common,
  ...everyCore,
  ...patient,
  name: 'unit',
  include: ['{harness,specs,fixtures,reports,tools,deploy}/**/*.test.ts'],
  exclude: ['**/*.{lab,real,kube,node,istio,browser,contract,package}.test.ts', '**/node_modules/**'],
};
const lab = {
  ...common,
  ...everyCore,
  ...patient,
  name: 'lab',
  include: ['specs/*.spec.ts', '{harness,specs,fixtures,deploy}/**/*.lab.test.ts'],
  exclude: WITHOUT_CLUSTER,
  globalSetup: ['specs/setup-lab.ts'],
};
const real = {
  ...common,
  ...patient,
  name: 'real',
  include: ['specs/*.spec.ts', '{harness,specs,fixtures}/**/*.real.test.ts'],
  exclude: WITHOUT_CLUSTER,
  globalSetup: ['specs/setup-real.ts'],
  // Each of these files starts its own mesh of a dozen processes; two cores carry a few at a time.
  fileParallelism: false,
  maxConcurrency: 3,
};
const kube = {
  ...common,
  ...patient,
  name: 'kube',
  // All of them, or those of the part that is asked for.
  include: inPart(kubeFiles()),
  // Each of these files starts its own control plane, some a mesh beside it.
  fileParallelism: false,
};
const node = {
  ...common,
  ...patient,
  name: 'node',
  // All of them, or those of the part that is asked for.
  include: inPart(nodeFiles()),
  globalSetup: ['fixtures/node/images-setup.ts'],
  // One node serves all files: they run one after the other in one process, and share its modules.
  fileParallelism: false,
  isolate: false,
};
const istio = {
  ...common,
  ...patient,
  name: 'istio',
  include: ['{harness,fixtures,deploy}/**/*.istio.test.ts'],
  globalSetup: ['fixtures/istio/leftovers-setup.ts'],
  // One mesh serves all files: they run one after the other in one process, and share its modules.
  fileParallelism: false,
  isolate: false,
};
/** Services in four languages, started as processes; some are compiled first. */
const contract = {
  ...common,
  ...patient,
  name: 'contract',
  include: ['fixtures/contract/**/*.contract.test.ts'],
  fileParallelism: false,
};
/** The packed package in empty projects; npm installs what they need. */
const packaged = { ...common, ...patient, name: 'package', include: ['fixtures/package/*.package.test.ts'] };
/** Needs a Chromium (fixtures/testing/chromium.ts says where it looks); without one its tests are skipped and say so. */
const browser = {
  ...common,
  ...everyCore,
  ...patient,
  name: 'browser',
  include: ['reports/**/*.browser.test.ts'],
};
const live = {
  ...common,
  ...patient,
  name: 'live',
  include: ['specs/*.spec.ts'],
  globalSetup: ['harness/vitest/setup.ts'],
};

export default defineConfig({
  test: {
    projects: [
      { test: unit },
      { test: lab },
      { test: browser },
      ...(asked.includes('real') ? [{ test: real }] : []),
      ...(asked.includes('kube') ? [{ test: kube }] : []),
      ...(asked.includes('node') ? [{ test: node }] : []),
      ...(asked.includes('istio') ? [{ test: istio }] : []),
      ...(asked.includes('contract') ? [{ test: contract }] : []),
      ...(asked.includes('package') ? [{ test: packaged }] : []),
      ...(asked.includes('live') ? [{ test: live }] : []),
    ],
  },
});
