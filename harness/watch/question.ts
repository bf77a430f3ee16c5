import { duration } from '../config/values.ts';
import { ALL_PROMISES } from '../model/promises.ts';
import { type Answer, line } from './answer.ts';
import { readSince } from './state/since.ts';
import type { Question } from './state/standing.ts';

/** A question that may wait for its answer. */
export interface Held extends Question {
  /** At most this long, ms; 0: it is answered at once. */
  readonly waitMs: number;
}

/** Longer than a caller waits, and short enough that a forgotten connection does not stay. ms */
const LONGEST_WAIT_MS = 60_000;

const PARAMETERS = ['since', 'wait', 'promise'];

/** Reads `since`, `wait` and `promise` of a query. @returns the answer 400 where one of them is wrong */
export function readQuestion(query: URLSearchParams): Held | Answer {
  const unclear = unclearParameter(query, PARAMETERS);
  if (unclear !== undefined) return unclear;
  const [since, wait, promise] = [query.get('since'), query.get('wait'), query.get('promise')];
  const sinceMs = since === null ? undefined : readSince(since);
  if (since !== null && sinceMs === undefined)
    return wrong('since', since, 'a time of RFC 3339', 'since=2026-11-29T12:00:00Z');
  const waits = wait === null ? undefined : duration.safeParse(wait);
  if (waits !== undefined && !(waits.success && waits.data <= LONGEST_WAIT_MS))
    return wrong('wait', wait ?? '', 'a time up to 60s with its unit (ms, s, m)', 'wait=8s');
  const known = ALL_PROMISES.find(({ id }) => id === promise)?.id;
  if (promise !== null && known === undefined)
    return wrong('promise', promise, `one of ${ALL_PROMISES.map(({ id }) => id).join(', ')}`, 'promise=propagation');
  return {
    ...(sinceMs !== undefined && { sinceMs }),
    ...(known !== undefined && { promise: known }),
    waitMs: waits?.success === true ? waits.data : 0,
  };
}

/**
 * A parameter that is not known, or stands there twice: `sinse=…` must not be answered as if no time had been asked for.
 * @returns the answer 400; undefined: there is none
 */
export function unclearParameter(query: URLSearchParams, known: readonly string[]): Answer | undefined {
  const names = [...query.keys()];
  const name = names.find((one, at) => !known.includes(one) || names.indexOf(one) !== at);
  if (name === undefined) return undefined;
  return line(
    400,
    `parameter ${JSON.stringify(name.slice(0, 200))}: expected each of ${known.join(', ')} once at most`,
  );
}

function wrong(name: string, value: string, expected: string, example: string): Answer {
  return line(400, `${name} ${JSON.stringify(value.slice(0, 200))}: expected ${expected}, e.g. ?${example}`);
}
