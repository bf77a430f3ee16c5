import { createRequire } from 'node:module';
import type { JSONPathEnvironment } from 'json-p3';

export type JsonPath = ReturnType<JSONPathEnvironment['compile']>;

let environment: JSONPathEnvironment | undefined;

/** Loaded with the first path: most commands have none, and loading it takes as long as many of them. */
function opened(): JSONPathEnvironment {
  if (environment !== undefined) return environment;
  const library: typeof import('json-p3') = createRequire(import.meta.url)('json-p3');
  // Strict: RFC 9535 and nothing beside it.
  environment = new library.JSONPathEnvironment({ strict: true });
  return environment;
}

/** Why this is not a JSON path; undefined: it is one. */
export function trouble(source: string): string | undefined {
  try {
    toPath(source);
    return undefined;
  } catch (error) {
    return error instanceof Error ? error.message : String(error);
  }
}

/** @throws Error with the place in the path where it breaks */
export function toPath(source: string): JsonPath {
  return opened().compile(source);
}

/** What the path finds in a parsed document; null is nothing. */
export function valuesAt(path: JsonPath, document: unknown): readonly unknown[] {
  return path
    .query(document as Parameters<JsonPath['query']>[0])
    .values()
    .filter((value) => value !== null);
}

/** Names and indices of a path as far as a document can be made for it; undefined: it has filters or is not to be followed. */
export function stepsOf(source: string): readonly (string | number)[] | undefined {
  const normal = toPath(source).toString();
  const steps: (string | number)[] = [];
  let rest = normal.slice(1);
  while (rest !== '') {
    const [whole = '', name, quoted, index] =
      /^(?:\.([A-Za-z_\u0080-\uffff][\w\u0080-\uffff]*)|\['((?:[^'\\]|\\.)*)'\]|\[(\d+|\*)\])/.exec(rest) ?? [];
    if (whole === '') return undefined;
    steps.push(name ?? (quoted === undefined ? (index === '*' ? 0 : Number(index)) : unescaped(quoted)));
    rest = rest.slice(whole.length);
  }
  return steps;
}

function unescaped(quoted: string): string {
  return quoted.replace(/\\(.)/g, '$1');
}
