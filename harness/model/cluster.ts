import { z } from 'zod';
import { findingCodeSchema } from './codes.ts';
import { SEVERITIES, type Subject, subjectSchema } from './finding.ts';
import { type Data, open } from './schema.ts';

/** What carries the traffic. `ambient`: ztunnel makes no spans, so hops between workloads cannot be observed. */
export const DATA_PLANES = ['sidecar', 'ambient', 'none', 'unknown'] as const;

/** What is looked for in a cluster. */
export const FOUND_THINGS = ['application', 'ingress', 'trace backend'] as const;

export const foundSchema = open({
  what: z.enum(FOUND_THINGS),
  /** `Service istio-system/tracing`, `namespace default` */
  object: z.string(),
  /** Why it is this one: `named tracing`. */
  why: z.string(),
  /** How it is reached: `port-forward`, `load balancer 10.0.0.7:80`; absent where nothing is dialled. */
  reached: z.string().exactOptional(),
  /** Reaches the same place by hand, with the port that the run's links and curl lines have. */
  command: z.string().exactOptional(),
});

export interface Found extends Data<typeof foundSchema> {}

export const STEP_STATUSES = ['ok', 'warning', 'failed', 'not-checked'] as const;
export type StepStatus = (typeof STEP_STATUSES)[number];

export const stepSchema = open({
  id: z.string(),
  title: z.string(),
  status: z.enum(STEP_STATUSES),
  /** What was seen. */
  detail: z.string(),
  /** The command that would fix it. */
  fix: z.string().exactOptional(),
});

/** One step of the walk-through. */
export interface Step extends Data<typeof stepSchema> {}

const issueSchema = open({
  code: findingCodeSchema,
  severity: z.enum(SEVERITIES),
  /** A newer version may have other kinds. */
  subject: z.union([subjectSchema, open({ kind: z.string() })]) as unknown as z.ZodType<Subject>,
  expected: z.string(),
  received: z.string(),
  /** The command or change that mends it. */
  remedy: z.string(),
});

/** Something wrong in the configuration, as it becomes a finding. */
export interface ConfigurationIssue extends Data<typeof issueSchema> {}

export const clusterFactsSchema = open({
  /** The kubeconfig's context, or `in-cluster`. */
  context: z.string(),
  /** The namespaces that were read; absent: all. */
  namespaces: z.array(z.string()).exactOptional(),
  /** As its image says: `1.31.1`. */
  istio: z.string().exactOptional(),
  dataPlane: z.enum(DATA_PLANES),
  /** What was found, and where. */
  found: z.array(foundSchema),
  /** The walk-through, in its order. */
  steps: z.array(stepSchema),
  /** What in the configuration cannot be right; seen before any traffic. */
  issues: z.array(issueSchema),
});

/** What was read from the cluster's API; a capture without it is of a run that was told everything. */
export interface ClusterFacts extends Data<typeof clusterFactsSchema> {}

export const excuseSchema = open({
  /** `errors`: a fault is injected into calls of the service; `skew`: its pods do not get equal shares. */
  kind: z.enum(['errors', 'skew']),
  service: z.string(),
  /** `VirtualService default/stock: delay 7s for 100 %` */
  from: z.string(),
  /** Status that the fault answers with. */
  aborts: z.number().exactOptional(),
  /** The fault holds calls up. */
  delays: z.literal(true).exactOptional(),
});

/** What the configuration itself does to answers or shares, so that nobody else is blamed for it. */
export interface Excuse extends Data<typeof excuseSchema> {}
