import { describe, expect, it } from 'vitest';
import { FORMATS } from './formats.ts';
import { plain } from './markdown-text.ts';
import { renderTerminal } from './terminal.ts';
import { asRead, ctrfTest, flat, htmlItem, junit, markdownRow, promiseOf, sample, verbose } from './testing.ts';
import { STATUS_WORDS } from './words.ts';

describe('an undecided run', () => {
  const report = sample('inconclusive');
  const open = report.promises.filter(({ findings }) => findings.length === 0);
  const stopped = promiseOf(report, 'environment');
  const [finding] = stopped.findings;

  it('has the fields that these tests need', () => {
    expect(report.verdict).toBe('inconclusive');
    expect(open).toHaveLength(6);
    expect(stopped.reason).toContain('ECONNREFUSED');
  });

  it('has in CTRF promises that are neither passed nor failed, with the reason', () => {
    for (const { id, reason } of report.promises)
      expect(ctrfTest(report, id)).toMatchObject({ status: 'other', rawStatus: 'inconclusive', message: reason });
  });

  it('has in JUnit errors with the code or the word, and with the reason', () => {
    const { caseOf } = junit(report);
    expect(caseOf('environment')?.error).toMatchObject({ '@type': finding!.code, '@message': stopped.reason });
    for (const { id, reason, observed } of open)
      expect(caseOf(id)?.error).toEqual({ '@type': 'inconclusive', '@message': reason, '#': `observed: ${observed}` });
  });

  it('has in Markdown a verdict and rows with sign and word, and rows with the reason', () => {
    expect(FORMATS.markdown(report)).toMatch(/^## ❓ hopcheck: INCONCLUSIVE\n/);
    for (const { id } of report.promises) expect(markdownRow(report, id)).toMatch(/^\| ❓ /);
    for (const { id, reason = '', observed } of open)
      expect(markdownRow(report, id)).toContain(` | INCONCLUSIVE · ${plain(observed)} · ${plain(reason)} |`);
  });

  it('has in Markdown no line of a trace for a finding without one', () => {
    expect(finding!.evidence.links).toEqual([]);
    expect(FORMATS.markdown(report)).not.toContain('* trace:');
    expect(FORMATS.markdown(sample('fail-dropped'))).toContain('* trace:');
  });

  it('has on GitHub an error for the verdict, and a warning with the reason for each promise without a finding', () => {
    const lines = FORMATS.github(report).trimEnd().split('\n');
    expect(lines[0]).toMatch(/^::error title=hopcheck%3A INCONCLUSIVE \(exit 2\)::/);
    expect(lines.filter((line) => line.startsWith('::warning '))).toEqual(
      open.map(({ id, title, reason }) => `::warning title=${id}%3A not decided::${title}: ${reason}`),
    );
  });

  it('has in HTML no drawing of traces, and for each promise its status and reason', () => {
    const html = FORMATS.html(report);
    const page = asRead(html);
    expect(html).toContain('<header class="verdict inconclusive">');
    expect(page).toContain('What was expected');
    expect(page).toContain('No trace was seen');
    for (const id of ['scatter', 'times', 'traces']) expect(html).not.toContain(`id="${id}"`);
    expect(html).not.toContain('<section id="reach">');
    expect(html.match(/class="hop unseen"/g)?.length).toBeGreaterThan(0);
    for (const { id, reason = '' } of open) {
      expect(htmlItem(report, id)).toContain('class="promise unsure"');
      expect(asRead(htmlItem(report, id))).toMatch(/^ ?\? ?INCONCLUSIVE /);
      expect(asRead(htmlItem(report, id))).toContain(`because ${reason}`);
    }
  });

  it('has in Prometheus 1 for inconclusive and 0 for every other status', () => {
    const lines = FORMATS.prometheus(report).match(/^hopcheck_(?:verdict|promise_status)\{.*$/gm) ?? [];
    const ones = lines.filter((line) => line.endsWith(' 1'));
    expect(ones).toHaveLength(1 + report.promises.length);
    for (const line of ones) expect(line).toMatch(/(?:verdict|status)="inconclusive"/);
    expect(FORMATS.prometheus(report)).not.toMatch(/ NaN| undefined/);
  });

  it('has on the terminal, verbose, the reason of each promise, and otherwise only that of the environment', () => {
    const reason = open[0]?.reason ?? '';
    const times = (text: string) => text.split(`reason ${reason}`).length - 1;
    expect(times(verbose(report))).toBe(open.length);
    expect(times(flat(renderTerminal(report, { color: false })))).toBe(0);
  });
});

describe.each([
  ['skipped', 'load-balancing'],
  ['imported', 'ingress'],
  ['waived', 'sampling'],
])('a promise that was not judged (%s, %s)', (name, id) => {
  const report = sample(name);
  const { status, reason = '', observed } = promiseOf(report, id);
  const word = STATUS_WORDS[status];

  it('is skipped with its reason in each format', () => {
    expect(status).toMatch(/^skipped$|^not-supported$/);
    expect(reason).not.toBe('');
    expect(ctrfTest(report, id)).toMatchObject({ status: 'skipped', rawStatus: status, message: reason });
    expect(junit(report).caseOf(id)?.skipped).toEqual({ '@message': reason });
    expect(markdownRow(report, id)).toMatch(/^\| ➖ /);
    expect(markdownRow(report, id)).toContain(` | ${word} · ${plain(observed)} · ${plain(reason)} |`);
    expect(htmlItem(report, id)).toContain('class="promise none"');
    expect(asRead(htmlItem(report, id))).toMatch(new RegExp(`^ ?– ?${word} ${id} `));
    expect(asRead(htmlItem(report, id))).toContain(`because ${flat(reason)}`);
    expect(FORMATS.github(report)).not.toContain(`title=${id}`);
    expect(verbose(report)).toContain(`reason ${flat(reason)}`);
    expect(FORMATS.prometheus(report)).toMatch(new RegExp(`promise="${id}",status="${status}"\\} 1\n`));
  });

  it('is counted as not judged', () => {
    const left = report.promises.filter((promise) => /^skipped$|^not-supported$/.test(promise.status)).length;
    // A promise that fails only by what follows from another finding is skipped too.
    const follow = report.promises.filter(
      ({ status, findings }) =>
        status === 'fail' && findings.every(({ explainedBy, severity }) => explainedBy ?? severity !== 'error'),
    ).length;
    expect(junit(report).skipped).toBe(String(left + follow));
    expect(JSON.parse(FORMATS.ctrf(report)).results.summary.skipped).toBe(left);
    expect(asRead(FORMATS.html(report))).toContain(`${left} not judged`);
  });
});
