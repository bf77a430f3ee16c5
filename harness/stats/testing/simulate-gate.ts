import { risePower } from '../fisher-rise.ts';
import { STAGE_CONFIDENCE, testLimit } from '../limit-test.ts';
import type { Uniform } from '../random.ts';
import { type CountedFinding, riseOf, WORSE_ALPHA } from '../worse.ts';
import type { Experiment } from './simulate.ts';

// What a gate promises, tried out on drawn data: how often it calls worse what is not, how often it finds what is, and the
// level of a limit with two stages.

/** The same mesh twice: none of this may be called worse more often than promised. */
export function falseWorse(): readonly Experiment[] {
  return [
    ...[0.02, 0.2, 0.5, 0.9].map((share) => sameShare(50, share, 1)),
    sameShare(50, 0.2, 5),
    sameShare(300, 0.02, 3),
    ...[0.1, 0.5, 1].map((share) => sameVersions(20, share)),
  ];
}

/** A mesh that became worse: found as often as is printed. */
export function worseFound(): readonly Experiment[] {
  return [
    became(50, 0.02, 0.2, 1),
    became(50, 0.02, 0.2, 3),
    became(50, 0.02, 0.5, 1),
    became(50, 0.1, 0.4, 1),
    became(300, 0.02, 0.1, 1),
  ];
}

/** A share exactly at its limit: `--max` with `--confirm` says above, and below, no more often than promised. */
export function limitAlarms(): readonly Experiment[] {
  return [
    [60, 120, 0.01],
    [60, 300, 0.05],
    [600, 600, 0.01],
  ].flatMap(([first = 0, more = 0, limit = 0]) =>
    (['above', 'below'] as const).map(
      (side): Experiment => ({
        title: `a share at its limit of ${limit * 100} % called ${side}, ${first} requests and ${more} more where undecided`,
        promised: { is: 'at-most', probability: 0.025 },
        happens: (uniform) => twoStages(first, more, limit, uniform) === side,
      }),
    ),
  );
}

function twoStages(first: number, more: number, limit: number, uniform: Uniform) {
  const seen = hits(first, limit, uniform);
  const { decision } = testLimit(seen, first, limit, STAGE_CONFIDENCE);
  if (decision !== 'undecided' || seen === 0) return decision;
  return testLimit(seen + hits(more, limit, uniform), first + more, limit, STAGE_CONFIDENCE).decision;
}

function sameShare(of: number, share: number, findings: number): Experiment {
  return {
    title: `${findings === 1 ? 'a finding' : `one of ${findings} findings`} of ${share * 100} % called worse, ${of} before and now`,
    promised: { is: 'at-most', probability: WORSE_ALPHA },
    happens: (uniform) =>
      Array.from({ length: findings }, () =>
        riseOf(drawn(of, share, uniform), drawn(of, share, uniform), findings),
      ).some(({ isWorse }) => isWorse),
  };
}

/** Two of three versions fail alike, and each run names the one that failed most: the worst naming there can be. */
function sameVersions(each: number, share: number): Experiment {
  const draw = (uniform: Uniform): CountedFinding => {
    const [v1, v2, v3] = [0, hits(each, share, uniform), hits(each, share, uniform)];
    const byVersion = { v1: tally(v1, each), v2: tally(v2, each), v3: tally(v3, each) };
    return {
      share: tally(v1 + v2 + v3, 3 * each),
      byVersion,
      named: v2 > v3 ? ['v2'] : v3 > v2 ? ['v3'] : ['v2', 'v3'],
    };
  };
  return {
    title: `two of three versions that fail ${share * 100} % called worse, ${each} of each, whichever are named`,
    promised: { is: 'at-most', probability: WORSE_ALPHA },
    happens: (uniform) => riseOf(draw(uniform), draw(uniform), 1).isWorse,
  };
}

function became(of: number, before: number, now: number, findings: number): Experiment {
  const others = findings === 1 ? '' : `, ${findings} findings compared`;
  return {
    title: `${before * 100} % became ${now * 100} %, ${of} before and now${others}: called worse`,
    promised: {
      is: 'equal',
      probability: risePower({ of, share: before }, { of, share: now }, WORSE_ALPHA / findings),
    },
    happens: (uniform) => riseOf(drawn(of, before, uniform), drawn(of, now, uniform), findings).isWorse,
  };
}

function drawn(of: number, share: number, uniform: Uniform): CountedFinding {
  return { share: tally(hits(of, share, uniform), of), named: [] };
}

function tally(affected: number, of: number) {
  return { affected, of };
}

function hits(trials: number, rate: number, uniform: Uniform): number {
  let count = 0;
  for (let trial = 0; trial < trials; trial += 1) if (uniform() < rate) count += 1;
  return count;
}
