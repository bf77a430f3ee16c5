import { compileApplication } from '../../definition/compile.ts';
import { callOf } from '../../definition/names.ts';
import type { Definition } from '../../definition/schema.ts';
import { type Application, type Call, callsFrom } from '../../model/application.ts';
import { entriesOf, ofRequest } from '../../model/of-request.ts';
import type { AppContext, LabApplication, LabRoute, LabWorkload } from '../lab.ts';
import type { Handler, Headers, WireRequest, WireResponse } from '../wire.ts';
import { makeAnswer, type TookPart } from './answer.ts';

/** Longer than the caller of a caller waits would leave a span without an end. */
const TIMEOUT_MS = 3000;
const OWN_AGENT = 'app-http-client/1.0';
/** Of calls behind the entry: `/-/<request>`; through the gateway: `/-/<request>/to/<service>`. */
const INNER = /^\/-\/([^/]+)(?:\/to\/([^/]+))?$/;
/** An optional call is made every so many requests. */
const OPTIONAL_EVERY = 2;

/**
 * Plays a definition: each of its services answers after the calls that the definition has for it, and the entry answers as
 * the definition reads an answer. The services copy the headers of every context format, and replace the user agent, as
 * most HTTP clients do.
 */
export function playApplication(definition: Definition): LabApplication {
  const { definition: application } = compileApplication(definition, { from: 'the lab', env: {} });
  const [entry = application.entry] = entriesOf(application);
  const requests: readonly { readonly path: string; readonly entry?: string | undefined }[] = application.requests ?? [
    application.request,
  ];
  const played = { definition, application };
  return {
    name: application.name,
    gateway: application.gateway,
    entry,
    path: application.request.path,
    routes: [
      ...requests.map(({ path, entry = application.entry }) => ({ path: path.split('?')[0] ?? path, service: entry })),
      ...throughGateway(application, Object.keys(definition.requests)),
    ],
    workloads: workloadsOf(played),
    weights: weightsOf(definition),
  };
}

/** Equal weights, or a list, need no route: the pods take turns. */
function weightsOf({ versions = {} }: Definition): NonNullable<LabApplication['weights']> {
  return Object.fromEntries(
    Object.entries(versions).flatMap(([service, given]) =>
      Array.isArray(given) || new Set(Object.values(given)).size === 1 ? [] : [[service, given] as const],
    ),
  );
}

/** Calls that leave for the gateway reach it by these paths. */
function throughGateway({ calls }: Application, requests: readonly string[]): readonly LabRoute[] {
  const callees = new Set(calls.flatMap(({ callee, through }) => (through === true ? [callee] : [])));
  return requests.flatMap((name) => [...callees].map((service) => ({ path: `/-/${name}/to/${service}`, service })));
}

interface Played {
  readonly definition: Definition;
  readonly application: Application;
}

function workloadsOf(played: Played): readonly LabWorkload[] {
  const { services, calls } = played.application;
  const callees = Object.values(played.definition.calls).flat().map(callOf);
  const overGrpc = new Set(callees.flatMap(({ to, protocol }) => (protocol === 'grpc' ? [to] : [])));
  const own = services.flatMap(({ name, gateway, versions = ['v1'] }) =>
    versions.map(
      (version): LabWorkload => ({
        service: name,
        version,
        ...(gateway === true && { edge: true }),
        ...(overGrpc.has(name) && { grpc: 'unary' }),
        app: serverOf(played),
      }),
    ),
  );
  const peers = new Map(calls.flatMap((call) => (call.peer === undefined ? [] : [[call.callee, call.peer] as const])));
  return [
    ...own,
    ...[...peers].map(
      ([service, peer]): LabWorkload => ({
        service,
        version: 'v1',
        ...(peer === 'external' ? { external: true as const } : { sidecar: false as const }),
        app: (context) => async (_request, signal) => {
          await context.clock.sleep(1, signal);
          return { status: 200, headers: [], body: '{}' };
        },
      }),
    ),
  ];
}

