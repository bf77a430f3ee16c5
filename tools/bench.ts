import { cpus } from 'node:os';
import { readRecording, toCapture } from '../fixtures/recordings/load.ts';
import { driveLab } from '../fixtures/testing/drive-lab.ts';
import { SimulatedClock } from '../fixtures/testing/simulated-clock.ts';
import { surveyLab } from '../fixtures/testing/survey-lab.ts';
import { parseLegacyTraces } from '../harness/backend/legacy-json.ts';
import { DumpStream } from '../harness/import/dump-stream.ts';
import { ParallelDump } from '../harness/import/parallel-dump.ts';
import { judge } from '../harness/judge/judge.ts';
import { labOptions } from '../harness/lab/options.ts';
import { startStandin } from '../harness/lab/standin.ts';
import type { Capture } from '../harness/model/capture.ts';
import type { Trace } from '../harness/model/trace.ts';
import { benchContract } from './bench-contract.ts';
import { benchDumps } from './bench-dumps.ts';
import { benchReport } from './bench-report.ts';
import { benchRun } from './bench-run.ts';
import { TARGETS } from './figures.ts';

// npm run bench: the figures of docs/architecture.md#figures-to-reach. Ratios within one process; times are of this
// machine.
const ROUNDS = 5;
/** As files are read. */
const PIECE_BYTES = 2 ** 20;

console.log(
  `machine: ${cpus().length} × ${cpus()[0]?.model}, Node ${process.version}, ${new Date().toISOString().slice(0, 10)}`,
);
// Each in a process of its kind, as a user runs it.
await benchDumps(128);
readingAndJudging();
await readingBytes();
await oneRun();
await benchRun();
await backendCalls();
await benchContract();
await benchReport();

/** Jaeger's answer with so many spans: parsed, checked, made into traces and judged, against JSON.parse alone. */
function readingAndJudging(): void {
  const recording = readRecording('healthy-v1-zipkin-gw2');
  const { data } = recording.legacy as { data: { spans: unknown[]; traceID: string }[] };
  const perRound = data.reduce((sum, { spans }) => sum + spans.length, 0);
  const copies = Math.ceil(TARGETS.spans / perRound);
  const many = Array.from({ length: copies }, (_, copy) => data.map((trace) => withId(trace, copy))).flat();
  const text = JSON.stringify({ data: many, total: 0, limit: 0, offset: 0, errors: null });
  const base = toCapture(recording);
  const parse = best(() => JSON.parse(text));
  const read = best(() => parseLegacyTraces(JSON.parse(text)));
  const both = best(() => judge(captureOf(base, parseLegacyTraces(JSON.parse(text)))));
  console.log(
    `reading ${copies * perRound} spans (${(text.length / 2 ** 20).toFixed(0)} MiB): JSON.parse ${parse.toFixed(0)} ms, read ${(read / parse).toFixed(2)} ×, read and judged ${(both / parse).toFixed(2)} × (target ${TARGETS.readAndJudge})`,
  );
}

/** The same spans from their bytes, as a large dump is read: on one thread, and by two beside it. The worst of three runs. */
async function readingBytes(): Promise<void> {
  const recording = readRecording('healthy-v1-zipkin-gw2');
  const { data } = recording.legacy as { data: { spans: unknown[]; traceID: string }[] };
  const perRound = data.reduce((sum, { spans }) => sum + spans.length, 0);
  const copies = Math.ceil(TARGETS.spans / perRound);
  const many = Array.from({ length: copies }, (_, copy) => data.map((trace) => withId(trace, copy))).flat();
  const bytes = Buffer.from(JSON.stringify({ data: many, total: 0, limit: 0, offset: 0, errors: null }));
  const base = toCapture(recording);
  const ratios: { one: number; two: number }[] = [];
  for (let run = 0; run < 3; run += 1) {
    const parse = await timed(() => JSON.parse(bytes.toString('utf8')));
    const one = await timed(() => {
      const dump = new DumpStream('bench');
      for (let at = 0; at < bytes.length; at += PIECE_BYTES) dump.push(bytes.subarray(at, at + PIECE_BYTES));
      judge(captureOf(base, dump.end() ?? []));
    });
    const two = await timed(async () => {
      const dump = new ParallelDump(new DumpStream('bench'));
      for (let at = 0; at < bytes.length; at += PIECE_BYTES) await dump.push(bytes.subarray(at, at + PIECE_BYTES));
      const traces = (await dump.end()) ?? [];
      await dump.stop();
      judge(captureOf(base, traces));
    });
    ratios.push({ one: one / parse, two: two / parse });
  }
  const worst = (of: 'one' | 'two') => Math.max(...ratios.map((ratio) => ratio[of])).toFixed(2);
  console.log(
    `the same ${copies * perRound} spans from their bytes, read and judged: ${worst('one')} × on one thread, ${worst('two')} × with two readers, threads started included (worst of ${ratios.length})`,
  );
}

async function timed(work: () => unknown): Promise<number> {
  const startedAtMs = performance.now();
  await work();
  return performance.now() - startedAtMs;
}

function withId<T extends { traceID: string }>(trace: T, copy: number): T {
  const id = copy.toString(16).padStart(8, '0') + trace.traceID.slice(8);
  return JSON.parse(JSON.stringify(trace).replaceAll(trace.traceID, id)) as T;
}

function captureOf(base: Capture, traces: readonly Trace[]): Capture {
  const [exchange] = base.exchanges;
  if (exchange === undefined) throw new Error('the recording is empty');
  const ids = traces.map((_, index) => `p${index}`);
  return {
    ...base,
    exchanges: ids.map((id) => ({ ...exchange, probe: { ...exchange.probe, id } })),
    traces: traces.map((trace, index) => ({
      probe: ids[index] ?? '',
      traceId: trace.id,
      reason: 'imported',
      spans: trace.spans,
      polls: 1,
    })),
    fragments: [],
  };
}

/** The fastest of some rounds: what the machine can do, without what else it did. */
function best(work: () => unknown): number {
  let least = Number.POSITIVE_INFINITY;
  for (let round = 0; round < ROUNDS; round += 1) {
    const startedAtMs = performance.now();
    work();
    least = Math.min(least, performance.now() - startedAtMs);
  }
  return least;
}

/** What `npm start` does, with Envoy's real flush: how long, and how much of it is ours. */
async function oneRun(): Promise<void> {
  const startedAtMs = performance.now();
  const cpuBefore = process.cpuUsage();
  const lab = await startStandin(labOptions());
  const upMs = performance.now() - startedAtMs;
  const report = await driveLab(lab);
  await lab.stop();
  const cpu = process.cpuUsage(cpuBefore);
  const totalMs = performance.now() - startedAtMs;
  console.log(
    `one run on the embedded lab: ${report.verdict}, ${(totalMs / 1000).toFixed(1)} s in all (target ${TARGETS.startS}), lab up in ${upMs.toFixed(0)} ms, ${((cpu.user + cpu.system) / 1e6).toFixed(1)} s of CPU, the lab's own work included (target ${TARGETS.startCpuS})`,
  );
}

/** Calls of the backend with other people's traces in it (asserted in harness/survey/survey.test.ts). */
async function backendCalls(): Promise<void> {
  const lab = await startStandin(labOptions({ clock: new SimulatedClock(), network: 'memory', foreignRate: 50 }));
  const { timings, exchanges } = await surveyLab(lab);
  await lab.stop();
  console.log(
    `backend calls: ${timings.backendCalls} for ${exchanges.length} probes (target ${TARGETS.backendCalls(exchanges.length)})`,
  );
}
