import { expect, test } from '../harness/vitest/index.ts';

test("the mesh's own configuration allows whole traces", ({ judged }) => {
  expect(judged('configuration')).toHold('configuration');
});
