import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { afterEach, describe, expect, it } from 'vitest';
import type { HttpError, HttpRequest } from './http.ts';
import { createHttpClient } from './undici-client.ts';

const servers: Server[] = [];
afterEach(async () => {
  for (const server of servers.splice(0)) {
    server.closeAllConnections();
    await new Promise((resolve) => server.close(resolve));
  }
});

async function serve(handler: (request: IncomingMessage, response: ServerResponse) => void): Promise<URL> {
  const server = createServer(handler);
  servers.push(server);
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  return new URL(`http://127.0.0.1:${(server.address() as AddressInfo).port}/page?q=1`);
}
const request = (url: URL, different: Partial<HttpRequest> = {}): HttpRequest => ({
  method: 'GET',
  url,
  headers: [],
  timeoutMs: 5000,
  maxBodyBytes: 1000,
  ...different,
});
async function failure(sent: HttpRequest, signal?: AbortSignal): Promise<HttpError> {
  const client = createHttpClient();
  try {
    await client.send(sent, signal);
  } catch (error) {
    return error as HttpError;
  } finally {
    await client.close();
  }
  throw new Error('it was answered');
}

describe('the client', () => {
  it('sends headers in order with their case and repeats, and returns the answer the same way', async () => {
    let raw: string[] = [];
    const url = await serve(({ rawHeaders, url: path }, response) => {
      raw = rawHeaders;
      response.writeHead(200, ['X-One', '1', 'Set-Cookie', 'a', 'Set-Cookie', 'b']).end(path);
    });
    const client = createHttpClient();
    const headers = [
      ['host', 'shop.example'],
      ['X-B3-TraceId', 'ab'],
      ['x-twice', '1'],
      ['x-twice', '2'],
    ] as const;
    const answer = await client.send(request(url, { headers }));
    await client.close();
    expect(answer).toMatchObject({ status: 200, body: '/page?q=1' });
    expect(answer.headers.filter(([name]) => name === 'Set-Cookie')).toHaveLength(2);
    expect(raw.join('|')).toContain('X-B3-TraceId|ab|x-twice|1|x-twice|2');
    expect(raw.join('|')).toContain('host|shop.example');
  });

  it('follows no redirect and sends nothing twice', async () => {
    let requests = 0;
    const url = await serve((_request, response) => {
      requests += 1;
      response.writeHead(302, { location: '/elsewhere' }).end();
    });
    const client = createHttpClient();
    expect((await client.send(request(url))).status).toBe(302);
    await client.close();
    expect(requests).toBe(1);
  });

  it('sends a request once although the connection is dropped', async () => {
    let requests = 0;
    const url = await serve((incoming) => {
      requests += 1;
      incoming.socket.destroy();
    });
    expect(await failure(request(url))).toMatchObject({ name: 'HttpError', kind: 'reset' });
    expect(requests).toBe(1);
  });

  it.each([
    ['refused', async () => request(new URL('http://127.0.0.1:1/'))],
    ['dns', async () => request(new URL('http://nowhere.invalid/'))],
    ['timeout', async () => request(await serve(() => undefined), { timeoutMs: 50 })],
    ['body-too-large', async () => request(await serve((_request, response) => void response.end('x'.repeat(2000))))],
    [
      'reset',
      async () =>
        request(
          await serve(
            (_request, response) =>
              void response.writeHead(200, { 'content-length': 100 }).write('half', () => response.destroy()),
          ),
        ),
    ],
    [
      'tls',
      async () =>
        request(new URL((await serve((_request, response) => void response.end())).href.replace('http:', 'https:'))),
    ],
  ] as const)('describes the failure "%s" in words', async (kind, make) => {
    const error = await failure(await make());
    expect(error).toMatchObject({ name: 'HttpError', kind });
    expect(error.message.length).toBeGreaterThan(20);
  });

  it('rejects with the reason of its signal', async () => {
    const ending = new AbortController();
    const reason = new Error('enough');
    const url = await serve(() => ending.abort(reason));
    expect(await failure(request(url), ending.signal)).toBe(reason);
  });
});
