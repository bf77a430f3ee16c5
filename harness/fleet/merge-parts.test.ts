import fc from 'fast-check';
import { beforeAll, describe, expect, it } from 'vitest';
import { readRecording, SCENARIOS, toCapture } from '../../fixtures/recordings/load.ts';
import { SimulatedClock } from '../../fixtures/testing/simulated-clock.ts';
import { splitCapture } from '../../fixtures/testing/split-capture.ts';
import { surveyLab } from '../../fixtures/testing/survey-lab.ts';
import { judge } from '../judge/judge.ts';
import { parseFault } from '../lab/faults.ts';
import { labOptions } from '../lab/options.ts';
import { startStandin } from '../lab/standin.ts';
import type { Capture } from '../model/capture.ts';
import type { JudgedRun } from '../model/report.ts';
import { mergeParts } from './merge-parts.ts';

/** Faults whose findings rest on links, headers, counts of versions, fragments, incidents, and a mesh that changes. */
const FAULTS = [
  [],
  ['drop-all:reviews'],
  ['drop-header:productpage->details:x-request-id@0.3'],
  ['new-traceid:productpage', 'no-report:details'],
  ['pin:reviews:v1'],
  ['down:ratings'],
  ['backend-slow:2000'],
  ['backend-evict:20', 'slow-report:details:3000'],
] as const;
const SERVICES = ['productpage', 'details', 'reviews', 'ratings'];

/** Turns are followed within a part; the rest of a run's metadata and its timings are those of the parts. */
function judged(capture: Capture): unknown {
  const { run: _, timings: __, ...rest }: JudgedRun = judge(capture);
  const text = JSON.stringify(rest, (key, value: unknown) => (key === 'rotation' ? undefined : value));
  return JSON.parse(text);
}

const captures = new Map<string, Capture>(SCENARIOS.map((name) => [name, toCapture(readRecording(name))]));
beforeAll(async () => {
  for (const faults of FAULTS) {
    await using lab = await startStandin(
      labOptions({
        clock: new SimulatedClock(),
        network: 'memory',
        sampling: 50,
        faults: faults.map((text) => parseFault(text, SERVICES)),
        seed: 5,
      }),
    );
    captures.set(`lab: ${faults.join(' ')}`, await surveyLab(lab));
  }
}, 120_000);

const NAMES = [...SCENARIOS, ...FAULTS.map((faults) => `lab: ${faults.join(' ')}`)];

describe('the parts of one run, merged', () => {
  it.each(NAMES)('are judged as the whole, however %s is split', (name) => {
    const whole = captures.get(name)!;
    const expected = judged(whole);
    const split = fc.integer({ min: 2, max: 6 }).chain((of) =>
      fc.record({
        of: fc.constant(of),
        owners: fc.array(fc.integer({ min: 1, max: of }), {
          minLength: whole.exchanges.length,
          maxLength: whole.exchanges.length,
        }),
        turn: fc.nat({ max: of - 1 }),
      }),
    );
    fc.assert(
      fc.property(split, ({ of, owners, turn }) => {
        const parts = splitCapture(whole, owners, of);
        // In whatever order they are given.
        const given = [...parts.slice(turn), ...parts.slice(0, turn)] as [Capture, ...Capture[]];
        expect(judged(mergeParts(given))).toEqual(expected);
      }),
      { numRuns: 12 },
    );
  });
});
