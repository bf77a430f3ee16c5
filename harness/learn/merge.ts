import { versionNames } from '../definition/check.ts';
import { callOf, isPeer } from '../definition/names.ts';
import { type CallDefinition, type Definition, METHODS, type RequestDefinition } from '../definition/schema.ts';
import type { LearntCall } from './calls.ts';
import type { Learnt } from './learn.ts';
import { shortened } from './learn.ts';
import { edgeOf } from './learn-input.ts';
import { renamedDefinition, renamesIn } from './rename.ts';

/**
 * A definition as the mesh shows it now: what a person wrote stays wherever the mesh does not contradict it. A call that is
 * declared and was never seen becomes `pending`; one that is optional by a person's word stays so.
 */
export function mergeInto(before: Definition, learnt: Learnt): Definition {
  const renames = renamesIn(before, learnt.definition);
  const own = renamedDefinition(before, renames);
  const { definition: seen, calls } = learnt;
  const callers = [...new Set([...Object.keys(own.calls), ...Object.keys(seen.calls)])];
  const merged = callers.map((caller) => {
    const declared = (own.calls[caller] ?? []).map(callOf);
    const known = new Set(declared.map(({ to }) => to));
    const added = [...calls.values()].filter((one) => one.caller === caller && !known.has(one.call.to));
    const kept = declared.map((call) => mergedCall(call, calls.get(edgeOf(caller, call.to))));
    return [caller, [...kept, ...added.map(({ call }) => call)].map(shortened)] as const;
  });
  const gateways = [seen.gateway ?? []].flat();
  const isOther = own.gateway !== undefined && gateways.length > 0 && [own.gateway].flat().join() !== gateways.join();
  const asked = new Set(Object.values(own.requests).map(placeOf));
  const seenBy = new Map(Object.values(seen.requests).map((request) => [placeOf(request), request]));
  const versions = mergedVersions(own, learnt);
  const services = { ...own.services, ...newNames(own, seen) };
  return {
    ...own,
    ...(isOther && { gateway: seen.gateway }),
    requests: {
      ...Object.fromEntries(Object.entries(seen.requests).filter(([, one]) => !asked.has(placeOf(one)))),
      ...Object.fromEntries(
        Object.entries(own.requests).map(([name, request]) => [
          name,
          mergedRequest(request, seenBy.get(placeOf(request)), seen),
        ]),
      ),
    },
    calls: Object.fromEntries(merged.filter(([caller, list]) => list.length > 0 || Object.hasOwn(own.calls, caller))),
    ...(Object.keys(versions).length > 0 && { versions }),
    ...(Object.keys(services).length > 0 && { services }),
  };
}

/** Two requests with one method and path are the same, whatever their names. */
function placeOf(request: RequestDefinition): string {
  const method = METHODS.find((one) => request[one] !== undefined) ?? 'get';
  return `${method} ${request[method]}`;
}

/** @param seen undefined: no request made it. */
function mergedCall(call: CallDefinition, seen: LearntCall | undefined): CallDefinition {
  if (call.protocol === 'tcp') return call;
  if (seen === undefined || seen.made === 0)
    return call.optional === true || call.pending === true ? call : { ...call, pending: true };
  const { pending: _, when, optional, traced, external, through, ...rest } = call;
  const condition = conditionOf({ when, optional }, seen);
  const peer =
    isPeer(seen.call) === isPeer(call)
      ? { traced, external }
      : { traced: seen.call.traced, external: seen.call.external };
  const { attempts = 1, times = 1 } = seen.call;
  return withoutAbsent({
    ...rest,
    ...condition,
    ...(attempts > (rest.attempts ?? 1) && { attempts }),
    ...(times > (rest.times ?? 1) && { times }),
    ...statusesOf(rest, seen.call),
    ...peer,
    through: seen.call.through ?? (isPeer(seen.call) ? through : undefined),
  });
}

/** Those that were seen and are not declared are added; the others stay, because rare ones need not be seen. */
function statusesOf(
  { statuses: own = [] }: Pick<CallDefinition, 'statuses'>,
  { statuses: seen = [] }: Pick<CallDefinition, 'statuses'>,
): Pick<CallDefinition, 'statuses'> {
  const all = [...new Set([...own, ...seen])];
  return all.length > own.length ? { statuses: all } : {};
}

/** A person's condition holds as long as no request contradicts it. */
function conditionOf(
  { when, optional }: Pick<CallDefinition, 'when' | 'optional'>,
  { call, byVersion }: LearntCall,
): Pick<CallDefinition, 'when' | 'optional'> {
  if (optional === true) return { when, optional };
  if (when !== undefined && byVersion.size > 0) {
    const meant = new Set([when].flat());
    const holds = [...byVersion].every(([version, { made, of }]) => (meant.has(version) ? made === of : made === 0));
    if (holds) return { when };
  }
  return { when: call.when, optional: call.optional };
}

function mergedRequest(
  request: RequestDefinition,
  seen: RequestDefinition | undefined,
  { calls }: Pick<Definition, 'calls'>,
): RequestDefinition {
  if (seen === undefined) return request;
  const { reaches } = request;
  if (reaches === undefined) return seen.reaches === undefined ? request : { ...request, reaches: seen.reaches };
  // Services that no trace shows stay, because they may be pending.
  const all = seen.reaches ?? Object.keys(calls);
  const more = all.filter((service) => !reaches.includes(service));
  return more.length === 0 || seen.reaches === undefined ? request : { ...request, reaches: [...reaches, ...more] };
}

/** Versions that were seen and not declared are added: to a list by name, to weights with what they had of the requests, %. */
function mergedVersions(own: Definition, { versions: seen }: Learnt): NonNullable<Definition['versions']> {
  const merged: Record<string, NonNullable<Definition['versions']>[string]> = { ...own.versions };
  for (const [service, counts] of seen) {
    const known = own.versions?.[service];
    const names = versionNames(known);
    const more = [...counts.keys()].filter((version) => !names.includes(version));
    if (known === undefined) merged[service] = [...counts.keys()];
    else if (more.length > 0) {
      const all = [...counts.values()].reduce((sum, one) => sum + one, 0);
      const total = Array.isArray(known) ? 0 : Object.values(known).reduce((sum, one) => sum + one, 0);
      merged[service] = Array.isArray(known)
        ? [...known, ...more]
        : {
            ...known,
            ...Object.fromEntries(more.map((one) => [one, Math.round(((counts.get(one) ?? 0) / all) * total)])),
          };
    }
  }
  return merged;
}

/** Names in spans that the definition does not have yet. */
function newNames(own: Definition, { services = {} }: Definition): NonNullable<Definition['services']> {
  const known = new Set(
    Object.values(own.services ?? {}).flatMap(({ match = {} }) => Object.values(match).filter(Boolean)),
  );
  return Object.fromEntries(
    Object.entries(services).filter(([, { match = {} }]) => !Object.values(match).every((name) => known.has(name))),
  );
}

function withoutAbsent(call: CallDefinition): CallDefinition {
  return Object.fromEntries(Object.entries(call).filter(([, value]) => value !== undefined)) as CallDefinition;
}
