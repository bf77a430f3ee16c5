import { describe, expect, it } from 'vitest';
import { readRecording, toCapture } from '../../fixtures/recordings/load.ts';
import type { Capture } from '../model/capture.ts';
import { type CaptureHead, groupCaptures, headOf } from './group-captures.ts';

const capture = toCapture(readRecording('healthy-v1-zipkin-gw2'));
const startedAt = capture.run.startedAt;

function head(
  origin: string,
  target: string,
  index: number,
  of: number,
  change: Partial<CaptureHead> = {},
): CaptureHead {
  const part: Capture = { ...capture, target, parts: [{ index, of, run: origin, startedAt }] };
  return { ...headOf(origin, part), run: origin, ...change };
}

describe('groupCaptures', () => {
  it('puts the parts of each target together, in their order', () => {
    const heads = [head('c', 'shop', 2, 2), head('b', 'pay', 1, 1), head('a', 'shop', 1, 2)];
    expect(groupCaptures(heads)).toEqual([
      { name: 'shop', of: 2, origins: ['a', 'c'] },
      { name: 'pay', of: 1, origins: ['b'] },
    ]);
  });

  it('distinguishes targets without a name by where they are', () => {
    const other = { ...capture, run: { ...capture.run, traceBackend: 'http://other' } };
    const groups = groupCaptures([headOf('a', capture), headOf('b', other)]);
    expect(groups.map(({ origins }) => origins)).toEqual([['a'], ['b']]);
    expect(new Set(groups.map(({ name }) => name)).size).toBe(2);
  });

  it('takes the whole one of two captures of one part, because the other was ended before it was done', () => {
    const ended = head('first', 'shop', 1, 1, { isComplete: false });
    expect(groupCaptures([ended, head('second', 'shop', 1, 1)])[0]?.origins).toEqual(['second']);
    expect(groupCaptures([ended])[0]?.origins).toEqual(['first']);
  });

  it('takes one run once, however often it is named', () => {
    expect(groupCaptures([head('a', 'shop', 1, 1), head('b', 'shop', 1, 1, { run: 'a' })])[0]?.origins).toEqual(['a']);
  });

  it('refuses two whole captures of one part: no run is repeated until it is green', () => {
    expect(() => groupCaptures([head('a', 'shop', 1, 2), head('b', 'shop', 1, 2)])).toThrow(
      /a and b are both part 1\/2 of shop; expected each part once/,
    );
  });

  it('refuses parts of two plans', () => {
    expect(() => groupCaptures([head('a', 'shop', 1, 2), head('b', 'shop', 2, 3)])).toThrow(
      /part 1\/2 and b part 2\/3/,
    );
  });

  it('has every target that a plan wants, also those without a capture', () => {
    const wanted = [
      { name: 'shop', parts: 2 },
      { name: 'pay', parts: 3 },
    ];
    expect(groupCaptures([head('a', 'shop', 2, 2)], wanted)).toEqual([
      { name: 'shop', of: 2, origins: ['a'] },
      { name: 'pay', of: 3, origins: [] },
    ]);
    expect(() => groupCaptures([head('a', 'shop', 1, 4)], wanted)).toThrow(
      /one of 4 parts of shop, and the plan wants 2/,
    );
    expect(() => groupCaptures([head('a', 'edge', 1, 1)], wanted)).toThrow(/the plan has no such target/);
  });
});
