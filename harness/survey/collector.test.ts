import { describe, expect, it } from 'vitest';
import { SimulatedClock } from '../../fixtures/testing/simulated-clock.ts';
import { surveyLab } from '../../fixtures/testing/survey-lab.ts';
import { parseFault } from '../lab/faults.ts';
import type { Driver, LabOptions } from '../lab/lab.ts';
import { labOptions } from '../lab/options.ts';
import { startStandin } from '../lab/standin.ts';

const SERVICES = ['productpage', 'details', 'reviews', 'ratings'];
const EARLIER_MS = 60_000;

/** A run against a mesh with a collector, that others use as well; `quietMs` after its lab is up. */
async function run(faults: readonly string[], different: Partial<LabOptions> = {}, quietMs = EARLIER_MS) {
  const clock = new SimulatedClock();
  const parsed = faults.map((text) => parseFault(text, SERVICES));
  await using lab = await startStandin(
    labOptions({ faults: parsed, clock, network: 'memory', foreignRate: 5, ...different }),
  );
  await clock.sleep(quietMs);
  const { preflight, timings, traces, end } = await surveyLab(lab);
  const settled = Map.groupBy(traces, ({ reason }) => reason);
  return { preflight, timings, end, traces, settled, sent: preflight.requests.length };
}

describe.each<Driver>(['zipkin', 'otel'])('a collector in between, %s', (driver) => {
  it.each([1, 2, 3])('is waited for where it holds spans for longer than the window, seed %i', async (seed) => {
    // Twelve seconds are the window of a flush of five; a batch of 25 s is later than that most of the time.
    const { preflight, timings, settled, end } = await run(['collector-batch:25000'], { driver, seed });
    expect({ stopped: preflight.stopped, end, format: preflight.format?.value }).toEqual({
      stopped: undefined,
      end: 'complete',
      format: driver === 'zipkin' ? 'b3' : 'w3c',
    });
    expect(settled.has('deadline')).toBe(false);
    expect(timings.longestLagMs).toBeGreaterThan(5000);
  });

  it('does not stop a run that sees one trace in ten, and the run settles the traces that it sees', async () => {
    const { preflight, traces, settled, sent } = await run(['tail-sampling:10'], { driver });
    expect(preflight.stopped).toBeUndefined();
    expect(sent).toBe(45);
    const forced = traces.filter(({ spans }) => spans.length > 0);
    expect(forced.length).toBeGreaterThan(0);
    expect(forced.map(({ reason }) => reason)).toEqual(forced.map(() => 'expected-set'));
    expect(settled.get('absent')?.length).toBeGreaterThan(0);
  });

  it('passes on every trace of a policy that keeps those of probes', async () => {
    const { traces, settled } = await run(['tail-sampling:10', 'tail-sampling:probes'], { driver });
    expect(traces.length).toBeGreaterThan(60);
    expect([...settled.keys()].toSorted()).toEqual(['absent', 'expected-set']);
  });
});

describe('a mesh whose backend has no recent trace', () => {
  it('ends the window of two flushes after five requests', async () => {
    const { preflight, sent, timings } = await run(['backend-lossy@1']);
    expect({ code: preflight.stopped?.code, sent }).toEqual({ code: 'HC709', sent: 5 });
    expect(timings.preflightMs).toBeLessThan(15_000);
  });

  it('ends the window as well where a collector holds the first spans of a new mesh for longer', async () => {
    const { preflight, sent } = await run(['tail-sampling:10'], {}, 0);
    expect({ code: preflight.stopped?.code, sent }).toEqual({ code: 'HC709', sent: 5 });
  });
});

it('the error names other requests that came where those of the run did not', async () => {
  // One trace in a thousand is kept: some of the earlier traffic, and none of 45 requests.
  const { preflight, sent, timings } = await run(['tail-sampling:0.1'], { foreignRate: 20 }, 600_000);
  expect({ code: preflight.stopped?.code, sent }).toEqual({ code: 'HC709', sent: 45 });
  expect(preflight.stopped?.message).toContain('and other requests of this mesh did');
  expect(preflight.stopped?.hint).toContain('tail sampling');
  expect(timings.preflightMs).toBeGreaterThan(60_000);
});
