import { describe, expect, it } from 'vitest';
import { readRecording, toCapture } from '../../fixtures/recordings/load.ts';
import { reportOf } from '../../fixtures/testing/report-of.ts';
import type { Capture } from '../model/capture.ts';
import type { Span } from '../model/span.ts';

const healthy = toCapture(readRecording('pin-v1'));

/** The mesh sees no call to the service, and none that it makes. */
const unseen = (capture: Capture, names: readonly string[]): Capture => ({
  ...capture,
  traces: capture.traces.map((trace) => ({
    ...trace,
    spans: trace.spans.filter(
      ({ service, operation }: Span) => !names.some((name) => service.startsWith(name) || operation.startsWith(name)),
    ),
  })),
});
const without = (capture: Capture): Capture => ({
  ...capture,
  exchanges: capture.exchanges.map((exchange) => {
    if (exchange.answer === undefined) return exchange;
    const { version: _, further: __, ...page } = exchange.answer.page;
    return { ...exchange, answer: { ...exchange.answer, page } };
  }),
});
const judged = (capture: Capture) => {
  const findings = reportOf(capture)
    .promises.flatMap((promise) => promise.findings)
    .filter(({ explainedBy, severity }) => explainedBy === undefined && severity === 'error');
  return { codes: [...new Set(findings.map(({ code }) => code))], received: findings[0]?.received ?? '' };
};

describe('a call that no trace shows', () => {
  it('is not held against its caller where the pages show a version that calls nothing further', () => {
    const shown = judged(unseen(healthy, ['reviews']));
    expect(shown.codes).toEqual(['HC302']);
    expect(shown.received).toMatch(/\. \d+ answers show a version of reviews: the call was made$/);
  });

  it('is its caller’s where no page shows a version, for behind a call that is only not captured the headers go on', () => {
    expect(judged(without(unseen(healthy, ['reviews']))).codes).not.toContain('HC302');
  });

  it('has no such sentence where the page shows no version of the callee', () => {
    const shown = judged(unseen(healthy, ['details']));
    expect(shown.codes).toEqual(['HC302']);
    expect(shown.received).not.toContain('the call was made');
  });
});
