import { createServer as createHttp1 } from 'node:http';
import { createServer as createHttp2 } from 'node:http2';
import { type AddressInfo, createServer, type Socket } from 'node:net';
import { ContractError } from '../contract-error.ts';
import { greetingOf } from './first-bytes.ts';
import { answerHttp1 } from './http1.ts';
import { answerHttp2 } from './http2.ts';
import type { StubOptions, StubWorld } from './world.ts';

/** One upstream, played by hopcheck. */
export interface Stub {
  readonly name: string;
  readonly host: string;
  readonly port: number;
  close(): Promise<void>;
}

let connections = 0;

/**
 * Opens a stub that takes HTTP/1.1, HTTP/2 without TLS and gRPC on one port: the first bytes of a connection decide.
 * @throws ContractError where the port cannot be had.
 */
export async function openStub(options: StubOptions): Promise<Stub> {
  const closing = new AbortController();
  const ids = new WeakMap<object, { readonly id: number; calls: number }>();
  const world: StubWorld = {
    ...options,
    signal: closing.signal,
    connectionOf(socket) {
      connections += ids.has(socket) ? 0 : 1;
      const entry = ids.get(socket) ?? { id: connections, calls: 0 };
      ids.set(socket, entry);
      entry.calls += 1;
      return { connection: entry.id, before: entry.calls - 1 };
    },
  };
  const http1 = createHttp1({ keepAliveTimeout: 0 }, (request, response) => answerHttp1(request, response, world));
  // A service that asks for 100-continue or an upgrade gets an answer like any other.
  http1.on('checkContinue', (request, response) => answerHttp1(request, response, world));
  const http2 = createHttp2();
  // Only `stream`: with the compatible interface beside it, trailers are sent twice.
  http2.on('stream', (stream, _headers, _flags, rawHeaders) => answerHttp2(stream, rawHeaders, world));
  http2.on('sessionError', () => undefined);
  const sockets = new Set<Socket>();
  const server = createServer({ noDelay: true }, (socket) => {
    sockets.add(socket);
    socket.on('close', () => sockets.delete(socket));
    socket.on('error', () => undefined);
    greetingOf(socket, (greeting) => {
      if (greeting === 'tls') {
        options.recorder.greetedWithTls(options.name);
        socket.destroy();
      } else (greeting === 'http2' ? http2 : http1).emit('connection', socket);
    });
  });
  await listen(server, options);
  const { port } = server.address() as AddressInfo;
  return {
    name: options.name,
    host: options.host,
    port,
    close: async () => {
      closing.abort(new Error('the stub is closed'));
      for (const socket of sockets) socket.destroy();
      await new Promise<void>((resolve) => server.close(() => resolve()));
    },
  };
}

function listen(server: ReturnType<typeof createServer>, { name, host, port }: StubOptions): Promise<void> {
  return new Promise((resolve, reject) => {
    server.once('error', (cause: NodeJS.ErrnoException) =>
      reject(
        new ContractError(
          `--upstream ${name}: hopcheck cannot listen at ${host}:${port} (${cause.code ?? cause.message}); expected a free address of this machine, e.g. --upstream ${name}=127.0.0.1:9081`,
          { cause },
        ),
      ),
    );
    server.listen({ host, port }, resolve);
  });
}
