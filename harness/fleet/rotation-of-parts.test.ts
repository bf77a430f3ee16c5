import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { readRecording, toCapture } from '../../fixtures/recordings/load.ts';
import { splitCapture } from '../../fixtures/testing/split-capture.ts';
import { judge } from '../judge/judge.ts';
import type { Capture } from '../model/capture.ts';
import type { ReportedRotation } from '../model/reported-versions.ts';
import { mergeParts } from './merge-parts.ts';

// Parts that send at the same time take turns between each other's requests, so a rotation is followed within each part.

/** Eighteen requests, three versions in rotation, one caller pod with one worker. */
const rotating = toCapture(readRecording('healthy-60'));
const COUNT = rotating.exchanges.length;

function rotationOf(parts: readonly Capture[]): ReportedRotation | undefined {
  return judge(mergeParts(parts as [Capture, ...Capture[]])).versions?.rotation;
}

/** The same part, sent at another time. */
function later(part: Capture, ms: number): Capture {
  return {
    ...part,
    exchanges: part.exchanges.map((each) => ({
      ...each,
      sentAtMs: each.sentAtMs + ms,
      answeredAtMs: each.answeredAtMs + ms,
    })),
    traces: part.traces.map((trace) => ({
      ...trace,
      spans: trace.spans.map((span) => ({ ...span, startMicros: span.startMicros + ms * 1000 })),
    })),
  };
}

const alone = (part: Capture, workers: number): Capture => ({
  ...part,
  expectations: { ...part.expectations, rotatingWorkers: { value: workers, source: 'flag', from: '--workers' } },
});

/** Owners of the exchanges: every part has at least one. */
const owners = fc.integer({ min: 2, max: 4 }).chain((of) =>
  fc.record({
    of: fc.constant(of),
    owners: fc.array(fc.integer({ min: 1, max: of }), { minLength: COUNT - of, maxLength: COUNT - of }).chain((drawn) =>
      fc.shuffledSubarray([...Array(COUNT).keys()], { minLength: COUNT }).map((order) => {
        const all = [...drawn, ...Array.from({ length: of }, (_, at) => at + 1)];
        return order.map((at) => all[at] ?? 1);
      }),
    ),
    shiftsMs: fc.array(fc.integer({ min: -600_000, max: 600_000 }), { minLength: of, maxLength: of }),
  }),
);

describe('the rotation of a run in parts', () => {
  it('is that of each part by itself, however the run is split by probe', () => {
    fc.assert(
      fc.property(owners, ({ owners: own, of }) => {
        const calls = Array.from({ length: of }, (_, at) => own.filter((owner) => owner === at + 1).length);
        // One caller: a part of n calls has n − 1 neighbours, and none across two parts.
        const neighbours = calls.reduce((sum, count) => sum + count - 1, 0);
        expect(rotationOf(splitCapture(rotating, own, of))?.of ?? 0).toBe(neighbours);
      }),
      { numRuns: 25 },
    );
  });

  it('does not change with the times at which the parts are sent', () => {
    fc.assert(
      fc.property(owners, ({ owners: own, of, shiftsMs }) => {
        const parts = splitCapture(rotating, own, of);
        const moved = parts.map((part, at) => later(part, shiftsMs[at] ?? 0));
        expect(rotationOf(moved)).toEqual(rotationOf(parts));
      }),
      { numRuns: 25 },
    );
  });

  it('is seen where two parts rotate at the same time, which one sequence of both would hide', () => {
    const half = rotating.exchanges.map((_, at) => (at < COUNT / 2 ? 1 : 2));
    const [first, second] = splitCapture(rotating, half, 2) as [Capture, Capture];
    const apartMs = (rotating.exchanges[COUNT / 2]?.sentAtMs ?? 0) - (rotating.exchanges[0]?.sentAtMs ?? 0);
    const together = [first, later(second, 1 - apartMs)];
    expect(rotationOf(together)).toMatchObject({ verdict: 'seen', steps: 16, of: 16 });
    const merged = mergeParts(together as [Capture, ...Capture[]]);
    const asOne = merged.exchanges.map(({ probe: { part: _, ...probe }, ...each }) => ({ ...each, probe }));
    expect(judge({ ...merged, exchanges: asOne }).versions?.rotation).toMatchObject({
      verdict: 'not-decidable',
      of: 17,
    });
  });

  it('is broken where the turns of one part are, though those of the whole are even', () => {
    const versions = rotating.exchanges.map(({ answer }) => answer?.page?.version);
    const uneven = versions.map((version, at) => (version === 'v1' || at === versions.indexOf('v2') ? 1 : 2));
    const [first, second] = splitCapture(rotating, uneven, 2).map((part) => alone(part, 1)) as [Capture, Capture];
    expect(judge(alone(rotating, 1)).versions?.rotation).toMatchObject({
      spread: { most: 6, least: 6, broken: false },
    });
    // One after the other: neither is foreign traffic to the other.
    expect(rotationOf([first, later(second, 600_000)])).toMatchObject({
      verdict: 'broken',
      spread: { most: 6, least: 1, broken: true },
    });
    // At the same time: each takes turns between those of the other, and nothing follows from how they are apart.
    expect(rotationOf([first, second])?.spread).toBeUndefined();
  });
});
