import { createReadStream, createWriteStream, mkdtempSync, rmSync, statSync } from 'node:fs';
import { loadavg, tmpdir } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { readRecording } from '../fixtures/recordings/load.ts';
import { callMain } from '../harness/cli/testing/call-main.ts';
import { TARGETS } from './figures.ts';

// node tools/bench-dumps.ts [MiB]: how long a dump of that size takes to be imported and judged, and how much memory,
// against JSON.parse of the same bytes trace by trace in the same process. npm run bench does it with 128 MiB.

const MEBIBYTE = 2 ** 20;

/** @param mebibytes of the dump, which lies in a temporary folder meanwhile. */
export async function benchDumps(mebibytes: number): Promise<void> {
  const folder = mkdtempSync(join(tmpdir(), 'hopcheck-bench-'));
  try {
    const path = join(folder, 'dump.json');
    const spans = await writeDump(path, mebibytes * MEBIBYTE);
    const parse = await measured(() => parsePieces(path));
    const beforeMiB = peakMiB();
    const run = (...argv: string[]) =>
      measured(() => called([...argv, '--quiet', '--report', `json=${join(folder, 'r.json')}`], folder));
    const imported = await run('import', path, '--out', 'dump.capture');
    const importedMiB = peakMiB();
    const judged = await run('judge', 'dump.capture');
    const ratio = ({ wallMs, cpuMs }: Measured) =>
      `${(wallMs / parse.wallMs).toFixed(2)} × (CPU ${(cpuMs / parse.cpuMs).toFixed(2)} ×)`;
    const [load = 0] = loadavg();
    console.log(
      `a dump of ${(statSync(path).size / MEBIBYTE).toFixed(0)} MiB, ${spans} spans: JSON.parse trace by trace ${parse.wallMs.toFixed(0)} ms, imported, written and judged ${ratio(imported)}, its capture judged ${ratio(judged)} (target ${TARGETS.dumpAndJudge}); at most ${importedMiB} MiB resident for the first, ${peakMiB()} MiB for both (${beforeMiB} before; target ${TARGETS.dumpMiB} for 1 GiB); load ${load.toFixed(1)}`,
    );
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

/** Copies of recorded traces, each with times and ids that no other has, one trace per line. @returns how many spans */
async function writeDump(path: string, bytes: number): Promise<number> {
  const { data } = readRecording('healthy-60').legacy as { data: { traceID: string; spans: unknown[] }[] };
  const texts = data.map((trace) => ({ text: JSON.stringify(trace), id: trace.traceID, spans: trace.spans.length }));
  const file = createWriteStream(path, { mode: 0o600 });
  let written = 0;
  let spans = 0;
  file.write('{"data":[\n');
  for (let copy = 0; written < bytes; copy += 1) {
    for (const trace of texts) {
      const text = `${written === 0 ? '' : ',\n'}${copyOf(trace, copy)}`;
      written += text.length;
      spans += trace.spans;
      if (!file.write(text)) await new Promise<void>((resolve) => file.once('drain', () => resolve()));
    }
  }
  await new Promise<void>((resolve) => file.end('\n],"errors":null}\n', () => resolve()));
  return spans;
}

const REQUEST_ID = /[0-9a-f]{8}(?=-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12})/g;
const BETWEEN_COPIES_MICROS = 5_000_000;

function copyOf({ text, id }: { readonly text: string; readonly id: string }, copy: number): string {
  const digits = copy.toString(16).padStart(8, '0');
  return text
    .replaceAll(id, digits + id.slice(8))
    .replace(REQUEST_ID, digits)
    .replace(/"startTime":(\d+)/g, (_, start: string) => `"startTime":${Number(start) + copy * BETWEEN_COPIES_MICROS}`)
    .replace(/"key":"user_agent","type":"string","value":"/g, (found) => `${found}c${digits}-`);
}

/** Only what is spent in JSON.parse counts; the reading of lines does not. */
async function parsePieces(path: string): Promise<Measured> {
  const spent = { wallMs: 0, cpuMs: 0 };
  let lines: string[] = [];
  let bytes = 0;
  const parse = () => {
    const startedAtMs = performance.now();
    const before = process.cpuUsage();
    for (const line of lines) JSON.parse(line);
    const { user, system } = process.cpuUsage(before);
    spent.wallMs += performance.now() - startedAtMs;
    spent.cpuMs += (user + system) / 1000;
    lines = [];
    bytes = 0;
  };
  for await (const line of createInterface({ input: createReadStream(path) })) {
    if (!line.includes('"traceID"')) continue;
    lines.push(line.replace(/,$/, ''));
    bytes += line.length;
    if (bytes > 16 * MEBIBYTE) parse();
  }
  parse();
  return spent;
}

interface Measured {
  readonly wallMs: number;
  readonly cpuMs: number;
}

async function called(argv: readonly string[], cwd: string): Promise<undefined> {
  const { exitCode, stderr } = await callMain(argv, { cwd });
  if (exitCode > 2) throw new Error(stderr);
}

/** @param work may measure itself */
async function measured(work: () => Promise<Measured | undefined>): Promise<Measured> {
  const startedAtMs = performance.now();
  const before = process.cpuUsage();
  const own = await work();
  const { user, system } = process.cpuUsage(before);
  return own ?? { wallMs: performance.now() - startedAtMs, cpuMs: (user + system) / 1000 };
}

/** Resident at most since the process began. */
function peakMiB(): number {
  return Math.round(process.resourceUsage().maxRSS / 1024);
}

if (process.argv[1] === import.meta.filename) await benchDumps(Number(process.argv[2] ?? 1024));
