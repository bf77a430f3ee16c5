import { appendFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Reporter, TestModule } from 'vitest/node';

/**
 * A Vitest reporter: writes each skipped test with its reason into `skips.txt` of the results folder, one line per
 * test. Vitest's JSON has no reasons. Where the call to `skip` gave none, the test's own title has to say why.
 */
export default class SkipsReporter implements Reporter {
  onTestRunEnd(modules: readonly TestModule[]): void {
    const results = process.env.HOPCHECK_TEST_RESULTS;
    if (!results) return;
    for (const module of modules)
      for (const test of module.children.allTests('skipped')) {
        const result = test.result();
        const reason = (result.state === 'skipped' ? result.note : undefined) ?? 'the reason is in its title';
        const line = `${test.fullName}: ${reason}`.replaceAll(/\s*\n\s*/g, ' ');
        appendFileSync(join(results, 'skips.txt'), `${line}\n`);
      }
  }
}
