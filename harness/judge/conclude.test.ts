import { expect, it } from 'vitest';
import type { Fact } from '../model/facts/facts.ts';
import { type JudgedFinding, refTo, type Severity } from '../model/finding.ts';
import { conclude } from './conclude.ts';

function finding(severity: Severity, explainedBy?: JudgedFinding['explainedBy']): JudgedFinding {
  return {
    code: 'HC302',
    severity,
    causes: [],
    subject: { kind: 'mesh' },
    facts: { expected: { kind: 'one-entry' }, received: { kind: 'entry-spans', services: [] } },
    share: { affected: 1, of: 2 },
    ...(explainedBy !== undefined && { explainedBy }),
    evidence: { probes: [], traces: [], spans: [], links: [] },
  };
}
const observed: Fact = { kind: 'nothing-to-compare' };
const noTrace: Fact = { kind: 'no-trace' };
const explained = finding('info', refTo('HC501', { kind: 'mesh' }));

it.each([
  { what: 'nothing', findings: [], reason: undefined, status: 'pass' },
  { what: 'nothing, but undecided', findings: [], reason: noTrace, status: 'inconclusive' },
  { what: 'an error', findings: [finding('error')], reason: undefined, status: 'fail' },
  {
    what: 'an error among others, and undecided',
    findings: [finding('info'), finding('error')],
    reason: noTrace,
    status: 'fail',
  },
  {
    what: 'a warning and information',
    findings: [finding('warning'), finding('info')],
    reason: undefined,
    status: 'pass',
  },
  { what: 'a warning, and undecided', findings: [finding('warning')], reason: noTrace, status: 'inconclusive' },
  { what: 'only a finding that another explains', findings: [explained], reason: noTrace, status: 'fail' },
] as const)('conclude gives the status for $what', ({ findings, reason, status }) => {
  expect(conclude('trace-shape', { observed, findings, reason })).toEqual({
    promise: 'trace-shape',
    status,
    facts: { observed, ...(status === 'inconclusive' && { reason }) },
    findings,
  });
});

it('refTo names the promise of a code', () => {
  expect(refTo('HC603', { kind: 'backend' })).toEqual({
    promise: 'sampling',
    code: 'HC603',
    subject: { kind: 'backend' },
  });
});
