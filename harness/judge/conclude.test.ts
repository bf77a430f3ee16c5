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
    facts: { expected: { kind: 'one-entry' }, received: { kind: 'entries', services: [] } },
    share: { affected: 1, of: 2 },
    ...(explainedBy !== undefined && { explainedBy }),
    evidence: { probes: [], traces: [], spans: [], links: [] },
  };
}
const observed: Fact = { kind: 'nothing-to-compare' };
const noTrace: Fact = { kind: 'no-trace' };
const explained = finding('info', refTo('HC501', { kind: 'mesh' }));

it.each([
  ['nothing', [], undefined, 'pass'],
  ['nothing, but undecided', [], noTrace, 'inconclusive'],
  ['an error', [finding('error')], undefined, 'fail'],
  ['an error among others, and undecided', [finding('info'), finding('error')], noTrace, 'fail'],
  ['a warning and information', [finding('warning'), finding('info')], undefined, 'pass'],
  ['a warning, and undecided', [finding('warning')], noTrace, 'inconclusive'],
  ['only a finding that another explains', [explained], noTrace, 'fail'],
] as const)('%s', (_what, findings, reason, status) => {
  expect(conclude('trace-shape', { observed, findings, reason })).toEqual({
    promise: 'trace-shape',
    status,
    facts: { observed, ...(status === 'inconclusive' && { reason }) },
    findings,
  });
});

it('names the promise that a code belongs to', () => {
  expect(refTo('HC603', { kind: 'backend' })).toEqual({
    promise: 'sampling',
    code: 'HC603',
    subject: { kind: 'backend' },
  });
});
