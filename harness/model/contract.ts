import { z } from 'zod';
import { type Data, open, pairs } from './schema.ts';

export const CONTRACT_SCHEMA = 'hopcheck/contract@1';

/** How hopcheck and the service talk to each other. `h2c`: HTTP/2 without TLS. */
export const CONTRACT_PROTOCOLS = ['http/1.1', 'h2c', 'grpc'] as const;
export type ContractProtocol = (typeof CONTRACT_PROTOCOLS)[number];

/** What a service does with a trace context: it copies the headers, or it has a tracer that makes spans. */
export const SERVICE_KINDS = ['pass-through', 'tracer'] as const;
export type ServiceKind = (typeof SERVICE_KINDS)[number];

/** What an upstream does to the first call of a request instead of answering it. */
export const TROUBLES = ['error', 'close', 'redirect', 'hold'] as const;
export type Trouble = (typeof TROUBLES)[number];

const ms = z.number().nonnegative();

const upstreamSchema = open({
  name: z.string(),
  /** Where the stub listened, host:port. */
  address: z.string(),
});

const exchangeSchema = open({
  /** c001, in sending order. */
  id: z.string(),
  /**
   * `alone`: every header, one request at a time, before all others. `forms`: one row of the table of value forms.
   * `isolation`: many in flight. `trouble`: an upstream does not answer its first call.
   */
  phase: z.enum(['alone', 'forms', 'isolation', 'trouble']),
  /** Id of the row of the table (`phase: forms`). */
  form: z.string().exactOptional(),
  /** What went wrong, and at which upstream (`phase: trouble`). */
  trouble: open({ kind: z.enum(TROUBLES), upstream: z.string() }).exactOptional(),
  /** The headers that are judged, as sent; those for the service alone (`--header`) are not among them. */
  headers: pairs,
  sentMs: ms,
  answeredMs: ms.exactOptional(),
  /** HTTP status; absent: no answer. */
  status: z.number().exactOptional(),
  /** Status of gRPC, from its trailers. */
  grpcStatus: z.number().exactOptional(),
  /** Why there was no answer. */
  failure: z.string().exactOptional(),
});

const callSchema = open({
  upstream: z.string(),
  /** In order of arrival, from 1. */
  number: z.number(),
  arrivedMs: ms,
  /** The request that was under way; absent: several were. */
  during: z.string().exactOptional(),
  /** Id of the connection, and how many calls it had carried before. */
  connection: z.number(),
  before: z.number(),
  protocol: z.enum(CONTRACT_PROTOCOLS),
  method: z.string(),
  path: z.string(),
  /** As the caller named the upstream: Host or `:authority`. */
  host: z.string().exactOptional(),
  headers: pairs,
  /** Absent: the call was answered. */
  trouble: z.enum(TROUBLES).exactOptional(),
  /** The call names a host that is not an upstream (a proxy's form of request). */
  stranger: z.string().exactOptional(),
  /** Of `hold`: how long the caller waited, ms; absent: longer than hopcheck did. */
  gaveUpMs: ms.exactOptional(),
});

const exportedSpanSchema = open({
  traceId: z.string(),
  spanId: z.string(),
  parentSpanId: z.string().exactOptional(),
  name: z.string(),
});

/**
 * Everything one run of `hopcheck contract` saw: what it sent, and what the service sent on. `harness/contract/judge`
 * makes a verdict of it, today or later.
 */
export const contractCaptureSchema = open({
  schema: z.literal(CONTRACT_SCHEMA),
  run: open({ id: z.string(), startedAt: z.string(), hopcheck: z.string() }),
  service: open({
    name: z.string(),
    /** Without userinfo. */
    url: z.string(),
    protocol: z.enum(CONTRACT_PROTOCOLS),
    /** How it was started, secrets as placeholders; absent: it was there. */
    start: z.string().exactOptional(),
  }),
  upstreams: z.array(upstreamSchema),
  /** Headers whose loss is an error, and further ones that are shown. */
  required: z.array(z.string()),
  watched: z.array(z.string()),
  expect: z.enum(SERVICE_KINDS).exactOptional(),
  exchanges: z.array(exchangeSchema),
  calls: z.array(callSchema),
  /** Upstreams that a caller greeted with TLS. */
  tls: z.array(z.string()),
  /** Spans that the service exported (`--otlp`); absent: no endpoint was given to it. */
  spans: z.array(exportedSpanSchema).exactOptional(),
  /** Why there was nothing to judge. */
  stopped: z
    .discriminatedUnion('why', [
      open({ why: z.literal('not-there'), reason: z.string() }),
      open({ why: z.literal('never-listened'), waitedMs: ms }),
      open({ why: z.literal('ended'), code: z.number().exactOptional(), signal: z.string().exactOptional() }),
      open({ why: z.literal('not-started'), reason: z.string() }),
      open({ why: z.literal('port-taken') }),
      open({ why: z.literal('interrupted') }),
    ])
    .exactOptional(),
  /** The last lines of the service's output, secrets as placeholders; absent: hopcheck did not start it. */
  output: z.array(z.string()).exactOptional(),
  timings: open({ startMs: ms, formsMs: ms, isolationMs: ms, troubleMs: ms, holdMs: ms }),
});

export interface ContractCapture extends Data<typeof contractCaptureSchema> {}
export type ContractExchange = ContractCapture['exchanges'][number];
export type UpstreamCall = ContractCapture['calls'][number];
