import { installContract } from '../fixtures/contract/install.ts';
import { runProject } from './vitest-project.ts';

// npm run test:contract: services in Node, Python, Go and Java, right and wrong ones, under hopcheck contract.
await runProject({ name: 'contract', install: [() => installContract()], lists: {} });
