import { installReal } from '../fixtures/envoy/install.ts';
import { installKube } from '../fixtures/kube/install.ts';
import { kubeFiles } from './kube-files.ts';
import { runProject } from './vitest-project.ts';

// npm run test:kube [-- --part 1/2]: everything that needs a real Kubernetes API, and the real lab behind it. A part takes
// some of the files, which differ in length.
await runProject({
  name: 'kube',
  install: [() => installKube(), () => installReal()],
  lists: { files: kubeFiles() },
});
