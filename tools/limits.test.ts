import { readFileSync } from 'node:fs';
import { resolve } from 'node:path';
import { describe, expect, it } from 'vitest';
import { optionDefinition } from '../harness/config/options.ts';
import { DETAIL_TRACES } from '../harness/model/detail.ts';
import { AUTO_RATE, CLOCK_TOLERANCE_MS, LONGEST_DURATION_MS, MARGIN_MS, SLS_SPANS } from '../harness/model/limits.ts';
import { EARLIER_MS, STILL_MS } from '../harness/settle/rules.ts';
import { RUN_ALPHA } from '../harness/stats/alpha.ts';
import { POWER } from '../harness/stats/share-power.ts';
import { SHARE_RULE } from '../harness/stats/share-test.ts';
import { WHOLE_IN_A_ROW } from '../harness/survey/wait.ts';
import { SPANS_A_TRACE } from '../reports/html/show-run.ts';

const ROOT = resolve(import.meta.dirname, '..');
const read = (page: string) => readFileSync(resolve(ROOT, page), 'utf8');
const seconds = (ms: number) => `${ms / 1000} s`;
const inThousands = (number: number) => String(number).replace(/\B(?=(\d{3})+$)/g, ' ');
const defaultOf = (name: Parameters<typeof optionDefinition>[0]) => optionDefinition(name).default ?? '';
const spaced = (duration: string) => duration.replace(/(?<=\d)(?=[a-z])/, ' ');
const WORDS = ['none', 'one', 'two', 'three', 'four', 'five', 'six', 'seven', 'eight', 'nine', 'ten'];

/** Sentences of pages that repeat a limit. A limit that changes makes its page wrong, and this test says which. */
const SENTENCES: readonly (readonly [page: string, sentence: string])[] = [
  ['docs/architecture.md', `Grace time = flush interval + ${seconds(MARGIN_MS)}.`],
  ['docs/architecture.md', `share an α of 10${RUN_ALPHA === 1e-5 ? '⁻⁵' : '?'}`],
  ['docs/glossary.md', `how long a proxy may hold a span; ${spaced(defaultOf('flush-interval'))} by default`],
  ['docs/glossary.md', `| **margin** | ${seconds(MARGIN_MS)}, for the way from proxy to backend |`],
  ['docs/import.md', `a flush interval (${spaced(defaultOf('flush-interval'))} by default)`],
  ['docs/import.md', `A trace of exactly ${inThousands(SLS_SPANS)} spans`],
  ['docs/backends.md', `traces are cut at ${inThousands(SLS_SPANS)} spans`],
  ['docs/report.md', `at most ${inThousands(DETAIL_TRACES)} traces`],
  ['docs/report.md', `${SPANS_A_TRACE} spans of one trace`],
  ['docs/statistics.md', `fewer than **1 of ${inThousands(Math.round(1 / RUN_ALPHA))} runs**`],
  [
    'docs/statistics.md',
    `found in ${POWER * 100} % of runs, with the default tolerance of ${defaultOf('share-tolerance')} points`,
  ],
  ['docs/waiting.md', `to at most ${AUTO_RATE.most}.`],
  ['docs/waiting.md', `The rate is ${AUTO_RATE.from} probes a second at the start.`],
  ['docs/architecture.md', `shortens the count from the last change to ${seconds(STILL_MS)}`],
  ['docs/architecture.md', `answered at least ${seconds(EARLIER_MS)} before the run's last answer`],
  ['docs/guides/gate-a-deploy.md', `${WORDS[WHOLE_IN_A_ROW]} whole pages in a row`],
  ['CHANGELOG.md', `Durations take \`h\`, up to \`${LONGEST_DURATION_MS / 3_600_000}h\``],
];

describe('a page that repeats a limit', () => {
  it.each(SENTENCES)('%s has the sentence: %s', (page, sentence) => {
    expect(read(page)).toContain(sentence);
  });
});

it('the default tolerance of a share is one figure, as points and as a share', () => {
  expect(SHARE_RULE.tolerance * 100).toBe(Number(defaultOf('share-tolerance')));
});

it('a clock that is a margin off is not reported, because every wait has that margin', () => {
  expect(CLOCK_TOLERANCE_MS).toBe(MARGIN_MS);
});
