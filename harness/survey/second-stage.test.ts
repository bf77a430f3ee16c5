import { describe, expect, it } from 'vitest';
import { forcedOnPlan } from '../../fixtures/testing/find-fault.ts';
import { SimulatedClock } from '../../fixtures/testing/simulated-clock.ts';
import { surveyLab } from '../../fixtures/testing/survey-lab.ts';
import { judge } from '../judge/judge.ts';
import { labOptions } from '../lab/options.ts';
import { startStandin } from '../lab/standin.ts';
import type { Capture } from '../model/capture.ts';
import { secondStage } from '../probe/plan.ts';

const PLAN = [...forcedOnPlan(12), ...secondStage(9)];

async function surveyed(wantsMore?: (collected: Capture) => boolean) {
  await using lab = await startStandin(labOptions({ clock: new SimulatedClock(), network: 'memory' }));
  return await surveyLab(lab, { plan: PLAN, ...(wantsMore !== undefined && { wantsMore }) });
}

const stages = ({ exchanges }: Capture) => exchanges.map(({ probe }) => probe.stage ?? 1);

describe('the second stage', () => {
  it('is sent once, after the first one is complete, into the same capture', async () => {
    const asked: (readonly number[])[] = [];
    const capture = await surveyed(({ exchanges, traces }) => asked.push([exchanges.length, traces.length]) > 0);
    expect(asked).toEqual([[12, 12]]);
    expect(stages(capture)).toEqual([...Array(12).fill(1), ...Array(9).fill(2)]);
    expect({ end: capture.end, traces: capture.traces.length, plan: capture.plan.length }).toEqual({
      end: 'complete',
      traces: 21,
      plan: 21,
    });
    const ids = capture.exchanges.map(({ probe }) => probe.id);
    expect(new Set(ids).size).toBe(21);
    const judged = judge(capture);
    expect(judged).toMatchObject({ verdict: 'pass', run: { probes: 21, secondStage: 9 } });
  });

  it('is not sent where it is not wanted, and the capture shows that it was planned', async () => {
    for (const capture of [await surveyed(() => false), await surveyed()]) {
      expect(stages(capture)).toEqual(Array(12).fill(1));
      expect(judge(capture).run).toMatchObject({ probes: 12, secondStage: 0 });
    }
  });
});
