import { describe, expect, it } from 'vitest';
import type { Finding } from '../../harness/model/finding.ts';
import { asRead, htmlItem, sample } from '../testing.ts';
import { renderHtml } from './html.ts';

const report = sample('fail-dropped');
const [base] = report.promises.flatMap(({ findings }) => findings.filter(({ severity }) => severity === 'error'));
const evidence = { probes: [], traces: [], spans: [], links: [] };

/** The report with these findings at its first promise, and no others. */
function withFindings(findings: readonly Partial<Finding>[]) {
  const promises = report.promises.map((promise, index) => ({
    ...promise,
    findings: index === 0 ? findings.map((one) => ({ ...base!, ...one })) : [],
  }));
  return { ...report, promises };
}
const ofService = (service: string): Partial<Finding> => ({ subject: { kind: 'service', service } });

describe('the findings of the page', () => {
  it('show errors before warnings, in whatever order they are found', () => {
    const html = renderHtml(
      withFindings([
        { ...ofService('a'), severity: 'warning' },
        { ...ofService('b'), severity: 'error' },
      ]),
    );
    const cards = [...html.matchAll(/<article class="finding (\w+)"/g)].map(([, severity]) => severity);
    expect(cards).toEqual(['error', 'warning']);
  });

  it('link to the finding that explains them, even where that is about a service', () => {
    const cause = {
      promise: report.promises[0]!.id,
      code: 'HC306',
      subject: { kind: 'service', service: 'b' },
    } as const;
    const html = renderHtml(
      withFindings([
        { ...ofService('a'), code: 'HC306' },
        { ...ofService('b'), code: 'HC306' },
        { ...ofService('c'), code: 'HC301', severity: 'info', explainedBy: cause },
      ]),
    );
    expect(html).toMatch(/<li id="HC301-c">.* – follows from <a href="#HC306-b">/);
  });

  it('link to a trace only by a web address, and show any other address as text', () => {
    const linked = (link: string) =>
      renderHtml(
        withFindings([
          { evidence: { ...evidence, traces: ['ab' as Finding['evidence']['traces'][number]], links: [link] } },
        ]),
      );
    expect(linked('http://jaeger/trace/ab')).toContain(
      '<a href="http://jaeger/trace/ab" rel="noreferrer" data-copy="link">open the trace</a>',
    );
    expect(linked('file:///etc')).toContain('<bdi>file:///etc</bdi>');
  });

  it('name their probes where no trace is there to look at', () => {
    const probes = ['p001', 'p002'] as unknown as Finding['evidence']['probes'];
    expect(asRead(renderHtml(withFindings([{ evidence: { ...evidence, probes } }])))).toContain(
      'Evidence: probes p001, p002',
    );
  });

  it('are four beside their promise, and the others are counted', () => {
    const item = (count: number) =>
      asRead(
        htmlItem(withFindings(Array.from({ length: count }, (_, n) => ofService(`s${n}`))), report.promises[0]!.id),
      );
    expect(item(7)).toContain('and 3 more findings');
    expect(item(4)).not.toContain('more finding');
  });
});

describe('an unknown fact', () => {
  it('is left out of the line of the trace backend', () => {
    const { traceBackend, ...target } = report.run.target;
    const lineOf = (backend: typeof traceBackend) =>
      /<dt>trace backend<\/dt>\s*<dd>(.*?)<\/dd>/.exec(
        renderHtml({ ...report, run: { ...report.run, target: { ...target, traceBackend: backend } } }),
      )?.[1];
    expect(asRead(lineOf({ url: 'http://jaeger' }) ?? '').trim()).toBe('http://jaeger');
    expect(asRead(lineOf({ url: 'http://jaeger', api: 'jaeger-legacy' }) ?? '')).toContain(
      'http://jaeger (jaeger-legacy, ',
    );
  });

  it('is stated about versions where no answer showed one', () => {
    const versions = { ...report.versions!, attempts: 0, counts: {}, sequence: [] };
    expect(asRead(renderHtml({ ...report, versions }))).toContain('No answer showed its version.');
  });

  it('is left out of the title of a picture, which names versions only where there are some', () => {
    const { versions, ...without } = report;
    const title = (one: typeof report) => /id="scatter">[\s\S]*?<h3>(.*?)<\/h3>/.exec(renderHtml(one))?.[1];
    expect(title(report)).toBe(`Duration of each trace, by version of ${versions?.service}`);
    expect(title(without)).toBe('Duration of each trace');
  });
});
