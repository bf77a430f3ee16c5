import { describe, expect, it } from 'vitest';
import type { RunReport } from '../harness/model/report.ts';
import { FORMATS } from './formats.ts';
import { sample } from './testing.ts';

/** Each case by its class and name, with what it came to. */
function cases(
  report: RunReport,
): readonly { readonly name: string; readonly attributes: string; readonly body: string }[] {
  return [...FORMATS.junit(report).matchAll(/<testcase ([^>]*?)(\/>|>([\s\S]*?)<\/testcase>)/g)].map(
    ([, attributes = '', , body = '']) => ({
      attributes,
      body,
      name: /(?:^| )name="([^"]*)"/.exec(attributes)?.[1] ?? '',
    }),
  );
}
const dropped = sample('fail-dropped');

describe('the JUnit report', () => {
  it('has a case per finding, with time and file, named alike whatever versions are affected', () => {
    const [finding] = cases(dropped).filter(({ name }) => name.startsWith('HC501'));
    expect(finding?.name).toBe('HC501 reviews → ratings');
    expect(finding?.attributes).toMatch(/classname="hopcheck.propagation".* time="0" file="docs\/codes\/HC501.md"/);
    expect(finding?.body).toMatch(/<failure type="HC501"/);
  });

  it('calls what follows from another finding no failure, and names that one', () => {
    const shape = dropped.promises.find(({ id }) => id === 'trace-shape');
    expect(shape?.status).toBe('fail');
    expect(shape?.findings.every(({ explainedBy }) => explainedBy !== undefined)).toBe(true);
    const [followed] = cases(dropped).filter(({ attributes }) => attributes.includes('hopcheck.trace-shape"'));
    expect(followed?.body).toMatch(/<skipped message="HC301 ratings: .*; follows from HC501 reviews/);
    expect(FORMATS.junit(dropped)).toContain('failures="2"');
  });

  it('has a failure all the same where every failing promise follows from what is tolerated', () => {
    const promises = dropped.promises.map((promise) =>
      promise.id === 'propagation' ? { ...promise, status: 'pass' as const } : promise,
    );
    expect(FORMATS.junit({ ...dropped, promises })).toMatch(/failures="1"[\s\S]*<failure/);
  });

  it('shows a warning as a case that passes, with its text', () => {
    const promises = dropped.promises.map((promise) => ({
      ...promise,
      status: 'pass' as const,
      findings: promise.findings.map((finding) => ({ ...finding, severity: 'warning' as const })),
    }));
    const [warned] = cases({ ...dropped, promises }).filter(({ name }) => name.startsWith('HC501'));
    expect(warned?.body).toMatch(/^\s*<system-out>HC501 warning: /);
  });

  it('links to the finding in the page, absolutely, where its URL is known', () => {
    const page = 'https://ci.example/job/7/report.html?x=1';
    const xml = FORMATS.junit({ ...dropped, page });
    expect(xml).toContain('page: https://ci.example/job/7/report.html?x=1#HC501-reviews-ratings');
    expect(FORMATS.html(dropped)).toContain('id="HC501-reviews-ratings"');
    expect(FORMATS.junit(dropped)).not.toContain('page: ');
    expect(FORMATS.json({ ...dropped, page })).toBe(FORMATS.json(dropped));
  });
});
