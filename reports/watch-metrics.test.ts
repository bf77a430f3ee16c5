import { readFileSync } from 'node:fs';
import { resolve } from 'node:path';
import { describe, expect, it } from 'vitest';
import { SAMPLES } from '../fixtures/testing/sample-reports.ts';
import type { WatchState } from '../harness/model/watch.ts';
import { prefersOpenMetrics } from '../harness/watch/prefers-openmetrics.ts';
import { recordOf } from '../harness/watch/record.ts';
import { renderWatchMetrics } from './watch-metrics.ts';

const NOW = Date.UTC(2026, 10, 29, 12);
const course = { id: 'a', startedAtMs: NOW - 60_000, endedAtMs: NOW - 30_000, end: 'complete' } as const;

function stateOf(sample?: string): WatchState {
  const run = sample === undefined ? [] : [recordOf(SAMPLES[sample]!(), course)];
  return {
    ...{ nowMs: NOW, watchStartedAtMs: NOW - 3_600_000, everyMs: 900_000, staleAfterMs: 2_700_000, nextAtMs: NOW + 1 },
    runs: run,
    totals: {
      verdicts: { pass: 1, fail: 2, inconclusive: 3 },
      ends: { complete: 5, deadline: 1, hung: 0, failed: 0, stopped: 0 },
      probes: 400,
    },
    alerts: run.flatMap(({ signs }) => signs.map((sign) => ({ ...sign, runs: 2, of: 3 }))),
  };
}
const render = (sample: string | undefined, style: 'text' | 'openmetrics' = 'text') =>
  renderWatchMetrics(
    stateOf(sample),
    sample === undefined ? 'none' : SAMPLES[sample]!().verdict,
    sample === undefined ? undefined : SAMPLES[sample]!(),
    style,
  );
const lines = (text: string, start: string) => text.split('\n').filter((line) => line.startsWith(start));

describe('the metrics of a watch', () => {
  it('are there before the first run, so that silence from the start is an alert', () => {
    const text = render(undefined);
    expect(text).toContain('hopcheck_watch_verdict{verdict="none"} 1\n');
    expect(text).toContain('hopcheck_watch_last_run_timestamp_seconds 0\n');
    expect(text).not.toContain('hopcheck_verdict');
  });

  it('tell a hop that is wrong from one that was not found and from one that nothing was seen of', () => {
    const states = (sample: string) =>
      Object.fromEntries(
        lines(render(sample), 'hopcheck_hop_state{')
          .filter((line) => line.endsWith(' 1'))
          .map((line) => [/callee="(\w+)"/.exec(line)?.[1], /state="([\w-]+)"/.exec(line)?.[1]]),
      );
    expect(new Set(Object.values(states('pass')))).toEqual(new Set(['ok']));
    expect(Object.values(states('fail-dropped'))).toContain('wrong');
    expect(Object.values(states('fail-silent'))).toContain('not-found');
    expect(new Set(Object.values(states('inconclusive')))).toEqual(new Set(['inconclusive']));
  });

  it('have as many series whatever names traces bring', () => {
    const named = (name: string) => {
      const report = SAMPLES['fail-dropped']!();
      const promises = report.promises.map((promise) => ({
        ...promise,
        findings: promise.findings.map((finding) => ({
          ...finding,
          subject: { kind: 'service' as const, service: name },
        })),
      }));
      const strange = { ...report, promises };
      const { signs } = recordOf(strange, course);
      const alerts = signs.map((sign) => ({ ...sign, runs: 2, of: 3 }));
      return renderWatchMetrics({ ...stateOf('fail-dropped'), alerts }, 'fail', strange, 'text');
    };
    expect(named('pod-1f0c')).toBe(named('pod-2a7d'));
    expect(lines(named('pod-1f0c'), 'hopcheck_watch_alert{')[0]).toContain('subject="other"');
  });

  it('differ between text and OpenMetrics in the names of counters and the end', () => {
    const [text, open] = [render('fail-dropped'), render('fail-dropped', 'openmetrics')];
    expect(text).toContain('# TYPE hopcheck_watch_runs_total counter\nhopcheck_watch_runs_total{verdict="pass"} 1\n');
    expect(open).toContain('# TYPE hopcheck_watch_runs counter\nhopcheck_watch_runs_total{verdict="pass"} 1\n');
    expect(open.endsWith('\n# EOF\n')).toBe(true);
    const samples = (document: string) => document.split('\n').filter((line) => line !== '' && !line.startsWith('#'));
    expect(samples(open)).toEqual(samples(text));
  });
});

it('the page in docs has every name and label of a watch', () => {
  const page = readFileSync(resolve(import.meta.dirname, '../docs/prometheus.md'), 'utf8');
  const [, table = ''] = page.split('## Of a watch');
  const words = (text = '') => [...text.matchAll(/`([^`]*)`/g)].map(([, word = '']) => word);
  const documented = table
    .split('\n')
    .filter((row) => row.startsWith('| `'))
    .flatMap((row) => {
      const [, names, labels] = row.split('|');
      return words(names).map((name) => `${name}: ${words(labels).join(' ')}`);
    });
  const written = new Map<string, string>();
  for (const [, name = '', labels = ''] of render('fail-dropped').matchAll(/^(hopcheck_watch_\w+)(?:\{(.*)\})? /gm))
    written.set(name, [...labels.matchAll(/(\w+)="/g)].map(([, label]) => label).join(' '));
  expect(documented.toSorted()).toEqual([...written].map(([name, labels]) => `${name}: ${labels}`).toSorted());
});

describe('the format', () => {
  it.each([
    ['application/openmetrics-text;version=1.0.0;q=0.6,text/plain;version=0.0.4;q=0.4,*/*;q=0.1', true],
    ['application/openmetrics-text; version=1.0.0', true],
    ['text/plain;version=0.0.4;q=0.5,application/openmetrics-text;q=0.2', false],
    ['application/openmetrics-text;q=0', false],
    ['*/*', false],
    ['', false],
    ['application/openmetrics-text;q=much,text/plain', false],
  ])('of %j is OpenMetrics: %s', (accept, expected) => {
    expect(prefersOpenMetrics(accept)).toBe(expected);
  });
});
