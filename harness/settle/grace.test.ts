import { describe, expect, it } from 'vitest';
import { ENVOY_FLUSH_MS, MARGIN_MS } from '../model/limits.ts';
import { graceMs, lackGraceMs } from './grace.ts';

describe('the grace time', () => {
  it.each([
    ['the flush', 5000, undefined, 5000],
    ['a longer lag', 5000, 7000, 7000],
    ["Envoy's flush where a lag disproves a shorter one", 1000, 1200, ENVOY_FLUSH_MS],
    ['the lag of a lab, where a busy machine makes it', 100, 700, 700],
  ])('goes by %s', (_what, flush, lag, expected) => {
    expect(graceMs(flush, lag)).toBe(expected + MARGIN_MS);
  });

  it.each([
    ['a flush that nothing proves', 1000, undefined, ENVOY_FLUSH_MS],
    ["a flush longer than Envoy's", 8000, undefined, 8000],
    ['the flush of a lab', 100, undefined, 100],
  ])('of a lack goes by what is longer: %s', (_what, flush, lag, expected) => {
    expect(lackGraceMs(flush, lag)).toBe(expected + MARGIN_MS);
  });
});
