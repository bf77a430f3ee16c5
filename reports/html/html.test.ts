import { createHash } from 'node:crypto';
import { describe, expect, it } from 'vitest';
import { hostileReport } from '../../fixtures/testing/hostile-report.ts';
import { SAMPLES } from '../../fixtures/testing/sample-reports.ts';
import type { RunReport } from '../../harness/model/report.ts';
import { SCRIPT } from './generated/script.ts';
import { STYLE } from './generated/style.ts';
import { renderHtml } from './html.ts';

const withoutDetail = ({ detail: _, ...report }: RunReport): RunReport => report;
const REPORTS: Readonly<Record<string, () => RunReport>> = {
  ...SAMPLES,
  'hostile-spans': hostileReport,
  'without detail': () => withoutDetail(SAMPLES['fail-dropped']!()),
};

describe.each(Object.keys(REPORTS))('the HTML report (%s)', (name) => {
  const html = renderHtml(REPORTS[name]!());
  const all = (pattern: RegExp) => [...html.matchAll(pattern)].map(([, found = '']) => found);
  const page = html.replace(/<(script|style)\b[\s\S]*?<\/\1>/g, '');

  it('has a policy that allows nothing but its own style sheet and script', () => {
    const [policy = ''] = all(/http-equiv="Content-Security-Policy" content="([^"]*)"/g);
    const hash = (text: string) => `&#39;sha256-${createHash('sha256').update(text).digest('base64')}&#39;`;
    expect(policy.split('; ')).toEqual([
      'default-src &#39;none&#39;',
      `style-src ${hash(STYLE)}`,
      `script-src ${hash(SCRIPT)}`,
      'base-uri &#39;none&#39;',
      'form-action &#39;none&#39;',
      'require-trusted-types-for &#39;script&#39;',
      'trusted-types &#39;none&#39;',
    ]);
    expect(all(/<style>([\s\S]*?)<\/style>/g)).toEqual([STYLE]);
    expect(all(/<script type="module">([\s\S]*?)<\/script>/g)).toEqual(name === 'without detail' ? [] : [SCRIPT]);
    expect(STYLE).not.toMatch(/@import|url\(/);
  });

  it('loads nothing, runs nothing in its markup, and styles nothing in place', () => {
    expect(page).not.toMatch(/<(?:link|img|iframe|object|embed|form|base|i|b onload)\b/);
    for (const [, attributes = ''] of page.matchAll(/<[a-z][\w-]*((?:\s+[\w:-]+(?:="[^"]*")?)*)\s*>/g))
      for (const [, attribute = ''] of attributes.matchAll(/\s([\w:-]+)(?:="[^"]*")?/g))
        expect(attribute).not.toMatch(/^(?:on.*|style|src|srcset|action)$/);
    for (const href of all(/href="([^"]*)"/g)) expect(href).toMatch(/^(?:https?:\/\/|#)/);
  });

  it('is markup that closes every element that it opens, with our own tags only', () => {
    const open: string[] = [];
    const VOID = new Set(['meta', 'br', 'wbr', 'col', 'input']);
    for (const [, closes = '', tag = ''] of html
      .replace(/<!doctype html>/, '')
      .replace(/(<(script|style)\b[^>]*>)[\s\S]*?(?=<\/\2>)/g, '$1')
      .matchAll(/<(\/?)([\w]+)[^<>]*>/g)) {
      if (closes) expect(open.pop()).toBe(tag);
      else if (!VOID.has(tag)) open.push(tag);
    }
    expect(open).toEqual([]);
    expect(html.match(/<h1>/g)).toHaveLength(1);
  });

  it('has every anchor once, and every link inside it leads to one', () => {
    const ids = all(/\sid="([^"]*)"/g);
    expect(ids.toSorted()).toEqual([...new Set(ids)].toSorted());
    const known = new Set(ids);
    for (const href of all(/href="#([^"]*)"/g)) expect(known.has(href), href).toBe(true);
    for (const target of all(/popovertarget="([^"]*)"/g)) expect(known.has(target), target).toBe(true);
  });

  it('has a moderate size, and no control character', () => {
    expect(html.length).toBeLessThan(600_000);
    // biome-ignore lint/suspicious/noControlCharactersInRegex: it is what must not be there
    expect(html).not.toMatch(/[\u0000-\u0009\u000b-\u001f\u007f-\u009f\u2028\u2029\u202a-\u202e\u2066-\u2069]/);
    expect(html.isWellFormed()).toBe(true);
  });
});

describe('the content of the report', () => {
  const html = renderHtml(SAMPLES['fail-dropped']!());

  it('has for every finding an anchor, its meaning and its fix', () => {
    expect(html).toContain('id="HC501-reviews-ratings"');
    expect(html).toContain('id="about-HC501"');
    expect(html).toContain('What to do: ');
    expect(html).toContain('Send such a probe again');
  });

  it('marks the broken hop in the map and links it to its finding', () => {
    expect(html).toMatch(
      /<a href="#HC501-reviews-ratings">\n<g class="hop broken"><title>reviews → ratings: broken, 0 of 4/,
    );
    expect(html.match(/class="hop whole"/g)?.length).toBe(6);
  });

  it('shows gap and fragment of the broken trace, beside the expected trace, without any script', () => {
    expect(html).toContain('✗ → <bdi>ratings</bdi>: not in this trace');
    expect(html).toContain('the same request, under another trace id');
    expect(html).toMatch(/expected of <bdi>v3<\/bdi>/);
    expect(html).toContain('✗ missing');
  });

  it('states in so many words where no finding counts', () => {
    expect(renderHtml(SAMPLES.pass!())).toContain('Nothing that counts is wrong');
    expect(html).not.toContain('Nothing that counts is wrong');
  });

  it('shows the defects that such a run can find, where requests were sent', () => {
    expect(html).toMatch(/id="reach">\n<h2>What such a run can find<\/h2>/);
    expect(html.replaceAll('\u00a0', ' ')).toContain('a hop failing 5 % of requests is detected');
    const { reach: _, ...unsent } = SAMPLES['fail-dropped']!();
    expect(renderHtml(unsent)).not.toContain('id="reach"');
  });

  it('stays readable with thousands of findings, and counts those left out', () => {
    const report = SAMPLES['fail-dropped']!();
    const [first, ...rest] = report.promises;
    const finding = report.promises.flatMap(({ findings }) => findings)[0]!;
    const many = Array.from({ length: 5000 }, (_, n) => ({
      ...finding,
      subject: { kind: 'service', service: `s${n}` } as const,
    }));
    const html = renderHtml({ ...report, promises: [{ ...first!, findings: many }, ...rest] });
    expect(html.length).toBeLessThan(1_500_000);
    expect(html).toMatch(/4.8\d\d more findings left out here/);
  });

  it('shows the waived findings with their reason', () => {
    const report = SAMPLES['fail-dropped']!();
    const waived = { by: 'tolerate', reason: 'fixed in May' } as const;
    const promises = report.promises.map((promise) => ({
      ...promise,
      ...(promise.status === 'fail' && { status: 'pass' as const, judged: 'fail' as const }),
      findings: promise.findings.map((finding) => ({ ...finding, waived })),
    }));
    const tolerated = renderHtml({ ...report, promises });
    expect(tolerated).toContain('Found, and not counted');
    expect(tolerated).toContain('tolerated: fixed in May');
    expect(tolerated).toContain('WAIVED');
    expect(tolerated).toContain('Nothing that counts is wrong');
  });
});
