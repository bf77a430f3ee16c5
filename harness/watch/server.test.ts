// Over 250 lines: every endpoint of one server, which each test brings up the same way.
import { setTimeout as delay } from 'node:timers/promises';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import type { RunReport } from '../model/report.ts';
import { systemClock } from '../system/system-clock.ts';
import { routesOf } from './routes.ts';
import { type RunningServer, serve } from './server.ts';
import { REPORTS, runsOf, simulatedWatch } from './testing.ts';
import type { Watch } from './watch.ts';

const TOKEN = 'canary-token-of-32-characters-00';

/** A watch on the machine's clock whose runs end when the test says so. */
let watch: Watch;
let server: RunningServer;
let end: (result: RunReport | Error) => void;
let stop: AbortController;
let going: Promise<void>;

async function open(token: string | undefined): Promise<void> {
  const launched = { resolve: (_: RunReport) => undefined as unknown, reject: (_: Error) => undefined as unknown };
  ({ watch } = simulatedWatch([], {
    clock: systemClock,
    spacingMs: 0,
    launch: ({ signal }) =>
      new Promise((resolve, reject) => {
        Object.assign(launched, { resolve, reject });
        signal.addEventListener('abort', () => reject(new Error('aborted')), { once: true });
      }),
  }));
  end = (result) => (result instanceof Error ? launched.reject(result) : launched.resolve(result));
  stop = new AbortController();
  going = watch.go(stop.signal);
  const routes = routesOf({ watch, clock: systemClock, deadlineMs: 300_000, ...(token !== undefined && { token }) });
  server = await serve({ host: '127.0.0.1', port: 0 }, routes);
}

beforeEach(() => open(TOKEN));
afterEach(async () => {
  stop.abort();
  await going;
  await server[Symbol.asyncDispose]();
});

async function ask(path: string, init: RequestInit = {}) {
  const response = await fetch(`${server.origin}${path}`, init);
  return { status: response.status, body: await response.text(), headers: response.headers };
}
async function ended(result: RunReport | Error): Promise<void> {
  const over = watch.ended(new AbortController().signal);
  // It has been launched by then.
  await delay(0);
  end(result);
  await over;
}
const authorization = `Bearer ${TOKEN}`;

describe('/gate', () => {
  it('is 503 with Retry-After before the first run, for GET and POST alike', async () => {
    for (const init of [{}, { method: 'POST', body: '{"name":"canary"}' }]) {
      const { status, body, headers } = await ask('/gate', init);
      expect({ status, body }).toEqual({ status: 503, body: 'none: no run has ended yet\n' });
      expect(headers.get('retry-after')).toMatch(/^[1-9]\d*$/);
    }
  });

  it('is 200 for a pass and 412 for a failure, which names codes, hop and sentence in one line', async () => {
    await ended(REPORTS.pass());
    const passed = await ask('/gate', { method: 'POST' });
    expect({ status: passed.status, body: passed.body }).toEqual({
      status: 200,
      body: `pass: ${REPORTS.pass().sentence}\n`,
    });
    watch.request();
    await ended(REPORTS.fail());
    const { status, body } = await ask('/gate');
    expect(status).toBe(412);
    expect(body).toMatch(/^fail HC\d+ .*->.*: [^\n]+\n$/);
    expect(body).toContain(REPORTS.fail().sentence);
  });

  it('is 503 for a run that could not decide', async () => {
    await ended(REPORTS.inconclusive());
    const { status, body } = await ask('/gate');
    expect({ status, body }).toEqual({ status: 503, body: expect.stringMatching(/^inconclusive: .+\n$/) });
    watch.request();
    await ended(new Error('Cannot read\nthe cluster'));
    expect((await ask('/gate')).body).toBe('inconclusive: could not decide: the run failed: Cannot read the cluster\n');
  });

  it('answers at once about a time that no run has begun after, and holds a caller that waits until one has ended', async () => {
    await ended(REPORTS.pass());
    const since = new Date(Date.now() + 1).toISOString();
    const early = await ask(`/gate?since=${since}`);
    expect({ status: early.status, body: early.body }).toEqual({
      status: 503,
      body: 'none: no run that started after that time has ended yet\n',
    });
    const isHeld = new Promise<void>((resolve) => {
      const ended = watch.ended.bind(watch);
      vi.spyOn(watch, 'ended').mockImplementationOnce((signal) => {
        resolve();
        return ended(signal);
      });
    });
    const held = ask(`/gate?since=${since}&wait=30s`, { method: 'POST' });
    await isHeld;
    watch.request();
    await ended(REPORTS.fail());
    expect((await held).status).toBe(412);
    expect((await ask(`/gate?since=${since}`)).status).toBe(412);
  });

  it('holds a caller no longer than it asks to be held', async () => {
    expect((await ask('/gate?wait=30ms')).status).toBe(503);
  });

  it('goes by the promise that is asked for', async () => {
    await ended(REPORTS.fail());
    const { promises } = REPORTS.fail();
    const statuses = await Promise.all(
      promises.map(async ({ id, status }) => [status, (await ask(`/gate?promise=${id}`)).status] as const),
    );
    const expected = { pass: 200, fail: 412 } as const;
    for (const [status, answered] of statuses) expect(answered).toBe(expected[status as 'pass'] ?? 503);
    expect(new Set(statuses.map(([, answered]) => answered)).size).toBeGreaterThan(1);
  });

  it.each(['since=yesterday', 'wait=8', 'wait=1h', 'promise=everything'])(
    'refuses ?%s with an example',
    async (query) => {
      const { status, body } = await ask(`/gate?${query}`);
      expect({ status, body }).toEqual({ status: 400, body: expect.stringMatching(/expected .*, e\.g\. \?/) });
    },
  );
});

