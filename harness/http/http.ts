import type { ExchangeError } from '../model/exchange.ts';

/** Names in the case they are sent or came in; order and repeats kept. */
export type HeaderList = readonly (readonly [name: string, value: string])[];

export interface HttpRequest {
  readonly method: 'GET';
  readonly url: URL;
  readonly headers: HeaderList;
  /** From the first byte sent to the last byte read, ms. */
  readonly timeoutMs: number;
  /** A body over this is refused while it arrives, bytes. */
  readonly maxBodyBytes: number;
}

export interface HttpResponse {
  readonly status: number;
  readonly headers: HeaderList;
  readonly body: string;
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
  constructor(kind: ExchangeError, message: string, options?: { cause?: unknown }) {
    super(message, options);
    this.kind = kind;
  }
}

/** How to reach one server. */
export interface HttpTarget {
  /** PEM text of a CA to trust besides the system's. */
  readonly ca?: string;
  /** Do not verify the certificate. Default false. */
  readonly insecure?: boolean;
}
