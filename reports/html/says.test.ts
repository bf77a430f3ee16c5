import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { readRecording, toCapture } from '../../fixtures/recordings/load.ts';
import { reportOf } from '../../fixtures/testing/report-of.ts';
import { SAMPLES } from '../../fixtures/testing/sample-reports.ts';
import type { TraceDetail } from '../../harness/model/detail.ts';
import type { RunReport } from '../../harness/model/report.ts';
import { renderHtml } from './html.ts';
import { linearScale, tickWords } from './scale.ts';
import { serviceTimes } from './service-times.ts';
import type { ShownRun } from './shared/shown.ts';
import { showRun } from './show-run.ts';
import { toText } from './to-text.ts';
import { tellingTraces } from './traces.ts';

const sample = (name: string): RunReport => SAMPLES[name]!();
const text = (report: RunReport) =>
  renderHtml(report)
    .replace(/<(script|style)[\s\S]*?<\/\1>/g, '')
    .replace(/<[^>]+>/g, ' ')
    .replace(/[\s\u00a0]+/g, ' ');
const withTraces = (
  report: RunReport,
  change: (trace: TraceDetail, at: number) => Partial<TraceDetail>,
): RunReport => ({
  ...report,
  detail: { ...report.detail!, traces: report.detail!.traces.map((trace, at) => ({ ...trace, ...change(trace, at) })) },
});

describe('figures beside each other', () => {
  it('name the exit code of the verdict, and the separate one of a signal', () => {
    expect(text(sample('pass'))).toContain('UTC: exit code 0.');
    const interrupted = reportOf(
      { ...toCapture(readRecording('healthy-v1-zipkin-gw2')), end: 'interrupted' },
      { detail: true },
    );
    expect(text(interrupted)).toContain('exit code 2 by its verdict, 130 or 143 of the run that a signal ended');
  });

  it('count the judged promises without the waived ones', () => {
    expect(text(sample('pass'))).toContain('7 of 7 promises judged hold');
    const waived = text(sample('waived'));
    expect(waived).toMatch(/\b\d of 6 promises judged hold/);
    expect(waived).toMatch(/\b[1-9] waived 1 not judged/);
  });

  it('call no hop whole that the map calls broken', () => {
    const report = reportOf(toCapture(readRecording('swap-spanid-productpage')), { detail: true });
    const page = text(report);
    expect(report.hops.every(({ seen, expected }) => seen === expected)).toBe(true);
    expect(page).toContain('2 of 4 hops whole');
    expect(page).toMatch(/✗ HC505 (\d+) of \1/);
  });

  it('name the traces that the map leaves out, and the spans found elsewhere', () => {
    const dropped = sample('fail-dropped');
    expect(text(dropped)).toContain('Elsewhere: found under another trace id.');
    expect(text(dropped)).toContain('Spans that were found under another trace id are left out.');
    const tried = { ...dropped, run: { ...dropped.run, traces: dropped.run.traces + 4 } };
    expect(text(tried)).toContain(`4 traces of ${dropped.run.traces + 4} are not counted`);
    expect(text(sample('pass'))).not.toContain('not counted');
  });

  it('explain steps out of turn by calls that left no span', () => {
    const report = sample('pass');
    const rotation = { verdict: 'seen', unit: 'pods', callers: 1, steps: 3, of: 3, quantile: 2 } as const;
    expect(text({ ...report, versions: { ...report.versions!, rotation } })).toContain(
      'Rotation is seen: 3 of 3 steps in the order in which the caller made its calls follow the turns. Only calls that left a span',
    );
    const pages = { ...rotation, callers: 0 };
    expect(text({ ...report, versions: { ...report.versions!, rotation: pages } })).toContain(
      'in the order of the probes follow the turns.',
    );
  });

  it('name the share that a version was tested against where another is not served', () => {
    const report = sample('pass');
    const { v1 } = report.versions!.shares;
    const tested = { expected: 0.5, observed: 0.5, low: 0.2, high: 0.8 };
    const shares = { ...report.versions!.shares, v1: { ...v1!, tested } };
    expect(text({ ...report, versions: { ...report.versions!, shares } })).toContain(
      'tested as 50 % of the versions that were served',
    );
    expect(text(report)).not.toContain('tested as');
  });
});

