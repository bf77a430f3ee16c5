import { expect, test } from '../harness/vitest/index.ts';

test('every version is served its share', ({ judged }) => {
  expect(judged('load-balancing')).toHold('load-balancing');
});
