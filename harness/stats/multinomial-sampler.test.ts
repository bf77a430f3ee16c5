import { expect, it } from 'vitest';
import { multinomialTest } from './multinomial.ts';
import { drawMultinomial, multinomialSampler } from './multinomial-sampler.ts';
import { seededUniform } from './random.ts';

it('draws counts that sum up, in the given shares', () => {
  const sampler = multinomialSampler(1003, [0.5, 0.3, 0.2]);
  const uniform = seededUniform(7);
  const sums = [0, 0, 0];
  for (let turn = 0; turn < 200; turn += 1) {
    const counts = drawMultinomial(sampler, uniform);
    expect(counts.reduce((sum, count) => sum + count, 0)).toBe(1003);
    counts.forEach((count, cell) => {
      sums[cell] = (sums[cell] ?? 0) + count;
    });
  }
  // 200 600 trials: the standard deviation of a share is 0.11 points.
  for (const [cell, share] of [0.5, 0.3, 0.2].entries())
    expect(Math.abs((sums[cell] ?? 0) / 200_600 - share)).toBeLessThan(0.005);
});

it('draws each outcome as often as it is probable', () => {
  // Three trials in two cells, 1 : 2: the outcomes 0…3 of the first have 8, 12, 6 and 1 in 27.
  const sampler = multinomialSampler(3, [1, 2]);
  const uniform = seededUniform(11);
  const seen = [0, 0, 0, 0];
  for (let turn = 0; turn < 108; turn += 1) {
    const [first = 0] = drawMultinomial(sampler, uniform);
    seen[first] = (seen[first] ?? 0) + 1;
  }
  expect(multinomialTest(seen, [8, 12, 6, 1]).pValue).toBeGreaterThan(0.01);
});

it('accepts zero trials, and a single cell', () => {
  expect(drawMultinomial(multinomialSampler(0, [1, 1]), seededUniform(1))).toEqual([0, 0]);
  expect(drawMultinomial(multinomialSampler(5, [1]), seededUniform(1))).toEqual([5]);
});
