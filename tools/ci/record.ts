import { appendFileSync, existsSync, mkdirSync, readFileSync } from 'node:fs';
import { dirname } from 'node:path';
import { z } from 'zod';
import type { Point } from './git.ts';

const Entry = z.object({
  suite: z.string(),
  /** `2/3`; `1/1` is the whole. */
  part: z.string(),
  commit: z.string(),
  tree: z.string(),
  /** When it ran, e.g. `2026-11-27`. */
  date: z.string(),
  passed: z.boolean(),
  /**
   * Everything that had to run of the suite did, and passed: its turn, and the whole where its rooms had changed.
   * Suites whose rooms have not changed since then need no more than their turn.
   */
  covers: z.boolean(),
});

/** A run of a suite that is on record. */
export type Entry = z.infer<typeof Entry>;

/** The records of runs on this machine, oldest first. A line that cannot be read is left out. */
export function readEntries(path: string): readonly Entry[] {
  if (!existsSync(path)) return [];
  return readFileSync(path, 'utf8')
    .split('\n')
    .flatMap((line) => parsed(Entry, line) ?? []);
}

export function addEntry(path: string, entry: Entry): void {
  mkdirSync(dirname(path), { recursive: true });
  appendFileSync(path, `${JSON.stringify(entry)}\n`);
}

const CheckAll = z.object({
  commit: z.string(),
  tree: z.string(),
  date: z.string(),
  suites: z.array(z.string()),
});

/** What `npm run check:all -- --write` says about itself in docs/benchmarks.md, readable to `entriesOfCheckAll`. */
export function checkAllMark(point: Point, date: string, suites: readonly string[]): string {
  return `<!-- check:all ${JSON.stringify({ commit: point.commit, tree: point.tree, date, suites })} -->`;
}

/** The whole run that a page has on record, as one entry per suite; none where the page has no mark. */
export function entriesOfCheckAll(page: string): readonly Entry[] {
  const [, json] = /<!-- check:all (\{.*\}) -->/.exec(page) ?? [];
  const { suites = [], ...run } = parsed(CheckAll, json) ?? {};
  if (!('tree' in run)) return [];
  return suites.map((suite) => ({ ...run, suite, part: '1/1', passed: true, covers: true }));
}

/** The newest point of the mainline that one of the entries is of, with the last such entry. */
export function newest(
  entries: readonly Entry[],
  mainline: readonly Point[],
): { readonly entry: Entry; readonly point: Point } | undefined {
  const byTree = new Map(entries.map((entry) => [entry.tree, entry]));
  for (const point of mainline) {
    const entry = byTree.get(point.tree);
    if (entry !== undefined) return { entry, point };
  }
  return undefined;
}

function parsed<Output>(schema: z.ZodType<Output>, json: string | undefined): Output | undefined {
  if (!json) return undefined;
  try {
    return schema.safeParse(JSON.parse(json)).data;
  } catch {
    return undefined;
  }
}
