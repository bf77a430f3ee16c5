import { type HttpClient, HttpError, type HttpResponse } from '../http/http.ts';
import type { Clock } from '../model/clock.ts';
import { jsonPlace } from '../model/json-place.ts';
import { retry } from '../system/retry.ts';
import { BackendError, type BackendTarget } from './backend.ts';

/** One answer of a backend that is JSON, or says that there is nothing. */
export interface JsonAnswer {
  readonly status: number;
  /** Parsed documents; more than one only where a server streams them. Empty where the body was not JSON. */
  readonly documents: readonly unknown[];
  readonly html: boolean;
  /** The body where it is HTML. */
  readonly page?: string;
}

export interface JsonReader {
  /** Requests sent so far, retries included. */
  readonly calls: number;
  get(url: URL, signal?: AbortSignal): Promise<JsonAnswer>;
}

/** A read is safe to repeat; twice, quickly, is enough for a connection that was closed under it. */
const WAITS_MS = [50, 100] as const;

/**
 * Reads JSON over HTTP. Transport failures are retried, answers never. Content types do not help: Jaeger sends errors
 * and all of v3 as text/plain, and unknown paths as its HTML page with 200 (docs/facts/jaeger.md#seen-side-by-side).
 */
export function createJsonReader(target: BackendTarget, http: HttpClient, clock: Clock): JsonReader {
  let calls = 0;
  const once = (url: URL, signal?: AbortSignal) => {
    calls += 1;
    return http.send(
      {
        method: 'GET',
        url,
        // `b3: 0` asks proxies on the way not to trace hopcheck's own reads (openzipkin/b3-propagation).
        headers: [['accept', 'application/json'], ['b3', '0'], ...target.headers],
        timeoutMs: target.timeoutMs,
        maxBodyBytes: target.maxBodyBytes,
      },
      signal,
    );
  };
  return {
    get calls() {
      return calls;
    },
    async get(url, signal) {
      let response: HttpResponse;
      try {
        response = await retry(() => once(url, signal), {
          clock,
          signal,
          waitMs: (error, failures) =>
            error instanceof HttpError && RETRIED.has(error.kind) ? WAITS_MS[failures - 1] : undefined,
        });
      } catch (error) {
        signal?.throwIfAborted();
        throw toBackendError(error, url);
      }
      refuseUnlessOpen(response, url, target.headers);
      return { status: response.status, ...parse(response.body, url) };
    },
  };
}

const RETRIED: ReadonlySet<string> = new Set(['reset', 'refused', 'unreachable']);

function toBackendError(error: unknown, url: URL): Error {
  if (!(error instanceof HttpError)) return error instanceof Error ? error : new Error(String(error));
  if (error.kind === 'body-too-large') {
    return new BackendError('HC713', `${where(url)}: ${error.message}`, {
      hint: 'look at that trace in the UI: one trace id may be in use by many requests; or raise --max-body',
      cause: error,
    });
  }
  return new BackendError('HC701', `the trace backend is not reachable: ${error.message}`, {
    expected: 'an HTTP answer',
    received: error.message,
    hint:
      HINTS[error.kind] ??
      `open ${url.origin} in a browser; in a cluster: kubectl -n istio-system port-forward svc/tracing 16686:80`,
    cause: error,
  });
}

const HINTS: Readonly<Partial<Record<HttpError['kind'], string>>> = {
  dns: 'check the host name in --traces',
  tls: 'check http or https in --traces; for a private CA: --traces-ca FILE; for another name in it: that name in --traces, with --resolve',
  timeout: 'the backend is slow or a firewall drops the packets; raise --timeout if it is only slow',
};

const WITHOUT_CREDENTIALS =
  'give credentials: --traces-token, --traces-user with --traces-password, or --traces-header';
/** Where credentials were given, the advice to give some would be wrong. */
const REFUSED_HINTS = {
  401: 'the credentials that were given are refused: check the user name and the password, or the token',
  403: 'the credentials that were given do not open it: give those of an account that may read, or a tenant in --traces-header',
} as const;

function refuseUnlessOpen(response: HttpResponse, url: URL, sent: BackendTarget['headers']): void {
  const { status } = response;
  if (status === 401 || status === 403) {
    throw new BackendError('HC703', `the trace backend refuses access to ${where(url)}: ${status}`, {
      expected: 'access',
      received: `status ${status}`,
      hint: sent.some(([name]) => name === 'authorization') ? REFUSED_HINTS[status] : WITHOUT_CREDENTIALS,
    });
  }
  if (status >= 300 && status < 400) {
    throw new BackendError('HC702', `${where(url)} redirects (${status}) instead of answering`, {
      expected: "JSON of a trace backend's query API",
      received: `a redirect, status ${status}`,
      hint: 'give the URL it redirects to, with its base path; a redirect to a login page needs --traces-token or --traces-header',
    });
  }
  if (status >= 500) {
    throw new BackendError(
      'HC712',
      `the trace backend answered ${where(url)} with ${status}: ${glimpse(response.body)}`,
      {
        expected: 'status 200 or 404',
        received: `status ${status}`,
        hint: "look at the backend's log",
      },
    );
  }
}

function parse(body: string, url: URL): Pick<JsonAnswer, 'documents' | 'html' | 'page'> {
  const text = body.charCodeAt(0) === 0xfeff ? body.slice(1) : body;
  const start = text.trimStart().slice(0, 1);
  if (start === '<') return { documents: [], html: true, page: text };
  if (start !== '{' && start !== '[') return { documents: [], html: false };
  try {
    return { documents: [JSON.parse(text)], html: false };
  } catch (cause) {
    const documents = parseLines(text);
    if (documents !== undefined) return { documents, html: false };
    throw new BackendError('HC704', `${where(url)}: the JSON is cut or broken, at ${jsonPlace(text, cause)}`, {
      expected: 'complete JSON',
      received: `${text.length} characters that do not parse`,
      hint: 'a proxy in between may cut answers; try the backend directly',
      cause,
    });
  }
}

/** Streamed answers have one document per line. */
function parseLines(text: string): unknown[] | undefined {
  const lines = text.split('\n').filter((line) => line.trim() !== '');
  if (lines.length < 2) return undefined;
  try {
    return lines.map((line): unknown => JSON.parse(line));
  } catch {
    // Not one document per line either: the caller reports the first error, which names the place.
    return undefined;
  }
}

/** Path only: a query may carry what a user would rather not see in a log. */
export function where(url: URL): string {
  return `${url.origin}${url.pathname}`;
}

function glimpse(body: string): string {
  const line = body.trim().split('\n')[0] ?? '';
  return line === '' ? 'an empty body' : line.length > 160 ? `${line.slice(0, 160)}…` : line;
}
