import { expect, test } from '../harness/vitest/index.ts';

test('the run could decide', ({ judged }) => {
  expect(judged('environment')).toHold('environment');
});
