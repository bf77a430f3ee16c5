import { createServer, type IncomingMessage, request, type Server } from 'node:http';
import { createServer as createTlsServer } from 'node:https';
import { type AddressInfo, connect } from 'node:net';
import type { Duplex } from 'node:stream';
import { afterEach, describe, expect, it, vi } from 'vitest';
import { makeCertificates, tlsTitle } from '../../fixtures/testing/certificates.ts';
import { readProxies } from '../config/proxies.ts';
import type { HttpError, HttpTarget } from './http.ts';
import { createHttpClient } from './undici-client.ts';

const closing: (() => void)[] = [];
afterEach(() => {
  for (const close of closing.splice(0)) close();
});
async function listen(server: Server): Promise<number> {
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  closing.push(() => {
    server.closeAllConnections();
    server.close();
  });
  return (server.address() as AddressInfo).port;
}

/**
 * Leads every name to this machine, as a proxy that resolves names itself; `asked` holds the requests that it received.
 */
async function startProxy(answer = 200): Promise<{ readonly url: string; readonly asked: string[] }> {
  const asked: string[] = [];
  const note = ({ method, url, headers }: IncomingMessage) =>
    asked.push(`${method} ${url} ${headers['proxy-authorization'] ?? 'anonymous'}`);
  const proxy = createServer((incoming, response) => {
    note(incoming);
    const { port, pathname } = new URL(incoming.url ?? '');
    request({ host: '127.0.0.1', port, path: pathname, headers: incoming.rawHeaders }, (from) => {
      response.writeHead(from.statusCode ?? 502, from.rawHeaders);
      from.pipe(response);
    }).end();
  });
  proxy.on('connect', (incoming: IncomingMessage, socket: Duplex) => {
    note(incoming);
    socket.write(`HTTP/1.1 ${answer} ${answer === 200 ? 'OK' : 'No'}\r\n\r\n`);
    if (answer !== 200) return void socket.end();
    const to = connect(Number(incoming.url?.split(':').at(-1)), '127.0.0.1');
    to.on('error', () => socket.destroy());
    socket.on('error', () => to.destroy());
    socket.pipe(to).pipe(socket);
    closing.push(() => to.destroy());
  });
  return { url: `http://127.0.0.1:${await listen(proxy)}`, asked };
}
const echo = (incoming: IncomingMessage) => JSON.stringify(incoming.rawHeaders);
async function ask(
  target: HttpTarget & { readonly url: URL },
  headers: readonly (readonly [string, string])[] = [],
): Promise<string> {
  const http = createHttpClient(target);
  try {
    return (await http.send({ method: 'GET', url: target.url, headers, timeoutMs: 5000, maxBodyBytes: 10_000 })).body;
  } finally {
    await http.close();
  }
}
const proxiesOf = (env: Readonly<Record<string, string>>) => readProxies(env, []);

describe('a proxy that the environment names', () => {
  it('gets requests to other machines with its credentials, and headers arrive whole', async () => {
    const proxy = await startProxy();
    const port = await listen(createServer((incoming, response) => void response.end(echo(incoming))));
    const url = new URL(`http://shop.example:${port}/page`);
    const proxies = proxiesOf({ HTTP_PROXY: proxy.url.replace('//', '//me:s%20ecret@') });
    const headers = [
      ['x-b3-traceid', 'ab'],
      ['x-twice', '1'],
      ['x-twice', '2'],
    ] as const;
    const seen = await ask({ url, proxies }, headers);
    expect(proxy.asked).toEqual([`GET ${url} Basic ${btoa('me:s ecret')}`]);
    expect(seen).toContain('"x-b3-traceid","ab","x-twice","1","x-twice","2"');
    expect(seen).toContain(`"host","shop.example:${port}"`);
  });

  it('is tunnelled through where the Host header is not the address, because a proxy would rewrite it', async () => {
    const proxy = await startProxy();
    const port = await listen(createServer((incoming, response) => void response.end(echo(incoming))));
    const target = { url: new URL(`http://gateway.example:${port}/`), proxies: proxiesOf({ http_proxy: proxy.url }) };
    expect(await ask({ ...target, host: 'shop.example' }, [['host', 'shop.example']])).toContain(
      '"host","shop.example"',
    );
    expect(proxy.asked).toEqual([`CONNECT gateway.example:${port} anonymous`]);
  });

  it('gets no request to this machine or to a host in NO_PROXY, and none without its variable', async () => {
    const proxy = await startProxy();
    const port = await listen(createServer((_incoming, response) => void response.end('direct')));
    vi.stubEnv('HTTP_PROXY', proxy.url);
    vi.stubEnv('http_proxy', proxy.url);
    const proxies = proxiesOf({ HTTP_PROXY: proxy.url });
    expect(await ask({ url: new URL(`http://127.0.0.1:${port}/`), proxies })).toBe('direct');
    expect(await ask({ url: new URL(`http://localhost:${port}/`), address: '127.0.0.1', proxies })).toBe('direct');
    expect(await ask({ url: new URL(`http://127.0.0.1:${port}/`) })).toBe('direct');
    const covered = { ...proxies, ...proxiesOf({ NO_PROXY: 'other.example,.invalid' }) };
    const url = new URL(`http://shop.invalid:${port}/`);
    const error: HttpError = await ask({ url, proxies: { ...proxies, ...covered } }).then(
      () => expect.unreachable('.invalid is resolved'),
      (failed) => failed,
    );
    expect(error.message).toBe(`shop.invalid:${port} has a name that cannot be resolved (ENOTFOUND)`);
    expect(proxy.asked).toEqual([]);
  });

  it('is named without its credentials when it fails', async () => {
    const url = new URL('http://shop.example/');
    const failing = async (httpProxy: string, target: object = {}) =>
      ask({ url, proxies: proxiesOf({ HTTP_PROXY: httpProxy }), ...target }).then(
        () => expect.unreachable('it was answered'),
        (error: HttpError) => error.message,
      );
    expect(await failing('http://me:canary@127.0.0.1:1')).toBe(
      'shop.example, asked by way of the proxy http://127.0.0.1:1, refused the connection (ECONNREFUSED)',
    );
    const refusing = await startProxy(407);
    expect(await failing(refusing.url, { host: 'other.example' })).toMatch(
      /^shop\.example, asked by way of the proxy http:\/\/127\.0\.0\.1:\d+, failed \(.*Proxy response \(407\)/,
    );
  });
});

const made = makeCertificates('DNS:shop.example');
describe.skipIf(made === undefined)(`a proxy on the way to ${tlsTitle(made)}`, () => {
  it.each(['shop.example', 'gateway.example'])('leaves names and certificates alone: https://%s', async (host) => {
    const { ca, server, client } = made ?? ({} as NonNullable<typeof made>);
    const proxy = await startProxy();
    const options = { ...server, ca: ca.cert, requestCert: true };
    const port = await listen(createTlsServer(options, (incoming, response) => void response.end(echo(incoming))));
    const url = new URL(`https://${host}:${port}/`);
    const apart = host === 'shop.example' ? {} : { host: 'shop.example' };
    const target = { url, ca: ca.cert, certificate: client, proxies: proxiesOf({ HTTPS_PROXY: proxy.url }), ...apart };
    const seen = await ask(target, host === 'shop.example' ? [] : [['host', 'shop.example']]);
    expect(seen).toMatch(/"host","shop\.example/);
    expect(proxy.asked).toEqual([`CONNECT ${host}:${port} anonymous`]);
  });
});
