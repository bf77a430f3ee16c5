import { mkdirSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { CORPUS, type CorpusBaseline, type CorpusCase, readCorpus, writeCorpus } from '../fixtures/corpus/cases.ts';
import { writeSurface } from '../fixtures/corpus/surface.ts';
import { type Checkout, openCheckout } from '../fixtures/corpus/writing/checkout.ts';
import { startKube } from '../fixtures/corpus/writing/open-kube.ts';
import { surfaceOf } from '../fixtures/corpus/writing/read-surface.ts';
import { writeReadme } from '../fixtures/corpus/writing/readme.ts';
import { SCENARIOS } from '../fixtures/corpus/writing/scenarios.ts';
import { judgeAgainst, writeCase } from '../fixtures/corpus/writing/write-case.ts';

// npm run corpus -- CHECKOUT [NAME…]: writes fixtures/corpus with a checkout of the commit that wrote it. Without names
// everything is written again, with names only those captures.
const { positionals } = parseArgs({ allowPositionals: true });
const [given, ...names] = positionals;
if (given === undefined) throw new Error('expected the folder of a checkout, e.g. npm run corpus -- ../writer');
const unknown = names.find((name) => !SCENARIOS.some((scenario) => scenario.name === name));
if (unknown !== undefined) throw new Error(`there is no scenario ${unknown}; see fixtures/corpus/writing/scenarios.ts`);

const checkout = openCheckout(given);
for (const folder of ['captures', 'reports']) mkdirSync(join(CORPUS, folder), { recursive: true });
const chosen = SCENARIOS.filter(({ name }) => names.length === 0 || names.includes(name));
const kube = chosen.some((scenario) => scenario.kube !== undefined) ? await startKube(checkout) : undefined;
const before = names.length === 0 ? [] : readCorpus().cases;
const cases = new Map<string, CorpusCase>(before.map((one) => [one.name, one]));
const failed: string[] = [];
try {
  for (const scenario of chosen) {
    try {
      cases.set(scenario.name, await writeCase(scenario, checkout, kube?.open));
      console.log(`written: ${scenario.name}`);
    } catch (error) {
      failed.push(scenario.name);
      console.error(error instanceof Error ? error.message : error);
    }
  }
} finally {
  await kube?.stop();
}
const sorted = SCENARIOS.flatMap(({ name }) => cases.get(name) ?? []);
const corpus = { writer: checkout.commit, cases: sorted, baselines: await baselinesOf(sorted, checkout) };
writeCorpus(corpus);
writeReadme(corpus);
const empty = mkdtempSync(join(tmpdir(), 'hopcheck-corpus-'));
writeSurface(await surfaceOf(checkout, empty));
rmSync(empty, { recursive: true });
if (failed.length > 0) {
  console.error(`not written: ${failed.join(', ')}`);
  process.exitCode = 1;
}

/** Each report is the baseline of the capture it was made of, where all is known, and of one with another fault. */
async function baselinesOf(all: readonly CorpusCase[], writer: Checkout): Promise<readonly CorpusBaseline[]> {
  const OTHER = 'context-dropped';
  const baselines: CorpusBaseline[] = [];
  for (const { name } of all.filter(({ report }) => report))
    for (const capture of new Set([name, OTHER]))
      baselines.push({ report: name, capture, judged: await judgeAgainst(name, capture, writer) });
  return baselines;
}
