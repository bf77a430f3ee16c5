import { expect, test } from '../harness/vitest/index.ts';

test('every hop passes the trace context on, and the x-request-id with it', ({ judged }) => {
  expect(judged('propagation')).toHold('propagation');
});
