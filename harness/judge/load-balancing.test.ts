import { describe, expect, it } from 'vitest';
import { readRecording, toCapture } from '../../fixtures/recordings/load.ts';
import { pagesOf } from '../../fixtures/testing/pages.ts';
import { reportOf } from '../../fixtures/testing/report-of.ts';
import type { Capture } from '../model/capture.ts';
import type { Exchange } from '../model/exchange.ts';
import type { Source } from '../model/source.ts';
import type { Span } from '../model/span.ts';

/** Eighteen requests, three versions in rotation, one caller pod with one worker. */
const rotating = toCapture(readRecording('healthy-60'));

function judged(capture: Capture) {
  const report = reportOf(capture);
  const outcome = report.promises.find(({ id }) => id === 'load-balancing')!;
  return { ...outcome, versions: report.versions!, codes: outcome.findings.map(({ code }) => code) };
}

/** Pages of these versions, and nothing in the backend. */
const pages = (counts: Readonly<Record<string, number>>): Capture => pagesOf(rotating, counts);

function expecting(capture: Capture, weights: Readonly<Record<string, number>>, source: Source, points = 10): Capture {
  const shares = { value: weights, source, from: '--shares' };
  const shareTolerance = { value: points, source: 'flag' as const, from: '--share-tolerance' };
  return { ...capture, expectations: { ...capture.expectations, shares, shareTolerance } };
}

const alone = (capture: Capture, workers: number): Capture => ({
  ...capture,
  expectations: { ...capture.expectations, rotatingWorkers: { value: workers, source: 'flag', from: '--workers' } },
});

function withSpans(capture: Capture, change: (spans: readonly Span[]) => readonly Span[]): Capture {
  return { ...capture, traces: capture.traces.map((trace) => ({ ...trace, spans: change(trace.spans) })) };
}
const isAnswer = ({ service, kind }: Span) => service.startsWith('reviews') && kind === 'server';

