import { describe, expect, it } from 'vitest';
import { SAMPLES } from '../fixtures/testing/sample-reports.ts';
import { FORMATS } from './formats.ts';
import { importInWords } from './run-words.ts';
import { renderTerminal } from './terminal.ts';
import { asRead, flat, junit, promiseOf, sample, verbose } from './testing.ts';

describe('an imported run', () => {
  const report = sample('imported');
  const words = importInWords(report.run)!;

  it('is named as such in each format that describes a run', () => {
    expect(words).toMatch(/^10 traces imported from 1 file/);
    expect(Object.fromEntries(junit(report).properties)).toMatchObject({ imported: words });
    expect(FORMATS.markdown(report)).toContain(` traces · ${words}</sub>`);
    const page = asRead(FORMATS.html(report));
    expect(page).toContain(`hopcheck judged ${words} (first request `);
    expect(page).toContain(`imported ${words}`);
    expect(verbose(report)).toContain(words);
  });

  it('has no address and no time that is unknown', () => {
    const { properties } = junit(report);
    for (const name of ['ingress', 'traceBackend', 'settleMs']) expect(properties.has(name)).toBe(false);
    expect(junit(sample('pass')).properties.has('settleMs')).toBe(true);
    const metrics = FORMATS.prometheus(report);
    expect(metrics).not.toMatch(/hopcheck_run_duration_seconds|hopcheck_settle_seconds/);
    expect(FORMATS.prometheus(sample('pass'))).toMatch(/^hopcheck_run_duration_seconds\{/m);
    const html = FORMATS.html(report);
    const names = [...html.matchAll(/<dt>([^<]*)<\/dt>/g)].map(([, name]) => name);
    for (const name of ['ingress', 'trace backend', 'time', 'backend']) expect(names).not.toContain(name);
    expect(html).not.toContain('class="curve');
    expect(FORMATS.html(sample('pass'))).toContain('class="curve');
  });

  it('has trace ids in HTML where no backend is known to link to', () => {
    const [trace] = report.detail!.traces;
    const html = FORMATS.html(report);
    expect(html).toContain(`<code class="id" data-copy="trace id">${trace!.id}</code>`);
    expect(html).not.toContain('class="backend"');
    expect(FORMATS.html(sample('pass'))).toContain('class="backend"');
  });
});

describe('a run through the Kubernetes API', () => {
  it.each(['cluster', 'cluster-refused'])('shows each step with its detail on the terminal, verbose (%s)', (name) => {
    const report = sample(name);
    const { steps, found } = report.run.cluster!;
    expect(steps.length).toBeGreaterThan(4);
    const text = verbose(report);
    for (const { title, detail, status } of steps) {
      const mark = { ok: '✓', warning: '!', failed: '✗', 'not-checked': '–' }[status];
      expect(text).toContain(`${mark} ${title} ${flat(detail)}`);
    }
    for (const { object, why } of found) {
      expect(text).toContain(object);
      expect(text).toContain(`(${flat(why)})`);
    }
    const normal = flat(renderTerminal(report, { color: false }));
    for (const { why } of found) expect(normal).not.toContain(`(${flat(why)})`);
  });

  it('shows a warning of the configuration among the findings in HTML, in its colour', () => {
    const report = sample('cluster');
    const [finding] = promiseOf(report, 'configuration').findings;
    expect(finding?.severity).toBe('warning');
    expect(FORMATS.html(report)).toContain(`<article class="finding warning" id="${finding!.code}-`);
    expect(FORMATS.github(report)).toMatch(new RegExp(`^::warning title=${finding!.code} `, 'm'));
    expect(junit(report).caseOf('configuration')?.['system-out']).toContain(`${finding!.code} warning: `);
    expect(FORMATS.markdown(report)).toContain(`### ${finding!.code} warning · `);
  });
});

describe('the terminal, quiet', () => {
  it.each(Object.keys(SAMPLES))('shows the verdict and nothing else (%s)', (name) => {
    const report = sample(name);
    const quiet = flat(renderTerminal(report, { color: false, view: 'quiet' })).trim();
    const [word] = quiet.split(' ');
    expect(word).toBe(report.verdict.toUpperCase());
    const whole = renderTerminal(report, { color: false });
    expect(flat(whole).startsWith(quiet)).toBe(true);
    // Beside the next prompt as well, where the first line may be out of sight.
    expect(flat(whole).trimEnd().endsWith(quiet)).toBe(whole.split('\n').length > 25);
    expect(quiet.startsWith(`${word} (exit ${report.exitCode}) `)).toBe(true);
  });
});
