import { describe, expect, it } from 'vitest';
import type { Finding } from '../harness/model/finding.ts';
import { FORMATS } from './formats.ts';
import { plain } from './markdown-text.ts';
import { renderTerminal } from './terminal.ts';
import { asRead, ctrfTest, flat, htmlItem, junit, markdownRow, sample, verbose } from './testing.ts';
import { policyInWords, subjectInWords, waiverInWords } from './words.ts';

describe('a run with findings that are tolerated, known or left out', () => {
  const report = sample('waived');
  const waivedPromises = report.promises.filter(({ status, judged }) => status === 'pass' && judged === 'fail');
  const finding = report.promises
    .flatMap(({ findings }) => findings)
    .find(({ waived, explainedBy }) => waived !== undefined && explainedBy === undefined) as Finding & {
    waived: NonNullable<Finding['waived']>;
  };
  const waiver = waiverInWords(finding.waived);
  const policy = policyInWords(report.policy!);

  it('has the fields that these tests need', () => {
    expect(waivedPromises.map(({ id }) => id)).toEqual(['trace-shape', 'parentage']);
    expect(waiver).toBe('tolerated: its sidecar comes next week');
    expect(finding.baseline).toBe('new');
    expect(policy.map(([name]) => name)).toEqual(['counted', 'tolerated', 'tolerated', 'baseline', 'gone']);
  });

  it('has in CTRF a waived promise that passes, with its judgement, and the reason at each finding', () => {
    for (const { id } of waivedPromises)
      expect(ctrfTest(report, id)).toMatchObject({ status: 'passed', rawStatus: 'pass', extra: { judged: 'fail' } });
    expect(ctrfTest(report, 'ingress')?.extra).not.toHaveProperty('judged');
    const trace = ctrfTest(report, 'trace-shape')?.trace;
    expect(trace).toContain(`\n  waived: ${waiver}\n  baseline: new\n`);
    expect(JSON.parse(FORMATS.ctrf(report)).results.extra.policy).toEqual(report.policy);
  });

  it('has in JUnit the policy as properties, and a waived finding in the output of a case that passes', () => {
    const { properties, caseOf } = junit(report);
    const [counted, tolerated, tolerated2, baseline, gone] = policy.map(([, text]) => text);
    expect(Object.fromEntries(properties)).toMatchObject({
      counted,
      tolerated,
      'tolerated 2': tolerated2,
      baseline,
      gone,
    });
    for (const { id } of waivedPromises) expect(caseOf(id)).not.toHaveProperty('failure');
    expect(caseOf('trace-shape')?.['system-out']).toContain(`waived: ${waiver}\n  baseline: new\n`);
  });

  it('has in Markdown a sign and a word for a waived promise, the reason at its finding, and a list of the policy', () => {
    for (const { id, observed } of waivedPromises)
      expect(markdownRow(report, id)).toMatch(new RegExp(`^\\| ➖ \\| ${id} \\| .* \\| waived · ${observed}`));
    expect(FORMATS.markdown(report)).toContain(` · new\n\n* **${plain(waiver)}**\n`);
    expect(FORMATS.markdown(report)).toContain(
      `\n${policy.map(([name, text]) => `* ${name}: ${plain(text)}`).join('\n')}\n`,
    );
  });

  it('has on GitHub a notice with the reason for a waived finding, whatever its severity', () => {
    expect(finding.severity).toBe('error');
    const [line = '', ...more] = FORMATS.github(report)
      .split('\n')
      .filter((text) => text.includes(finding.code));
    expect(line).toMatch(
      new RegExp(`^::notice title=${finding.code} ${subjectInWords(finding.subject)}::.*%0A${waiver}%0A`),
    );
    expect(more).toEqual([]);
  });

  it('has in HTML a waived promise apart from a pass, its reason, and the policy among the facts of the run', () => {
    for (const { id } of waivedPromises) {
      expect(htmlItem(report, id)).toContain('class="promise unsure"');
      expect(asRead(htmlItem(report, id))).toMatch(new RegExp(`^ ?~ ?WAIVED ${id} `));
    }
    const page = asRead(FORMATS.html(report));
    expect(page).toContain(`${waivedPromises.length} waived`);
    expect(page).toContain(` – ${waiver}`);
    for (const [name, text] of policy) expect(page).toContain(`${name} ${text}`);
  });

  it('has on the terminal, verbose, the whole waived finding, with the reason', () => {
    expect(verbose(report)).toContain(`waived ${waiver} expected ${finding.expected}`);
    expect(flat(renderTerminal(report, { color: false }))).not.toContain(`expected ${finding.expected}`);
  });

  it('has in Prometheus the waiver of a finding, its explanation, and whether it is new', () => {
    const samples = FORMATS.prometheus(report).match(/^hopcheck_findings\{.*$/gm) ?? [];
    const labelled = samples.map((sample) => /code="(\w+)".*?waived="(\w+)"(.*?)\}/.exec(sample)?.slice(1));
    expect(labelled).toContainEqual([finding.code, 'tolerate', ',baseline="new"']);
    expect(labelled).toContainEqual(['HC402', 'tolerate', ',explained="yes"']);
  });
});

it('HTML shows beside the count of a finding whether the baseline knows it', () => {
  const report = sample('fail-dropped');
  const words = (['new', 'known'] as const).map((baseline) => {
    const promises = report.promises.map((promise) => ({
      ...promise,
      findings: promise.findings.map((finding) => ({ ...finding, baseline })),
    }));
    return /<article[\s\S]*?<\/header>/.exec(FORMATS.html({ ...report, promises }))?.[0] ?? '';
  });
  const without = /<article[\s\S]*?<\/header>/.exec(FORMATS.html(report))?.[0] ?? '';
  expect(asRead(words[0]!)).toMatch(/calls · .*\bnew\b/);
  expect(new Set([...words, without]).size).toBe(3);
});
