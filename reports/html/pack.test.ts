import { describe, expect, it } from 'vitest';
import { hostileReport } from '../../fixtures/testing/hostile-report.ts';
import { manyTraces } from '../../fixtures/testing/many-traces.ts';
import { SAMPLES } from '../../fixtures/testing/sample-reports.ts';
import type { RunReport } from '../../harness/model/report.ts';
import { backendPages } from '../../harness/model/trace-backends.ts';
import { pack } from './pack.ts';
import { unpack } from './shared/unpack.ts';
import { showRun } from './show-run.ts';

const shown = (report: RunReport, evidence: readonly string[] = []) => showRun(report.detail!, new Set(evidence));

describe('the run in the file', () => {
  it.each([...Object.entries(SAMPLES), ['hostile spans', hostileReport] as const])(
    'unpacks to the packed run (%s)',
    (_name, make) => {
      const run = shown(make());
      expect(unpack(JSON.parse(JSON.stringify(pack(run))))).toEqual(run);
    },
  );

  it('carries the tags of evidence and broken traces where there is no room for all', () => {
    const report = manyTraces(2000);
    const last = report.detail!.traces.at(-2)!;
    expect(last.state).toBe('whole');
    const { traces, tagged } = shown(report, [last.id]);
    const withTags = traces.filter(({ spans }) => spans.some(({ tags }) => tags !== undefined));
    expect(withTags).toHaveLength(tagged);
    expect(tagged).toBeLessThan(2000);
    expect(withTags.map(({ id }) => id)).toContain(last.id);
    const broken = traces.filter(({ state }) => state === 'broken');
    expect(broken.every((trace) => withTags.includes(trace))).toBe(true);
  });

  it('cuts long texts, and counts the spans of a long trace that it leaves out', () => {
    const report = SAMPLES.pass!();
    const detail = report.detail!;
    const [trace] = detail.traces;
    const [span] = trace!.spans;
    const long = {
      ...trace!,
      spans: Array.from({ length: 1000 }, () => ({ ...span!, operation: 'x'.repeat(100_000) })),
    };
    const run = showRun({ ...detail, traces: [long] }, new Set());
    expect(run.traces[0]).toMatchObject({ spansLeftOut: 600 });
    expect(JSON.stringify(pack(run)).length).toBeLessThan(100_000);
  });

  it('links to a backend only by a web address', () => {
    const report = SAMPLES.pass!();
    const shown = (base: string) => {
      const pages = backendPages('jaeger-v3', base);
      return showRun({ ...report.detail!, ...(pages !== undefined && { pages }) }, new Set()).pages;
    };
    expect(shown('http://jaeger/base/')?.trace).toBe('http://jaeger/base/trace/{trace}');
    expect(shown('javascript:alert(1)')).toBeUndefined();
  });
});
