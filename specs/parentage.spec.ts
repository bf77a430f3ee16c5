import { expect, test } from '../harness/vitest/index.ts';

test('every trace has one entry, and every other span its parent', ({ judged }) => {
  expect(judged('parentage')).toHold('parentage');
});
