// Over 250 lines: one document, read as a whole.
import { z } from 'zod';
import { applicationSchema, weightsSchema } from './application.ts';
import { clusterFactsSchema, excuseSchema } from './cluster.ts';
import { findingCodeSchema } from './codes.ts';
import { CONTEXT_FORMATS, exchangeSchema, plannedProbeSchema } from './exchange.ts';
import { traceIdSchema } from './ids.ts';
import { meshChangeSchema } from './mesh-change.ts';
import { count, type Data, growing, open, pairs } from './schema.ts';
import { SOURCES } from './source.ts';
import { spanSchema } from './span.ts';

export const CAPTURE_SCHEMA = 'hopcheck/capture@1';

const origin = {
  source: growing(SOURCES),
  /** e.g. `--shares`, `HOPCHECK_SHARES`, `hopcheck.config.json`. */
  from: z.string(),
};
const sourced = <Value extends z.ZodType>(value: Value) => open({ value, ...origin });

export interface Sourced<T> extends Data<z.ZodObject<typeof origin>> {
  readonly value: T;
}

const runInfoSchema = open({
  id: z.string(),
  startedAt: z.string(),
  hopcheck: z.string(),
  /** Where the probes went. Empty: a dump, and nothing in it shows the address. */
  ingress: z.string(),
  /** The `Host` header sent to the ingress, where it is not the URL's. */
  ingressHost: z.string().exactOptional(),
  /** The user's own headers, as a person may see them: `authorization: $HOPCHECK_INGRESS_HEADER`. */
  ingressHeaders: pairs.exactOptional(),
  /**
   * As configured, userinfo removed; `preflight.backendBase` has the base path that was found. Empty: a dump, and no
   * address was given.
   */
  traceBackend: z.string(),
});

const searchedSchema = open({
  from: z.string().describe('Spans that start from this time on were searched, ISO 8601 in UTC.'),
  to: z.string().describe('And before this time.'),
  services: z.array(z.string()).describe('Services that were searched, as the trace backend lists them.'),
  missing: z.array(z.string()).describe('Services of the application that the trace backend does not list.'),
  limit: count.describe('Number of traces of one service that were asked for at most.'),
  cut: z
    .array(
      open({
        service: z.string().describe('As the trace backend lists it.'),
        from: z.string().describe('Start of the time, ISO 8601 in UTC.'),
        to: z.string().describe('End of the time.'),
      }),
    )
    .describe('Times in which there are more traces than the limit let in; these were not fetched. Empty: none.'),
}).describe('Only of import --from: what was asked of the trace backend.');

/** What `import --from` asked of a trace backend. */
export interface SearchedWindow extends Data<typeof searchedSchema> {}

/** A dump that was taken for a run. */
export const importedSchema = open({
  files: count.describe('Number of files read.'),
  traces: count.describe('Number of traces in them.'),
  foreign: count.describe('Number of traces that belong to no request; they are not in the capture and not judged.'),
  requests: z
    .boolean()
    .describe(
      'With a list of requests; without, nothing is known of answers and decisions, and promises that need them are skipped.',
    ),
  complete: z
    .boolean()
    .describe('Holds every trace of the requests, by --complete; else a trace that is not in it may be elsewhere.'),
  searched: searchedSchema.exactOptional(),
});

const configuredOptionSchema = open({ name: z.string(), value: z.string(), ...origin });

export interface ConfiguredOption extends Data<typeof configuredOptionSchema> {}

const routedGatewaySchema = open({
  /** Names that its spans may have: Istio's canonical names of its pods. */
  names: z.array(z.string()),
  /** As `namespace/name`. */
  pods: z.array(z.string()),
});

export interface RoutedGateway extends Data<typeof routedGatewaySchema> {}

export const LOAD_BALANCINGS = ['round-robin', 'least-request', 'random', 'passthrough', 'consistent-hash'] as const;
export type LoadBalancing = (typeof LOAD_BALANCINGS)[number];

export const BACKEND_APIS = ['jaeger-legacy', 'jaeger-v3', 'zipkin', 'tempo'] as const;
export type BackendApi = (typeof BACKEND_APIS)[number];

/** How many spans the gateway has of each request. */
const gatewayProfileSchema = z.literal([1, 2]);
export type GatewayProfile = z.output<typeof gatewayProfileSchema>;

