import { rootCertificates } from 'node:tls';
import { Agent, errors } from 'undici';
import type { ExchangeError } from '../model/exchange.ts';
import { type HttpClient, HttpError, type HttpRequest, type HttpResponse, type HttpTarget } from './http.ts';

/**
 * A client for one server, on undici. No redirect is followed and nothing is sent twice: undici's Agent has no retry
 * unless its interceptor is added, and with `pipelining: 0` every request has a connection of its own, so that no
 * half-closed keep-alive socket can swallow a probe and make it look lost.
 */
export function createHttpClient(target: HttpTarget = {}): HttpClient {
  const agent = new Agent({
    pipelining: 0,
    connect: {
      // Given a CA, Node trusts it alone; a public one must go on working beside it.
      ...(target.ca !== undefined && { ca: [...rootCertificates, target.ca] }),
      ...(target.insecure === true && { rejectUnauthorized: false }),
    },
  });
  return {
    send: (request, signal) => send(agent, request, signal),
    // destroy, not close: an answer nobody reads any more would keep close() waiting.
    close: () => agent.destroy(),
  };
}

async function send(agent: Agent, request: HttpRequest, signal?: AbortSignal): Promise<HttpResponse> {
  const timeout = AbortSignal.timeout(request.timeoutMs);
  const stop = signal === undefined ? timeout : AbortSignal.any([signal, timeout]);
  try {
    const response = await agent.request({
      origin: request.url.origin,
      path: `${request.url.pathname}${request.url.search}`,
      method: request.method,
      headers: request.headers.flat(),
      responseHeaders: 'raw',
      signal: stop,
    });
    const body = await readBody(response.body, request);
    return { status: response.statusCode, headers: toHeaderList(response.headers), body };
  } catch (error) {
    if (signal?.aborted) throw signal.reason;
    throw error instanceof HttpError ? error : toHttpError(error, request, timeout.aborted);
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

/** undici's raw headers come as a flat list, whatever its types say. */
function toHeaderList(headers: unknown): HttpResponse['headers'] {
  if (!Array.isArray(headers)) return [];
  const list: [string, string][] = [];
  for (let at = 0; at + 1 < headers.length; at += 2) list.push([String(headers[at]), String(headers[at + 1])]);
  return list;
}

const KINDS: Readonly<Record<string, ExchangeError>> = {
  ENOTFOUND: 'dns',
  EAI_AGAIN: 'dns',
  ECONNREFUSED: 'refused',
  ECONNRESET: 'reset',
  EPIPE: 'reset',
  UND_ERR_SOCKET: 'reset',
  UND_ERR_RES_CONTENT_LENGTH_MISMATCH: 'reset',
  UND_ERR_CONNECT_TIMEOUT: 'timeout',
  UND_ERR_HEADERS_TIMEOUT: 'timeout',
  UND_ERR_BODY_TIMEOUT: 'timeout',
  ETIMEDOUT: 'timeout',
  EHOSTUNREACH: 'unreachable',
  ENETUNREACH: 'unreachable',
  EPROTO: 'tls',
};

const WORDS: Readonly<Record<ExchangeError, string>> = {
  dns: 'has a name that cannot be resolved',
  refused: 'refused the connection',
  reset: 'closed the connection before the answer was complete',
  timeout: 'did not answer in time',
  tls: 'could not agree on TLS',
  unreachable: 'cannot be reached',
  'body-too-large': 'sent too much',
  interrupted: 'was interrupted',
  other: 'failed',
};

function toHttpError(error: unknown, request: HttpRequest, timedOut: boolean): HttpError {
  const { url, timeoutMs } = request;
  if (timedOut) return new HttpError('timeout', `${url.host} did not answer within ${timeoutMs} ms`, { cause: error });
  const code = codeOf(error);
  const kind = KINDS[code] ?? (/CERT|TLS|SSL|SIGNATURE|ISSUER/.test(code) ? 'tls' : 'other');
  const detail =
    code === '' ? messageOf(error) : kind === 'other' || kind === 'tls' ? `${code}: ${messageOf(error)}` : code;
  return new HttpError(kind, `${url.host} ${WORDS[kind]} (${detail})`, { cause: error });
}

/** The innermost code says most: an AggregateError of several addresses, or an undici error around a system error. */
function codeOf(error: unknown): string {
  if (error instanceof AggregateError && error.errors.length > 0) return codeOf(error.errors[0]);
  if (!(error instanceof Error)) return '';
  const inner = error.cause === undefined ? '' : codeOf(error.cause);
  if (inner !== '') return inner;
  if (error instanceof errors.UndiciError) return error.code;
  return 'code' in error && typeof error.code === 'string' ? error.code : '';
}

function messageOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}
