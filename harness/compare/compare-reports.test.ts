import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { SAMPLES } from '../../fixtures/testing/sample-reports.ts';
import type { Finding } from '../model/finding.ts';
import type { RunReport } from '../model/report.ts';
import { compareReports } from './compare-reports.ts';
import { whyNotComparable } from './same-application.ts';

const sample = (name: string): RunReport => SAMPLES[name]!();
const dropped = sample('fail-dropped');
const hc501 = dropped.promises.flatMap(({ findings }) => findings).find(({ code }) => code === 'HC501')!;

/** The report with this one finding, in the promise of propagation. */
function withFinding(...findings: readonly Finding[]): RunReport {
  const promises = dropped.promises.map((promise) =>
    promise.id === 'propagation'
      ? { ...promise, status: 'fail' as const, findings }
      : { ...promise, status: 'pass' as const, findings: [] },
  );
  return { ...dropped, promises };
}

const seen = (affected: number, of: number): Finding => ({ ...hc501, share: { affected, of } });
const states = (before: RunReport, after: RunReport) =>
  compareReports(before, after).findings.map(({ state, finding }) => `${state} ${finding.code}`);

describe('compareReports', () => {
  it.each(Object.keys(SAMPLES))('finds a report the same as itself: %s', (name) => {
    const report = sample(name);
    const { isSame, promises, findings, hops } = compareReports(report, report);
    expect({ isSame, states: new Set(findings.map(({ state }) => state)) }).toEqual({
      isSame: true,
      states: new Set(findings.length === 0 ? [] : ['known']),
    });
    expect({ promises: promises.length, hops: hops.length }).toEqual({
      promises: report.promises.length,
      hops: report.hops.length,
    });
  });

  it('finds what is new, and what is gone the other way round', () => {
    const [clean, broken] = [withFinding(), withFinding(seen(50, 50))];
    expect(states(clean, broken)).toEqual(['new HC501']);
    expect(states(broken, clean)).toEqual(['gone HC501']);
    expect(compareReports(clean, broken).isSame).toBe(false);
  });

  it('calls a share that rose worse, one that fell better, and one that chance explains the same', () => {
    const [rare, frequent, less] = [seen(1, 50), seen(50, 50), seen(3, 50)].map((one) => withFinding(one));
    expect(states(rare!, frequent!)).toEqual(['worse HC501']);
    expect(states(frequent!, rare!)).toEqual(['better HC501']);
    expect(states(rare!, less!)).toEqual(['known HC501']);
    expect(compareReports(rare!, less!).isSame).toBe(true);
    expect(compareReports(rare!, frequent!).findings[0]?.shares?.pValue).toBeLessThan(1e-20);
  });

  it('does not call gone what the later run did not judge, or may have missed by chance', () => {
    const broken = withFinding(seen(50, 50));
    const clean = withFinding();
    const promises = clean.promises.map((promise) =>
      promise.id === 'propagation' ? { ...promise, status: 'inconclusive' as const } : promise,
    );
    const [first] = compareReports(broken, { ...clean, promises }).findings;
    expect(first).toMatchObject({ state: 'not-seen', why: { kind: 'promise-not-judged' } });
    expect(compareReports(withFinding(seen(1, 50)), clean).findings[0]).toMatchObject({
      state: 'not-seen',
      why: { kind: 'by-chance' },
    });
  });

  it('compares hops, headers and shares of versions', () => {
    const pass = sample('pass');
    const hops = pass.hops.map((hop, index) =>
      index === 1
        ? {
            ...hop,
            seen: 0,
            expected: 60,
            headers: { 'x-request-id': { cell: 'lost' as const, why: '', facts: hop.headers['x-request-id']!.facts } },
          }
        : hop,
    );
    const before = { ...pass, hops: pass.hops.map((hop) => ({ ...hop, seen: 60, expected: 60 })) };
    const versions = { ...pass.versions!, attempts: 60, counts: { v1: 20, v2: 20, v3: 20 } };
    const comparison = compareReports(
      { ...before, versions },
      { ...pass, hops, versions: { ...versions, counts: { v1: 60, v2: 0, v3: 0 } } },
    );
    expect(comparison.hops[1]).toMatchObject({
      state: 'worse',
      lost: { before: { affected: 0, of: 60 }, after: { affected: 60, of: 60 } },
      headers: [{ header: 'x-request-id', before: 'kept', after: 'lost' }],
    });
    expect(comparison.versions.map(({ version, isChanged }) => `${version} ${isChanged}`)).toEqual([
      'v1 true',
      'v2 true',
      'v3 true',
    ]);
    expect(comparison.isSame).toBe(false);
  });

  it('does not call times a difference', () => {
    const pass = sample('pass');
    const slower = {
      ...pass,
      run: { ...pass.run, durationMs: 99_000 },
      timings: { ...pass.timings, settleMs: 90_000 },
    };
    const { isSame, timings } = compareReports(pass, slower);
    expect({ isSame, changed: timings.some(({ beforeMs, afterMs }) => beforeMs !== afterMs) }).toEqual({
      isSame: true,
      changed: true,
    });
  });

  it('is worse one way exactly where it is better the other way', () => {
    const tally = fc
      .integer({ min: 1, max: 80 })
      .chain((of) => fc.tuple(fc.integer({ min: 1, max: of }), fc.constant(of)));
    fc.assert(
      fc.property(tally, tally, ([a, of], [b, all]) => {
        const [one, other] = [withFinding(seen(a, of)), withFinding(seen(b, all))];
        const [there] = states(one, other);
        const back = { 'worse HC501': 'better HC501', 'better HC501': 'worse HC501' }[there ?? ''] ?? there;
        expect(states(other, one)[0]).toBe(back);
      }),
      { numRuns: 60 },
    );
  });
});

describe('whyNotComparable', () => {
  const other = (hops: RunReport['hops']) => ({ ...dropped, hops });

  it('refuses reports of two applications, naming calls of both', () => {
    const shop = dropped.hops.map((hop) => ({ ...hop, caller: `shop-${hop.caller}`, callee: `shop-${hop.callee}` }));
    expect(whyNotComparable(dropped, other(shop))).toMatch(
      /^two reports of the same application; the first is of istio-ingressgateway->productpage, .*, the second of shop-/,
    );
  });

  it('accepts an application that has got or lost calls, and a gateway of another name', () => {
    const [first, ...rest] = dropped.hops;
    expect(
      whyNotComparable(dropped, other([{ ...first!, caller: 'other-gateway' }, ...rest.slice(1)])),
    ).toBeUndefined();
  });

  it('refuses a report of contract mode beside one of a mesh', () => {
    const contract = { service: 'reviews', protocol: 'http', upstreams: [], calls: 1, required: [], holdMs: 0 };
    const alone = { ...dropped, run: { ...dropped.run, contract } } as unknown as RunReport;
    expect(whyNotComparable(dropped, alone)).toContain('the second of the service reviews alone');
  });
});