const expectationsSchema = open({
  /** Weight by version of the application's versioned service. */
  shares: sourced(weightsSchema).exactOptional(),
  /** The same of each further service with several versions. */
  furtherShares: z.array(open({ service: z.string(), shares: sourced(weightsSchema) })).exactOptional(),
  /** How far off a share may be, points; absent: 10. */
  shareTolerance: sourced(z.number().nonnegative()).exactOptional(),
  /** Worker threads of the versioned service's callers, where no other client calls; absent: turns are not counted. */
  rotatingWorkers: sourced(z.number().nonnegative()).exactOptional(),
  /** Percent of undecided requests that the mesh traces; absent: not configured. */
  samplingPercent: sourced(z.number()).exactOptional(),
  /** Names as reported, full or short → short name in the application; see identify(). */
  services: sourced(z.record(z.string(), z.string())).exactOptional(),
  /** How long a proxy may hold a span, ms. */
  flushMs: sourced(z.number()),
  /** How callers choose among the pods of the versioned service; absent: not configured, and no order is claimed. */
  loadBalancing: sourced(growing(LOAD_BALANCINGS)).exactOptional(),
  /** By the mesh's configuration; what the traces show is in the preflight and counts. */
  gatewayProfile: sourced(gatewayProfileSchema).exactOptional(),
  /** The gateway that the cluster's routes lead to; by which name its spans are known is in the preflight. */
  gateway: sourced(routedGatewaySchema).exactOptional(),
  /** What the configuration does to answers and shares by itself. */
  excuses: z.array(excuseSchema).exactOptional(),
  /** How many targets are judged together: each has an equal part of α; absent: this one alone. */
  targets: sourced(z.int().positive()).exactOptional(),
});

export interface Expectations extends Data<typeof expectationsSchema> {}

const incidentSchema = open({
  code: findingCodeSchema,
  during: growing(['target', 'preflight', 'probe', 'settle', 'capture', 'judge']),
  message: z.string(),
  /** What to try. */
  hint: z.string().exactOptional(),
  expected: z.string().exactOptional(),
  received: z.string().exactOptional(),
  /** How often it happened, when it is counted rather than repeated. */
  times: z.number(),
  probe: z.string().exactOptional(),
});

/** Something that went wrong between hopcheck and the world, as a HC7xx. */
export interface Incident extends Data<typeof incidentSchema> {}

const clockOffsetSchema = open({ offsetMs: z.number(), uncertaintyMs: z.number() });

export interface ClockOffset extends Data<typeof clockOffsetSchema> {}

const preflightSchema = open({
  api: growing(BACKEND_APIS).exactOptional(),
  /** What the backend says of itself, e.g. `v2.13.0`; absent: it does not tell. */
  backendVersion: z.string().exactOptional(),
  /** The backend's URL with the base path that was found; links go there. */
  backendBase: z.string().exactOptional(),
  markerSearch: z.enum(['supported', 'not-supported', 'unknown']),
  /** Why marker search is not supported or not known. */
  markerSearchReason: z.string().exactOptional(),
  format: sourced(growing(CONTEXT_FORMATS)).exactOptional(),
  /** By majority over the preflight's traces; judged again over the run's. */
  gatewayProfile: sourced(gatewayProfileSchema).exactOptional(),
  /** Short name of the gateway in spans; absent: no span of preflight shows it. Then it is looked for in the run's. */
  gateway: sourced(z.string()).exactOptional(),
  /** Ingress clock minus ours, ms, ± `uncertaintyMs`, from the response's `Date`. */
  ingressClock: clockOffsetSchema.exactOptional(),
  /** Mesh clock (span times) minus ours, ms. */
  spanClock: clockOffsetSchema.exactOptional(),
  /** Marked requests it sent. They are not part of the plan and are not judged. */
  requests: z.array(exchangeSchema),
  /** From the first answer to the read that brought the first span, ms. */
  arrivalMs: z.number().exactOptional(),
  /** Spans found of each of those requests, by probe id. */
  spansSeen: z.record(z.string(), z.number()),
  /** Why the run was stopped here; absent when it went on. */
  stopped: incidentSchema.exactOptional(),
});

