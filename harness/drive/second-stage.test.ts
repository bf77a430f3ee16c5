import { describe, expect, it } from 'vitest';
import { forcedOnPlan } from '../../fixtures/testing/find-fault.ts';
import { testSettings } from '../../fixtures/testing/settings.ts';
import { SimulatedClock } from '../../fixtures/testing/simulated-clock.ts';
import { bookinfo } from '../applications/bookinfo.ts';
import { hasUndecidedLimit } from '../judge/limits.ts';
import { applyPolicy } from '../judge/policy.ts';
import { parseFault } from '../lab/faults.ts';
import { labOptions } from '../lab/options.ts';
import { startStandin } from '../lab/standin.ts';
import { EVERYTHING_COUNTS, type Limit } from '../model/policy.ts';
import { secondStage } from '../probe/plan.ts';
import { drive } from './drive.ts';

/** A call of which every third loses the context, in 12 probes, with 60 more where the limit is not decided. */
async function driven(max: readonly Limit[]) {
  const fault = parseFault('drop-all:productpage->details@0.3', ['productpage', 'details']);
  const clock = new SimulatedClock();
  await using lab = await startStandin(labOptions({ clock, network: 'memory', sampling: 0, faults: [fault], seed: 3 }));
  const { http } = lab;
  const policy = { ...EVERYTHING_COUNTS, max };
  const { judged } = await drive({
    settings: testSettings(lab.ingressUrl, lab.jaegerUrl),
    application: bookinfo,
    plan: [...forcedOnPlan(12), ...secondStage(60)],
    clock,
    ...(http !== undefined && { createClient: () => http }),
    wantsMore: (first) => hasUndecidedLimit(applyPolicy(first, policy)),
    signal: new AbortController().signal,
  });
  const finding = judged.promises.flatMap(({ findings }) => findings).find(({ code }) => code === 'HC501');
  return { probes: judged.run.probes, more: judged.run.secondStage, severity: finding?.severity };
}

describe('a run with --confirm', () => {
  it('sends its second stage where a limit is not decided', async () => {
    expect(await driven([{ code: 'HC501', share: 0.2 }])).toEqual({ probes: 72, more: 60, severity: 'error' });
  });

  it('sends none where the limit is decided, or is of another code: no finding goes away by more probes', async () => {
    expect(await driven([{ code: 'HC501', share: 0.9 }])).toEqual({ probes: 12, more: 0, severity: 'error' });
    expect(await driven([{ code: 'HC502', share: 0.2 }])).toEqual({ probes: 12, more: 0, severity: 'error' });
  });
});
