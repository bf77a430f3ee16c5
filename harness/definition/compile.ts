import { duration } from '../config/values.ts';
import type {
  Application,
  Call,
  NamedRequest,
  ReadableApplication,
  RequestContent,
  VersionedService,
} from '../model/application.ts';
import { GRPC_CODES } from '../model/grpc-status.ts';
import type { AnswerDefinition } from './answer-schema.ts';
import { versionNames } from './check.ts';
import { callOf, entryOf, reachedFrom, servicesOf } from './names.ts';
import { compileReader } from './reader.ts';
import { type CallDefinition, type Definition, METHODS, type RequestDefinition } from './schema.ts';
import { fillIn, fillInJson } from './variables.ts';

/** Istio's own, where nothing names another: what the traces show goes before it. */
const USUAL_GATEWAY = 'istio-ingressgateway';
/** Envoy's time for a route (docs/facts/envoy.md#tags), ms. */
const USUAL_TIMEOUT_MS = 15_000;

export interface Compiling {
  /** Where names and shares come from, for messages: `shop.yaml`. */
  readonly from: string;
  readonly env: Readonly<Record<string, string | undefined>>;
  /** Our own: its captures need no limit of time, and its answers may be kept. Default false. */
  readonly isBuiltIn?: boolean;
}

/** Makes the application out of a checked definition. Variables that are not set stand for nothing; see {@link unsetVariables}. */
export function compileApplication(definition: Definition, options: Compiling): ReadableApplication {
  const gateways = [definition.gateway ?? USUAL_GATEWAY].flat();
  const [gateway = USUAL_GATEWAY, ...inner] = gateways;
  const fallback = entryOf(definition) ?? '';
  const requests = Object.entries(definition.requests);
  const [[, only] = ['', {}]] = requests as [string, RequestDefinition][];
  const versioned = versionedOf(definition);
  const [first, ...further] = versioned;
  const isPlain = requests.length === 1 && isSimple(only);
  const named = requests.map(([name, request]) => namedRequest(name, request, { fallback, inner, definition }));
  const [one] = named;
  const names = namesOf(definition);
  const application: Application = {
    name: definition.name,
    request: { method: one?.method ?? 'GET', path: one?.path ?? '/' },
    ...(!isPlain && { requests: named }),
    gateway,
    entry: inner[0] ?? only.entry ?? fallback,
    services: [
      ...inner.map((name) => ({ name, gateway: true as const })),
      ...servicesOf({ ...definition, entry: fallback || undefined }).map((name) => ({
        name,
        ...(definition.versions?.[name] !== undefined && { versions: [...versionNames(definition.versions[name])] }),
      })),
    ],
    calls: [...chainOf(inner, [fallback, ...requests.flatMap(([, { entry }]) => entry ?? [])]), ...callsOf(definition)],
    ...(first !== undefined && { versioned: first }),
    ...(further.length > 0 && { furtherVersioned: further }),
    longestUpstreamTimeoutMs: definition.timeout === undefined ? USUAL_TIMEOUT_MS : duration.parse(definition.timeout),
    ...(Object.keys(names).length > 0 && { names }),
    ...(options.isBuiltIn !== true && { from: options.from }),
    ...(definition.install !== undefined && { install: definition.install }),
  };
  const contents = new Map(
    requests.map(([name, request]) => {
      // An error that names no service is looked up below the first service that the gateway calls.
      const entry = inner[0] ?? request.entry ?? fallback;
      return [name, contentOf(request, entry, first?.service, options)];
    }),
  );
  const secrets = [...contents.values()].flatMap((content) => content.secrets);
  return {
    definition: application,
    read: contents.get(requests[0]?.[0] ?? '')?.read ?? (() => ({ whole: false, banners: [] })),
    ...(!isPlain && { contents }),
    requestNames: requests.map(([name]) => name),
    ...(secrets.length > 0 && { secrets }),
    ...(options.isBuiltIn !== true && { dropsBodies: true as const }),
  };
}

/** A single plain GET is the application's request, as in earlier captures. */
function isSimple(request: RequestDefinition): boolean {
  return (
    request.get !== undefined &&
    Object.keys(request.headers ?? {}).length === 0 &&
    request.reaches === undefined &&
    request.answer?.status === undefined &&
    showsErrors(request)
  );
}

function hasType(names: readonly string[]): boolean {
  return names.some((name) => name.toLowerCase() === 'content-type');
}

/** Its definition says where an answer with a right status has an error. */
function showsErrors({ answer }: RequestDefinition): boolean {
  return (answer?.errors ?? []).length > 0 || answer?.read !== undefined;
}

function methodOf(request: RequestDefinition): { readonly method: string; readonly path: string } {
  const method = METHODS.find((name) => request[name] !== undefined) ?? 'get';
  return { method: method.toUpperCase(), path: request[method] ?? '/' };
}

function namedRequest(
  name: string,
  request: RequestDefinition,
  { fallback, inner, definition }: { fallback: string; inner: readonly string[]; definition: Definition },
): NamedRequest {
  const own = request.entry ?? fallback;
  const { method, path } = methodOf(request);
  const headerNames = Object.keys(request.headers ?? {});
  const reaches = inner.length > 0 ? [...inner, ...(request.reaches ?? reachedFrom(definition, own))] : request.reaches;
  return {
    name,
    method: method as NamedRequest['method'],
    path,
    entry: inner[0] ?? own,
    ...(reaches !== undefined && { reaches: [...new Set([...reaches, own])] }),
    ...(request.answer?.status !== undefined && { statuses: [request.answer.status].flat() }),
    ...(headerNames.length > 0 && { headerNames }),
    ...((request.json !== undefined || request.body !== undefined) && { hasBody: true as const }),
    ...(request.json !== undefined && !hasType(headerNames) && { sendsJson: true as const }),
    ...(!showsErrors(request) && { showsNoErrors: true as const }),
  };
}

