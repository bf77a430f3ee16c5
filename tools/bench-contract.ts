import { captureContract, worldOf } from '../fixtures/contract/run-contract.ts';
import { startTestService } from '../fixtures/contract/test-service.ts';
import { freePort } from '../fixtures/contract/with-stubs.ts';
import { createCaller } from '../harness/contract/caller/create-caller.ts';
import { judgeContract } from '../harness/contract/judge/judge-contract.ts';
import { TARGETS } from './figures.ts';

/** Further headers that make twenty with those that are always sent. */
const WATCHED = ['cookie', 'datadog', 'sw8', 'google', 'aws', 'uber'];

/**
 * Contract mode on a service of this process with two upstreams: the whole run, and as a ratio to the same number of
 * requests with nothing recorded or judged. The time-out case is left out, because its length is the service's own.
 */
export async function benchContract(): Promise<void> {
  const ports = { stock: await freePort(), prices: await freePort() };
  const upstreams = { stock: `http://127.0.0.1:${ports.stock}`, prices: `http://127.0.0.1:${ports.prices}` };
  const service = await startTestService({ upstreams });
  const given = Object.entries(ports).map(([name, port]) => `${name}=${port}`);
  const before = process.memoryUsage().rss;
  const began = performance.now();
  const capture = await captureContract(service.url, given, { watch: WATCHED, isolation: '200', inFlight: '32' });
  const drove = performance.now() - began;
  const judging = performance.now();
  const run = judgeContract(capture);
  const judged = performance.now() - judging;
  const bare = await bareRequests(service.url, capture.exchanges.length);
  const { isolationMs } = capture.timings;
  const grown = (process.memoryUsage().rss - before) / 2 ** 20;
  console.log(
    `contract: ${run.verdict}, ${capture.watched.length} headers × ${given.length} upstreams in ${(drove / 1000).toFixed(2)} s (target ${TARGETS.contractS}), isolation ${(isolationMs / 1000).toFixed(2)} s (target ${TARGETS.isolationS}), judged in ${judged.toFixed(0)} ms; ${(drove / bare).toFixed(1)} × the bare requests; memory grew by ${grown.toFixed(0)} MiB (target ${TARGETS.contractMiB})`,
  );
  await service.close();
}

/** The same service, called as often, one request after the other, with no upstream there: it answers 502 at once. */
async function bareRequests(url: string, times: number): Promise<number> {
  const { signal } = worldOf();
  const caller = createCaller({
    ...{ url: new URL(url), protocol: 'http/1.1', method: 'GET', headers: [] },
    ...{ timeoutMs: 10_000, connections: 1 },
  });
  const began = performance.now();
  for (let time = 0; time < times; time += 1) await caller.send([], signal);
  caller.close();
  return performance.now() - began;
}
