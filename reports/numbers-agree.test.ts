import { describe, expect, it } from 'vitest';
import { create } from 'xmlbuilder2';
import { FIRST_SCREEN_FAULTS, faultReport } from '../fixtures/testing/fault-reports.ts';
import { SAMPLES } from '../fixtures/testing/sample-reports.ts';
import type { RunReport } from '../harness/model/report.ts';
import { shareWords } from '../harness/model/share-words.ts';
import { safeText } from './characters/safe-text.ts';
import { FORMATS } from './formats.ts';
import { renderTerminal } from './terminal.ts';
import { asRead, flat } from './testing.ts';
import { isOwnFinding, verdictInWords } from './words.ts';

// A number that stands in one format stands in the others, or nowhere: a mail and a page of a pipeline describe one
// run. Every sample, and the ten faults that the first screen is tested with.

const REPORTS: readonly (readonly [name: string, make: () => RunReport | Promise<RunReport>])[] = [
  ...Object.entries(SAMPLES),
  ...FIRST_SCREEN_FAULTS.map((fault) => [fault, () => faultReport(fault)] as const),
];

/** The formats that people read, as they read them. */
const READ: Readonly<Record<string, (report: RunReport) => string>> = {
  terminal: (report) => flat(FORMATS.terminal(report)),
  'terminal, verbose': (report) => flat(renderTerminal(report, { color: false, view: 'verbose' })),
  'terminal, short': (report) => flat(renderTerminal(report, { color: false, view: 'short' })),
  line: (report) => flat(FORMATS.line(report)),
  markdown: (report) => flat(FORMATS.markdown(report)).replace(/\\([()[\]_*|<>#`~])/g, '$1'),
  github: (report) => flat(FORMATS.github(report).replaceAll('%0A', '\n').replaceAll('%25', '%')),
  junit: (report) => flat(JSON.stringify(create(FORMATS.junit(report)).root().toObject())),
  ctrf: (report) => flat(JSON.stringify(JSON.parse(FORMATS.ctrf(report)))),
  html: (report) => asRead(FORMATS.html(report)),
};

/** `4 of 4 calls`: what was counted of how many. */
const SHARE =
  /\b\d+ of \d+ (?:calls?|traces?|probes?|pages?|attempts?|answers?|requests?|hops in every trace|spans?)\b/g;

/** The numbers of the JSON report, by themselves and as words. */
function known(report: RunReport): ReadonlySet<string> {
  const findings = report.promises.flatMap((promise) => promise.findings);
  const shares = findings.flatMap((finding) => [
    shareWords(finding),
    ...(finding.callees ?? []).map(({ share }) => shareWords({ code: finding.code, share })),
  ]);
  return new Set([...(flat(FORMATS.json(report)).match(SHARE) ?? []), ...shares]);
}

/** The samples of a family, by their labels. */
function samplesOf(exposition: string, family: string): readonly (readonly [labels: string, value: number])[] {
  return [...exposition.matchAll(new RegExp(`^${family}(?:\\{(.*)\\})? (\\S+)$`, 'gm'))].map(
    ([, labels = '', value]) => [labels, Number(value)] as const,
  );
}

describe.each(REPORTS)('%s', (_name, make) => {
  it('has no share in any format that the JSON report does not have', async () => {
    const report = await make();
    const all = known(report);
    const foreign = Object.entries(READ).flatMap(([format, read]) =>
      (read(report).match(SHARE) ?? []).filter((share) => !all.has(share)).map((share) => `${format}: ${share}`),
    );
    expect(foreign).toEqual([]);
  });

  it('has the share of each finding in every format that shows findings', async () => {
    const report = await make();
    const own = report.promises.flatMap(({ findings }) => findings.filter(isOwnFinding));
    const texts = ['terminal', 'markdown', 'junit', 'ctrf', 'html'].map((format) => [format, READ[format]?.(report)]);
    for (const finding of own)
      for (const [format, text] of texts) expect(text, `${format} of ${finding.code}`).toContain(shareWords(finding));
  });

  it('has the same verdict, exit code, counts and statuses in every format', async () => {
    const report = await make();
    const { verdict, exitCode, sentence, run, promises } = report;
    const head = `${verdictInWords(report)} (exit ${exitCode}) ${flat(safeText(sentence))}`;
    expect(READ.terminal?.(report)).toContain(head);
    expect(READ.html?.(report)).toContain(flat(safeText(sentence)));
    const exposition = FORMATS.prometheus(report);
    const statuses = samplesOf(exposition, 'hopcheck_promise_status').filter(([, is]) => is === 1);
    expect({
      verdict: samplesOf(exposition, 'hopcheck_verdict').filter(([, is]) => is === 1),
      exitCode: samplesOf(exposition, 'hopcheck_exit_code').map(([, value]) => value),
      probes: samplesOf(exposition, 'hopcheck_probes').map(([, value]) => value),
      traces: samplesOf(exposition, 'hopcheck_traces').map(([, value]) => value),
      statuses: statuses.length,
    }).toEqual({
      verdict: [[expect.stringContaining(`verdict="${verdict}"`), 1]],
      exitCode: [exitCode],
      probes: [run.probes],
      traces: [run.traces],
      statuses: promises.length,
    });
    for (const { id, status } of promises)
      expect(
        statuses.some(([labels]) => labels.includes(`promise="${id}",status="${status}"`)),
        id,
      ).toBe(true);
    const { tests } = JSON.parse(FORMATS.ctrf(report)).results.summary as { readonly tests: number };
    expect(tests).toBe((JSON.parse(FORMATS.ctrf(report)).results.tests as readonly unknown[]).length);
  });
});
