import { describe, expect, it } from 'vitest';
import { JUDGED_SAMPLES, SAMPLES } from '../../fixtures/testing/sample-reports.ts';
import { renderJson } from '../../reports/json.ts';
import { applyPolicy } from '../judge/policy.ts';
import { isCompared } from '../judge/same-finding.ts';
import { resolvePolicy } from './policy.ts';

const policyWith = (text: string, more: Readonly<Record<string, unknown>> = {}) =>
  resolvePolicy({ flags: { baseline: 'before.json', ...more }, env: {}, readFile: () => text });

it.each([
  ['HC501:reviews v2, v3 → ratings=x', 'reviews->ratings'],
  ['HC501: reviews->ratings =x', 'reviews->ratings'],
  ['HC302:reviews v2=x', 'reviews'],
  ['HC601:forced-on probes=x', 'probe'],
  ['HC601:the mesh=x', 'mesh'],
  ['HC705:the trace backend=x', 'backend'],
  ['HC705=x', undefined],
])('--tolerate %j selects the subject %j', (tolerate, subject) => {
  const { tolerate: read } = resolvePolicy({ flags: { tolerate: [tolerate] }, env: {}, readFile: () => '' });
  expect(read.map((one) => one.subject)).toEqual([subject]);
});

describe('--baseline', () => {
  it.each(Object.keys(SAMPLES))('reads each compared finding of %s from JSON, and none is new', (name) => {
    const report = SAMPLES[name]!();
    const { baseline } = policyWith(renderJson(report));
    const compared = report.promises.flatMap(({ findings }) => findings.filter(isCompared));
    expect(baseline?.findings.map(({ code }) => code)).toEqual(compared.map(({ code }) => code));
    const again = applyPolicy(JUDGED_SAMPLES[name]!(), policyWith(renderJson(report), { failOn: 'new' }));
    expect(again.policy?.baseline).toMatchObject({ new: 0, known: compared.length, gone: [] });
    expect(again.verdict).not.toBe('fail');
  });

  it.each([
    { what: 'a text that is not JSON', text: 'PASS', why: 'it is not JSON' },
    {
      what: 'another document',
      text: '{"schema":"ctrf"}',
      why: 'its schema is "ctrf"; this version reads hopcheck/report@1',
    },
    {
      what: 'a report of another version',
      text: '{"schema":"hopcheck/report@19"}',
      why: 'its schema is "hopcheck/report@19"',
    },
    { what: 'JSON without a schema', text: '[1]', why: 'it is JSON of something else' },
    {
      what: 'a capture',
      text: '{"type":"head","head":{"schema":"hopcheck/capture@1"}}\n{"type":"end"}\n',
      why: 'it is a capture; hopcheck judge before.json --report json=before.json makes a report of it',
    },
    { what: 'a report that is cut', text: renderJson(SAMPLES['fail-dropped']!()).slice(0, 500), why: 'it is not JSON' },
    {
      what: 'a report without its findings',
      text: renderJson(SAMPLES.pass!()).replaceAll('"findings"', '"found"'),
      why: 'findings: no array is there',
    },
  ])('refuses $what, and names the reason', ({ text, why }) => {
    expect(() => policyWith(text)).toThrow(`--baseline "before.json" (from flag --baseline): expected`);
    expect(() => policyWith(text)).toThrow(why);
  });
});
