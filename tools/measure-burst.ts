import { randomBytes } from 'node:crypto';
import { setTimeout as sleep } from 'node:timers/promises';
import { parseArgs } from 'node:util';
import { startEnvoyLab } from '../fixtures/envoy/engine.ts';
import { installReal } from '../fixtures/envoy/install.ts';
import { parseLegacyTraces } from '../harness/backend/legacy-json.ts';
import { createHttpClient } from '../harness/http/undici-client.ts';
import type { Lab } from '../harness/lab/lab.ts';
import { labOptions } from '../harness/lab/options.ts';
import { MARGIN_MS } from '../harness/model/limits.ts';
import type { Trace } from '../harness/model/trace.ts';

// npm run measure:burst [-- --workers 1,2 --burst 0,30,60,120 --lb round_robin --driver zipkin]: would more requests make proxies send their spans
// at once? A worker of Envoy sends at 5 spans or when its timer says so (docs/facts/envoy.md#flush). After 40 traced requests a burst
// of others follows; one margin later the traces are read, and again when every timer has run. docs/waiting.md has the result.

const REQUESTS = 40;
const RATE = 20;
const AT_ONCE = 10;

const { values } = parseArgs({
  options: {
    workers: { type: 'string', default: '1,2' },
    burst: { type: 'string', default: '0,30,60,120' },
    lb: { type: 'string', default: 'round_robin' },
    driver: { type: 'string', default: 'zipkin' },
  },
});
const numbersOf = (text: string) => text.split(',').map(Number);
const binaries = await installReal();
console.log(
  '| driver | load balancing | workers of a proxy | requests of the burst | traces whole | spans there | proxy with the fewest |',
);
console.log('|---|---|---|---|---|---|---|');
for (const workers of numbersOf(values.workers))
  for (const burst of numbersOf(values.burst)) {
    const lb = values.lb === 'random' ? 'random' : 'round_robin';
    const driver = values.driver === 'otel' ? 'otel' : 'zipkin';
    await using lab = await startEnvoyLab(labOptions({ engine: 'envoy', workers, lb, driver }), binaries);
    console.log(`| ${driver} | ${lb} | ${workers} | ${burst} | ${await measure(lab, burst)} |`);
  }

async function measure(lab: Lab, burst: number): Promise<string> {
  const client = createHttpClient();
  try {
    const send = async (traceId: string) => {
      const spanId = randomBytes(8).toString('hex');
      const headers = [
        ['x-b3-traceid', traceId] as const,
        ['x-b3-spanid', spanId] as const,
        ['x-b3-sampled', '1'] as const,
        ['traceparent', `00-${traceId}-${spanId}-01`] as const,
      ];
      await client.send({
        method: 'GET',
        url: new URL('/productpage', lab.ingressUrl),
        headers,
        timeoutMs: 15_000,
        maxBodyBytes: 1 << 20,
      });
    };
    const ids = Array.from({ length: REQUESTS }, () => randomBytes(16).toString('hex'));
    const sent: Promise<void>[] = [];
    for (const id of ids) {
      sent.push(send(id));
      await sleep(1000 / RATE);
    }
    await Promise.all(sent);
    for (let left = burst; left > 0; left -= AT_ONCE)
      await Promise.all(Array.from({ length: Math.min(AT_ONCE, left) }, () => send(randomBytes(16).toString('hex'))));
    await sleep(MARGIN_MS);
    const early = await read(lab, ids);
    await sleep(lab.options.flush.intervalMs + MARGIN_MS);
    return compare(early, await read(lab, ids));
  } finally {
    await client.close();
  }
}

async function read(lab: Lab, ids: readonly string[]): Promise<ReadonlyMap<string, Trace>> {
  const answers = await Promise.all(
    ids.map(async (id) => {
      const answer = await fetch(`${lab.jaegerUrl}/api/traces/${id}?raw=true`);
      return answer.ok ? parseLegacyTraces(await answer.json()) : [];
    }),
  );
  return new Map(answers.flat().map((trace) => [trace.id, trace]));
}

function compare(early: ReadonlyMap<string, Trace>, late: ReadonlyMap<string, Trace>): string {
  const whole = [...late].filter(([id, { spans }]) => early.get(id)?.spans.length === spans.length).length;
  const byProxy = (traces: ReadonlyMap<string, Trace>) =>
    Map.groupBy(
      [...traces.values()].flatMap(({ spans }) => spans),
      ({ tags }) => String(tags.node_id),
    );
  const [before, after] = [byProxy(early), byProxy(late)];
  const shares = [...after].map(([proxy, spans]) => (before.get(proxy)?.length ?? 0) / spans.length);
  const count = (spans: ReadonlyMap<string, readonly unknown[]>) =>
    [...spans.values()].reduce((sum, own) => sum + own.length, 0);
  const percent = (share: number) => `${Math.round(100 * share)} %`;
  return `${whole} of ${late.size} | ${percent(count(before) / count(after))} | ${percent(Math.min(...shares))}`;
}
