// Over 250 lines: one server that misbehaves in each way, and the answer of the reader.
import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { KubeConfig } from '@kubernetes/client-node';
import { afterEach, describe, expect, it } from 'vitest';
import type { Clock } from '../../model/clock.ts';
import { KubeError } from './kube-error.ts';
import { createKubeReader, type KubeReader } from './reader.ts';

type Answer = { readonly status?: number; readonly type?: string; readonly body: unknown } | 'hang' | 'cut';

const servers: Server[] = [];
afterEach(async () => {
  for (const server of servers.splice(0)) {
    server.closeAllConnections();
    await new Promise((done) => server.close(done));
  }
});

/** Waits nothing, and remembers for how long it was asked to. */
function clock(): Clock & { readonly slept: number[] } {
  const slept: number[] = [];
  return { slept, now: () => performance.now(), sleep: async (ms) => void slept.push(ms) };
}

/** An API server that answers what the test says. */
async function reader(answer: (path: string, request: IncomingMessage) => Answer, timeoutMs = 5000) {
  const asked: string[] = [];
  const server = createServer((request: IncomingMessage, response: ServerResponse) => {
    asked.push(request.url ?? '');
    const told = answer(request.url ?? '', request);
    if (told === 'hang') return;
    if (told === 'cut') {
      response.writeHead(200, { 'content-type': 'application/json', 'content-length': '1000' });
      response.write('{"items":[', () => response.destroy());
      return;
    }
    const text = typeof told.body === 'string' ? told.body : JSON.stringify(told.body);
    response.writeHead(told.status ?? 200, { 'content-type': told.type ?? 'application/json' }).end(text);
  });
  servers.push(server);
  await new Promise<void>((done) => server.listen(0, '127.0.0.1', done));
  const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  return { asked, ...readerAt(url, timeoutMs) };
}

function readerAt(server: string, timeoutMs = 5000, user: object = { token: 'canary-token' }) {
  const config = new KubeConfig();
  config.loadFromClusterAndUser({ name: 'c', server, skipTLSVerify: true }, { name: 'u', ...user });
  const time = clock();
  const access = { config, context: 'c', server, inside: false, namespace: 'default' };
  const made = createKubeReader(access, { timeoutMs, clock: time, signal: new AbortController().signal });
  return { reader: made, slept: time.slept };
}

const services = (...names: readonly string[]) =>
  names.map((name) => ({ metadata: { name, namespace: 'default' }, spec: {} }));
/** With kind and version, as the API has it: client-node makes something else of such an answer than of plain JSON. */
const list = (items: readonly unknown[], next?: string) => ({
  body: { apiVersion: 'v1', kind: 'ServiceList', metadata: { continue: next ?? '' }, items },
});
const status = (code: number, message: string): Answer => ({ status: code, body: { kind: 'Status', code, message } });
const failureOf = async (promise: Promise<unknown>) => {
  const error = await promise.then(
    () => undefined,
    (reason: unknown) => reason,
  );
  expect(error).toBeInstanceOf(KubeError);
  const failure = error as KubeError;
  expect(`${failure.message} ${failure.hint}`).not.toContain('canary');
  expect(failure.message).not.toContain('\n');
  return failure;
};
const names = async (made: KubeReader) => (await made.list('services', {})).map(({ metadata }) => metadata.name);

