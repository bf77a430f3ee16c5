import { expect, it } from 'vitest';
import { readRecording, toCapture } from '../../fixtures/recordings/load.ts';
import { reportOf } from '../../fixtures/testing/report-of.ts';
import type { Capture } from '../model/capture.ts';

const healthy = toCapture(readRecording('healthy-v1-zipkin-gw2'));
const [first, second] = healthy.exchanges
  .filter(({ probe }) => probe.purpose === 'forced-on')
  .map(({ probe }) => probe.id);

/** x-request-id lost at productpage → details on these probes; the first of them only tries another format. */
function losing(probes: readonly (string | undefined)[]): Capture {
  return {
    ...healthy,
    exchanges: healthy.exchanges.map((exchange) =>
      exchange.probe.id === first
        ? { ...exchange, probe: { ...exchange.probe, format: 'b3-single' as const, trial: true as const } }
        : exchange,
    ),
    traces: healthy.traces.map((trace) => ({
      ...trace,
      spans: trace.spans.map((span) =>
        probes.includes(trace.probe) && (span.service.startsWith('details') || span.operation.startsWith('details'))
          ? { ...span, tags: { ...span.tags, 'guid:x-request-id': 'another' } }
          : span,
      ),
    })),
  };
}

const findingOf = (capture: Capture) =>
  reportOf(capture)
    .promises.flatMap(({ findings }) => findings)
    .find(({ code }) => code === 'HC507')!;

it('propagation counts a break among the calls of one format, whatever a trial of another shows at the same hop', () => {
  const { share, severity, evidence } = findingOf(losing([first, second]));
  expect(share).toEqual({ affected: 1, of: healthy.traces.length - 1 });
  expect(severity).toBe('error');
  expect(evidence.probes).toEqual([second]);
});

it('propagation reports a break that only a trial shows, as a warning counted among the trials', () => {
  const { share, severity } = findingOf(losing([first]));
  expect(share).toEqual({ affected: 1, of: 1 });
  expect(severity).toBe('warning');
});

it('propagation counts linked calls without those that only tried a format', () => {
  const observed = reportOf(losing([])).promises.find(({ id }) => id === 'propagation')?.observed;
  const calls = reportOf(healthy).promises.find(({ id }) => id === 'propagation')?.observed;
  expect(Number(/of (\d+) calls/.exec(observed ?? '')?.[1])).toBeLessThan(
    Number(/of (\d+) calls/.exec(calls ?? '')?.[1]),
  );
});

it('trace-shape counts a silent service in the traces that must be whole', () => {
  const silent = {
    ...losing([]),
    traces: healthy.traces.map((trace) => ({
      ...trace,
      spans: trace.spans.filter((span) => !(span.service.startsWith('details') && span.kind === 'server')),
    })),
  };
  const [finding] = reportOf(silent).promises.flatMap(({ findings }) =>
    findings.filter(({ code }) => code === 'HC306'),
  );
  const judged = healthy.traces.length - 1;
  expect(finding?.share).toEqual({ affected: judged, of: judged });
});
