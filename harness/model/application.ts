import { z } from 'zod';
import { type Data, growing, open } from './schema.ts';

/** Weight by version, any unit. */
export const weightsSchema = z.record(z.string(), z.number().nonnegative());

const callSchema = open({
  caller: z.string(),
  callee: z.string(),
  /** Only these versions of the caller make the call; absent: all do. */
  whenCallerVersion: z.array(z.string()).exactOptional(),
  /** How often the caller tries: 2 = one retry by the caller is legal. Default 1. */
  attempts: z.number().exactOptional(),
  /** How many calls of one request are usual, each of them answered. Default 1. */
  times: z.number().exactOptional(),
  /** Not every request makes it, and what decides is not known: it is neither missing nor unexpected. */
  optional: z.literal(true).exactOptional(),
  /** It is declared, and no mesh has shown it yet: missing it is a warning until a run sees it, which then holds it to it. */
  pending: z.literal(true).exactOptional(),
  /** `2027-03-01`: optional up to this day, included, by the run's start in UTC; binding from the next day on. */
  until: z.iso.date().exactOptional(),
  /**
   * The callee has no spans. `untraced`: only the caller's CLIENT span is expected; `external`: the same, and the
   * callee is a full host name; `unseen`: Envoy makes no span of the call at all, as for TCP.
   */
  peer: growing(['untraced', 'external', 'unseen']).exactOptional(),
  /** Statuses of gRPC, by number, that are right answers beside OK. */
  grpcStatuses: z.array(z.int()).exactOptional(),
  /** The call leaves for the gateway, which leads to the callee. */
  through: z.literal(true).exactOptional(),
});

export interface Call extends Data<typeof callSchema> {}

const versionedSchema = open({
  service: z.string(),
  shares: weightsSchema,
  /** These shares are configured; absent: they are assumed. */
  given: z.literal(true).exactOptional(),
});

/** A service with several versions, and the weight of each. */
export interface VersionedService extends Data<typeof versionedSchema> {}

const requestSchema = open({ method: growing(['GET', 'POST']), path: z.string() });

const namedRequestSchema = open({
  name: z.string(),
  ...requestSchema.shape,
  /** The service that the gateway calls for it; absent: the application's `entry`. */
  entry: z.string().exactOptional(),
  /** The services it gets to; absent: all that the calls lead to. */
  reaches: z.array(z.string()).exactOptional(),
  /** Statuses of a right answer; absent: 200. */
  statuses: z.array(z.number()).exactOptional(),
  /** Names of the headers it has beside hopcheck's; their values are in no capture. */
  headerNames: z.array(z.string()).exactOptional(),
  /** It has a body, which is in no capture. */
  hasBody: z.literal(true).exactOptional(),
  /** The body is JSON, and is sent as such: `headerNames` has no `content-type`. */
  sendsJson: z.literal(true).exactOptional(),
  /** Its answers show no errors, because nothing says where: spans alone show that a call of it failed. */
  showsNoErrors: z.literal(true).exactOptional(),
});

/** One of the requests that probes make in turn. */
export interface NamedRequest extends Data<typeof namedRequestSchema> {}

export const applicationSchema = open({
  name: z.string(),
  /** The request that probes make; of several the first. */
  request: requestSchema,
  /** All of them, in order; absent: the one. */
  requests: z.array(namedRequestSchema).exactOptional(),
  /** Short name of the service whose proxy is the ingress gateway. */
  gateway: z.string(),
  /** The service the gateway calls. */
  entry: z.string(),
  /** `versions`: those that exist; absent: not distinguished. */
  services: z.array(
    open({
      name: z.string(),
      versions: z.array(z.string()).exactOptional(),
      /** It is a gateway behind the first one. */
      gateway: z.literal(true).exactOptional(),
    }),
  ),
  /** Every call the application makes behind the gateway; anything else is unexpected. */
  calls: z.array(callSchema),
  /**
   * The service whose versions take turns; absent when no service has several. Where its shares are `assumed`, no user
   * configured them, so being off is a warning.
   */
  versioned: versionedSchema.exactOptional(),
  /** The others, where more than one service has several versions. */
  furtherVersioned: z.array(versionedSchema).exactOptional(),
  /** The longest time any service waits for one it calls, ms: a span that ended without an answer may be followed that much later. */
  longestUpstreamTimeoutMs: z.number(),
  /** Names in spans → names in the application, where they differ; the configuration's own go first. */
  names: z.record(z.string(), z.string()).exactOptional(),
  /** Where it is written: `shop.yaml`; absent: it is one of hopcheck's own. */
  from: z.string().exactOptional(),
  /** Commands that put it into a cluster, for messages. */
  install: open({ workloads: z.string(), routes: z.string() }).exactOptional(),
});

