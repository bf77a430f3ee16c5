import { z } from 'zod';
import { pageFactsSchema } from './application.ts';
import { spanIdSchema, traceIdSchema } from './ids.ts';
import { type Data, growing, open, pairs } from './schema.ts';

/** `p001`, in sending order. */
export type ProbeId = string;

/** A mesh's own context format; a probe never carries two (docs/architecture.md#rule-7). */
export const CONTEXT_FORMATS = ['b3', 'b3-single', 'w3c'] as const;
export type ContextFormat = (typeof CONTEXT_FORMATS)[number];

/**
 * - `forced-on`: the mesh's context with sampled 1 and `x-client-trace-id`: traced on any mesh
 *   (docs/facts/envoy.md#forcing).
 * - `forced-off`: the context with sampled 0: leaves nothing.
 * - `undecided`: no context at all: the mesh decides, and the marker is the only handle.
 */
export const PROBE_PURPOSES = ['forced-on', 'forced-off', 'undecided'] as const;
export type ProbePurpose = (typeof PROBE_PURPOSES)[number];

/**
 * Another legal way to write the same context. B3: `parent` with x-b3-parentspanid, `deferred` without x-b3-sampled,
 * `flags` with x-b3-flags 1 on a probe that is forced on anyway, `64-bit` with a short trace id. W3C: `tracestate`.
 * `ot-span-context`: that header beside no context at all.
 */
export const PROBE_VARIANTS = ['parent', 'deferred', 'flags', '64-bit', 'tracestate', 'ot-span-context'] as const;
export type ProbeVariant = (typeof PROBE_VARIANTS)[number];

/** A run sends no more undecided probes than these. */
export const MOST_UNDECIDED = 20_000;

/** Where several processes share a plan. */
const partFields = {
  /** Number of the part that sends it, from 1; absent: the run has one part. */
  part: z.int().positive().exactOptional(),
  /** A part sends it beside its share of the plan, to show that waiting was long enough. It is not judged. */
  control: z.literal(true).exactOptional(),
};

export const plannedProbeSchema = open({
  purpose: z.enum(PROBE_PURPOSES),
  /** Absent: the mesh's own. */
  format: growing(CONTEXT_FORMATS).exactOptional(),
  variant: growing(PROBE_VARIANTS).exactOptional(),
  /** Of the second stage, which is sent once and only where a limit is not decided (`--confirm`). */
  stage: z.literal(2).exactOptional(),
  /** Name of the application's request; absent: the only one, or the first. */
  request: z.string().exactOptional(),
  ...partFields,
});

/** What a plan asks for. */
export interface PlannedProbe extends Data<typeof plannedProbeSchema> {}

/** The probes of a plan that one part sends. */
export function ofPart<Probe extends Pick<PlannedProbe, 'part'>>(
  plan: readonly Probe[],
  part: number,
): readonly Probe[] {
  return plan.filter((probe) => probe.part === undefined || probe.part === part);
}

/** The probes of a run. @param undecided probes that the mesh decides about; default: as the plan likes. */
export type Plan = (forcedOn: number, undecided?: number) => readonly PlannedProbe[];

const probeSchema = open({
  id: z.string(),
  purpose: z.enum(PROBE_PURPOSES),
  /** `none`: no context. An undecided probe of hopcheck's own never carries one; a request of an imported list may. */
  format: z.enum([...CONTEXT_FORMATS, 'none']),
  variant: growing(PROBE_VARIANTS).exactOptional(),
  /** It carries a format that is not the mesh's own, to find out whether the mesh reads it. */
  trial: z.literal(true).exactOptional(),
  /** Of the second stage. */
  stage: z.literal(2).exactOptional(),
  /** Name of the application's request; absent: the only one, or the first. */
  request: z.string().exactOptional(),
  ...partFields,
  /** The unique user agent, `[a-z0-9-]`. */
  marker: z.string(),
  /** The trace id it carries, if it carries a context. */
  traceId: traceIdSchema.exactOptional(),
  /** The span id it carries: what the entry span's parent must be. */
  spanId: spanIdSchema.exactOptional(),
  /** The headers hopcheck made for it (marker, context, x-client-trace-id); the user's own headers are in the configuration, redacted. */
  headers: pairs,
});

/** One request, sent once, never retried. */
export interface Probe extends Data<typeof probeSchema> {}

export const EXCHANGE_ERRORS = [
  'dns',
  'refused',
  'reset',
  'timeout',
  'tls',
  'unreachable',
  'body-too-large',
  'interrupted',
  'other',
] as const;
export type ExchangeError = (typeof EXCHANGE_ERRORS)[number];

/**
 * Why TLS failed: the server's certificate is not trusted or for another name, it asks for one of ours (or does not take
 * it), it speaks no TLS, or another reason.
 */
export const TLS_FAILURES = ['untrusted', 'wrong-name', 'client-certificate', 'no-tls', 'other'] as const;
export type TlsFailure = (typeof TLS_FAILURES)[number];

export const answerSchema = open({
  status: z.number(),
  /** Without cookies and credentials; names in lower case. */
  headers: pairs,
  /** Empty where the application's bodies are not kept. */
  body: z.string(),
  /** Length of the body that was not kept. */
  characters: z.number().exactOptional(),
  page: pageFactsSchema,
});

export interface Answer extends Data<typeof answerSchema> {}

export const exchangeSchema = open({
  probe: probeSchema,
  /** Epoch ms, by the clock of the machine hopcheck runs on. */
  sentAtMs: z.number(),
  answeredAtMs: z.number(),
  answer: answerSchema.exactOptional(),
  /** Set exactly when `answer` is not; in a dump without a list of requests neither is. */
  error: open({
    kind: growing(EXCHANGE_ERRORS),
    message: z.string(),
    tls: growing(TLS_FAILURES).exactOptional(),
  }).exactOptional(),
});

/** A probe and what came back. Connection errors are exchanges too. */
export interface Exchange extends Data<typeof exchangeSchema> {}

/** `p001`, `p002`, … */
export function probeId(index: number, prefix = 'p'): ProbeId {
  return `${prefix}${String(index + 1).padStart(3, '0')}`;
}
