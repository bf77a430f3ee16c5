import { expect, it } from 'vitest';
import { type Finding, refTo, type Severity } from '../model/finding.ts';
import { conclude } from './conclude.ts';

function finding(severity: Severity, explainedBy?: Finding['explainedBy']): Finding {
  return {
    code: 'HC302',
    severity,
    causes: [],
    subject: { kind: 'mesh' },
    expected: '',
    received: '',
    share: { affected: 1, of: 2 },
    ...(explainedBy !== undefined && { explainedBy }),
    evidence: { probes: [], traces: [], spans: [], links: [] },
    remedy: '',
  };
}
const explained = finding('info', refTo('HC501', { kind: 'mesh' }));

it.each([
  ['nothing', [], undefined, 'pass'],
  ['nothing, but undecided', [], 'no trace', 'inconclusive'],
  ['an error', [finding('error')], undefined, 'fail'],
  ['an error among others, and undecided', [finding('info'), finding('error')], 'no trace', 'fail'],
  ['a warning and information', [finding('warning'), finding('info')], undefined, 'pass'],
  ['a warning, and undecided', [finding('warning')], 'no trace', 'inconclusive'],
  ['only a finding that another explains', [explained], 'no trace', 'fail'],
] as const)('%s', (_what, findings, reason, status) => {
  expect(conclude('trace-shape', { observed: 'seen', findings, reason })).toEqual({
    promise: 'trace-shape',
    status,
    observed: 'seen',
    findings,
    ...(status === 'inconclusive' && { reason }),
  });
});

it('names the promise that a code belongs to', () => {
  expect(refTo('HC603', { kind: 'backend' })).toEqual({
    promise: 'sampling',
    code: 'HC603',
    subject: { kind: 'backend' },
  });
});
