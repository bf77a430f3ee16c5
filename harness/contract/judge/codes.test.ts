import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { renderReport } from '../../../reports/text/render-report.ts';
import type { CONTRACT_CODES } from '../../model/codes/contract.ts';
import { CODES } from '../../model/codes.ts';
import type { ContractCapture } from '../../model/contract.ts';
import { findingFactsSchema, promiseFactsSchema } from '../../model/facts/facts.ts';
import { ALWAYS_WATCHED } from './headers.ts';
import { judgeContract } from './judge-contract.ts';
import { type Made, madeCapture, withCalls } from './testing.ts';

/** The smallest run that triggers each code of contract mode alone. */
const TRIGGERS: Readonly<Record<keyof typeof CONTRACT_CODES, () => ContractCapture>> = {
  HC521: () => changed((pairs) => pairs.filter(([name]) => name !== 'tracestate')),
  HC522: () =>
    changed((pairs) => pairs.map(([name, value]) => [name, name === 'tracestate' ? `${value},own=1` : value])),
  HC523: () =>
    changed((pairs) => [...pairs, ['baggage', 'plan=gold']], {
      watched: ['x-request-id', 'traceparent', 'tracestate'],
      required: ['x-request-id', 'traceparent', 'tracestate', 'baggage'],
    }),
  HC741: () => ({
    ...madeCapture(),
    exchanges: [],
    calls: [],
    stopped: { why: 'not-there', reason: 'nothing listens there' },
  }),
  HC742: () => ({ ...madeCapture(), calls: [] }),
  HC743: () => ({
    ...madeCapture(),
    upstreams: [...madeCapture().upstreams, { name: 'prices', address: '127.0.0.1:2' }],
  }),
  HC744: () => {
    const made = madeCapture();
    return { ...made, exchanges: made.exchanges.map((exchange) => ({ ...exchange, status: 503 })) };
  },
  HC745: () => {
    const made = madeCapture();
    const [call] = made.calls;
    return { ...made, calls: [...made.calls, { ...call!, number: 99, stranger: 'bank:80' }] };
  },
  HC746: () => ({ ...madeCapture(), tls: ['stock'] }),
};

function changed(change: Made, options: Partial<ContractCapture> = {}): ContractCapture {
  return withCalls({ ...madeCapture(), ...options }, change);
}

describe('every code of contract mode', () => {
  it.each(Object.keys(TRIGGERS) as (keyof typeof TRIGGERS)[])('%s has a run that triggers this code alone', (code) => {
    const run = judgeContract(TRIGGERS[code]());
    const findings = run.promises.flatMap(({ id, findings: found }) => found.map((finding) => ({ id, ...finding })));
    expect(findings.map((finding) => finding.code)).toEqual([code]);
    expect(findings[0]?.id).toBe(CODES[code].promise);
  });

  it.each(Object.keys(TRIGGERS) as (keyof typeof TRIGGERS)[])('%s has a text for everything it says', (code) => {
    const report = renderReport(judgeContract(TRIGGERS[code]()));
    for (const promise of report.promises) {
      expect(promise.observed).not.toBe('');
      expect(promiseFactsSchema.parse(promise.facts)).toEqual(promise.facts);
      for (const { expected, received, remedy, facts } of promise.findings) {
        expect([expected, received, remedy].every((text) => text.length > 3)).toBe(true);
        expect(findingFactsSchema.parse(facts)).toEqual(facts);
      }
    }
    const statuses = new Set(report.promises.map(({ status }) => status));
    expect(statuses.has('fail') || statuses.has('inconclusive') || code === 'HC744' || code === 'HC745').toBe(true);
  });
});

describe('a run in which every header arrives', () => {
  it('passes', () => {
    expect(judgeContract(madeCapture())).toMatchObject({ verdict: 'pass', exitCode: 0 });
  });

  it('is never a pass when it was interrupted, or when nothing was sent', () => {
    for (const capture of [
      { ...madeCapture(), stopped: { why: 'interrupted' as const } },
      { ...madeCapture(), calls: [] },
      { ...madeCapture(), calls: [], exchanges: [] },
    ])
      expect(judgeContract(capture)).toMatchObject({ verdict: 'inconclusive', exitCode: 2 });
  });
});

describe('any headers of calls', () => {
  it('are judged without a crash, and only what was sent is a pass', () => {
    const name = fc.oneof(fc.constantFrom(...ALWAYS_WATCHED), fc.string());
    const headers = fc.array(fc.tuple(name, fc.oneof(fc.string(), fc.constantFrom('0', '1', 'd', '00-0-0-0'))), {
      maxLength: 8,
    });
    fc.assert(
      fc.property(headers, (pairs) => {
        const run = judgeContract({ ...withCalls(madeCapture(), () => pairs), watched: ALWAYS_WATCHED });
        renderReport(run);
        return run.verdict === 'fail';
      }),
    );
  });
});
