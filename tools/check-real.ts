import { installReal } from '../fixtures/envoy/install.ts';
import { installZipkin } from '../fixtures/envoy/zipkin.ts';
import { DETECTION_TABLE } from '../fixtures/expected/detection-table.ts';
import { FAULT_TABLE } from '../fixtures/expected/fault-table.ts';
import { runProject } from './vitest-project.ts';

// npm run test:real [-- --part 1/3]: the same suites on real Envoy, Jaeger and Zipkin. A part takes rows of the two tables of
// faults; the other files run in every part.
await runProject({
  name: 'real',
  install: [() => installReal(), () => installZipkin()],
  lists: { 'rows of the detection matrix': DETECTION_TABLE, 'rows of the fault table': FAULT_TABLE },
});
