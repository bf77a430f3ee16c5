import type { ExchangeError, TlsFailure } from '../model/exchange.ts';
import type { Proxies } from '../model/proxies.ts';

/** Names in the case they are sent or came in; order and repeats kept. */
export type HeaderList = readonly (readonly [name: string, value: string])[];

export interface HttpRequest {
  readonly method: 'GET' | 'POST' | 'PUT' | 'PATCH' | 'DELETE';
  readonly url: URL;
  readonly headers: HeaderList;
  /** Absent: none. */
  readonly body?: string;
  /** From the first byte sent to the last byte read, ms. */
  readonly timeoutMs: number;
  /** A body over this is refused while it arrives, bytes. */
  readonly maxBodyBytes: number;
}

export interface HttpResponse {
  readonly status: number;
  readonly headers: HeaderList;
  readonly body: string;
  /**
   * Neither a content length nor a last chunk ended the body, only the connection: it may be cut, and nothing shows it
   * (RFC 9112 §8). A body that ends before its length or its last chunk is an {@link HttpError}.
   */
  readonly unframed?: true;
}

/**
 * Sends one request and reads the whole answer; no redirect is followed, nothing is retried. The lab's in-memory
 * network implements it too, which is what a simulated clock needs.
 */
export interface HttpClient {
  /** Rejects with {@link HttpError}, or with the signal's reason when aborted. */
  send(request: HttpRequest, signal?: AbortSignal): Promise<HttpResponse>;
  close(): Promise<void>;
}

/** No answer, or not all of one. `kind` says which failure, in words a person can act on. */
export class HttpError extends Error {
  override readonly name = 'HttpError' as const;
  readonly kind: ExchangeError;
  /** Only for the kind `tls`. */
  readonly tls: TlsFailure | undefined;
  constructor(kind: ExchangeError, message: string, options: { cause?: unknown; tls?: TlsFailure } = {}) {
    super(message, options);
    this.kind = kind;
    this.tls = options.tls;
  }
}

/** How to reach one server. */
export interface HttpTarget {
  /** Without it, and for loopback, no proxy is used. */
  readonly url?: URL;
  /** The Host header that its requests have, where it is not the URL's. */
  readonly host?: string;
  /** PEM text of a CA to trust besides the system's. */
  readonly ca?: string;
  /** Do not verify the certificate. Default false. */
  readonly insecure?: boolean;
  /** PEM text, for a server that asks who is there. */
  readonly certificate?: { readonly cert: string; readonly key: string };
  /** Name for SNI, and that the certificate must be for. Default: the Host header's, else the URL's. */
  readonly sni?: string;
  /** Dialled in place of the URL's host; all names stay the URL's. */
  readonly address?: string;
  /** Default: none. */
  readonly proxies?: Proxies;
}
