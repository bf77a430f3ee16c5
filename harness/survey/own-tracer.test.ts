import { describe, expect, it } from 'vitest';
import { reportOf } from '../../fixtures/testing/report-of.ts';
import { SimulatedClock } from '../../fixtures/testing/simulated-clock.ts';
import { surveyLab } from '../../fixtures/testing/survey-lab.ts';

import { parseFault } from '../lab/faults.ts';
import type { Driver } from '../lab/lab.ts';
import { labOptions } from '../lab/options.ts';
import { startStandin } from '../lab/standin.ts';
import { isProxySpan } from '../model/span.ts';

const SERVICES = ['productpage', 'details', 'reviews', 'ratings'];

async function run(driver: Driver, ...faults: readonly string[]) {
  await using lab = await startStandin(
    labOptions({
      driver,
      ownTracer: true,
      clock: new SimulatedClock(),
      network: 'memory',
      faults: faults.map((text) => parseFault(text, SERVICES)),
    }),
  );
  const capture = await surveyLab(lab);
  const report = reportOf(capture);
  const standing = report.promises
    .flatMap(({ findings }) => findings)
    .filter(({ severity }) => severity !== 'info')
    .map(({ code, causes, subject, callees }) => {
      if (subject.kind === 'hop') return `${code} ${causes} ${subject.caller} → ${subject.callee}`;
      if (subject.kind !== 'service' || callees === undefined) return `${code} ${subject.kind}`;
      return `${code} ${causes} ${subject.service} → ${callees.map(({ callee }) => callee).join(', ')}`;
    });
  const own = capture.traces.map(({ spans }) => spans.filter((span) => !isProxySpan(span)).length);
  return { verdict: report.verdict, standing, most: Math.max(...own) };
}

describe.each<Driver>(['zipkin', 'otel'])('an application with a tracer, %s', (driver) => {
  it('passes when it exports what it makes', async () => {
    // SERVER and internal in four services; a CLIENT for each of three calls.
    expect(await run(driver)).toEqual({ verdict: 'pass', standing: [], most: 11 });
  });

  it('is found when it sends ids onwards that it does not export', async () => {
    const { verdict, standing, most } = await run(driver, 'new-spanid:productpage');
    expect({ verdict, standing, most }).toEqual({
      verdict: 'fail',
      standing: ['HC506 parent-phantom productpage → details, reviews'],
      most: 7,
    });
  });

  it('is found at the service that drops the context', async () => {
    const { verdict, standing } = await run(driver, 'drop-all:reviews');
    expect({ verdict, standing }).toEqual({ verdict: 'fail', standing: ['HC501 context-dropped reviews → ratings'] });
  });
});
