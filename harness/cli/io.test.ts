import { expect, it } from 'vitest';
import { wantsColor } from './io.ts';

it.each([
  [true, {}, true, true],
  [false, {}, true, false],
  [true, { TERM: 'dumb' }, true, false],
  [true, { NO_COLOR: '1' }, true, false],
  [true, { NO_COLOR: '' }, true, true],
  [false, { FORCE_COLOR: '1' }, true, true],
  [false, { FORCE_COLOR: 'true', TERM: 'dumb' }, true, true],
  [true, { FORCE_COLOR: '0' }, true, false],
  [false, { FORCE_COLOR: '' }, true, false],
  [false, { FORCE_COLOR: '1', NO_COLOR: '1' }, true, false],
  [false, { FORCE_COLOR: '1' }, false, false],
])('terminal %s, %j, without --no-color %s: colours %s', (isTTY, env, flag, expected) => {
  expect(wantsColor({ isTTY, write: () => undefined, data: () => undefined }, env, flag)).toBe(expected);
});
