import { randomBytes } from 'node:crypto';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { fromLogLines, LOG_CAPTURE_BYTES, toLogLines } from './log-lines.ts';

const captures = fc.uniqueArray(
  fc.record({
    index: fc.nat({ max: 999 }),
    run: fc.stringMatching(/^[0-9a-f]{8}$/),
    text: fc.string({ unit: 'binary' }),
  }),
  { selector: ({ index, run }) => `${index} ${run}`, maxLength: 5 },
);
const wellFormed = ({ text, ...rest }: { index: number; run: string; text: string }) => ({
  ...rest,
  text: text.toWellFormed(),
});

describe('captures in a log', () => {
  it('come back whatever stands before, between and around their lines', () => {
    fc.assert(
      fc.property(
        captures,
        fc.string({ unit: 'grapheme', maxLength: 20 }),
        fc.infiniteStream(fc.nat()),
        (all, prefix, order) => {
          const lines = all
            .map(wellFormed)
            .flatMap(({ text, index, run }) => toLogLines(text, index, run).trimEnd().split('\n'));
          const mixed = lines
            .map((line) => ({ line, at: order.next().value ?? 0 }))
            .toSorted((a, b) => a.at - b.at)
            .flatMap(({ line }) => ['part 1 of 2: 30 probes sent', `[${prefix.replace(/\n/g, ' ')}] ${line}`]);
          const byKey = (one: { index: number; run: string }, other: { index: number; run: string }) =>
            one.index - other.index || (one.run < other.run ? -1 : 1);
          expect([...fromLogLines(mixed.join('\n'))].toSorted(byKey)).toEqual(all.map(wellFormed).toSorted(byKey));
        },
      ),
    );
  });

  it('are several lines that a container runtime does not cut', () => {
    const lines = toLogLines(randomBytes(40_000).toString('hex'), 3, 'ab').trimEnd().split('\n');
    expect(lines.length).toBeGreaterThan(2);
    for (const line of lines) expect(line.length).toBeLessThan(16_384);
  });

  it('have no text where a line is missing or cut', () => {
    const log = toLogLines(randomBytes(40_000).toString('hex'), 3, 'ab').trimEnd().split('\n');
    expect(fromLogLines(log.slice(1).join('\n'))).toEqual([{ index: 3, run: 'ab' }]);
    expect(fromLogLines([log[0]?.slice(0, 500), ...log.slice(1)].join('\n'))).toEqual([{ index: 3, run: 'ab' }]);
  });

  it('are refused where they are too large for a log', () => {
    const text = randomBytes(LOG_CAPTURE_BYTES).toString('latin1');
    expect(() => toLogLines(text, 0, 'ab')).toThrow(/a log takes 5000000/);
  });

  it('survive any text', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'binary' }), (text) => void fromLogLines(`hopcheck-capture 1 a 1/1 ${text}`)),
    );
  });
});
