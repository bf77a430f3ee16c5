/** One request to the watch, as far as its routes read it. A body is never read. */
export interface Asked {
  readonly method: string;
  readonly path: string;
  readonly query: URLSearchParams;
  readonly accept: string;
  readonly authorization: string;
  /** Aborts when the caller has gone. */
  readonly signal: AbortSignal;
}

export interface Answer {
  readonly status: number;
  readonly type?: string;
  readonly headers?: Readonly<Record<string, string>>;
  readonly body: string;
}

export function line(status: number, text: string, headers: Readonly<Record<string, string>> = {}): Answer {
  return { status, headers, body: `${text}\n` };
}

export function json(status: number, value: unknown, headers: Readonly<Record<string, string>> = {}): Answer {
  return { status, type: 'application/json; charset=utf-8', headers, body: `${JSON.stringify(value, null, 2)}\n` };
}
