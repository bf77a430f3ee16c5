import { expect, it } from 'vitest';
import { SimulatedClock } from '../../fixtures/testing/simulated-clock.ts';
import { negotiate } from '../backend/negotiate.ts';
import { createJsonReader } from '../backend/read-json.ts';
import type { HttpClient } from '../http/http.ts';
import { labOptions } from '../lab/options.ts';
import { startStandin } from '../lab/standin.ts';
import { beginningCalls } from '../model/call-place.ts';
import { looseTraces } from './loose.ts';

const ID = 'a'.repeat(32);
const GRACE_MS = 6000;

/** One request of a run and one of another client, all of whose SERVER spans arrive so late: the calls that begin other traces. */
async function looseCalls(serversAfterMs: number) {
  const clock = new SimulatedClock();
  await using lab = await startStandin(labOptions({ clock, network: 'memory' }));
  const client = lab.http!;
  const { signal } = new AbortController();
  const limits = { timeoutMs: 10_000, maxBodyBytes: 2 ** 25 };
  const fromMs = clock.now();
  for (const headers of [Object.entries({ 'x-b3-traceid': ID, 'x-b3-spanid': ID.slice(16), 'x-b3-sampled': '1' }), []])
    await client.send({ method: 'GET', url: new URL('/productpage', lab.ingressUrl), headers, ...limits });
  const toMs = clock.now();
  await clock.sleep(GRACE_MS, signal);
  const searchedAtMs = clock.now();
  const late: HttpClient = {
    ...client,
    send: async (request, stop) => {
      const answer = await client.send(request, stop);
      if (clock.now() >= searchedAtMs + serversAfterMs || !request.url.pathname.endsWith('/traces')) return answer;
      const body = JSON.parse(answer.body) as { data: { spans: { tags: { key: string; value: unknown }[] }[] }[] };
      for (const trace of body.data)
        trace.spans = trace.spans.filter(({ tags }) =>
          tags.every(({ key, value }) => key !== 'span.kind' || value !== 'server'),
        );
      return { ...answer, body: JSON.stringify(body) };
    },
  };
  const target = { url: new URL(lab.jaegerUrl), headers: [], ...limits };
  const backend = await negotiate(target.url, createJsonReader(target, client, clock), signal);
  const all = await backend.search({ service: 'productpage.default', fromMs, toMs, limit: 9 }, signal);
  const own = all.filter(({ id }) => id === ID);
  const loose = await looseTraces({ target, http: late, clock, own, fromMs, toMs, graceMs: GRACE_MS, signal });
  const callers = loose.traces.flatMap(beginningCalls).map(({ service }) => service);
  return { own: own.length, traces: loose.traces.length, callers, waitedMs: clock.now() - searchedAtMs };
}

it('waits for spans of other clients that may still come, so that their calls do not look as if they lost their context', async () => {
  const found = await looseCalls(3000);
  expect({ ...found, waitedMs: found.waitedMs >= GRACE_MS }).toEqual({
    own: 1,
    traces: 1,
    callers: [],
    waitedMs: true,
  });
});

it('keeps a call below a span that does not come in the grace time either', async () => {
  expect((await looseCalls(Number.POSITIVE_INFINITY)).callers).toContain('productpage.default');
});

it('waits for nothing where every call has its parent', async () => {
  expect(await looseCalls(0)).toMatchObject({ traces: 1, callers: [], waitedMs: 0 });
});
