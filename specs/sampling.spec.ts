import { expect, test } from '../harness/vitest/index.ts';

test('forced on is traced whole, forced off leaves nothing', ({ judged }) => {
  expect(judged('sampling')).toHold('sampling');
});
