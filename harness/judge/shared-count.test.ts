import { expect, it } from 'vitest';
import { sharedCountText } from '../../reports/text/values.ts';
import { sharedCountOf } from './shared-count.ts';

it.each([
  { affected: 3, of: 60, text: '3 of 60 (1.0–13.9 %)' },
  { affected: 0, of: 60, text: '0 of 60 (0.0–6.0 %)' },
  { affected: 60, of: 60, text: '60 of 60 (94.0–100.0 %)' },
  { affected: 3, of: 10_000, text: '3 of 10000 (0.006–0.088 %)' },
  { affected: 0, of: 0, text: '0 of 0' },
])('$affected of $of is written $text', ({ affected, of, text }) => {
  expect(sharedCountText(sharedCountOf(affected, of))).toBe(text);
});
