import { describe, expect, it } from 'vitest';
import { seededUniform } from './random.ts';
import { rotationEvidence } from './rotation.ts';

const versions = ['v1', 'v2', 'v3'];

/** Rotation by so many workers, each for itself; who handles a request is chance. */
function rotate(turns: number, workers: number, seed: number, takers = versions): string[] {
  const uniform = seededUniform(seed);
  const next = Array.from({ length: workers }, () => Math.floor(uniform() * takers.length));
  return Array.from({ length: turns }, () => {
    const worker = Math.floor(uniform() * workers);
    next[worker] = ((next[worker] ?? 0) + 1) % takers.length;
    return takers[next[worker] ?? 0] ?? '';
  });
}

function choose(turns: number, seed: number): string[] {
  const uniform = seededUniform(seed);
  return Array.from({ length: turns }, () => versions[Math.floor(uniform() * 3)] ?? '');
}

describe('rotationEvidence', () => {
  it('sees one worker taking turns, from any start and in any order', () => {
    expect(rotationEvidence([rotate(60, 1, 1)])).toMatchObject({ steps: 59, of: 59, seen: true });
    expect(rotationEvidence([rotate(60, 1, 2, ['v2', 'v1', 'v3'])])).toMatchObject({ steps: 59, seen: true });
    expect(rotationEvidence([rotate(60, 1, 3, ['a', 'b', 'c', 'd', 'e'])])).toMatchObject({ steps: 59, seen: true });
  });

  it('does not see random choice, whatever the shares', () => {
    expect(rotationEvidence([choose(60, 1)])?.seen).toBe(false);
    expect(rotationEvidence([choose(60, 1).map((version) => (version === 'v2' ? 'v1' : version))])?.seen).toBe(false);
    expect(rotationEvidence([Array.from({ length: 60 }, (_, turn) => (turn < 40 ? 'v1' : 'v2'))])?.seen).toBe(false);
  });

  it('sees two workers in some runs only, so that "not seen" decides nothing', () => {
    const seen = Array.from({ length: 20 }, (_, seed) => rotationEvidence([rotate(60, 2, seed)])?.seen);
    expect(seen).toContain(true);
    expect(seen).toContain(false);
  });

  it('keeps callers apart', () => {
    const one = rotate(30, 1, 1);
    const other = rotate(30, 1, 2);
    const mixed = one.flatMap((version, turn) => [version, other[turn] ?? '']);
    expect(rotationEvidence([one, other])).toMatchObject({ steps: 58, of: 58, seen: true });
    expect(rotationEvidence([mixed])?.steps).toBeLessThan(58);
  });

  it('compares with the quantile of all shuffles, where they can be listed', () => {
    // Six turns of three: 90 orderings, and in a random one every neighbour fits in 6 of them: nothing can be seen.
    expect(rotationEvidence([['a', 'b', 'c', 'a', 'b', 'c']])).toEqual({ steps: 5, of: 5, quantile: 5, seen: false });
    // Five pairs of two: strict alternation is 2 of 252 orderings, 0.8 %.
    const pairs = Array.from({ length: 10 }, (_, turn) => (turn % 2 === 0 ? 'a' : 'b'));
    expect(rotationEvidence([pairs])?.seen).toBe(false);
    expect(rotationEvidence([pairs], 0.99)?.seen).toBe(true);
  });

  it('decides nothing about one version, one turn, or too many versions', () => {
    expect(rotationEvidence([])).toBeUndefined();
    expect(rotationEvidence([['v1', 'v1']])).toBeUndefined();
    expect(rotationEvidence([['v1'], ['v2']])).toBeUndefined();
    expect(rotationEvidence([rotate(60, 1, 1, ['a', 'b', 'c', 'd', 'e', 'f'])])).toBeUndefined();
  });

  it('looks at the first thousand turns only', () => {
    expect(rotationEvidence([rotate(5000, 1, 1)])?.of).toBe(999);
  });
});
