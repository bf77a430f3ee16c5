import { TURNS } from '../fixtures/istio/rows.ts';
import type { Build, Suite } from './ci/suite.ts';

// The budget of CI, and all of it: what runs, in this order, how long it may take, and what it needs. tools/ci.ts says how
// the table is used. Times are seconds on two cores.

/** Everything should have ended by then, from empty caches; the part that CI takes is chosen to fit (ci/forecast.ts). */
export const TARGET_S = 75 * 60;
/** A suite that still runs then is ended, and is a failure: two minutes later CI would end without a word. */
export const HARD_LIMIT_S = 88 * 60;

/** What comes before the first suite: system packages and `npm ci`. */
export const INSTALL_S = 60;

/** How to build what is not in the cache. The cache is by version, so that only a new version is built anew. */
export const BUILDS: readonly Build[] = [
  { id: 'real', command: ['npm', 'run', '--silent', 'setup:real'], budgetS: 420 },
  { id: 'kube', command: ['npm', 'run', '--silent', 'setup:kube'], budgetS: 900 },
  // Its kube-controller-manager is also the real Istio's.
  { id: 'node', command: ['npm', 'run', '--silent', 'setup:node'], budgetS: 900 },
  { id: 'istio', command: ['npm', 'run', '--silent', 'setup:istio'], budgetS: 720 },
  // Mostly the way of Prometheus' module, which Go takes whole for its parsers.
  { id: 'contract', command: ['npm', 'run', '--silent', 'setup:contract'], budgetS: 480 },
];

/** A new version of a dependency may change anything. */
const LOCK = 'package-lock.json';
/** What applications and faults of every lab are made of. */
const LAB = ['harness/lab/', 'harness/applications/', 'fixtures/expected/', 'fixtures/relay/', 'fixtures/testing/'];

export const SUITES: readonly Suite[] = [
  {
    id: 'test',
    title: 'npm test',
    command: ['npm', 'test'],
    ...{ parts: 1, budgetS: 360, wholeBudgetS: 360, measuredS: 283 },
    rooms: [],
    needs: [],
  },
  {
    id: 'try',
    title: 'npm run try',
    command: ['npm', 'run', '--silent', 'try'],
    ...{ parts: 1, budgetS: 60, wholeBudgetS: 60 },
    rooms: [],
    needs: [],
  },
  {
    id: 'soak-standin',
    title: 'soak on the stand-in',
    command: ['npm', 'run', '--silent', 'soak', '--', '--runs', '200'],
    ...{ parts: 1, budgetS: 40, wholeBudgetS: 40, measuredS: 29 },
    rooms: [],
    needs: [],
  },
  {
    id: 'package',
    title: 'test:package',
    command: ['npm', 'run', '--silent', 'test:package'],
    ...{ parts: 1, budgetS: 300, wholeBudgetS: 300 },
    rooms: [],
    needs: [],
  },
  {
    id: 'contract',
    title: 'npm run test:contract',
    command: ['npm', 'run', '--silent', 'test:contract'],
    ...{ parts: 1, budgetS: 300, wholeBudgetS: 300 },
    rooms: [],
    needs: ['contract'],
  },
  {
    // A part takes rows of the tables of faults; the other files run in every part.
    id: 'real',
    title: 'test:real',
    command: ['npm', 'run', '--silent', 'test:real', '--'],
    // Driver and backend go round by row with a period of five: three parts mix them, five would not.
    // The applications on Envoy take 150 of the whole, and 70 of a part.
    ...{ parts: 3, budgetS: 600, wholeBudgetS: 1050, measuredS: 904 },
    rooms: [
      ...['fixtures/envoy/', 'fixtures/applications/', 'fixtures/install/', ...LAB, LOCK],
      ...[
        '*.real.test.ts',
        'specs/setup-real.ts',
        'tools/check-real.ts',
        'tools/vitest-project.ts',
        'vitest.config.ts',
      ],
    ],
    needs: ['real'],
  },
  {
    id: 'soak-envoy',
    title: 'soak on Envoy',
    command: ['npm', 'run', '--silent', 'soak', '--', '--engine', 'envoy', '--runs', '20'],
    ...{ parts: 1, budgetS: 410, wholeBudgetS: 410, measuredS: 371 },
    rooms: [],
    needs: ['real'],
  },
  {
    // A part takes some of the files.
    id: 'kube',
    title: 'test:kube',
    command: ['npm', 'run', '--silent', 'test:kube', '--'],
    ...{ parts: 2, budgetS: 300, wholeBudgetS: 490, measuredS: 450 },
    rooms: [
      ...['deploy/', 'fixtures/kube/', 'fixtures/install/', 'harness/kube/', LOCK],
      ...['*.kube.test.ts', 'fixtures/testing/cluster-with-mesh.ts', 'fixtures/testing/sample-cluster.ts'],
      ...['tools/check-kube.ts', 'tools/kube-files.ts', 'tools/vitest-project.ts', 'vitest.config.ts'],
    ],
    needs: ['kube', 'real'],
  },
  {
    // A part takes some of the files; each part builds the image and starts a node. It is the farthest from what a change of
    // the diagnosis touches, so that it goes first on a slow machine.
    id: 'node',
    yields: true,
    title: 'test:node',
    command: ['npm', 'run', '--silent', 'test:node', '--'],
    ...{ parts: 5, budgetS: 240, wholeBudgetS: 500 },
    rooms: [
      ...['deploy/', 'fixtures/node/', 'fixtures/install/', 'fixtures/kube/install.ts', 'fixtures/kube/go/', LOCK],
      ...['*.node.test.ts', 'tools/build-image.ts', 'tools/check-node.ts', 'tools/kube-files.ts'],
    ],
    needs: ['kube', 'node'],
  },
  {
    // A part takes eight rows of the whole product (fixtures/istio/rows.ts), on one mesh that stays up. The whole has those of
    // the first part and every variant, healthy; `npm run matrix -- --engine istio` runs the product.
    id: 'istio',
    title: 'test:istio',
    command: ['npm', 'run', '--silent', 'test:istio', '--'],
    ...{ parts: TURNS, partsInWhole: [1], budgetS: 900, wholeBudgetS: 1560 },
    rooms: [
      ...['deploy/', 'fixtures/istio/', 'fixtures/install/', 'fixtures/kube/install.ts', 'fixtures/kube/go/', LOCK],
      ...['*.istio.test.ts', 'tools/check-istio.ts', 'tools/vitest-project.ts', 'vitest.config.ts'],
    ],
    needs: ['real', 'kube', 'istio'],
  },
];
