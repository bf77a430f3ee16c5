import { callOf, isPeer, servicesOf } from '../definition/names.ts';
import type { CallDefinition, Definition } from '../definition/schema.ts';

/** A service that has another name now. */
export interface Rename {
  readonly from: string;
  readonly to: string;
}

/**
 * Services of the definition that are gone, each with the only new one that has the same callers and the same callees. A
 * service that is alone on both sides has nothing to be known by.
 */
export function renamesIn(before: Definition, seen: Definition): readonly Rename[] {
  const old = servicesOf(before).filter((name) => !servicesOf(seen).includes(name));
  const fresh = servicesOf(seen).filter((name) => !servicesOf(before).includes(name));
  // A neighbour may have another name as well.
  const open = new Set([...old, ...fresh]);
  const pairs = old.flatMap((from) => {
    const place = placeOf(before, from, open);
    const [to, another] = place === undefined ? [] : fresh.filter((name) => placeOf(seen, name, open) === place);
    return to === undefined || another !== undefined ? [] : [{ from, to }];
  });
  return pairs.filter(({ to }) => pairs.filter((other) => other.to === to).length === 1);
}

/** Callers, each with how often it calls, and callees; undefined: it has neither. @param open names that may be others now. */
function placeOf(
  { calls, entry, requests }: Definition,
  service: string,
  open: ReadonlySet<string>,
): string | undefined {
  const named = (name: string) => (open.has(name) ? '?' : name);
  const callers = Object.entries(calls).flatMap(([caller, list]) =>
    list
      .map(callOf)
      .flatMap(({ to, when, optional }) => (to === service ? [`${named(caller)} ${when} ${optional}`] : [])),
  );
  const callees = (calls[service] ?? []).map((call) => named(callOf(call).to));
  if (callers.length + callees.length === 0) return undefined;
  const isEntry = entry === service || Object.values(requests).some((request) => request.entry === service);
  return JSON.stringify([callers.toSorted(), callees.toSorted(), isEntry]);
}

/** The definition with the new names everywhere. */
export function renamedDefinition(definition: Definition, renames: readonly Rename[]): Definition {
  if (renames.length === 0) return definition;
  const names = new Map(renames.map(({ from, to }) => [from, to]));
  const named = (name: string) => names.get(name) ?? name;
  const call = (given: string | CallDefinition) =>
    typeof given === 'string' ? named(given) : { ...given, to: isPeer(given) ? given.to : named(given.to) };
  const keys = <Value>(map: Readonly<Record<string, Value>>) =>
    Object.fromEntries(Object.entries(map).map(([name, value]) => [named(name), value]));
  const { entry, calls, requests, versions, services } = definition;
  return {
    ...definition,
    ...(entry !== undefined && { entry: named(entry) }),
    requests: Object.fromEntries(
      Object.entries(requests).map(([name, { reaches, answer, entry: own, ...request }]) => [
        name,
        {
          ...request,
          ...(own !== undefined && { entry: named(own) }),
          ...(reaches !== undefined && { reaches: reaches.map(named) }),
          ...(answer !== undefined && {
            answer: {
              ...answer,
              ...(answer.versions && { versions: answer.versions.map((rule) => ({ ...rule, of: named(rule.of) })) }),
              ...(answer.errors && {
                errors: answer.errors.map(({ service, ...rule }) => ({
                  ...rule,
                  ...(service !== undefined && { service: named(service) }),
                })),
              }),
            },
          }),
        },
      ]),
    ),
    calls: Object.fromEntries(Object.entries(keys(calls)).map(([caller, list]) => [caller, list.map(call)])),
    ...(versions !== undefined && { versions: keys(versions) }),
    ...(services !== undefined && { services: keys(services) }),
  };
}
