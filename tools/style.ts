import { readFileSync, writeFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { countIn, PHRASES } from './style-phrases.ts';
import { allTexts, type Text } from './style-texts.ts';

// The ratchet of docs/style.md: how often each phrase of the old dialect is left. The counts may only fall.
//   npm run style                    counts, and fails where a limit does not fit
//   npm run style -- --list PHRASE   every place of one phrase
//   npm run style -- --lower         writes lower limits; never higher ones

export type Counts = Readonly<Record<string, number>>;

const ROOT = resolve(import.meta.dirname, '..');
const LIMITS = join(ROOT, 'tools/style-limits.json');

export function readLimits(): Counts {
  return JSON.parse(readFileSync(LIMITS, 'utf8')) as Counts;
}

export function countPhrases(texts: readonly Text[] = allTexts(ROOT)): Counts {
  return Object.fromEntries(
    PHRASES.map((phrase) => [phrase.id, texts.reduce((sum, { text }) => sum + countIn(text, phrase), 0)]),
  );
}

/** Every phrase whose count is not its limit, with what to do. */
export function problems(counts: Counts, limits: Counts): readonly string[] {
  return PHRASES.flatMap(({ id, instead }) => {
    const count = counts[id] ?? 0;
    const limit = limits[id];
    if (limit === undefined) return [`${id}: ${count}, and tools/style-limits.json has no limit for it: add it`];
    if (count > limit)
      return [
        `${id}: ${count}, limit ${limit}. Write instead: ${instead}. Places: npm run style -- --list ${id}. Why: docs/style.md`,
      ];
    if (count < limit) return [`${id}: ${count}, limit ${limit}. Keep the gain: npm run style -- --lower`];
    return [];
  });
}

/** The limits with every gain kept; what is above its limit stays as it is. */
export function lowered(counts: Counts, limits: Counts): Counts {
  return Object.fromEntries(
    PHRASES.map(({ id }) => [id, Math.min(counts[id] ?? 0, limits[id] ?? Number.POSITIVE_INFINITY)]),
  );
}

function list(id: string | undefined): void {
  const phrase = PHRASES.find((candidate) => candidate.id === id);
  if (phrase === undefined) {
    console.error(`--list takes one of ${PHRASES.map((known) => known.id).join(', ')}; got ${id ?? 'nothing'}`);
    process.exitCode = 64;
    return;
  }
  for (const { file, line, text } of allTexts(ROOT)) {
    const times = countIn(text, phrase);
    if (times > 0) console.log(`${file}:${line}${times > 1 ? ` (${times})` : ''}: ${text.trim().slice(0, 160)}`);
  }
}

if (import.meta.main) {
  const [option, id] = process.argv.slice(2);
  if (option === '--list') list(id);
  else {
    const counts = countPhrases();
    if (option === '--lower') writeFileSync(LIMITS, `${JSON.stringify(lowered(counts, readLimits()), null, 2)}\n`);
    const wrong = problems(counts, readLimits());
    for (const line of wrong) console.error(line);
    const sum = Object.values(counts).reduce((total, count) => total + count, 0);
    console.log(`style: ${sum} phrases of the old dialect are left, ${wrong.length} limits do not fit`);
    if (wrong.length > 0) process.exitCode = 1;
  }
}
