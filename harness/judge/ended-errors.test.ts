import { describe, expect, it } from 'vitest';
import { readState } from '../../fixtures/istio/recorded-states.ts';
import { reportOf } from '../../fixtures/testing/report-of.ts';
import type { Capture } from '../model/capture.ts';
import { endedErrors } from './ended-errors.ts';

const healthy = readState('istiod-restart');
const ordered = healthy.exchanges.toSorted((a, b) => a.sentAtMs - b.sentAtMs);
/** With a banner on the pages of these places in the run. */
const wrongAt = (isWrong: (at: number) => boolean): Capture => ({
  ...healthy,
  exchanges: ordered.map((exchange, at) =>
    isWrong(at)
      ? {
          ...exchange,
          answer: {
            ...exchange.answer!,
            page: {
              ...exchange.answer!.page,
              banners: [{ service: 'reviews', text: 'Error fetching product reviews' }],
            },
          },
        }
      : exchange,
  ),
});

describe('errors that end', () => {
  it('are reported with the last of them and the answers after it', () => {
    const capture = wrongAt((at) => at < 40 && at % 4 !== 3);
    expect(endedErrors(capture)).toEqual({ lastMs: ordered[38]!.sentAtMs, errors: 30, after: 47, starting: true });
    const { promises, sentence } = reportOf(capture);
    const ingress = promises.find(({ id }) => id === 'ingress')!;
    expect(ingress.findings[0]).toMatchObject({
      code: 'HC103',
      severity: 'error',
      received: expect.stringMatching(
        /; the last error at \d\d:\d\d:\d\d UTC, none in the 47 answers after it: the application was still starting( \(\d+ others? differs? in detail\))?$/,
      ),
      remedy: expect.stringContaining('--wait'),
    });
    expect(sentence).toContain('none in the 47 answers after it');
  });

  it('that began later do not mean that the application starts', () => {
    expect(endedErrors(wrongAt((at) => at >= 10 && at < 30))).toMatchObject({ starting: false, after: 56 });
  });

  it.each<[string, (at: number) => boolean]>([
    ['none', () => false],
    ['all', () => true],
    ['every fourth', (at) => at % 4 === 0],
    ['one', (at) => at === 3],
    ['those of the second half', (at) => at >= 43],
  ])('are not reported where there are %s', (_which, isWrong) => {
    expect(endedErrors(wrongAt(isWrong))).toBeUndefined();
  });
});