/** What preflight found out; whatever it could not is absent. */
export interface Preflight extends Data<typeof preflightSchema> {}

/** Why a trace will not change any more (docs/architecture.md#rule-3). */
export const SETTLE_REASONS = ['expected-set', 'quiet', 'absent', 'imported', 'deadline'] as const;
export type SettleReason = (typeof SETTLE_REASONS)[number];

const settledTraceSchema = open({
  probe: z.string(),
  /** The id looked up, or the one found by marker; absent when nothing was found for a probe without id. */
  traceId: traceIdSchema.exactOptional(),
  reason: z.enum(SETTLE_REASONS),
  /** Empty when nothing came. */
  spans: z.array(spanSchema),
  /** Reads of this trace. */
  polls: z.number(),
  /** From the answer to the first read with a span, ms; absent when none came. */
  arrivalMs: z.number().exactOptional(),
  /** From the answer to the read after which the spans did not change any more, ms. */
  lastChangeMs: z.number().exactOptional(),
});

export interface SettledTrace extends Data<typeof settledTraceSchema> {}

const fragmentSchema = open({ probe: z.string(), traceId: traceIdSchema, spans: z.array(spanSchema) });

/** Spans of a probe found under another trace id. */
export interface Fragment extends Data<typeof fragmentSchema> {}

const timingsSchema = open({
  preflightMs: z.number(),
  probeMs: z.number(),
  settleMs: z.number(),
  polls: z.number(),
  /** Calls of the backend, preflight's included. */
  backendCalls: z.number(),
  /** The longest seen time from a span's end to the read it first appeared in, ms. */
  longestLagMs: z.number().exactOptional(),
  /** A service, as its spans name it, all of whose spans took longer to arrive than a flush explains, and the least that one took, ms. */
  slowWay: open({ service: z.string(), wayMs: z.number() }).exactOptional(),
  /** What grace time was used, ms. */
  graceMs: z.number(),
  /** How long no read had succeeded any more when waiting ended, ms; absent: the last one did. */
  backendAwayMs: z.number().exactOptional(),
});

export interface Timings extends Data<typeof timingsSchema> {}

/** How a run ends, as its end record says. */
export const CAPTURE_ENDS = ['complete', 'stopped-in-preflight', 'interrupted'] as const;

const partSchema = open({
  /** Its number, from 1. */
  index: z.int().positive(),
  /** How many parts there are. */
  of: z.int().positive(),
  /** Id of the run that collected it. */
  run: z.string(),
  startedAt: z.string(),
  /** In what it is another than the first part that is there, in words for people; absent: in nothing. */
  differs: z.array(z.string()).exactOptional(),
});

/** A part of a plan that several processes share (`hopcheck run --shard`). */
export interface Part extends Data<typeof partSchema> {}

export const captureSchema = open({
  schema: z.literal(CAPTURE_SCHEMA),
  run: runInfoSchema,
  /** Made from a dump; absent: hopcheck itself sent and collected. */
  imported: importedSchema.exactOptional(),
  application: applicationSchema,
  expectations: expectationsSchema,
  /** Every option with its value as text (secrets replaced by `$NAME`) and its source. */
  configuration: z.array(configuredOptionSchema),
  /** What `--kube` read. */
  cluster: clusterFactsSchema.exactOptional(),
  plan: z.array(plannedProbeSchema),
  preflight: preflightSchema,
  exchanges: z.array(exchangeSchema),
  traces: z.array(settledTraceSchema),
  fragments: z.array(fragmentSchema),
  incidents: z.array(incidentSchema),
  /** What was another in the cluster after the run than before it; absent: it was not read twice. */
  changes: z.array(meshChangeSchema).exactOptional(),
  timings: timingsSchema,
  /** Name of the target, where several are judged together; absent: it has none. */
  target: z.string().exactOptional(),
  /** The parts of the plan that are in here, in their order; absent: all of it, by one process. */
  parts: z.array(partSchema).exactOptional(),
  /** How the file ends. `cut`: no end record was read, so the rest of the run is unknown. */
  end: z.enum([...CAPTURE_ENDS, 'cut']),
});

/** Everything that one run saw, and its settings: `judge` judges it. One file, replayable. */
export interface Capture extends Data<typeof captureSchema> {}