describe('shares', () => {
  const thirds = { v1: 1, v2: 1, v3: 1 };
  const skewed = pages({ v1: 54, v2: 8, v3: 8 });

  it.each([
    { source: 'flag', status: 'fail', severity: 'error' },
    { source: 'file', status: 'fail', severity: 'error' },
    { source: 'discovered', status: 'fail', severity: 'error' },
    { source: 'assumed', status: 'pass', severity: 'warning' },
  ] as const)('that are off, from $source, give $status and $severity', ({ source, status, severity }) => {
    const { findings, ...outcome } = judged(expecting(skewed, thirds, source));
    expect(outcome.status).toBe(status);
    expect(findings).toMatchObject([
      {
        code: 'HC202',
        severity,
        causes: ['share-off'],
        subject: { kind: 'service', service: 'reviews', versions: ['v1'] },
        share: { affected: 31, of: 70 },
        expected: `v1 33 % ± 10 points (${source}, --shares)`,
        received: expect.stringMatching(
          /^v1 77 % \(65\.6–86\.3 %\) of 70 attempts; by chance this happens less than once in a million runs$/,
        ),
      },
    ]);
  });

  it('of two versions are off together, and are one finding', () => {
    const { findings } = judged(expecting(pages({ v1: 35, v2: 35 }), { v1: 90, v2: 10, v3: 0 }, 'flag'));
    expect(findings).toMatchObject([
      { code: 'HC202', subject: { versions: ['v1', 'v2'] }, share: { affected: 28, of: 70 } },
    ]);
  });

  it('are judged with the tolerance', () => {
    const uneven = pages({ v1: 450, v2: 275, v3: 275 });
    expect(judged(expecting(uneven, thirds, 'flag')).codes).toEqual([]);
    expect(judged(expecting(uneven, thirds, 'flag', 1)).codes).toEqual(['HC202']);
  });

  it('are tested among the served versions, so that a missing version is one finding and not two', () => {
    const { codes, versions, observed } = judged(expecting(pages({ v1: 300, v2: 310 }), thirds, 'flag'));
    expect(codes).toEqual(['HC201']);
    expect(observed).toMatch(/ · shares among v1, v2: p=[\d.]+, a wrong one would be found at ≤ \d+ % or ≥ \d+ % · /);
    expect(versions.test).toMatchObject({ attempts: 610, method: 'monte-carlo' });
    expect(versions.shares.v1).toMatchObject({ expected: 0.333333, tested: { expected: 0.5 }, off: false });
    const pinned = judged(expecting(pages({ v1: 70 }), thirds, 'flag'));
    expect({ codes: pinned.codes, test: pinned.versions.test }).toEqual({ codes: ['HC201', 'HC201'], test: undefined });
  });

  it('report with a pass the shares that would have been detected', () => {
    const { observed, versions } = judged(expecting(pages({ v1: 24, v2: 23, v3: 23 }), thirds, 'flag'));
    expect(observed).toBe(
      'v1 24 · v2 23 · v3 23 of 70 pages · shares: p=1, a wrong one would be found at ≤ 3.5 % or ≥ 72 % · rotation not decidable: 2 of 69 steps',
    );
    expect(versions).toMatchObject({
      unit: 'pages',
      test: { attempts: 70, alpha: 3.33333e-6, tolerance: 0.1, power: 0.9, method: 'exact' },
      shares: { v1: { low: 0.233482, high: 0.465996, found: { below: 0.035, above: 0.72 } } },
    });
  });

  it('that are configured are undecided after too few attempts, and assumed ones only need every version', () => {
    const few = pages({ v1: 3, v2: 2, v3: 1 });
    expect(judged(expecting(few, thirds, 'flag'))).toMatchObject({
      status: 'inconclusive',
      reason: '6 attempts cannot show that a share is off; 13 would find the greatest difference',
    });
    expect(judged(expecting(few, thirds, 'assumed')).status).toBe('pass');
    expect(judged(expecting(pages({ v1: 3, v2: 3 }), { v1: 1, v2: 1 }, 'flag', 50)).reason).toMatch(
      /no number of them can/,
    );
  });

  it('with odd weights and names do no harm', () => {
    for (const weights of [{ v1: 1e308, v2: 1e308 }, { v1: 5e-324, v2: 1 }, JSON.parse('{"__proto__": 1, "v1": 1}')])
      expect(judged(expecting(pages({ v1: 30, constructor: 4 }), weights, 'flag')).status).not.toBe('pass');
  });
});

describe('attempts', () => {
  it('are SERVER spans, and one that failed had its turn without a page', () => {
    const broken = withSpans(rotating, (spans) =>
      spans.map((span) =>
        isAnswer(span) && span.tags['istio.canonical_revision'] === 'v2'
          ? { ...span, tags: { ...span.tags, 'http.status_code': '503' } }
          : span,
      ),
    );
    const { versions } = judged(broken);
    expect(versions).toMatchObject({ counts: { v1: 6, v2: 0, v3: 6 }, attempts: 12, rotation: { of: 17, steps: 17 } });
  });

  it('are counted once, however often a backend returns them', () => {
    expect(judged(withSpans(rotating, (spans) => [...spans, ...spans.filter(isAnswer)])).versions.attempts).toBe(18);
  });

  it('of pages and of spans are added up', () => {
    const half = { ...rotating, traces: rotating.traces.slice(0, 9) };
    expect(judged(half).versions).toMatchObject({ attempts: 18, unit: 'attempts', counts: { v1: 6, v2: 6, v3: 6 } });
  });
});

describe('the order of calls', () => {
  /** Pages in turn, sent one after the other, kept as they were answered. */
  const inTurn = () => {
    const sent = pages({ v1: 12, v2: 12, v3: 12 }).exchanges.map((exchange, index): Exchange => {
      const version = `v${(index % 3) + 1}`;
      const page = { ...exchange.answer!.page, version, pod: `reviews-${version}-5c6d7f8b9-lab01` };
      // Some at the same millisecond: then the number of the probe decides, p10 after p9.
      const sentAtMs = 1000 + Math.floor(index / 2);
      return { ...exchange, sentAtMs, answer: { ...exchange.answer!, page } };
    });
    return {
      sent,
      capture: {
        ...pages({}),
        exchanges: sent.toSorted((a, b) => (Number(a.probe.id.slice(1)) % 5) - (Number(b.probe.id.slice(1)) % 5)),
      },
    };
  };

  it('follows the probes for the versions, and not the answers', () => {
    const { sent, capture } = inTurn();
    expect(judged(capture).versions.sequence).toEqual(sent.map((_, index) => `v${(index % 3) + 1}`));
  });

  it('follows the probes for turns where only pages are known', () => {
    const { capture } = inTurn();
    expect(judged(capture).versions).toMatchObject({
      unit: 'pages',
      rotation: { verdict: 'seen', unit: 'pods', callers: 0, steps: 35, of: 35 },
    });
  });
});

