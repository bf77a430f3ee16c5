import { expect, test } from '../harness/vitest/index.ts';

test('forced on is traced whole, forced off leaves nothing', ({ judged }) => {
  expect(judged('sampling')).toHold('sampling');
});

// Judged where a rate is configured; skipped, with the reason, where none is, or where too few probes leave the decision open.
test('undecided requests are traced at the configured rate', ({ judged }) => {
  expect(judged('sampling-rate')).toHold('sampling-rate');
});
