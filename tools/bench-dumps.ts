import { spawn, spawnSync } from 'node:child_process';
import { createReadStream, existsSync, mkdtempSync, readFileSync, rmSync, statSync } from 'node:fs';
import { loadavg, tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { createInterface } from 'node:readline';
import { DUMP_FORMATS, type DumpFormat, lineAsJson, writeDump } from './bench-dump-files.ts';
import { TARGETS } from './figures.ts';

// node tools/bench-dumps.ts [MiB] [jaeger|otlp|zipkin]: how long a dump of that size takes to be imported and judged, and how much memory, as a
// process of the built package (npm run build), against JSON.parse of the same bytes trace by trace, and jq where it is
// installed. npm run bench does it with 128 MiB.

const MEBIBYTE = 2 ** 20;
const ROOT = resolve(import.meta.dirname, '..');
/** How often the memory of a process is looked at, ms. */
const LOOK_MS = 1000;

/** @param mebibytes of the dump, which lies in a temporary folder meanwhile. */
export async function benchDumps(mebibytes: number, format: DumpFormat = 'jaeger'): Promise<void> {
  const folder = mkdtempSync(join(tmpdir(), 'hopcheck-bench-'));
  try {
    const path = join(folder, 'dump.json');
    const spans = await writeDump(path, format, mebibytes * MEBIBYTE);
    const parse = await parsePieces(path, format);
    const built = join(ROOT, 'dist/start.js');
    const isBuilt = existsSync(built);
    const program = isBuilt ? built : join(ROOT, 'harness/cli/bin.ts');
    const report = `json=${join(folder, 'r.json')}`;
    const run = (...argv: string[]) =>
      measured(process.execPath, [program, ...argv, '--quiet', '--report', report], folder);
    const imported = await run('import', path, '--out', 'dump.capture');
    const first = readFileSync(join(folder, 'r.json'), 'utf8');
    const isSame = () => readFileSync(join(folder, 'r.json'), 'utf8') === first;
    const judged = await run('judge', 'dump.capture');
    const isSameJudged = isSame();
    const alone = await run('import', path, '--no-out');
    const areSame = isSameJudged && isSame();
    const ratio = ({ wallMs, cpuMs }: Measured) =>
      `${(wallMs / parse.wallMs).toFixed(2)} × (CPU ${(cpuMs / parse.cpuMs).toFixed(2)} ×)`;
    const [load = 0] = loadavg();
    console.log(
      `a dump of ${format}, ${(statSync(path).size / MEBIBYTE).toFixed(0)} MiB, ${spans} spans: JSON.parse ${format === 'jaeger' ? 'trace by trace' : 'line by line'} ${parse.wallMs.toFixed(0)} ms; ${isBuilt ? 'the package' : 'from TypeScript, which takes 100 MiB more'}: imported, written and judged ${ratio(imported)}, at most ${imported.peakMiB} MiB resident; the same without a capture (--no-out) ${ratio(alone)}, at most ${alone.peakMiB} MiB; its capture judged ${ratio(judged)}, at most ${judged.peakMiB} MiB (target ${TARGETS.dumpAndJudge}, and ${TARGETS.dumpMiB} MiB for 1 GiB); ${areSame ? 'the same report' : 'ANOTHER REPORT'}; load ${load.toFixed(1)}`,
    );
    for (const [what, { residentMiB }] of Object.entries({ import: imported, 'import --no-out': alone, judge: judged }))
      console.log(`  resident over time, ${what}, MiB: ${thinned(residentMiB).join(' ')}`);
    if (format !== 'jaeger') return;
    const other = await countedByJq(path, folder);
    console.log(
      other === undefined
        ? '  jq is not installed'
        : `  jq, which only counts the spans of the same dump: ${ratio(other)}, at most ${other.peakMiB} MiB`,
    );
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

async function countedByJq(path: string, folder: string): Promise<Process | undefined> {
  if (spawnSync('jq', ['--version']).status !== 0) return undefined;
  return await measured('jq', ['[.data[].spans | length] | add', path], folder);
}

interface Measured {
  readonly wallMs: number;
  readonly cpuMs: number;
}

interface Process extends Measured {
  readonly peakMiB: number;
  /** At each look. Linux only; elsewhere empty. */
  readonly residentMiB: readonly number[];
}

/** Clock ticks of /proc per second on Linux. */
const TICKS = 100;

/** What a process takes, as /proc shows it while it runs; elsewhere than on Linux only the wall time. */
async function measured(file: string, argv: readonly string[], cwd: string): Promise<Process> {
  const startedAtMs = performance.now();
  const child = spawn(file, argv, { cwd, stdio: ['ignore', 'ignore', 'inherit'] });
  const residentMiB: number[] = [];
  let cpuMs = 0;
  let peakMiB = 0;
  const look = (keeps: boolean) => {
    const status = proc(child.pid, 'status');
    const stat = proc(child.pid, 'stat');
    const of = (name: string) => Number(new RegExp(`${name}:\\s+(\\d+)`).exec(status)?.[1] ?? 0) / 1024;
    peakMiB = Math.max(peakMiB, Math.round(of('VmHWM')));
    if (keeps && of('VmRSS') > 0) residentMiB.push(Math.round(of('VmRSS')));
    const [user = 0, system = 0] = stat
      .slice(stat.lastIndexOf(')') + 2)
      .split(' ')
      .slice(11, 13)
      .map(Number);
    cpuMs = Math.max(cpuMs, ((user + system) * 1000) / TICKS);
  };
  let looks = 0;
  const timer = setInterval(() => {
    looks += 1;
    look(looks % 10 === 0);
  }, LOOK_MS / 10);
  const code = await new Promise<number | null>((done) => child.once('exit', done));
  clearInterval(timer);
  // jq and hopcheck end with 0 to 2 where they did what was asked.
  if (code === null || code > 2) throw new Error(`${file} ended with ${code}`);
  return { wallMs: performance.now() - startedAtMs, cpuMs, peakMiB, residentMiB };
}

function proc(pid: number | undefined, name: string): string {
  try {
    return readFileSync(`/proc/${pid}/${name}`, 'utf8');
  } catch {
    return '';
  }
}

/** Of many figures about twenty, evenly spread. */
function thinned(figures: readonly number[]): readonly number[] {
  const step = Math.max(1, Math.ceil(figures.length / 20));
  return figures.filter((_, index) => index % step === 0);
}

/** Only what is spent in JSON.parse counts; the reading of lines does not. */
async function parsePieces(path: string, format: DumpFormat): Promise<Measured> {
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
    const json = lineAsJson(line, format);
    if (json === undefined) continue;
    lines.push(json);
    bytes += json.length;
    if (bytes > 16 * MEBIBYTE) parse();
  }
  parse();
  return spent;
}

if (process.argv[1] === import.meta.filename) {
  const [, , mebibytes = '1024', given = 'jaeger'] = process.argv;
  const format = DUMP_FORMATS.find((one) => one === given);
  if (format === undefined) throw new Error(`${given} is unknown: expected one of ${DUMP_FORMATS.join(', ')}`);
  await benchDumps(Number(mebibytes), format);
}
