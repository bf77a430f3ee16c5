import { describe, expect, it } from 'vitest';
import { SAMPLES } from '../../fixtures/testing/sample-reports.ts';
import type { Finding } from '../../harness/model/finding.ts';
import type { RunReport } from '../../harness/model/report.ts';
import { culpritOf } from './culprit.ts';

const report = SAMPLES['fail-dropped']!();
const [base] = report.promises.flatMap(({ findings }) => findings.filter(({ severity }) => severity === 'error'));

/** Of the findings of two failing promises: trace shape, then propagation, which shows more. */
function chosen(
  shape: readonly Partial<Finding>[],
  propagation: readonly Partial<Finding>[],
  policy?: RunReport['policy'],
): string | undefined {
  const make = (some: readonly Partial<Finding>[]) => some.map((one) => ({ ...base!, ...one }));
  const promises = report.promises.map((promise) => ({
    ...promise,
    status: 'fail' as const,
    findings: promise.id === 'trace-shape' ? make(shape) : promise.id === 'propagation' ? make(propagation) : [],
  }));
  return culpritOf({ verdict: 'fail', promises, ...(policy !== undefined && { policy }) })?.code;
}

const often = { affected: 40, of: 50 };
const rarely = { affected: 2, of: 50 };

describe('the culprit of a failed run', () => {
  it('is an error of the promise that shows most, the most frequent one first', () => {
    expect(chosen([{ code: 'HC301', share: often }], [{ code: 'HC501', share: rarely }])).toBe('HC501');
    expect(
      chosen(
        [],
        [
          { code: 'HC501', share: rarely },
          { code: 'HC502', share: often },
        ],
      ),
    ).toBe('HC502');
  });

  it('is a new error before a known one', () => {
    expect(
      chosen([{ code: 'HC301', baseline: 'new', share: rarely }], [{ code: 'HC501', baseline: 'known', share: often }]),
    ).toBe('HC301');
  });

  it('is never a waived one', () => {
    const waived = { by: 'tolerate', reason: 'next week' } as const;
    expect(chosen([{ code: 'HC301' }], [{ code: 'HC501', waived }])).toBe('HC301');
  });

  it('is a warning only where warnings fail the run', () => {
    const warning: Partial<Finding> = { code: 'HC305', severity: 'warning' };
    const policy = { failOn: ['warning' as const], only: [], skip: [], tolerated: [] };
    expect(chosen([warning], [], policy)).toBe('HC305');
    expect(chosen([warning], [])).toBeUndefined();
  });

  it('is the finding that everything follows from, where that is not an error', () => {
    const cause = { promise: 'propagation', code: 'HC501', subject: base!.subject } as const;
    const symptom: Partial<Finding> = { code: 'HC301', severity: 'info', explainedBy: cause };
    expect(chosen([symptom], [{ code: 'HC501', severity: 'warning' }])).toBe('HC501');
  });
});

describe('a run without a culprit', () => {
  it('is one that passed, or that does not say why it could not decide', () => {
    expect(culpritOf(SAMPLES.pass!())).toBeUndefined();
    expect(culpritOf({ verdict: 'inconclusive', promises: SAMPLES.pass!().promises })).toBeUndefined();
    expect(culpritOf(SAMPLES.inconclusive!())?.code).toBe('HC701');
  });
});