describe('rotation', () => {
  it('is seen where one worker takes turns, in the order of the calls and not of the probes', () => {
    const shuffled = { ...rotating, exchanges: rotating.exchanges.toReversed() };
    for (const capture of [rotating, shuffled])
      expect(judged(capture).versions.rotation).toMatchObject({
        verdict: 'seen',
        unit: 'pods',
        callers: 1,
        steps: 17,
        of: 17,
      });
    expect(judged(rotating).observed).toMatch(/rotation seen: 17 of 17 steps$/);
  });

  it('is not decidable otherwise, and then the promise holds', () => {
    // The same answers, each call moved to another place.
    let turn = 0;
    const mixed = withSpans(rotating, (spans) => {
      turn += 1;
      const shiftMicros = ((turn * 7) % 18) * 60_000_000 - turn * 60_000_000;
      return spans.map((span) => ({ ...span, startMicros: span.startMicros + shiftMicros }));
    });
    expect(judged(mixed)).toMatchObject({ status: 'pass', versions: { rotation: { verdict: 'not-decidable' } } });
  });

  it('of several callers is followed caller by caller', () => {
    let turn = 0;
    const two = withSpans(rotating, (spans) => {
      const pod = turn % 2 === 0 ? 'productpage-v1-aaaaaaaaa-one' : 'productpage-v1-aaaaaaaaa-two';
      turn += 1;
      const node = `sidecar~10.0.0.1~${pod}.default~default.svc.cluster.local`;
      return spans.map((span) =>
        span.service.startsWith('productpage') ? { ...span, tags: { ...span.tags, node_id: node } } : span,
      );
    });
    expect(judged(two).versions.rotation).toMatchObject({ callers: 2, of: 16, steps: 16, verdict: 'seen' });
  });

  it('is even where the run is alone: two pods are at most as many turns apart as there are workers', () => {
    expect(judged(alone(rotating, 1)).versions.rotation?.spread).toEqual({
      most: 6,
      least: 6,
      workers: 1,
      unknown: 0,
      broken: false,
    });
    const uneven = pages({ v1: 20, v2: 21, v3: 23 });
    expect(judged(alone(uneven, 3)).codes).toEqual([]);
    expect(judged(uneven).codes).toEqual([]);
    expect(judged(alone(uneven, 2)).findings).toMatchObject([
      {
        code: 'HC204',
        severity: 'error',
        expected: 'at most 2 turns apart: each worker keeps one rotation (--workers)',
        received: 'pod with most 23, with least 20',
        share: { affected: 1, of: 64 },
      },
    ]);
  });

  it('allows as many extra turns as calls without a span', () => {
    const capture = pages({ v1: 20, v2: 21, v3: 22 });
    const [first, ...rest] = capture.exchanges as [Exchange, ...Exchange[]];
    const { answer: _, ...silent } = first;
    const error = { kind: 'timeout' as const, message: 'no answer' };
    const { codes, versions } = judged(alone({ ...capture, exchanges: [...rest, { ...silent, error }] }, 2));
    expect({ codes, spread: versions.rotation?.spread }).toMatchObject({
      codes: [],
      spread: { most: 22, least: 19, unknown: 1, broken: false },
    });
  });

  it('is not counted where the shares differ, because turns cannot be even then', () => {
    const capture = alone(expecting(pages({ v1: 40, v2: 10, v3: 10 }), { v1: 4, v2: 1, v3: 1 }, 'flag'), 1);
    expect(judged(capture).codes).toEqual([]);
  });
});
