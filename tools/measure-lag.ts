import { randomBytes } from 'node:crypto';
import { setTimeout as sleep } from 'node:timers/promises';
import { parseArgs } from 'node:util';
import { startEnvoyLab } from '../fixtures/envoy/engine.ts';
import { installReal } from '../fixtures/envoy/install.ts';
import { parseLegacyTraces } from '../harness/backend/legacy-json.ts';
import { createHttpClient } from '../harness/http/undici-client.ts';
import type { Lab } from '../harness/lab/lab.ts';
import { labOptions } from '../harness/lab/options.ts';
import { endMicros, type Span } from '../harness/model/span.ts';

// npm run measure:lag [-- --traces 10000]: how long after its end a span of real Envoy can be read from real Jaeger. Requests come in
// bursts with a silence after each, so that timers and not full buffers send the last spans, as at the end of a run. The margin
// (harness/model/limits.ts) and the way in which a lag prolongs the grace time rest on the result, which docs/waiting.md has.

const BURST = 60;
const RATE = 30;
const READ_EVERY_MS = 200;
/** From the last answer of a burst; a span that comes later is counted as later. */
const LOOK_MS = 9000;

const { values } = parseArgs({ options: { traces: { type: 'string', default: '10000' } } });
const binaries = await installReal();
const MESHES = [
  { driver: 'zipkin', workers: 1 },
  { driver: 'zipkin', workers: 2 },
  { driver: 'otel', workers: 1 },
  { driver: 'otel', workers: 2 },
] as const;
const bursts = Math.ceil(Number(values.traces) / BURST / MESHES.length);

interface Lags {
  traces: number;
  spans: number;
  /** Spans that nothing showed within the time looked at, and a last read did. */
  later: number;
  /** Of each span, what it took at least and at most, ms: the reads before and at which it was seen. */
  bounds: [atLeast: number, atMost: number][];
}

console.log(
  '| driver | workers | traces | spans | 50 % | 99 % | 99.9 % | longest, at least | at most | above 5 s | later |',
);
console.log('|---|---|---|---|---|---|---|---|---|---|---|');
const all = await Promise.all(
  MESHES.map(async (mesh, i) => {
    await using lab = await startEnvoyLab(labOptions({ engine: 'envoy', ...mesh }), binaries);
    await sleep(i * 2500);
    const lags: Lags = { traces: 0, spans: 0, later: 0, bounds: [] };
    const client = createHttpClient();
    const send = async (id: string) => {
      const spanId = randomBytes(8).toString('hex');
      const headers = [
        ['x-b3-traceid', id] as const,
        ['x-b3-spanid', spanId] as const,
        ['x-b3-sampled', '1'] as const,
        ['traceparent', `00-${id}-${spanId}-01`] as const,
      ];
      const url = new URL('/productpage', lab.ingressUrl);
      await client.send({ method: 'GET', url, headers, timeoutMs: 15_000, maxBodyBytes: 1 << 20 });
    };
    try {
      for (let n = 0; n < bursts; n += 1) await measureBurst(lab, send, lags);
    } finally {
      await client.close();
    }
    print(`${mesh.driver} | ${mesh.workers}`, lags);
    return lags;
  }),
);
print('all | –', {
  traces: sum(all.map(({ traces }) => traces)),
  spans: sum(all.map(({ spans }) => spans)),
  later: sum(all.map(({ later }) => later)),
  bounds: all.flatMap(({ bounds }) => bounds),
});

async function measureBurst(lab: Lab, send: (id: string) => Promise<void>, lags: Lags): Promise<void> {
  const ids = Array.from({ length: BURST }, () => randomBytes(16).toString('hex'));
  const sent: Promise<void>[] = [];
  const seen = new Map<string, true>();
  let before = Date.now();
  const look = async (): Promise<number> => {
    const at = Date.now();
    let later = 0;
    for (const span of await read(lab, ids.slice(0, sent.length))) {
      const key = `${span.id} ${span.kind} ${span.startMicros} ${span.service}`;
      if (seen.has(key)) continue;
      seen.set(key, true);
      later += 1;
      const endMs = endMicros(span) / 1000;
      // It was not there when the read before was asked for, and it is in the answer to this one.
      lags.bounds.push([before - endMs, Date.now() - endMs]);
    }
    before = at;
    return later;
  };
  for (const id of ids) {
    sent.push(send(id));
    await sleep(1000 / RATE);
    if (sent.length % 6 === 0) await look();
  }
  await Promise.all(sent);
  const until = Date.now() + LOOK_MS;
  while (Date.now() < until) {
    await sleep(READ_EVERY_MS);
    await look();
  }
  lags.traces += ids.length;
  lags.spans += seen.size;
  await sleep(3000);
  lags.later += await look();
}

async function read(lab: Lab, ids: readonly string[]): Promise<readonly Span[]> {
  if (ids.length === 0) return [];
  const answer = await fetch(`${lab.jaegerUrl}/api/traces?${ids.map((id) => `traceID=${id}`).join('&')}&raw=true`);
  return answer.ok ? parseLegacyTraces(await answer.json()).flatMap(({ spans }) => spans) : [];
}

function sum(numbers: readonly number[]): number {
  return numbers.reduce((total, n) => total + n, 0);
}

function print(title: string, { traces, spans, later, bounds }: Lags): void {
  const atLeast = bounds.map(([least]) => least).sort((a, b) => a - b);
  const at = (share: number) => `${((atLeast[Math.floor(share * (atLeast.length - 1))] ?? 0) / 1000).toFixed(2)} s`;
  const most = Math.max(...bounds.map(([, most]) => most));
  const above = atLeast.filter((ms) => ms > 5000).length;
  console.log(
    `| ${title} | ${traces} | ${spans} | ${at(0.5)} | ${at(0.99)} | ${at(0.999)} | ${at(1)} | ${(most / 1000).toFixed(2)} s | ${above} | ${later} |`,
  );
}
