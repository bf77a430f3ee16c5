import { expect, it } from 'vitest';
import { byChance } from './numbers.ts';

it.each([
  [0, 'less than once in a million runs'],
  [7e-16, 'less than once in a million runs'],
  [1e-6, 'once in 1 000 000 runs'],
  [2.9e-6, 'once in 340 000 runs'],
  [0.00333, 'once in 300 runs'],
  [0.0042, 'once in 240 runs'],
  [0.0999, 'in 10 % of runs'],
  [0.296, 'in 30 % of runs'],
  [1, 'in 100 % of runs'],
])('writes %f as "%s"', (probability, text) => expect(byChance(probability)).toBe(text));
