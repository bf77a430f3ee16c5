import { expect, test } from '../harness/vitest/index.ts';

test('every expected service and hop is in every trace, and nothing else', ({ judged }) => {
  expect(judged('trace-shape')).toHold('trace-shape');
});
