import { errors } from 'undici';
import type { ExchangeError, TlsFailure } from '../model/exchange.ts';
import { HttpError, type HttpRequest } from './http.ts';
import { tlsFailure } from './tls-failure.ts';

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
  UND_ERR_PRX_CONN: 'reset',
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

/**
 * What undici or Node threw, in words a person can act on.
 * @param by the proxy on the way, without credentials; absent: none was asked.
 */
export function toHttpError(error: unknown, request: HttpRequest, timedOut: boolean, by?: string): HttpError {
  const { url, timeoutMs } = request;
  const through = by === undefined ? '' : `, asked by way of the proxy ${by},`;
  const say = (kind: ExchangeError, text: string, tls?: TlsFailure) =>
    new HttpError(kind, `${url.host}${through} ${text}`, { cause: error, ...(tls !== undefined && { tls }) });
  if (timedOut) return say('timeout', `did not answer within ${timeoutMs} ms`);
  // A body cut before its last chunk, on a connection that was to be closed: undici has no code for it.
  const code = isCutShort(error) ? 'UND_ERR_SOCKET' : codeOf(error);
  const failed = tlsFailure(code, error);
  if (failed !== undefined) return say('tls', `${failed.words} (${failed.detail})`, failed.tls);
  const kind = KINDS[code] ?? 'other';
  const detail = code === '' ? messageOf(error) : kind === 'other' ? `${code}: ${messageOf(error)}` : code;
  return say(kind, `${WORDS[kind]} (${detail})`);
}

/** The innermost code says most: an AggregateError of several addresses, or an undici error around a system error. */
export function codeOf(error: unknown): string {
  if (error instanceof AggregateError && error.errors.length > 0) return codeOf(error.errors[0]);
  if (!(error instanceof Error)) return '';
  const inner = error.cause === undefined ? '' : codeOf(error.cause);
  if (inner !== '') return inner;
  if (error instanceof errors.UndiciError) return error.code;
  return 'code' in error && typeof error.code === 'string' ? error.code : '';
}

function isCutShort(error: unknown): boolean {
  return error instanceof errors.HTTPParserError && error.message.includes('Invalid EOF state');
}

function messageOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}
