import stringWidth from 'string-width';
import { describe, expect, it } from 'vitest';
import { FIRST_SCREEN_FAULTS, faultReport } from '../fixtures/testing/fault-reports.ts';
import { SAMPLES } from '../fixtures/testing/sample-reports.ts';
import { renderTerminal } from './terminal.ts';
import { flat } from './testing.ts';
import { culpritOf } from './text/culprit.ts';

/** What a terminal of 24 lines shows before anything scrolls. */
const SCREEN = 24;

describe.each(FIRST_SCREEN_FAULTS)('the terminal under %s', (fault) => {
  it('begins with the verdict, then what to do, then how it is known, on one screen', async () => {
    const report = await faultReport(fault);
    const culprit = culpritOf(report)!;
    const lines = renderTerminal(report, { color: false }).split('\n');
    const screen = flat(lines.slice(0, SCREEN).join('\n'));
    expect(report.verdict).toBe(fault === 'backend-down' ? 'inconclusive' : 'fail');
    expect(
      screen.startsWith(`${report.verdict.toUpperCase()} (exit ${report.exitCode}) ${flat(report.sentence)}`),
    ).toBe(true);
    const places = [flat(report.sentence), `do ${flat(culprit.remedy)}`, `finding ${culprit.code} `, 'received '].map(
      (text) => screen.indexOf(text),
    );
    expect(places).not.toContain(-1);
    expect(places).toEqual(places.toSorted((a, b) => a - b));
    for (const line of lines) if (!line.includes('://')) expect(stringWidth(line), line).toBeLessThanOrEqual(80);
  });
});

describe('the rest of the terminal report', () => {
  const textOf = (name: string, view: 'normal' | 'verbose' = 'normal') =>
    renderTerminal(SAMPLES[name]!(), { color: false, view });

  it('has the promises that hold in one line, and those that do not hold before them', () => {
    const text = textOf('fail-dropped');
    expect(text).toContain('✓ 5 promises hold: environment, ingress, load-balancing, parentage, sampling');
    expect(text.indexOf('✗ propagation')).toBeLessThan(text.indexOf('✓ 5 promises hold'));
    expect(textOf('inconclusive')).toContain('? 6 promises not judged: ingress, load-balancing');
  });

  it('lists each promise where all hold, or where everything is asked for', () => {
    for (const text of [textOf('pass'), textOf('fail-dropped', 'verbose')]) {
      expect(text).toMatch(/^✓ ingress/m);
      expect(text).not.toContain('promises hold:');
    }
  });

  it('has no column for a header that no hop shows, and names it', () => {
    const text = textOf('fail-dropped');
    expect(text).not.toMatch(/│ x-b3-flags/);
    expect(flat(text)).toContain('· x-b3-parentspanid, x-b3-sampled, x-b3-flags, x-ot-span-context');
    expect(textOf('fail-dropped', 'verbose')).toMatch(/│ x-b3-flags/);
  });

  it('shows a remedy that names its version with each finding', async () => {
    const text = flat(renderTerminal(await faultReport('pin:reviews:v1'), { color: false }));
    for (const version of ['v2', 'v3'])
      expect(text.split(`-l app=reviews,version=${version}`), version).toHaveLength(2);
  });

  it('shows the remedy of the first finding once where the next one has the same', async () => {
    const report = await faultReport('pin:reviews:v1');
    const promises = report.promises.map((promise) => ({
      ...promise,
      findings: promise.findings.map((finding) => ({ ...finding, remedy: 'look at the route' })),
    }));
    const text = renderTerminal({ ...report, promises }, { color: false });
    expect(text.match(/look at the route/g)).toHaveLength(1);
    expect(text).toContain('do        the same as above');
  });
});
