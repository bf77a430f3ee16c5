import type { HttpClient, HttpRequest, HttpResponse } from '../http/http.ts';
import { HttpError } from '../http/http.ts';
import type { Reader } from '../model/application.ts';
import type { Clock } from '../model/clock.ts';
import type { Answer, Exchange, Probe } from '../model/exchange.ts';

export interface Sender {
  readonly http: HttpClient;
  /** Default: GET. */
  readonly method?: HttpRequest['method'];
  /** The ingress URL joined with the request's path. */
  readonly url: URL;
  /** The user's own headers, `Host` included; a header that hopcheck sets itself wins. */
  readonly headers: readonly (readonly [name: string, value: string])[];
  readonly timeoutMs: number;
  readonly maxBodyBytes: number;
  readonly read: Reader;
  /** Of the request; absent: none. It is in no capture. */
  readonly body?: string;
  /** The answer's body is read and not kept. Default: it is kept. */
  readonly dropsBodies?: boolean;
  readonly clock: Clock;
}

/** Never kept: they are credentials, or can be. */
const SECRET_RESPONSE_HEADERS = new Set([
  'set-cookie',
  'set-cookie2',
  'authorization',
  'proxy-authorization',
  'www-authenticate',
  'proxy-authenticate',
  'authentication-info',
]);

/** Sends a probe once. Never rejects: a connection error is an exchange too. */
export async function sendProbe(probe: Probe, sender: Sender, signal: AbortSignal): Promise<Exchange> {
  const sentAtMs = sender.clock.now();
  const own = new Set(probe.headers.map(([name]) => name));
  const given = new Set(sender.headers.map(([name]) => name.toLowerCase()));
  // What hopcheck sets itself wins, but for what it would accept.
  const made = probe.headers.filter(([name]) => !(name === 'accept' && given.has(name)));
  const headers = [
    ...sender.headers.filter(([name]) => name.toLowerCase() === 'accept' || !own.has(name.toLowerCase())),
    ...made,
  ];
  try {
    const { method = 'GET', url, body, timeoutMs, maxBodyBytes } = sender;
    const response = await sender.http.send(
      { method, url, headers, ...(body !== undefined && { body }), timeoutMs, maxBodyBytes },
      signal,
    );
    return { probe, sentAtMs, answeredAtMs: sender.clock.now(), answer: toAnswer(response, sender) };
  } catch (error) {
    return { probe, sentAtMs, answeredAtMs: sender.clock.now(), error: describe(error, signal) };
  }
}

const UNFRAMED = 'a content length or a last chunk, which would show that it is all';

function toAnswer(response: HttpResponse, { read, dropsBodies = false }: Sender): Answer {
  const page = read(response);
  return {
    status: response.status,
    headers: response.headers
      .map(([name, value]) => [name.toLowerCase(), value] as const)
      .filter(([name]) => !SECRET_RESPONSE_HEADERS.has(name)),
    ...(dropsBodies ? { body: '', characters: response.body.length } : { body: response.body }),
    page: response.unframed === true && page.whole ? { ...page, whole: false, lacks: UNFRAMED } : page,
  };
}

function describe(error: unknown, signal: AbortSignal): NonNullable<Exchange['error']> {
  if (signal.aborted) return { kind: 'interrupted', message: 'the run was ended while this probe was under way' };
  if (error instanceof HttpError)
    return { kind: error.kind, message: error.message, ...(error.tls !== undefined && { tls: error.tls }) };
  return { kind: 'other', message: error instanceof Error ? error.message : String(error) };
}
