import { describe, expect, it } from 'vitest';
import { reportOf } from '../../fixtures/testing/report-of.ts';
import { SimulatedClock } from '../../fixtures/testing/simulated-clock.ts';
import { surveyLab } from '../../fixtures/testing/survey-lab.ts';
import { parseFault } from '../lab/faults.ts';
import { labOptions } from '../lab/options.ts';
import { startStandin } from '../lab/standin.ts';
import type { Capture } from '../model/capture.ts';
import { responseFlags } from '../model/span.ts';

/** Details is late for some requests; the spans of the calls that productpage gives up last so long instead. */
async function lateDetails(durationMicros?: number): Promise<Capture> {
  const faults = [parseFault('slow:details:7000@0.1', ['productpage', 'details', 'reviews', 'ratings'])];
  const simulated = { clock: new SimulatedClock(), network: 'memory' } as const;
  await using lab = await startStandin(labOptions({ faults, sampling: 100, ...simulated }));
  const capture = await surveyLab(lab, {});
  if (durationMicros === undefined) return capture;
  const traces = capture.traces.map((settled) => ({
    ...settled,
    spans: settled.spans.map((span) =>
      span.kind === 'client' && responseFlags(span).includes('DC') ? { ...span, durationMicros } : span,
    ),
  }));
  return { ...capture, traces };
}

describe('a page whose call was given up', () => {
  it('accuses the callee where the call lasted as long as the caller waits', async () => {
    const report = reportOf(await lateDetails());
    expect(report.sentence).toContain('details answers too late: productpage gives up after 3.0 s');
  });

  it('accuses no callee where the proxy of the caller saw the call for a moment', async () => {
    const report = reportOf(await lateDetails(40));
    expect(report.sentence).toContain('productpage gives up calls of details before they can be answered');
    const [finding] = report.promises.flatMap(({ findings }) => findings).filter(({ code }) => code === 'HC103');
    expect(finding).toMatchObject({
      causes: ['caller-cancelled'],
      subject: { caller: 'productpage', callee: 'details' },
    });
    expect(finding?.remedy).toContain('its proxy was held up (CPU limit of istio-proxy, load of the node)');
  });
});
