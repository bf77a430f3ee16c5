import { installNode } from '../fixtures/node/install.ts';
import { nodeFiles } from './kube-files.ts';
import { runProject } from './vitest-project.ts';

// npm run test:node [-- --part 1/5]: the project's image on a real kubelet. A part takes some of the files.
await runProject({ name: 'node', install: [() => installNode()], lists: { files: nodeFiles() } });