it('takes no question with a parameter that it does not know, or that stands there twice', async () => {
  await ended(REPORTS.pass());
  const since = new Date(Date.now() + 60_000).toISOString();
  const asked = [
    'sinse=x',
    `Since=${since}`,
    'since=2026-11-29T12:00:00Z&since=2026-11-30T12:00:00Z',
    '=',
    'wait=1s&wait=1s',
  ];
  for (const path of ['/gate', '/verdict', '/rollback'])
    for (const query of asked) {
      const { status, body } = await ask(`${path}?${query}`);
      expect({ query, status, body }).toEqual({
        ...{ query, status: 400 },
        body: expect.stringMatching(/^parameter ".*": expected each of since, wait, promise once at most\n$/),
      });
    }
  const { status } = await ask('/report?id=x', { headers: { authorization } });
  expect(status).toBe(400);
});

it('/gate distinguishes what one promise and the whole run say', async () => {
  await ended(REPORTS.fail());
  expect((await ask('/gate?promise=ingress')).body).toMatch(
    /^pass ingress: the promise holds; the whole run: fail HC\d+ .*\n$/,
  );
  expect((await ask('/gate?promise=configuration')).body).toMatch(
    /^inconclusive configuration: the run did not judge the promise; the whole run: fail /,
  );
});

describe('/verdict', () => {
  it('is 200 with every field from the start, and none of them is null', async () => {
    const seen: unknown[] = [];
    const look = async () => {
      const { status, body, headers } = await ask('/verdict');
      expect({ status, type: headers.get('content-type') }).toEqual({
        status: 200,
        type: 'application/json; charset=utf-8',
      });
      const verdict = JSON.parse(body) as Record<string, unknown>;
      expect(Object.values(verdict)).not.toContain(null);
      expect(Object.keys(verdict)).toEqual(FIELDS);
      seen.push(verdict.verdict);
      return verdict;
    };
    const FIELDS = ['schema', 'verdict', 'sentence', 'started', 'age', 'codes', 'hop', 'run', 'alerts', 'retryAfter'];
    expect(await look()).toMatchObject({ started: '', age: -1, codes: [], hop: '' });
    for (const report of [REPORTS.pass(), REPORTS.fail(), REPORTS.inconclusive()]) {
      watch.request();
      await ended(report);
      await look();
    }
    expect(seen).toEqual(['none', 'pass', 'fail', 'inconclusive']);
  });
});

