import { ConfigError } from '../../config/config-error.ts';
import { callOf } from '../../definition/names.ts';
import type { Definition, RequestDefinition } from '../../definition/schema.ts';
import { METHODS } from '../../definition/schema.ts';
import { nameFor } from '../../learn/from-dump.ts';
import { type AskedRequest, type Declared, edgeOf } from '../../learn/learn-input.ts';

type Requests = Definition['requests'];

/** Statuses below which any answer is right until the mesh shows which one is. */
const ANY_RIGHT = [200, 201, 202, 203, 204, 206, 301, 302, 303, 304, 307, 308];

/**
 * The requests of the flags: paths to get, and paths to post to with their JSON.
 * @param known requests that a definition has already.
 * @throws ConfigError for what is not a path, or not JSON
 */
export function requestsOfFlags(gets: readonly string[], posts: readonly string[], known: Requests = {}): Requests {
  const requests: Record<string, RequestDefinition> = {};
  const taken = () => [...Object.keys(known), ...Object.keys(requests)].map((name) => ({ name }));
  const has = (method: 'get' | 'post', path: string) => Object.values(known).some((one) => one[method] === path);
  for (const given of gets) {
    const path = pathOf(given, '--get');
    if (!has('get', path)) requests[nameFor(path, taken())] = { get: path, answer: { status: ANY_RIGHT } };
  }
  for (const given of posts) {
    const at = given.search(/\s/);
    const path = pathOf(at < 0 ? given : given.slice(0, at), '--post');
    const body = at < 0 ? undefined : jsonOf(given.slice(at).trim(), given);
    if (has('post', path)) continue;
    requests[nameFor(path, taken())] = {
      post: path,
      idempotent: true,
      ...(body !== undefined && { json: body }),
      answer: { status: ANY_RIGHT },
    };
  }
  return requests;
}

/** As they are learnt: which status is right is known only where a person's definition has it. */
export function askedOf(requests: Requests, known: Requests = {}): readonly AskedRequest[] {
  return Object.entries(requests).map(([name, request]) => {
    const method = METHODS.find((one) => request[one] !== undefined) ?? 'get';
    const own = known[name];
    return {
      name,
      method: method.toUpperCase(),
      path: request[method] ?? '/',
      written: own ?? withoutAnswer(request),
      ...(own !== undefined && { statuses: [own.answer?.status ?? 200].flat() }),
    };
  });
}

/** That any answer is right is not for the definition. */
function withoutAnswer({ answer: _, ...request }: RequestDefinition): RequestDefinition {
  return request;
}

function pathOf(given: string, option: '--get' | '--post'): string {
  if (/^\/[^\s#]*$/.test(given)) return given;
  const example = option === '--get' ? '--get /api/home' : `--post '/api/orders {"sku": "42"}'`;
  throw new ConfigError([
    { option, value: given, source: `flag ${option}`, expected: 'a path that begins with /', example },
  ]);
}

function jsonOf(text: string, given: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    throw new ConfigError([
      {
        option: '--post',
        value: given,
        source: 'flag --post',
        expected: 'a path, a space, and JSON for the body',
        example: `--post '/api/orders {"sku": "42"}'`,
      },
    ]);
  }
}

/** What a person declared, by flags and by the definition. */
export function declaredIn(
  { untraced = [], external = [] }: { readonly untraced?: readonly string[]; readonly external?: readonly string[] },
  known: Definition | undefined,
): Declared {
  const peers = Object.values(known?.calls ?? {}).flatMap((calls) => calls.map(callOf));
  const statuses = Object.entries(known?.calls ?? {}).flatMap(([caller, calls]) =>
    calls.map(callOf).map((call) => [edgeOf(caller, call.to), call.statuses ?? []] as const),
  );
  return {
    statuses: new Map(statuses),
    untraced: new Set([...untraced, ...peers.flatMap(({ to, traced }) => (traced === false ? [to] : []))]),
    external: new Set([...external, ...peers.flatMap((call) => (call.external === true ? [call.to] : []))]),
  };
}
