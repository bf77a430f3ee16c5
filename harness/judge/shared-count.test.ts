import { expect, it } from 'vitest';
import { sharedCountText } from '../../reports/text/values.ts';
import { sharedCountOf } from './shared-count.ts';

it.each([
  [3, 60, '3 of 60 (1.0–13.9 %)'],
  [0, 60, '0 of 60 (0.0–6.0 %)'],
  [60, 60, '60 of 60 (94.0–100.0 %)'],
  [3, 10_000, '3 of 10000 (0.006–0.088 %)'],
  [0, 0, '0 of 0'],
])('%i of %i is written %s', (affected, of, text) => {
  expect(sharedCountText(sharedCountOf(affected, of))).toBe(text);
});