describe('/run and /report', () => {
  it('start a run and hand out its report, with the token', async () => {
    await ended(REPORTS.pass());
    const { status, body, headers } = await ask('/run', { method: 'POST', headers: { authorization } });
    const { id } = JSON.parse(body) as { id: string };
    expect({ status, location: headers.get('location') }).toEqual({ status: 202, location: `/report?run=${id}` });
    const path = headers.get('location') ?? '';
    expect((await ask(path, { headers: { authorization } })).status).toBe(404);
    await ended(REPORTS.fail());
    const report = await ask(path, { headers: { authorization } });
    expect({ status: report.status, verdict: (JSON.parse(report.body) as RunReport).verdict }).toEqual({
      status: 200,
      verdict: 'fail',
    });
    const html = await ask('/report?format=html', { headers: { authorization } });
    expect({ type: html.headers.get('content-type'), body: html.body.slice(0, 15).toLowerCase() }).toEqual({
      type: 'text/html; charset=utf-8',
      body: '<!doctype html>',
    });
    expect((await ask('/report?format=pdf', { headers: { authorization } })).status).toBe(400);
  });

  it.each([
    ['no header', undefined],
    ['another token', 'Bearer canary-token-of-32-characters-01'],
    ['a beginning of it', `Bearer ${TOKEN.slice(0, -1)}`],
    ['another scheme', `Basic ${TOKEN}`],
    ['an empty token', 'Bearer '],
  ])('are closed for %s', async (_, given) => {
    const headers = given === undefined ? {} : { authorization: given };
    const answers = await Promise.all([ask('/run', { method: 'POST', headers }), ask('/report', { headers })]);
    expect(answers.map(({ status }) => status)).toEqual([401, 401]);
    for (const { body, headers: answered } of answers) {
      expect(body).not.toContain(TOKEN.slice(0, 8));
      expect(answered.get('www-authenticate')).toBe('Bearer');
    }
  });

  it('are closed for all where no token is configured', async () => {
    stop.abort();
    await going;
    await server[Symbol.asyncDispose]();
    await open(undefined);
    const answers = await Promise.all([
      ask('/run', { method: 'POST', headers: { authorization: 'Bearer ' } }),
      ask('/report', { headers: { authorization: 'Bearer undefined' } }),
    ]);
    expect(answers.map(({ status }) => status)).toEqual([403, 403]);
  });
});

it('/gate shows no control character of a name from traces', async () => {
  await ended({ ...REPORTS.fail(), sentence: 'reviews\u001b[2J\r\nHTTP/1.1 200 does not pass it on' });
  const { body } = await ask('/gate');
  expect(body).toMatch(/^fail [^\n]*\n$/);
  // biome-ignore lint/suspicious/noControlCharactersInRegex: it is what must not be there
  expect(body).not.toMatch(/[\u0000-\u0009\u000b-\u001f]/);
});

describe('/rollback', () => {
  it('is 200 for a failure alone, so that nothing else undoes a deploy', async () => {
    const statuses = [(await ask('/rollback', { method: 'POST' })).status];
    for (const report of [REPORTS.pass(), REPORTS.inconclusive(), REPORTS.fail()]) {
      watch.request();
      await ended(report);
      statuses.push((await ask('/rollback', { method: 'POST' })).status);
    }
    expect(statuses).toEqual([503, 412, 503, 200]);
  });
});

it('/healthz is well whatever the verdict', async () => {
  expect((await ask('/healthz')).status).toBe(200);
  await ended(REPORTS.fail());
  expect((await ask('/healthz')).body).toBe('ok\n');
});

it('/healthz is not well where no run has begun although one was due', async () => {
  const { watch: idle, clock } = simulatedWatch(['pass']);
  const routes = routesOf({ watch: idle, clock, deadlineMs: 300_000 });
  const health = async () => {
    const { signal } = new AbortController();
    const asked = {
      method: 'GET',
      path: '/healthz',
      query: new URLSearchParams(),
      accept: '',
      authorization: '',
      signal,
    };
    return (await routes(asked)).status;
  };
  // Its loop was never started.
  const seen = [await health()];
  await clock.sleep(120_000);
  seen.push(await health());
  await runsOf(idle, 1);
  seen.push(await health());
  await clock.sleep(900_000);
  seen.push(await health());
  await clock.sleep(120_000);
  seen.push(await health());
  expect(seen).toEqual([200, 503, 200, 200, 503]);
});

it.each([
  { path: '/', method: 'GET', status: 404 },
  { path: '/constructor', method: 'GET', status: 404 },
  { path: '/gate', method: 'DELETE', status: 405 },
  { path: '/run', method: 'GET', status: 405 },
  { path: '/verdict', method: 'POST', status: 405 },
  { path: '/gate/%', method: 'GET', status: 404 },
])('answers $status to $method $path', async ({ path, method, status }) => {
  expect((await ask(path, { method })).status).toBe(status);
});