describe('the drawn traces', () => {
  it('include one, whatever the state of the traces', () => {
    for (const state of ['open', 'trial'] as const) {
      const report = withTraces(sample('pass'), () => ({ state }));
      const run = showRun(report.detail!, new Set());
      expect(tellingTraces(run, [])).toHaveLength(1);
      expect(renderHtml(report)).toContain('id="chooser"');
    }
  });

  it('have an address for the evidence of each one drawn without a script', () => {
    const page = renderHtml(sample('fail-dropped'));
    const [, anchor = ''] = /href="#(trace-p\d+)" data-show/.exec(page) ?? [];
    expect(page).toContain(`id="${anchor}"`);
    expect(text(sample('fail-dropped'))).toMatch(/\d of them are drawn here/);
  });

  it('the list of findings begins with the finding of the verdict', () => {
    const report = sample('fail-silent');
    const [, first] = /<article class="finding[^"]*" id="(HC\d+)/.exec(renderHtml(report)) ?? [];
    expect(report.sentence).toContain('productpage sends no spans');
    expect(first).toBe('HC306');
  });

  it('the report warns where clocks are apart, and of traces that did not settle', () => {
    const capture = toCapture(readRecording('healthy-v1-zipkin-gw2'));
    const early = capture.traces.map((trace) => ({
      ...trace,
      spans: trace.spans.map((span) =>
        span.service.startsWith('details') && span.kind === 'server'
          ? { ...span, startMicros: span.startMicros - 250_000 }
          : span,
      ),
    }));
    const report = reportOf({ ...capture, traces: early }, { detail: true });
    const longest = Math.max(...report.detail!.traces.map(({ durationMicros }) => durationMicros));
    expect(longest).toBe(
      Math.max(...reportOf(capture, { detail: true }).detail!.traces.map((trace) => trace.durationMicros)),
    );
    expect(text(report)).toContain('Clocks are apart (HC717)');
    expect(text(withTraces(sample('pass'), () => ({ state: 'open' })))).toContain('6 traces did not settle');
  });

  it('the map is titled as expected where no call was seen', () => {
    expect(text(sample('inconclusive'))).toContain('What was expected');
    expect(text(sample('pass'))).toContain('What was seen');
  });
});

it('two ticks never have the same label', () => {
  fc.assert(
    fc.property(fc.double({ min: 1e-6, max: 1e6, noNaN: true }), (to) => {
      const scale = linearScale(0, to, [0, 100]);
      const words = scale.ticks.map(tickWords(scale));
      expect(new Set(words).size).toBe(words.length);
      words.forEach((word, at) => {
        expect(Number(word)).toBeCloseTo(scale.ticks[at]!, 9);
      });
    }),
  );
});

it('no service has more time to itself than it had spans open', () => {
  const span = fc.record({
    service: fc.constantFrom('a', 'b', 'c'),
    offsetMicros: fc.nat(100),
    durationMicros: fc.nat(100),
    up: fc.nat(9),
  });
  fc.assert(
    fc.property(fc.array(span, { minLength: 1, maxLength: 12 }), (given) => {
      const spans = given.map(({ up, ...rest }, at) => ({
        ...rest,
        ...(at > 0 && { parent: Math.max(0, at - 1 - up) }),
      }));
      const run = { traces: [{ spans }], services: ['a', 'b', 'c'] } as unknown as ShownRun;
      const figures = [...toText(serviceTimes(run)!).matchAll(/class="number">([\d.]+)\u00a0µs/g)].map(([, n]) =>
        Number(n),
      );
      expect(figures.length).toBeGreaterThan(0);
      for (let row = 0; row < figures.length; row += 2) expect(figures[row]).toBeLessThanOrEqual(figures[row + 1]!);
    }),
  );
});
