import { getCACertificates } from 'node:tls';
import { Agent, buildConnector, EnvHttpProxyAgent } from 'undici';
import { dialled, proxyFor } from '../model/proxies.ts';
import { type HttpClient, HttpError, type HttpRequest, type HttpResponse, type HttpTarget } from './http.ts';
import { codeOf, toHttpError } from './http-failure.ts';

/**
 * A client for one server, on undici. No redirect is followed and nothing is sent twice: undici's agents have no retry
 * unless the interceptor is added, and with `pipelining: 0` every request has a new connection, so that no
 * half-closed keep-alive socket can swallow a probe and make it look lost.
 */
export function createHttpClient(target: HttpTarget = {}): HttpClient {
  const connection = new Connection(target);
  return {
    send: (request, signal) => send(connection, request, signal),
    // destroy, not close: close() would wait for an answer that is not read any more.
    close: () => connection.agent.destroy(),
  };
}

/** How one server is reached: its TLS, its address, and the proxy on the way. */
class Connection {
  readonly agent: Agent | EnvHttpProxyAgent;
  readonly #target: HttpTarget;
  /** Of the proxy, without credentials, where the environment names one. */
  readonly #proxy: string | undefined;
  #direct = false;
  /** TLS 1.3 refuses a client after the handshake, and then undici only knows that the socket was closed: by local port. */
  readonly #alerts = new Map<number, string>();

  constructor(target: HttpTarget) {
    this.#target = target;
    const { url, proxies = {}, ca, insecure, certificate } = target;
    const serverName = serverNameOf(target);
    const tls = {
      // HTTP/2 would share one connection between probes.
      allowH2: false,
      // Given a CA, Node trusts it alone; the usual ones must go on working beside it.
      ...(ca !== undefined && { ca: [...getCACertificates('default'), ca] }),
      ...(insecure === true && { rejectUnauthorized: false }),
      ...certificate,
    };
    const dial = buildConnector(tls);
    const connect: buildConnector.connector = (options, callback) => {
      this.#direct = true;
      dial({ ...options, ...(serverName !== undefined && { servername: serverName }) }, (...result) => {
        const [, socket] = result;
        socket?.once('error', (error) => {
          const code = codeOf(error);
          if (code.startsWith('ERR_SSL')) this.#alerts.set(socket.localPort ?? 0, code);
        });
        callback(...result);
      });
    };
    const proxy = url === undefined ? undefined : proxyFor(dialled(url, target.address), proxies);
    this.#proxy = proxy === undefined ? undefined : new URL(proxy.url).origin;
    const options = { pipelining: 0, connect };
    this.agent =
      proxy === undefined
        ? new Agent(options)
        : new EnvHttpProxyAgent({
            ...options,
            // Empty, not absent: else undici looks at the environment of the process itself.
            httpProxy: proxies.http?.url ?? '',
            httpsProxy: proxies.https?.url ?? '',
            noProxy: proxies.no ?? '',
            // A name that the proxy would look up, as Host is apart from the address, must reach the server as it is.
            proxyTunnel: target.host !== undefined || target.address !== undefined,
            requestTls: { ...tls, ...(serverName !== undefined && { servername: serverName }) },
          });
  }

  origin(url: URL): string {
    return dialled(url, this.#target.address).origin;
  }

  headers({ url, headers }: HttpRequest): string[] | Record<string, string | string[]> {
    const named = headers.some(([name]) => name.toLowerCase() === 'host');
    const all = named || this.#target.address === undefined ? headers : [['host', url.host] as const, ...headers];
    if (this.#proxy === undefined) return all.flat();
    // undici's proxy agents drop repeats from a flat list.
    const values: Record<string, string | string[]> = {};
    for (const [name, value] of all) {
      const before = values[name];
      values[name] = before === undefined ? value : [before, value].flat();
    }
    return values;
  }

  failure(error: unknown, request: HttpRequest, timedOut: boolean): HttpError {
    const { localPort = 0 } = (Object(error) as { socket?: { localPort?: number } }).socket ?? {};
    const alert = this.#alerts.get(localPort);
    this.#alerts.delete(localPort);
    const cause = alert === undefined ? error : Object.assign(new Error(alert), { code: alert });
    return toHttpError(cause, request, timedOut, this.#direct ? undefined : this.#proxy);
  }
}

/** undefined: undici takes the URL's own, or none where that is an address. */
function serverNameOf({ url, host, sni, address }: HttpTarget): string | undefined {
  if (sni !== undefined) return sni;
  const name = host?.replace(/:\d+$/, '') ?? (address === undefined ? undefined : url?.hostname);
  return name === undefined || /^[\d.]+$|^\[/.test(name) ? undefined : name;
}

async function send(connection: Connection, request: HttpRequest, signal?: AbortSignal): Promise<HttpResponse> {
  const timeout = AbortSignal.timeout(request.timeoutMs);
  const stop = signal === undefined ? timeout : AbortSignal.any([signal, timeout]);
  try {
    const response = await connection.agent.request({
      origin: connection.origin(request.url),
      path: `${request.url.pathname}${request.url.search}`,
      method: request.method,
      headers: connection.headers(request),
      ...(request.body !== undefined && { body: request.body }),
      responseHeaders: 'raw',
      signal: stop,
    });
    const body = await readBody(response.body, request);
    const headers = toHeaderList(response.headers);
    return { status: response.statusCode, headers, body, ...(!isFramed(headers) && { unframed: true }) };
  } catch (error) {
    if (signal?.aborted) throw signal.reason;
    throw error instanceof HttpError ? error : connection.failure(error, request, timeout.aborted);
  }
}

async function readBody(body: AsyncIterable<Uint8Array>, request: HttpRequest): Promise<string> {
  const chunks: Uint8Array[] = [];
  let bytes = 0;
  // Leaving the loop destroys the stream, so a body over the limit is not read on.
  for await (const chunk of body) {
    bytes += chunk.byteLength;
    if (bytes > request.maxBodyBytes) {
      throw new HttpError('body-too-large', `${request.url.host} sent more than ${request.maxBodyBytes} bytes`);
    }
    chunks.push(chunk);
  }
  return Buffer.concat(chunks).toString('utf8');
}

/** RFC 9112 §6.3: the body's end is known by its length or by its last chunk, else the connection's end is taken for it. */
function isFramed(headers: HttpResponse['headers']): boolean {
  return headers.some(([name, value]) => {
    const field = name.toLowerCase();
    return field === 'content-length' || (field === 'transfer-encoding' && /\bchunked\s*$/i.test(value));
  });
}

/** undici's raw headers come as a flat list, whatever its types say. */
function toHeaderList(headers: unknown): HttpResponse['headers'] {
  if (!Array.isArray(headers)) return [];
  const list: [string, string][] = [];
  for (let at = 0; at + 1 < headers.length; at += 2) list.push([String(headers[at]), String(headers[at + 1])]);
  return list;
}
