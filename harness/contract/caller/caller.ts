import type { ContractProtocol } from '../../model/contract.ts';

/** What came back of one request; `failure` instead of a status where nothing did. */
export interface Answer {
  readonly status?: number;
  readonly grpcStatus?: number;
  readonly failure?: string;
}

export interface CallerOptions {
  readonly url: URL;
  readonly protocol: ContractProtocol;
  readonly method: string;
  /** Sent with every request beside those that are judged. */
  readonly headers: readonly (readonly [string, string])[];
  /** Of gRPC: the message; of HTTP: the body. */
  readonly body?: Uint8Array;
  /** For one request, ms. */
  readonly timeoutMs: number;
  /** Connections at most; kept open between requests. */
  readonly connections: number;
}

/** Sends requests to the service. It never rejects: a request without an answer says why. */
export interface Caller {
  send(headers: readonly (readonly [string, string])[], signal: AbortSignal): Promise<Answer>;
  close(): void;
}

/** `ECONNREFUSED: nothing listens there`; the words of the system where there are none. */
export function failureOf(error: unknown): string {
  const code = error instanceof Error && 'code' in error ? String(error.code) : undefined;
  const known: Readonly<Record<string, string>> = {
    ECONNREFUSED: 'nothing listens there (ECONNREFUSED)',
    ENOTFOUND: 'the name is not known (ENOTFOUND)',
    ECONNRESET: 'the connection was closed without an answer (ECONNRESET)',
  };
  return known[code ?? ''] ?? (error instanceof Error ? error.message || String(code) : String(error));
}
