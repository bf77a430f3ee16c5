import { runProject } from './vitest-project.ts';

// npm run test:package: the package as a user gets it, in empty projects on the Nodes, Vitests and TypeScripts that it
// supports. Everything comes from the npm registry.
await runProject({ name: 'package', install: [], lists: {} });
