import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import type { Answer, Asked } from './answer.ts';

export interface Address {
  readonly host: string;
  /** 0: any that is free. */
  readonly port: number;
}

export interface RunningServer extends AsyncDisposable {
  /** `http://127.0.0.1:8484` */
  readonly origin: string;
}

/** Connections at once; more are refused, so that the watch cannot be made to run out of memory. */
const MOST_CONNECTIONS = 256;

/**
 * Serves the routes of a watch. Whatever a request brings, it gets an answer, and its body is not read.
 * @throws the system's error where the address cannot be had.
 */
export async function serve(
  { host, port }: Address,
  routes: (asked: Asked) => Promise<Answer>,
): Promise<RunningServer> {
  const server = createServer((request, response) => void respond(request, response, routes));
  server.maxConnections = MOST_CONNECTIONS;
  server.requestTimeout = 10_000;
  server.headersTimeout = 10_000;
  await new Promise<void>((resolve, reject) => {
    server.once('error', reject);
    server.listen(port, host, () => resolve());
  });
  const { address, port: actual } = server.address() as AddressInfo;
  const shown = address.includes(':') ? `[${address}]` : address;
  return { origin: `http://${shown}:${actual}`, [Symbol.asyncDispose]: () => close(server) };
}

async function respond(
  request: IncomingMessage,
  response: ServerResponse,
  routes: (asked: Asked) => Promise<Answer>,
): Promise<void> {
  const gone = new AbortController();
  response.once('close', () => gone.abort());
  // What a POST brings is taken and dropped, else the connection could not be used again.
  request.resume();
  const answer = await answerTo(request, routes, gone.signal);
  response.writeHead(answer.status, {
    'content-type': answer.type ?? 'text/plain; charset=utf-8',
    'cache-control': 'no-store',
    'x-content-type-options': 'nosniff',
    'content-length': Buffer.byteLength(answer.body),
    ...answer.headers,
  });
  response.end(request.method === 'HEAD' ? undefined : answer.body);
}

async function answerTo(
  request: IncomingMessage,
  routes: (asked: Asked) => Promise<Answer>,
  signal: AbortSignal,
): Promise<Answer> {
  const target = request.url ?? '/';
  const url = target.startsWith('/') ? URL.parse(`http://watch.invalid${target}`) : null;
  if (url === null) return { status: 400, body: 'expected a path, e.g. /gate\n' };
  try {
    return await routes({
      method: request.method ?? 'GET',
      path: url.pathname,
      query: url.searchParams,
      accept: request.headers.accept ?? '',
      authorization: request.headers.authorization ?? '',
      signal,
    });
  } catch {
    // A defect of hopcheck. The error's text may hold a secret, so it is not sent.
    return { status: 500, body: 'hopcheck failed to answer: this is a bug\n' };
  }
}

async function close(server: Server): Promise<void> {
  const closed = new Promise<void>((resolve) => server.close(() => resolve()));
  server.closeAllConnections();
  await closed;
}
