import type { FleetReport } from '../../harness/model/fleet-report.ts';

export const VERDICT_WORDS = { pass: 'PASS', fail: 'FAIL', inconclusive: 'INCONCLUSIVE' } as const;
export const VERDICT_MARKS = { pass: '✓', fail: '✗', inconclusive: '?' } as const;

/** What intervals, power and verdicts about shares rest on. */
export function alphaInWords({ alpha, targets }: Pick<FleetReport, 'alpha' | 'targets'>): string {
  const { all, each, confidence } = alpha;
  const percent = Number((confidence * 100).toPrecision(6));
  return `${targets.length} targets share α ${all}: each is tested at ${Number(each.toPrecision(2))}, with intervals of ${percent} %`;
}

/** The page of all targets, and the report of all: `index.html`, `fleet.json`. */
const OF_THE_FLEET = ['index', 'fleet'];

/** A name as part of a file's name: `eu/shop` is `eu-shop`, and two that would be one are numbered. */
export function fileNames(names: readonly string[]): ReadonlyMap<string, string> {
  const taken = new Set(OF_THE_FLEET);
  return new Map(
    names.map((name) => {
      const plain =
        name
          .replace(/[^A-Za-z0-9._-]+/g, '-')
          .replace(/^[.-]+|[.-]+$/g, '')
          .slice(0, 100) || 'target';
      let own = plain;
      for (let turn = 2; taken.has(own.toLowerCase()); turn += 1) own = `${plain}-${turn}`;
      taken.add(own.toLowerCase());
      return [name, own];
    }),
  );
}
