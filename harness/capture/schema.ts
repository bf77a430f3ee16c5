import { z } from 'zod';
import { CODES, type FindingCode } from '../model/codes.ts';

// Loose: a newer version may add fields, and none is lost by reading and judging again.
const id = (digits: number) => z.string().regex(new RegExp(`^[0-9a-f]{${digits}}$`), `${digits} lower-case hex digits`);
const sourced = <T extends z.ZodType>(value: T) => z.looseObject({ value, source: z.string(), from: z.string() });
const pairs = z.array(z.tuple([z.string(), z.string()]));
const weights = z.record(z.string(), z.number().nonnegative());
const code = z.string().refine((text): text is FindingCode => Object.hasOwn(CODES, text), 'a known finding code');

const page = z.looseObject({
  whole: z.boolean(),
  lacks: z.string().optional(),
  version: z.string().optional(),
  pod: z.string().optional(),
  versionFrom: z.string().optional(),
  banners: z.array(z.looseObject({ text: z.string(), service: z.string() })),
});

export const exchangeLine = z.looseObject({
  probe: z.looseObject({
    id: z.string(),
    purpose: z.enum(['forced-on', 'forced-off', 'undecided']),
    format: z.enum(['b3', 'b3-single', 'w3c', 'none']),
    variant: z.string().optional(),
    trial: z.literal(true).optional(),
    marker: z.string(),
    traceId: id(32).optional(),
    spanId: id(16).optional(),
    headers: pairs,
  }),
  sentAtMs: z.number(),
  answeredAtMs: z.number(),
  answer: z
    .looseObject({
      status: z.number(),
      headers: pairs,
      bodyRef: z.string().optional(),
      body: z.string().optional(),
      page,
    })
    .optional(),
  error: z.looseObject({ kind: z.string(), message: z.string(), tls: z.string().optional() }).optional(),
});

export const incidentLine = z.looseObject({
  code,
  during: z.string(),
  message: z.string(),
  hint: z.string().optional(),
  expected: z.string().optional(),
  received: z.string().optional(),
  times: z.number(),
});

const clock = z.looseObject({ offsetMs: z.number(), uncertaintyMs: z.number() });

export const preflightLine = z.looseObject({
  api: z.string().optional(),
  backendVersion: z.string().optional(),
  backendBase: z.string().optional(),
  markerSearch: z.enum(['supported', 'not-supported', 'unknown']),
  markerSearchReason: z.string().optional(),
  format: sourced(z.string()).optional(),
  gatewayProfile: sourced(z.union([z.literal(1), z.literal(2)])).optional(),
  gateway: sourced(z.string()).optional(),
  ingressClock: clock.optional(),
  spanClock: clock.optional(),
  requests: z.array(exchangeLine),
  arrivalMs: z.number().optional(),
  spansSeen: z.record(z.string(), z.number()),
  stopped: incidentLine.optional(),
});

const excuse = z.looseObject({
  kind: z.enum(['errors', 'skew']),
  service: z.string(),
  from: z.string(),
  aborts: z.number().optional(),
  delays: z.literal(true).optional(),
});

const cluster = z.looseObject({
  context: z.string(),
  namespaces: z.array(z.string()).optional(),
  istio: z.string().optional(),
  dataPlane: z.enum(['sidecar', 'ambient', 'none', 'unknown']),
  found: z.array(
    z.looseObject({
      what: z.enum(['application', 'ingress', 'trace backend']),
      object: z.string(),
      why: z.string(),
      reached: z.string().optional(),
      command: z.string().optional(),
    }),
  ),
  steps: z.array(
    z.looseObject({
      id: z.string(),
      title: z.string(),
      status: z.enum(['ok', 'warning', 'failed', 'not-checked']),
      detail: z.string(),
      fix: z.string().optional(),
    }),
  ),
  issues: z.array(
    z.looseObject({
      code,
      severity: z.enum(['error', 'warning', 'info']),
      subject: z.looseObject({ kind: z.string() }),
      expected: z.string(),
      received: z.string(),
      remedy: z.string(),
    }),
  ),
});

export const headLine = z.looseObject({
  schema: z.string(),
  run: z.looseObject({
    id: z.string(),
    startedAt: z.string(),
    hopcheck: z.string(),
    ingress: z.string(),
    ingressHost: z.string().optional(),
    ingressHeaders: pairs.optional(),
    traceBackend: z.string(),
  }),
  imported: z
    .looseObject({
      files: z.number(),
      traces: z.number(),
      foreign: z.number(),
      requests: z.boolean(),
      complete: z.boolean(),
    })
    .optional(),
  application: z.looseObject({
    name: z.string(),
    request: z.looseObject({ method: z.literal('GET'), path: z.string() }),
    gateway: z.string(),
    entry: z.string(),
    services: z.array(z.looseObject({ name: z.string(), versions: z.array(z.string()).optional() })),
    calls: z.array(
      z.looseObject({
        caller: z.string(),
        callee: z.string(),
        whenCallerVersion: z.array(z.string()).optional(),
        attempts: z.number().optional(),
      }),
    ),
    versioned: z.looseObject({ service: z.string(), shares: weights }).optional(),
    longestUpstreamTimeoutMs: z.number(),
  }),
  expectations: z.looseObject({
    shares: sourced(weights).optional(),
    shareTolerance: sourced(z.number().nonnegative()).optional(),
    rotatingWorkers: sourced(z.number().nonnegative()).optional(),
    samplingPercent: sourced(z.number()).optional(),
    services: sourced(z.record(z.string(), z.string())).optional(),
    flushMs: sourced(z.number()),
    loadBalancing: sourced(z.string()).optional(),
    gatewayProfile: sourced(z.union([z.literal(1), z.literal(2)])).optional(),
    gateway: sourced(z.looseObject({ names: z.array(z.string()), pods: z.array(z.string()) })).optional(),
    excuses: z.array(excuse).optional(),
  }),
  configuration: z.array(z.looseObject({ name: z.string(), value: z.string(), source: z.string(), from: z.string() })),
  cluster: cluster.optional(),
  plan: z.array(z.looseObject({ purpose: z.enum(['forced-on', 'forced-off', 'undecided']) })),
});

/** Without its spans: those are many, and are checked by hand. */
export const traceLine = z.looseObject({
  probe: z.string(),
  traceId: id(32).optional(),
  reason: z.enum(['expected-set', 'quiet', 'absent', 'imported', 'deadline']),
  polls: z.number(),
  arrivalMs: z.number().optional(),
  lastChangeMs: z.number().optional(),
});

export const fragmentLine = z.looseObject({ probe: z.string(), traceId: id(32) });

export const endLine = z.looseObject({
  end: z.enum(['complete', 'stopped-in-preflight', 'interrupted']),
  timings: z.looseObject({
    preflightMs: z.number(),
    probeMs: z.number(),
    settleMs: z.number(),
    polls: z.number(),
    backendCalls: z.number(),
    longestLagMs: z.number().optional(),
    graceMs: z.number(),
    backendAwayMs: z.number().optional(),
  }),
});

export const bodyLine = z.looseObject({ id: z.string(), bytes: z.number(), text: z.string() });
