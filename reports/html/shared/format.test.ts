import { describe, expect, it } from 'vitest';
import { count, duration, grouped, percent, roundDuration, shortened, slug } from './format.ts';

describe('numbers in words', () => {
  it.each([
    [0, '0\u00a0µs'],
    [999, '999\u00a0µs'],
    [1000, '1.00\u00a0ms'],
    [12_345, '12.3\u00a0ms'],
    [999_499, '999\u00a0ms'],
    [1_250_000, '1.25\u00a0s'],
    [-1500, '-1.50\u00a0ms'],
  ])('show %i µs as %s', (micros, text) => {
    expect(duration(micros)).toBe(text);
  });

  it('show no more digits than a round number has', () => {
    expect(['30\u00a0ms', '1.50\u00a0s', '700\u00a0µs']).toEqual([30_000, 1_500_000, 700].map(roundDuration));
  });

  it('groups thousands and counts in singular and plural', () => {
    expect(grouped(1_234_567)).toBe('1\u202f234\u202f567');
    expect(count(1, 'trace')).toBe('1 trace');
    expect(count(0, 'trace')).toBe('0 traces');
  });

  it.each([
    [0, '0\u00a0%'],
    [0.333, '33\u00a0%'],
    [0.004, '0.4\u00a0%'],
    [1, '100\u00a0%'],
  ])('show %f as %s', (share, text) => {
    expect(percent(share)).toBe(text);
  });
});

it('slug makes ids of letters, digits and hyphens only', () => {
  expect(slug('reviews.bookinfo "v2" <b>')).toBe('reviews-bookinfo-v2-b');
  expect(slug('\u202e!')).toBe('');
});

it('shortened cuts long names in their middle', () => {
  expect(shortened('istio-ingressgateway', 30)).toBe('istio-ingressgateway');
  expect(shortened('a-very-long-name-of-a-service', 12)).toBe('a-very-…vice');
});
