import type { ReadAnswer } from '../model/application.ts';
import { type JsonPath, toPath, valuesAt } from './json-path.ts';
import { toPattern } from './patterns.ts';

/** Where something stands in an answer, as its definition has it. */
export interface PlaceDefinition {
  readonly at?: string | undefined;
  readonly header?: string | undefined;
  readonly contains?: string | undefined;
  readonly matches?: string | undefined;
}

/** One thing that stands there. */
export interface Found {
  readonly text: string;
  /** Of a regular expression; else none. */
  readonly groups: Readonly<Record<string, string | undefined>>;
}

/** An answer, of which the body is parsed once at most. */
export interface OpenAnswer extends ReadAnswer {
  /** undefined: the body is not JSON. */
  readonly json: () => unknown;
}

export function openAnswer(answer: ReadAnswer): OpenAnswer {
  let parsed: { value: unknown } | undefined;
  return {
    ...answer,
    json: () => {
      parsed ??= { value: parse(answer.body) };
      return parsed.value;
    },
  };
}

function parse(body: string): unknown {
  try {
    return JSON.parse(body);
  } catch {
    return undefined;
  }
}

/** Everything that stands at a place; empty: nothing does. */
export type Capture = (answer: OpenAnswer) => readonly Found[];

/** @throws Error for a path or an expression that the schema would have refused */
export function compileCapture({ at, header, contains, matches }: PlaceDefinition): Capture {
  const pattern = matches === undefined ? undefined : toPattern(matches);
  const texts = textsOf(at === undefined ? undefined : toPath(at), header?.toLowerCase(), contains);
  if (pattern === undefined) return (answer) => texts(answer).map((text) => ({ text, groups: {} }));
  return (answer) =>
    texts(answer).flatMap((text) => {
      const match = pattern.exec(text);
      return match === null ? [] : [{ text: match.groups?.text ?? match[1] ?? match[0], groups: match.groups ?? {} }];
    });
}

function textsOf(
  path: JsonPath | undefined,
  header: string | undefined,
  contains: string | undefined,
): (answer: OpenAnswer) => readonly string[] {
  if (path !== undefined) return ({ json }) => (json() === undefined ? [] : valuesAt(path, json()).map(asText));
  if (header !== undefined)
    return ({ headers = [] }) => headers.flatMap(([name, value]) => (name.toLowerCase() === header ? [value] : []));
  if (contains !== undefined) return ({ body }) => (body.includes(contains) ? [contains] : []);
  return ({ body }) => [body];
}

function asText(value: unknown): string {
  return typeof value === 'string' ? value : JSON.stringify(value);
}
