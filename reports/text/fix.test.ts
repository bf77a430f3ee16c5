import { describe, expect, it } from 'vitest';
import { CODES, type FindingCode } from '../../harness/model/codes.ts';
import type { JudgedFinding, Subject } from '../../harness/model/finding.ts';
import { fixText } from './fix.ts';

const HOP: Subject = { kind: 'hop', caller: 'reviews', callee: 'ratings', callerVersions: ['v2', 'v3'] };
const V3: Subject = { kind: 'service', service: 'reviews', versions: ['v3'] };

function finding(code: FindingCode, subject: Subject, more: Partial<JudgedFinding> = {}): JudgedFinding {
  return {
    code,
    severity: 'error',
    causes: [],
    subject,
    facts: { expected: { kind: 'a-verdict' }, received: { kind: 'not-judged' } },
    share: { affected: 1, of: 1 },
    evidence: { probes: [], traces: [], spans: [], links: [] },
    ...more,
  };
}

describe('what to do', () => {
  it('names the version, and the command that lists its pods', () => {
    expect(fixText(finding('HC201', V3))).toBe(
      'Check that reviews v3 has ready pods: kubectl get pod -A -l app=reviews,version=v3. Then look for a route that leaves v3 out: kubectl get virtualservice,destinationrule -A (or httproute).',
    );
  });

  it('names caller, versions and callee of a hop', () => {
    expect(fixText(finding('HC504', HOP))).toMatch(
      /^Have reviews v2, v3 take the headers from the request that it handles, anew for each call to ratings\./,
    );
  });

  it('names each callee where the calls of one caller fare alike', () => {
    const callees = ['details', 'reviews'].map((callee) => ({ callee, share: { affected: 1, of: 1 } }));
    const subject: Subject = { kind: 'service', service: 'productpage' };
    expect(fixText(finding('HC504', subject, { callees }))).toContain('for each call to details and reviews.');
  });

  it('takes no name of a span into a command that is not a label of Kubernetes', () => {
    const hop: Subject = { kind: 'hop', caller: 'reviews', callee: 'ratings; rm -rf .' };
    expect(fixText(finding('HC103', hop))).toMatch(/: kubectl get pod -A\.$/);
    const subject: Subject = { kind: 'service', service: 'reviews', versions: ['$(id)'] };
    expect(fixText(finding('HC201', subject))).toContain('kubectl get pod -A -l app=reviews.');
  });

  it('selects no version where the finding is of several', () => {
    const subject: Subject = { kind: 'service', service: 'reviews', versions: ['v1', 'v3'] };
    expect(fixText(finding('HC203', subject))).toContain('(kubectl get pod -A -l app=reviews)');
  });

  it('is what the finding itself says, where it says something', () => {
    const facts = {
      expected: { kind: 'a-verdict' },
      received: { kind: 'not-judged' },
      remedy: { kind: 'stated', text: 'do this' },
    } as const;
    expect(fixText(finding('HC504', HOP, { facts }))).toBe('do this');
  });

  it('has the flush interval that was measured, in whole seconds', () => {
    const facts = { expected: { kind: 'a-verdict' }, received: { kind: 'late-span', lagMs: 7200 } } as const;
    expect(fixText(finding('HC716', { kind: 'backend' }, { facts }))).toContain('--flush-interval 8s');
  });

  it('adds the way of a slow service to the flush interval', () => {
    const facts = {
      expected: { kind: 'spans-in-time', flushMs: 5000 },
      received: { kind: 'slow-way', service: 'details.default', wayMs: 2100 },
    } as const;
    expect(fixText(finding('HC716', { kind: 'backend' }, { facts }))).toContain('--flush-interval 8s');
  });

  it('is the general text of the code where there is no name', () => {
    for (const code of ['HC402', 'HC504'] as const)
      expect(fixText(finding(code, { kind: 'mesh' }))).toBe(CODES[code].fix);
  });
});
