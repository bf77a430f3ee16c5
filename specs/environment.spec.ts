import { expect, test } from '../harness/vitest/index.ts';

test('the check was able to run', ({ judged }) => {
  expect(judged('environment')).toHold('environment');
});
