import { entryOf, reachedFrom, servicesOf } from '../definition/names.ts';
import { readDefinition } from '../definition/read-definition.ts';
import type { Definition, RequestDefinition } from '../definition/schema.ts';
import { byEdge, callsIn, type LearntCall } from './calls.ts';
import type { AskedRequest, LearnInput, RequestTrace } from './learn-input.ts';
import { type Identity, nameRequests } from './names.ts';
import { readTrace } from './read-trace.ts';
import { strayCalls } from './stray-roots.ts';
import type { TraceReading } from './trace-reading.ts';
import { answerTroubles, type Trouble, troublesIn } from './trouble.ts';

/** Versions and weights that the cluster's own rules have, by service. */
export type Weighed = ReadonlyMap<string, { readonly value: Readonly<Record<string, number>>; readonly from: string }>;

/** With weights in the place of the versions that were seen, where a rule of the cluster weighs them all. */
export function withWeights(learnt: Learnt, weighed: Weighed): Learnt {
  const { definition, versions } = learnt;
  const known = [...versions].flatMap(([service, counts]) => {
    const weights = weighed.get(service)?.value;
    const hasAll = weights !== undefined && [...counts.keys()].every((version) => Object.hasOwn(weights, version));
    return hasAll ? [[service, { ...weights }] as const] : [];
  });
  if (known.length === 0) return learnt;
  return {
    ...learnt,
    definition: { ...definition, versions: { ...definition.versions, ...Object.fromEntries(known) } },
  };
}

/** What a good mesh shows, and what each part of it rests on. */
export interface Learnt {
  /** Ready to be compiled and run. */
  readonly definition: Definition;
  /** By {@link edgeOf}. */
  readonly calls: ReadonlyMap<string, LearntCall>;
  /** Requests learnt from, by name. */
  readonly requests: ReadonlyMap<string, number>;
  /** Requests by version, of each service with several. */
  readonly versions: ReadonlyMap<string, ReadonlyMap<string, number>>;
  readonly identities: readonly Identity[];
  /** Requests that failed, and were left out. */
  readonly leftOut: number;
}

export type Learning =
  | { readonly learnt: Learnt; readonly troubles?: never }
  | { readonly learnt?: never; readonly troubles: readonly Trouble[] };

/**
 * Learns an application from requests and their traces. Pure. A mesh that is broken is refused, for else the fault would be
 * in the definition: orphans, halves of hops that nothing declares, several roots, calls that lost the context. Linear in
 * spans.
 */
export function learn(input: LearnInput): Learning {
  const answers = input.requests.map((request) => rightAnswers(request, input.traces));
  const right = answers.flatMap(({ traces }) => traces.filter(({ trace }) => trace.spans.length > 0));
  const unanswered = answers.flatMap(({ troubles }) => troubles);
  if (unanswered.length > 0) return { troubles: unanswered };
  const named = nameRequests(right, input.names);
  const readings = named.requests.map((request) => readTrace(request, named));
  const troubles = troublesIn(readings, strayCalls(named, input.loose), input);
  if (troubles.length > 0) return { troubles };
  const reaches = reachesOf(readings);
  const calls = callsIn(readings, reaches, input.declared);
  const versions = versionsIn(readings);
  const definition = definitionOf(input, { readings, calls, versions, reaches, statuses: statusesOf(answers), named });
  const wrong = whyNotValid(definition);
  if (wrong !== undefined)
    return { troubles: [{ kind: 'not-valid', text: wrong, requests: readings.length, of: readings.length }] };
  const order = servicesOf(definition);
  const place = (service: string) => order.indexOf(service);
  return {
    learnt: {
      definition,
      calls: byEdge(calls.toSorted((a, b) => place(a.caller) - place(b.caller))),
      requests: new Map([...Map.groupBy(readings, ({ request }) => request)].map(([name, of]) => [name, of.length])),
      versions,
      identities: [...named.identities.values()].toSorted((a, b) => place(a.service) - place(b.service)),
      leftOut: input.traces.length - right.length,
    },
  };
}

/** Names come from spans, which may hold anything. */
function whyNotValid(definition: Definition): string | undefined {
  try {
    readDefinition(definition, { from: 'the traces' }, ANY_VARIABLE);
    return undefined;
  } catch (error) {
    return error instanceof Error ? error.message : String(error);
  }
}

/** Whether a variable of a request is set is another question. */
const ANY_VARIABLE: Readonly<Record<string, string>> = new Proxy({}, { get: (_, name) => `$${String(name)}` });

interface Answered {
  readonly name: string;
  readonly status: number | undefined;
  readonly traces: readonly RequestTrace[];
  readonly troubles: readonly Trouble[];
}

/** Those of one request that were answered as most of them were. */
function rightAnswers({ name, statuses }: AskedRequest, all: readonly RequestTrace[]): Answered {
  const own = all.filter(({ request }) => request === name);
  const counts = new Map<number, number>();
  for (const { status } of own) if (status !== undefined) counts.set(status, (counts.get(status) ?? 0) + 1);
  const [most] = [...counts].filter(([status]) => status < 400).toSorted(([, a], [, b]) => b - a);
  const expected = statuses ?? (most === undefined ? [] : [most[0]]);
  // Of a dump the answers may not be known.
  const isKnown = own.some(({ status }) => status !== undefined);
  const right = isKnown ? own.filter(({ status }) => status !== undefined && expected.includes(status)) : own;
  return { name, status: most?.[0], traces: right, troubles: answerTroubles(name, own, right) };
}

