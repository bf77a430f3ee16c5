import { installIstio } from '../fixtures/istio/install.ts';
import { removeLeftovers } from '../fixtures/istio/leftovers.ts';
import { runProject } from './vitest-project.ts';

// npm run test:istio [-- --part 3/32]: a real Istio with its own Bookinfo. A part takes eight rows of the whole product
// and what every part has; without a part, every variant is run healthy as well. The whole product is
// `npm run matrix -- --engine istio`.
await runProject({ name: 'istio', install: [() => installIstio()], lists: {} });
// The mesh ends with the process of the tests. That takes seconds, and CI would find it still running.
await removeLeftovers();
