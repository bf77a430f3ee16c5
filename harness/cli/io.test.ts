import { expect, it } from 'vitest';
import { wantsColor } from './io.ts';

it.each([
  { isTTY: true, env: {}, flag: true, expected: true },
  { isTTY: false, env: {}, flag: true, expected: false },
  { isTTY: true, env: { TERM: 'dumb' }, flag: true, expected: false },
  { isTTY: true, env: { NO_COLOR: '1' }, flag: true, expected: false },
  { isTTY: true, env: { NO_COLOR: '' }, flag: true, expected: true },
  { isTTY: false, env: { FORCE_COLOR: '1' }, flag: true, expected: true },
  { isTTY: false, env: { FORCE_COLOR: 'true', TERM: 'dumb' }, flag: true, expected: true },
  { isTTY: true, env: { FORCE_COLOR: '0' }, flag: true, expected: false },
  { isTTY: false, env: { FORCE_COLOR: '' }, flag: true, expected: false },
  { isTTY: false, env: { FORCE_COLOR: '1', NO_COLOR: '1' }, flag: true, expected: false },
  { isTTY: false, env: { FORCE_COLOR: '1' }, flag: false, expected: false },
])('isTTY $isTTY, environment $env and colour flag $flag give colours: $expected', ({ isTTY, env, flag, expected }) => {
  expect(wantsColor({ isTTY, write: () => undefined, data: () => undefined }, env, flag)).toBe(expected);
});