describe('a list', () => {
  it('is read page by page', async () => {
    const pages: Record<string, Answer> = {
      '': list(services('a', 'b'), 'x'),
      x: list(services('c'), 'y'),
      y: list(services('d')),
    };
    const { reader: made, asked } = await reader(
      (path) => pages[new URL(path, 'http://x').searchParams.get('continue') ?? '']!,
    );
    expect(await names(made)).toEqual(['a', 'b', 'c', 'd']);
    expect(asked).toHaveLength(3);
    expect(asked[0]).toBe('/api/v1/services?limit=250');
  });

  it('begins again when it expires between two pages, a bounded number of times', async () => {
    let expired = 0;
    const answers = (times: number) => (path: string) => {
      if (!path.includes('continue=')) return list(services('a'), 'x');
      expired += 1;
      return expired <= times ? status(410, 'The provided continue parameter is too old') : list(services('b'));
    };
    expect(await names((await reader(answers(2))).reader)).toEqual(['a', 'b']);
    expired = 0;
    const failure = await failureOf(names((await reader(answers(100))).reader));
    expect({ kind: failure.kind, expired }).toEqual({ kind: 'expired', expired: 4 });
  });

  it('is limited to a namespace and labels on request', async () => {
    const { reader: made, asked } = await reader(() => list([]));
    await made.list('pods', { namespace: 'istio-system', labels: { app: 'jaeger', x: 'y' } });
    expect(asked).toEqual(['/api/v1/namespaces/istio-system/pods?limit=250&labelSelector=app%3Djaeger%2Cx%3Dy']);
  });

  it('names the place of an object that is not valid', async () => {
    const { reader: made } = await reader(() => list([{ metadata: { name: 7 }, spec: {} }]));
    const failure = await failureOf(made.list('services', {}));
    expect({ kind: failure.kind, message: failure.message }).toEqual({
      kind: 'misfit',
      message: expect.stringMatching(
        /^cannot list services in all namespaces: metadata\.name is not what the API describes/,
      ),
    });
  });
});

describe('custom resources', () => {
  const served = (versions: readonly string[], resources: readonly string[]) => (path: string) => {
    if (path === '/apis')
      return {
        body: { groups: [{ name: 'networking.istio.io', versions: versions.map((version) => ({ version })) }] },
      };
    if (/^\/apis\/networking\.istio\.io\/[^/]+$/.test(path))
      return { body: { resources: resources.map((name) => ({ name })) } };
    return path.includes('virtualservices')
      ? list([{ metadata: { name: 'v', namespace: 'default' }, spec: {} }])
      : status(404, 'no');
  };

  it('are read in the newest version that is served', async () => {
    const { reader: made, asked } = await reader(served(['v1beta1', 'v1alpha3'], ['virtualservices']));
    expect(await made.list('virtualServices', {})).toHaveLength(1);
    expect(asked.at(-1)).toBe('/apis/networking.istio.io/v1beta1/virtualservices?limit=250');
  });

  it('are empty where they are not installed, without a request', async () => {
    const { reader: made, asked } = await reader(served(['v1'], ['virtualservices']));
    expect(await made.serves('gateways')).toBe(false);
    expect(await made.list('gateways', {})).toEqual([]);
    expect(await made.list('httpRoutes', {})).toEqual([]);
    expect(asked).toEqual(['/apis', '/apis/networking.istio.io/v1']);
  });
});

describe('one object', () => {
  it('may be absent', async () => {
    const { reader: made } = await reader((path) =>
      path.endsWith('/istio')
        ? { body: { metadata: { name: 'istio' }, data: { mesh: 'x' } } }
        : status(404, 'configmaps "y" not found'),
    );
    expect((await made.get('configMaps', 'istio-system', 'istio'))?.data).toEqual({ mesh: 'x' });
    expect(await made.get('configMaps', 'istio-system', 'y')).toBeUndefined();
  });
});

