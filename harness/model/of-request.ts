import type { Application, NamedRequest, VersionedService } from './application.ts';
import type { Probe } from './exchange.ts';

/** The request that a probe makes; absent: the first. */
export function requestOf({ requests }: Application, name: string | undefined): NamedRequest | undefined {
  return requests?.find((request) => request.name === name) ?? requests?.[0];
}

/**
 * The application as one request shows it: its entry, and of the calls those that it can get to. The same object where there
 * is one request, and nothing depends on the day.
 * @param name the probe's `request`; undefined: the first.
 * @param startedAt start of the run, ISO 8601: what `until` is compared with, so that a capture says the same tomorrow.
 */
export function ofRequest(application: Application, name: string | undefined, startedAt?: string): Application {
  const request = requestOf(application, name);
  const dated = startedAt === undefined ? application : onDay(application, startedAt);
  if (request === undefined) return dated;
  const known = made.get(dated)?.get(request.name);
  if (known !== undefined) return known;
  const entry = request.entry ?? application.entry;
  const reached = new Set(request.reaches ?? servicesFrom(dated, entry));
  const view: Application = {
    ...dated,
    request: { method: request.method, path: request.path },
    entry,
    calls: dated.calls.filter(
      ({ caller, callee, peer }) => reached.has(caller) && (reached.has(callee) || peer !== undefined),
    ),
  };
  made.set(dated, (made.get(dated) ?? new Map()).set(request.name, view));
  return view;
}

const made = new WeakMap<Application, Map<string, Application>>();
const dated = new WeakMap<Application, Map<string, Application>>();

/** With the calls whose day has passed no longer optional. The day itself still counts; UTC. */
function onDay(application: Application, startedAt: string): Application {
  const { calls } = application;
  if (calls.every(({ until }) => until === undefined)) return application;
  const day = startedAt.slice(0, 10);
  const before = dated.get(application)?.get(day);
  if (before !== undefined) return before;
  const on: Application = {
    ...application,
    calls: calls.map((call) => {
      if (call.until === undefined || day <= call.until) return call;
      const { optional: _, ...binding } = call;
      return binding;
    }),
  };
  dated.set(application, (dated.get(application) ?? new Map()).set(day, on));
  return on;
}

/** The services that calls lead to from the entry, itself included. */
export function servicesFrom({ calls }: Pick<Application, 'calls'>, entry: string): readonly string[] {
  const reached = new Set([entry]);
  // Grows while it is gone through: a set gives what is added on the way.
  for (const service of reached)
    for (const { caller, callee, peer } of calls) if (caller === service && peer === undefined) reached.add(callee);
  return [...reached];
}

/** Every service with several versions, in the order of the definition. */
export function versionedServices(
  application: Pick<Application, 'versioned' | 'furtherVersioned'>,
): readonly VersionedService[] {
  const { versioned, furtherVersioned = [] } = application;
  return versioned === undefined ? [] : [versioned, ...furtherVersioned];
}

/** Statuses of a right answer to this probe. */
export function rightStatuses(application: Application, { request }: Pick<Probe, 'request'>): readonly number[] {
  return requestOf(application, request)?.statuses ?? [200];
}

/** Each entry service, with the requests' in their order. */
export function entriesOf({ entry, requests = [] }: Application): readonly string[] {
  const entries = requests.map((request) => request.entry ?? entry);
  return entries.length === 0 ? [entry] : [...new Set(entries)];
}

/** What spans may call or name: the gateway, the services, and peers that have no spans. */
export function knownNames({ gateway, services, calls }: Application): ReadonlySet<string> {
  const peers = calls.flatMap(({ callee, peer }) => (peer === undefined ? [] : callee));
  return new Set([gateway, ...services.map(({ name }) => name), ...peers]);
}
