import { expect, test } from '../harness/vitest/index.ts';

test('every probe is answered 200 with a whole page', ({ judged }) => {
  expect(judged('ingress')).toHold('ingress');
});

test('page and trace agree on the version and the pod that made it', ({ judged }) => {
  expect(judged('ingress')).not.toHaveFinding('HC105');
});