function statusesOf(answers: readonly Answered[]): ReadonlyMap<string, number> {
  return new Map(answers.flatMap(({ name, status }) => (status === undefined ? [] : [[name, status] as const])));
}

function reachesOf(readings: readonly TraceReading[]): ReadonlyMap<string, ReadonlySet<string>> {
  const reaches = new Map<string, Set<string>>();
  for (const { request, services } of readings) {
    const known = reaches.get(request) ?? new Set<string>();
    for (const service of services) known.add(service);
    reaches.set(request, known);
  }
  return reaches;
}

function versionsIn(readings: readonly TraceReading[]): Learnt['versions'] {
  const seen = new Map<string, Map<string, number>>();
  for (const { service, version } of readings.flatMap(({ turns }) => turns)) {
    if (version === undefined) continue;
    const counts = seen.get(service) ?? new Map<string, number>();
    seen.set(service, counts.set(version, (counts.get(version) ?? 0) + 1));
  }
  const sorted = (counts: ReadonlyMap<string, number>) =>
    new Map([...counts].toSorted(([a], [b]) => a.localeCompare(b, 'en', { numeric: true })));
  return new Map([...seen].flatMap(([name, counts]) => (counts.size > 1 ? [[name, sorted(counts)] as const] : [])));
}

interface Parts {
  readonly readings: readonly TraceReading[];
  readonly calls: readonly LearntCall[];
  readonly versions: Learnt['versions'];
  readonly reaches: ReadonlyMap<string, ReadonlySet<string>>;
  readonly statuses: ReadonlyMap<string, number>;
  readonly named: { readonly identities: ReadonlyMap<string, Identity> };
}

function definitionOf({ name, requests }: LearnInput, parts: Parts): Definition {
  const { readings, calls, versions, reaches, statuses, named } = parts;
  const entries = new Map(readings.flatMap(({ request, entry }) => (entry === undefined ? [] : [[request, entry]])));
  const [entry, ...others] = new Set(entries.values());
  const isShared = others.length === 0;
  const gateways = mostOf(readings.map(({ gateways: way }) => way));
  const listed = inOrder(calls, [...new Set(entries.values())]);
  const plain: Pick<Definition, 'calls'> & Partial<Pick<Definition, 'entry'>> = {
    calls: listed,
    ...(isShared && entry !== undefined && { entry }),
  };
  const services = Object.fromEntries(
    [...named.identities.values()].flatMap(({ service, seen, by }) =>
      seen === undefined ? [] : [[service, { match: { [by]: seen } }] as const],
    ),
  );
  return {
    version: 1,
    name,
    ...(gateways.length > 0 && { gateway: gateways.length === 1 ? gateways[0] : [...gateways] }),
    ...(plain.entry !== undefined && { entry: plain.entry }),
    requests: Object.fromEntries(
      requests.map((request) => {
        const own = entries.get(request.name);
        const asked = { ...requestOf(request, statuses.get(request.name)), ...(!isShared && own && { entry: own }) };
        const seen = reaches.get(request.name) ?? new Set();
        const byDefault = reachedFrom(plain, own ?? entryOf(plain) ?? '');
        const isAll = byDefault.every((service) => seen.has(service));
        return [request.name, { ...asked, ...(!isAll && { reaches: byDefault.filter((one) => seen.has(one)) }) }];
      }),
    ),
    calls: listed,
    ...(versions.size > 0 && {
      versions: Object.fromEntries([...versions].map(([service, counts]) => [service, [...counts.keys()]])),
    }),
    ...(Object.keys(services).length > 0 && { services }),
  };
}

function requestOf({ method, path, statuses, written }: AskedRequest, status: number | undefined): RequestDefinition {
  const key = method.toLowerCase() as 'get';
  return {
    [key]: path,
    ...(method !== 'GET' && { idempotent: true as const }),
    ...written,
    ...(statuses === undefined && status !== undefined && status !== 200 && { answer: { status } }),
  };
}

/** Callers as the calls lead to them from the entries; a short call is a name. */
function inOrder(calls: readonly LearntCall[], entries: readonly string[]): Definition['calls'] {
  const byCaller = Map.groupBy(calls, ({ caller }) => caller);
  const reached = new Set(entries);
  // Grows while it is gone through: a set gives what is added on the way.
  for (const caller of reached) for (const { call } of byCaller.get(caller) ?? []) reached.add(call.to);
  return Object.fromEntries(
    [...reached].flatMap((caller) => {
      const own = byCaller.get(caller);
      return own === undefined ? [] : [[caller, own.map(({ call }) => shortened(call))] as const];
    }),
  );
}

/** `{ to: stock }` is `stock`. */
export function shortened(call: LearntCall['call']): Definition['calls'][string][number] {
  return Object.entries(call).filter(([, value]) => value !== undefined).length === 1 ? call.to : call;
}

function mostOf(ways: readonly (readonly string[])[]): readonly string[] {
  const counts = Map.groupBy(ways, (way) => way.join(' '));
  const [most] = [...counts.values()].toSorted((a, b) => b.length - a.length);
  return most?.[0] ?? [];
}
