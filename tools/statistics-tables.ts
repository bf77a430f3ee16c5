import { MOST_UNDECIDED } from '../harness/model/exchange.ts';
import { percent } from '../harness/model/numbers.ts';
import { ALPHA } from '../harness/stats/alpha.ts';
import { attemptsNeeded, detectionProbability } from '../harness/stats/detection.ts';
import { rateBounds, ratesToTell, trialsForRate } from '../harness/stats/rate-test.ts';
import { shareSensitivity } from '../harness/stats/share-power.ts';

// What docs/statistics.md says in figures. Those that are computed are held to the code by a test; those that are simulated
// carry their date.

export function table(head: readonly string[], rows: readonly (readonly string[])[]): string {
  return [head, head.map(() => '---'), ...rows].map((cells) => `| ${cells.join(' | ')} |`).join('\n');
}

/** What a run finds, by the number of its probes. */
export function powerTables(): string {
  return [
    '### Hops that fail now and then',
    'Share of runs in which the fault is found, by the probes that are traced. *All*: every page crosses the hop. *Two thirds*: only two of three versions make the call, as reviews → ratings.',
    hops(),
    '### Shares',
    'True shares that are found in 90 % of runs, with the default tolerance of 10 points. Attempts are all requests of the run that were served: 86 with the default plan.',
    shares(),
    '### A version that is never served',
    `Attempts after which it is distinguished from bad luck, one of three versions (α ${ALPHA.coverage.toPrecision(2)} for all of them).`,
    missing(),
    '### Sampling rate',
    `Undecided probes that distinguish the configured rate from half of it and from twice it in 90 % of runs (a run sends ${MOST_UNDECIDED} at most), and what the 10 of the default plan find.`,
    rates(),
  ].join('\n\n');
}

function hops(): string {
  const failing = [10, 20, 100, 200];
  const head = ['traced probes', ...failing.flatMap((one) => [`1 in ${one}, all`, 'two thirds'])];
  const rows = [20, 40, 60, 62, 120, 300, 600].map((probes) => [
    String(probes),
    ...failing.flatMap((one) => [1, 2 / 3].map((crossing) => percent(detectionProbability(crossing / one, probes)))),
  ]);
  return table(head, rows);
}

function shares(): string {
  const mixes = [
    [1, 1, 1],
    [80, 20],
    [90, 10],
    [50, 25, 25],
  ];
  const rows = mixes.flatMap((weights) =>
    [30, 60, 86, 150, 300, 600].map((attempts) => [
      weights.join(' : '),
      String(attempts),
      shareSensitivity(attempts, weights)
        .slice(0, weights[0] === weights[1] ? 1 : 2)
        .map((found, index) => `${weights[0] === weights[1] ? 'any' : `v${index + 1}`} ${bounds(found)}`)
        .join(', '),
    ]),
  );
  return table(['expected', 'attempts', 'found'], rows);
}

function missing(): string {
  const rows = [1 / 3, 0.2, 0.1, 0.05, 0.01].map((share) => [
    percent(share),
    String(attemptsNeeded(share, ALPHA.coverage / 3)),
  ]);
  return table(['its expected share', 'attempts needed'], rows);
}

function rates(): string {
  const rows = [0, 0.001, 0.01, 0.05, 0.1, 0.2, 0.5, 0.8, 0.9, 0.99, 1].map((rate) => [
    percent(rate),
    ratesToTell(rate).map(percent).join(' and '),
    String(trialsForRate(rate, MOST_UNDECIDED) ?? `more than ${MOST_UNDECIDED}`),
    bounds(rateBounds(10, rate)),
  ]);
  return table(['configured', 'distinguished from', 'probes needed', '10 probes find a true rate'], rows);
}

function bounds({ below, above }: { readonly below?: number; readonly above?: number }): string {
  const parts = [
    ...(below === undefined ? [] : [`≤ ${percent(below)}`]),
    ...(above === undefined ? [] : [`≥ ${percent(above)}`]),
  ];
  return parts.join(' or ') || 'none';
}

/** Replaces what stands between the two marks of a block. */
export function withBlock(page: string, name: string, text: string): string {
  const [begin, end] = [`<!-- ${name}: begin -->`, `<!-- ${name}: end -->`];
  const from = page.indexOf(begin);
  const to = page.indexOf(end);
  if (from < 0 || to < from) throw new Error(`docs/statistics.md: expected ${begin} … ${end}`);
  return `${page.slice(0, from + begin.length)}\n\n${text}\n\n${page.slice(to)}`;
}

export function blockOf(page: string, name: string): string {
  const begin = `<!-- ${name}: begin -->`;
  return page.slice(page.indexOf(begin) + begin.length, page.indexOf(`<!-- ${name}: end -->`)).trim();
}
