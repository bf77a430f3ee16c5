/** What a stub answers. */
export interface StubAnswer {
  /** Default 200. */
  readonly status?: number;
  readonly headers?: Readonly<Record<string, string>>;
  /** JSON, or a string as it is; absent: an empty object. */
  readonly body?: unknown;
  /** Wait so long before the answer, ms. */
  readonly delayMs?: number;
  /** Close the connection instead. */
  readonly close?: boolean;
}

/** An answer for some requests of an upstream. */
export interface AnswerRule extends StubAnswer {
  /** With `*` for any text; absent: every path. The query does not count. */
  readonly path?: string;
  /** Absent: every method. */
  readonly method?: string;
}

/** By upstream; the first rule that fits counts. */
export type Answers = Readonly<Record<string, readonly AnswerRule[]>>;

/** An upstream without a rule that fits answers with an empty object. */
export function answerTo(rules: readonly AnswerRule[], { method, path }: { method: string; path: string }): StubAnswer {
  const [bare = ''] = path.split('?');
  return rules.find((rule) => (rule.method ?? method) === method && fits(rule.path, bare)) ?? {};
}

function fits(pattern: string | undefined, path: string): boolean {
  if (pattern === undefined) return true;
  const parts = pattern.split('*').map((part) => part.replace(/[.*+?^${}()|[\]\\]/g, '\\$&'));
  return new RegExp(`^${parts.join('.*')}$`).test(path);
}

/** The body of an answer, and the type to announce. */
export function bodyOf({ body = {}, headers = {} }: StubAnswer): {
  readonly text: string;
  readonly headers: Record<string, string>;
} {
  const text = typeof body === 'string' ? body : JSON.stringify(body);
  const hasType = Object.keys(headers).some((name) => name.toLowerCase() === 'content-type');
  const type = typeof body === 'string' ? 'text/plain; charset=utf-8' : 'application/json';
  return { text, headers: { ...(hasType ? {} : { 'content-type': type }), ...headers } };
}