describe('a failed read', () => {
  it.each([
    {
      code: 401,
      kind: 'unauthenticated',
      message: /does not accept the credentials \(401\): they are wrong, or have expired$/,
    },
    { code: 403, kind: 'forbidden', message: /^cannot list services in all namespaces: not permitted \(403\)$/ },
    { code: 400, kind: 'other', message: /answered 400: the reason$/ },
  ])('gives one clear line for status $code, and is not tried again', async ({ code, kind, message }) => {
    const { reader: made, asked } = await reader(() => status(code, 'the reason'));
    const failure = await failureOf(made.list('services', {}));
    expect({ kind: failure.kind, message: failure.message }).toEqual({ kind, message: expect.stringMatching(message) });
    expect(asked).toHaveLength(1);
  });

  it('shows the Role that would help for status 403', async () => {
    const { reader: made } = await reader(() => status(403, 'forbidden'));
    const failure = await failureOf(made.list('pods', { namespace: 'default' }));
    expect(failure.hint).toContain('kind: Role\nmetadata: { name: hopcheck, namespace: default }');
    expect(failure.hint).toContain('resources: ["pods"]');
  });

  it.each([500, 503, 429])('is tried again after status %d', async (code) => {
    let calls = 0;
    const { reader: made, slept } = await reader(() => {
      calls += 1;
      return calls < 3 ? status(code, 'not now') : list(services('a'));
    });
    expect(await names(made)).toEqual(['a']);
    expect(slept).toEqual([250, 500]);
  });

  it('is tried again after an answer that is cut', async () => {
    let calls = 0;
    const { reader: made } = await reader(() => {
      calls += 1;
      return calls === 1 ? 'cut' : list(services('a'));
    });
    expect(await names(made)).toEqual(['a']);
  });

  it('is given up sooner before the first answer than after it', async () => {
    const down = await reader(() => status(503, 'down'));
    expect((await failureOf(names(down.reader))).kind).toBe('server');
    expect(down.slept).toEqual([250, 500]);
    let up = true;
    const restarting = await reader(() => (up ? list([]) : status(503, 'down')));
    await names(restarting.reader);
    up = false;
    await failureOf(names(restarting.reader));
    expect(restarting.slept).toEqual([250, 500, 1000, 2000, 4000]);
  });

  it('is tried twice with a server that hangs', async () => {
    const { reader: made, asked } = await reader(() => 'hang', 200);
    const failure = await failureOf(names(made));
    expect({ kind: failure.kind, message: failure.message }).toEqual({
      kind: 'timeout',
      message: expect.stringContaining('did not answer in time'),
    });
    expect(asked).toHaveLength(2);
  });

  it('names a server that is not there, and a name that cannot be resolved', async () => {
    const { reader: made } = await reader(() => list([]));
    const [gone] = servers.splice(0);
    const { port } = gone!.address() as AddressInfo;
    gone!.closeAllConnections();
    await new Promise((done) => gone!.close(done));
    const failure = await failureOf(names(made));
    expect({ kind: failure.kind, message: failure.message }).toEqual({
      kind: 'unreachable',
      message: `cannot list services in all namespaces: the API server at http://127.0.0.1:${port} cannot be reached (ECONNREFUSED)`,
    });
    expect((await failureOf(names(readerAt('http://nobody.invalid:6443').reader))).message).toMatch(
      /\((ENOTFOUND|EAI_AGAIN)\)$/,
    );
  });

  it.each([
    ['text/html', '<html>log in</html>'],
    ['text/plain', 'hello'],
    ['application/json', '{"items": ['],
  ])('names an answer of type %s that is not from an API', async (type, body) => {
    const { reader: made } = await reader(() => ({ type, body }));
    const failure = await failureOf(names(made));
    expect({ kind: failure.kind, message: failure.message }).toEqual({
      kind: 'misfit',
      message: expect.stringMatching(
        /^cannot list services in all namespaces: its answer is not what the API describes/,
      ),
    });
  });
});

describe('credentials', () => {
  const failing = (exec: object) => {
    const { reader: made } = readerAt('https://127.0.0.1:1', 5000, { exec });
    return failureOf(names(made));
  };
  const run = (script: string) => ({ command: process.execPath, args: ['-e', script] });

  it('of a plugin that is missing, fails, or prints no JSON, are reported without its output', async () => {
    const missing = await failing({ command: 'no-such-plugin' });
    expect({ kind: missing.kind, message: missing.message }).toEqual({
      kind: 'credentials',
      message: expect.stringContaining('ENOENT'),
    });
    expect((await failing(run("console.error('log in first'); process.exit(1)"))).message).toContain('(log in first)');
    expect((await failing(run("console.log('canary-token is not JSON')"))).message).toContain(
      '(output that is not JSON)',
    );
  });
});

describe('the rights of a user', () => {
  it('are asked for one by one', async () => {
    const bodies: unknown[] = [];
    const { reader: made } = await reader((_path, request) => {
      request.on('data', (chunk) => bodies.push(JSON.parse(String(chunk))));
      return { status: 201, body: { status: { allowed: true } } };
    });
    expect(
      await made.allows({ verb: 'create', group: '', resource: 'pods', subresource: 'portforward', namespace: 'n' }),
    ).toBe(true);
    expect(bodies).toEqual([
      {
        apiVersion: 'authorization.k8s.io/v1',
        kind: 'SelfSubjectAccessReview',
        spec: {
          resourceAttributes: {
            verb: 'create',
            group: '',
            resource: 'pods',
            subresource: 'portforward',
            namespace: 'n',
          },
        },
      },
    ]);
  });
});
