import { servicesFrom } from '../model/of-request.ts';
import type { CallDefinition, Definition } from './schema.ts';

type Named = Pick<Definition, 'calls'> & Partial<Pick<Definition, 'entry' | 'requests'>>;

/** A call as it is written in short or at length. */
export function callOf(given: string | CallDefinition): CallDefinition {
  return typeof given === 'string' ? { to: given } : given;
}

/** True for a callee that has no spans. */
export function isPeer({ traced, external }: CallDefinition): boolean {
  return traced === false || external === true;
}

/** Every service that should have spans: entries, callers, and callees that are not peers; in that order. */
export function servicesOf({ calls, entry, requests = {} }: Named): readonly string[] {
  const entries = [entry, ...Object.values(requests).map((request) => request.entry)];
  const named = Object.entries(calls).flatMap(([caller, callees]) => [
    caller,
    ...callees.map(callOf).flatMap((call) => (isPeer(call) ? [] : call.to)),
  ]);
  return [...new Set([...entries, ...named])].filter((name) => name !== undefined);
}

/** Services that no other calls. */
export function uncalled(definition: Named): readonly string[] {
  const called = new Set(
    Object.entries(definition.calls).flatMap(([caller, callees]) =>
      callees.map(callOf).flatMap(({ to }) => (to === caller ? [] : to)),
    ),
  );
  return servicesOf(definition).filter((name) => !called.has(name));
}

/** The entry, given or the only possible one; undefined: not given, and there is not exactly one. */
export function entryOf(definition: Named): string | undefined {
  if (definition.entry !== undefined) return definition.entry;
  const own = new Set(Object.values(definition.requests ?? {}).map((request) => request.entry));
  const [only, another] = uncalled(definition).filter((name) => !own.has(name));
  return another === undefined ? only : undefined;
}

/** The services that calls lead to from this one. */
export function reachedFrom({ calls }: Pick<Definition, 'calls'>, entry: string): readonly string[] {
  const flat = Object.entries(calls).flatMap(([caller, callees]) =>
    callees.map(callOf).map((call) => ({
      caller,
      callee: call.to,
      ...(isPeer(call) && { peer: 'untraced' as const }),
    })),
  );
  return servicesFrom({ calls: flat }, entry);
}