/**
 * What is tested, as data (docs/architecture.md#application-as-data). The harness knows no service by name: everything
 * it expects is here.
 */
export interface Application extends Data<typeof applicationSchema> {}

const bannerSchema = open({
  text: z.string(),
  /** The service it says is unavailable. */
  service: z.string(),
});

/** An error message shown inside a page with status 200. */
export interface Banner extends Data<typeof bannerSchema> {}

export const pageFactsSchema = open({
  /** The page is one of this application's, with all its marks, and its body arrived completely. */
  whole: z.boolean(),
  /** What a page that is not whole lacks, in words: `its title`. */
  lacks: z.string().exactOptional(),
  /** Version of the versioned service that made the page, when the page shows it. */
  version: z.string().exactOptional(),
  /** Pod of that service, when the page names it. */
  pod: z.string().exactOptional(),
  /** How the version was known: `pod name`, `star colour`, … */
  versionFrom: z.string().exactOptional(),
  /** The same of each further versioned service that the answer shows. */
  further: z
    .record(
      z.string(),
      open({ version: z.string(), pod: z.string().exactOptional(), versionFrom: z.string().exactOptional() }),
    )
    .exactOptional(),
  banners: z.array(bannerSchema),
});

/** What an application's reader found in an answer. */
export interface PageFacts extends Data<typeof pageFactsSchema> {}

/** Turns an answer whose body arrived completely into facts; pure, and never throws. */
export type Reader = (answer: ReadAnswer) => PageFacts;

export interface ReadAnswer {
  readonly status: number;
  readonly body: string;
  /** Absent: not known, as in an imported list. */
  readonly headers?: readonly (readonly [name: string, value: string])[];
}

/** What a named request has beside its place: secrets may be in it, so it goes to the ingress alone. */
export interface RequestContent {
  readonly headers: readonly (readonly [name: string, value: string])[];
  readonly body?: string;
  readonly read: Reader;
}

/** An application together with its reader; only what is data goes into the capture. */
export interface ReadableApplication {
  readonly definition: Application;
  /** Of the first request. */
  readonly read: Reader;
  /** By the names of `definition.requests`. */
  readonly contents?: ReadonlyMap<string, RequestContent>;
  /** Names of the requests in the definition, in its order: a single plain one has none in `definition`. Absent: not known. */
  readonly requestNames?: readonly string[];
  /** Values that must not be seen, each with what stands for it. */
  readonly secrets?: readonly { readonly value: string; readonly placeholder: string }[];
  /** Bodies of answers may hold what is not for a capture, so they are read and not kept. */
  readonly dropsBodies?: true;
}

/** The calls a workload makes: `version` undefined means that the version is not known, and then only unconditional calls count. */
export function callsFrom(application: Application, caller: string, version: string | undefined): readonly Call[] {
  return application.calls.filter(
    (call) =>
      call.caller === caller &&
      (call.whenCallerVersion === undefined || (version !== undefined && call.whenCallerVersion.includes(version))),
  );
}

/** True where a call of `caller` depends on a version that is not known, so that it can be neither demanded nor forbidden. */
export function dependsOnVersion(application: Application, caller: string): boolean {
  return application.calls.some((call) => call.caller === caller && call.whenCallerVersion !== undefined);
}