function serverOf(played: Played): (context: AppContext) => Handler {
  return (context) => {
    const asked = new Map<string, number>();
    return async (request, signal) => {
      await context.clock.sleep(1, signal);
      const name = requestNameOf(request, played);
      const application = ofRequest(played.application, name);
      const part = { made: { [context.service]: { version: context.version, pod: context.pod } }, failed: [] };
      let tookPart: TookPart = part;
      for (const call of callsFrom(application, context.service, context.version)) {
        if (call.peer === 'unseen') continue;
        const turn = (asked.get(call.callee) ?? 0) + 1;
        asked.set(call.callee, turn);
        if (call.optional === true && turn % OPTIONAL_EVERY === 0) continue;
        for (let time = 0; time < (call.times ?? 1); time += 1)
          tookPart = joined(tookPart, await ask(call, name, request, context, application, signal));
      }
      if (INNER.test(request.path)) return inJson(tookPart);
      return makeAnswer(played.definition.requests[name]?.answer ?? {}, tookPart);
    };
  };
}

/** A request of the definition by its path, and behind the entry by the name that the calls carry on. */
function requestNameOf({ path }: WireRequest, { application, definition }: Played): string {
  const inner = INNER.exec(path)?.[1];
  const found = application.requests?.find((request) => request.path === path);
  return inner ?? found?.name ?? Object.keys(definition.requests)[0] ?? '';
}

async function ask(
  call: Call,
  name: string,
  inbound: WireRequest,
  context: AppContext,
  application: Application,
  signal: AbortSignal,
): Promise<TookPart> {
  const failed: TookPart = { made: {}, failed: [call.callee] };
  for (let tries = 0; tries < (call.attempts ?? 1); tries += 1) {
    try {
      const answer = await context.call(
        {
          inbound,
          service: call.through === true ? application.gateway : call.callee,
          path: call.through === true ? `/-/${name}/to/${call.callee}` : `/-/${name}`,
          headers: isGateway(context.service, application)
            ? inbound.headers.filter(([name]) => !OF_CONNECTION.test(name))
            : forwarded(inbound.headers),
          timeoutMs: TIMEOUT_MS,
        },
        signal,
      );
      if (answer.status === 200) return JSON.parse(answer.body) as TookPart;
    } catch (error) {
      if (signal.aborted) throw error;
    }
  }
  return failed;
}

const FORWARDED =
  /^(?:x-request-id|x-b3-\w+|b3|traceparent|tracestate|x-ot-span-context|x-datadog-.*|x-cloud-trace-context|grpc-trace-bin|sw8)$/i;

const OF_CONNECTION = /^(?:host|connection|content-length|transfer-encoding)$/i;

/** A proxy sends on all that it gets. */
function isGateway(service: string, { services }: Application): boolean {
  return services.some(({ name, gateway }) => name === service && gateway === true);
}

function forwarded(inbound: Headers): Headers {
  return [...inbound.filter(([name]) => FORWARDED.test(name)), ['user-agent', OWN_AGENT]];
}

function joined(a: TookPart, { made = {}, failed = [] }: Partial<TookPart>): TookPart {
  return { made: { ...made, ...a.made }, failed: [...a.failed, ...failed] };
}

function inJson(part: TookPart): WireResponse {
  return { status: 200, headers: [['content-type', 'application/json']], body: JSON.stringify(part) };
}

/** Names that a fault may have: each service with its versions. */
export function faultNames({ workloads }: LabApplication): ReadonlyMap<string, readonly string[]> {
  const named = Map.groupBy(workloads, ({ service }) => service);
  return new Map([...named].map(([service, its]) => [service, its.map(({ version }) => version)]));
}

/** Why the lab can make no answer that this definition reads as whole, with its versions; undefined: it can. */
export function answersTrouble(definition: Definition): string | undefined {
  const { contents, read, definition: application } = compileApplication(definition, { from: 'the lab', env: {} });
  const made = Object.fromEntries(
    application.services.map(({ name, versions = ['v1'] }) => [
      name,
      { version: versions[0] ?? 'v1', pod: `${name}-${versions[0] ?? 'v1'}-lab01` },
    ]),
  );
  for (const [name, { answer = {} }] of Object.entries(definition.requests)) {
    if (answer.read !== undefined)
      return `captures for the request ${name}; the lab cannot make an answer for a function that reads it`;
    const page = (contents?.get(name)?.read ?? read)(makeAnswer(answer, { made, failed: [] }));
    if (!page.whole)
      return `an answer to the request ${name} that the lab can make; it lacks ${page.lacks}. Give each regular expression an example, and name each place by a path without filters`;
  }
  return undefined;
}