/** The way through gateways in a row: each calls the next, and the last one the entries. */
function chainOf(inner: readonly string[], entries: readonly string[]): readonly Call[] {
  const last = inner.at(-1);
  if (last === undefined) return [];
  const between = inner.slice(0, -1).map((caller, index): Call => ({ caller, callee: inner[index + 1] ?? last }));
  return [...between, ...[...new Set(entries)].filter(Boolean).map((callee): Call => ({ caller: last, callee }))];
}

function callsOf({ calls }: Definition): readonly Call[] {
  return Object.entries(calls).flatMap(([caller, callees]) =>
    callees.map(callOf).map((call): Call => {
      const peer = peerOf(call);
      const { to: callee, when, attempts, times, optional, pending, until, through, statuses } = call;
      return {
        caller,
        callee,
        ...(when !== undefined && { whenCallerVersion: [when].flat() }),
        ...(attempts !== undefined && { attempts }),
        ...(times !== undefined && { times }),
        ...(optional === true && { optional }),
        ...(pending === true && { pending }),
        ...(until !== undefined && { until }),
        ...(peer !== undefined && { peer }),
        ...(statuses !== undefined && { grpcStatuses: statuses.map((code) => GRPC_CODES.indexOf(code)) }),
        ...(through !== undefined && { through: true as const }),
      };
    }),
  );
}

function peerOf({ traced, external, protocol }: CallDefinition): Call['peer'] {
  if (protocol === 'tcp') return 'unseen';
  return external === true ? 'external' : traced === false ? 'untraced' : undefined;
}

function versionedOf({ versions = {} }: Definition): readonly VersionedService[] {
  return Object.entries(versions).flatMap(([service, given]) => {
    const names = versionNames(given);
    // A single version has no share that could be off; it is a version all the same.
    if (names.length < 2) return [];
    if (Array.isArray(given)) return [{ service, shares: Object.fromEntries(names.map((name) => [name, 1])) }];
    return [{ service, shares: { ...given }, given: true as const }];
  });
}

/** A name in spans, of whatever kind, and the service. */
function namesOf({ services = {} }: Definition): Readonly<Record<string, string>> {
  return Object.fromEntries(
    Object.entries(services).flatMap(([service, { match }]) =>
      [match?.workload, match?.canonicalService, match?.serviceName].flatMap((name) =>
        name === undefined || name === service ? [] : [[name, service] as const],
      ),
    ),
  );
}

function contentOf(
  request: RequestDefinition,
  entry: string,
  versioned: string | undefined,
  { env, isBuiltIn }: Compiling,
): RequestContent & { readonly secrets: NonNullable<ReadableApplication['secrets']> } {
  const headers = Object.entries(request.headers ?? {}).map(([name, value]) => ({ name, ...fillIn(value, env) }));
  const json = request.json === undefined ? undefined : fillInJson(request.json, env);
  const text = request.body === undefined ? undefined : fillIn(request.body, env);
  const body = json === undefined ? text?.text : JSON.stringify(json.value);
  const answer: AnswerDefinition = request.answer ?? {};
  return {
    headers: [
      ...headers.map(({ name, text: value }) => [name, value] as const),
      ...(json !== undefined && !hasType(headers.map(({ name }) => name))
        ? [['content-type', 'application/json'] as const]
        : []),
    ],
    ...(body !== undefined && { body }),
    read: compileReader(answer, {
      entry,
      ...(versioned !== undefined && { versioned }),
      ...(isBuiltIn === true && { isTrusted: true }),
    }),
    secrets: [
      ...headers.flatMap(({ secrets }) => secrets),
      ...literalSecrets(request),
      ...(json?.secrets ?? []),
      ...(text?.secrets ?? []),
    ],
  };
}

/** Headers that are credentials by their names, with the value in the file itself. */
function literalSecrets({ headers = {} }: RequestDefinition): NonNullable<ReadableApplication['secrets']> {
  return Object.entries(headers).flatMap(([name, value]) =>
    /auth|cookie|token|key|secret|password/i.test(name) && value.length >= 4 && !value.includes('$' + '{')
      ? [{ value, placeholder: `$REQUEST_${name.toUpperCase().replace(/[^A-Z0-9]/g, '_')}` }]
      : [],
  );
}

/** Variables that the definition names and the environment does not have, with the places. */
export function unsetVariables(
  { requests }: Pick<Definition, 'requests'>,
  env: Readonly<Record<string, string | undefined>>,
): readonly { readonly path: readonly PropertyKey[]; readonly names: readonly string[] }[] {
  return Object.entries(requests).flatMap(([name, request]) => {
    const at = ['requests', name];
    const found = [
      ...Object.entries(request.headers ?? {}).map(([header, value]) => ({
        path: [...at, 'headers', header],
        names: fillIn(value, env).unset,
      })),
      { path: [...at, 'json'], names: request.json === undefined ? [] : fillInJson(request.json, env).unset },
      { path: [...at, 'body'], names: fillIn(request.body ?? '', env).unset },
    ];
    return found.filter(({ names }) => names.length > 0);
  });
}
