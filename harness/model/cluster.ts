import { z } from 'zod';
import { findingCodeSchema } from './codes.ts';
import { SEVERITIES, type Subject, subjectSchema } from './finding.ts';
import { type Data, open } from './schema.ts';

export const DATA_PLANES = ['sidecar', 'ambient', 'none', 'unknown'] as const;

/** What is looked for in a cluster. */
export const FOUND_THINGS = ['application', 'ingress', 'trace backend'] as const;

export const foundSchema = open({
  what: z.enum(FOUND_THINGS).describe('What was looked for.'),
  object: z.string().describe('The Kubernetes object, e.g. Service istio-system/tracing.'),
  why: z.string().describe('Why it is this one, e.g. named tracing.'),
  reached: z
    .string()
    .describe('How, e.g. port-forward or load balancer 10.0.0.7:80; absent: nothing is dialled.')
    .exactOptional(),
  command: z
    .string()
    .describe('Reaches the same place by hand: it makes the links and curl lines of this report work.')
    .exactOptional(),
});

export interface Found extends Data<typeof foundSchema> {}

export const STEP_STATUSES = ['ok', 'warning', 'failed', 'not-checked'] as const;
export type StepStatus = (typeof STEP_STATUSES)[number];

export const stepSchema = open({
  id: z.string().describe('Stable name of the step.'),
  title: z.string().describe('Statement that holds when it is ok.'),
  status: z.enum(STEP_STATUSES).describe('not-checked: an earlier step failed, or it was not needed.'),
  detail: z.string().describe('What was seen.'),
  fix: z.string().describe('A command that would fix it.').exactOptional(),
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
  /** The command or change that fixes it. */
  remedy: z.string(),
  /** Short names of those that it is about, the gateway included, where there are several; absent: the subject. */
  services: z.array(z.string()).exactOptional(),
  /** Whose spans it is about: those of calls that they make, of requests that they receive; absent: both. */
  modes: z.array(z.enum(['CLIENT', 'SERVER'])).exactOptional(),
});

/** Something wrong in the configuration, as it becomes a finding. */
export interface ConfigurationIssue extends Data<typeof issueSchema> {}

export const clusterFactsSchema = open({
  context: z.string().describe("Name of the kubeconfig's context, or in-cluster."),
  /** The namespaces that were read; absent: all. */
  namespaces: z.array(z.string()).exactOptional(),
  istio: z
    .string()
    .describe('Version of the control plane, as its image says, e.g. 1.31.1; absent: not seen.')
    .exactOptional(),
  dataPlane: z
    .enum(DATA_PLANES)
    .describe(
      'What carries the traffic. ambient: ztunnel makes no spans, so hops between workloads are not observable.',
    ),
  found: z.array(foundSchema).describe('What was found, and where.'),
  steps: z.array(stepSchema).describe('The walk-through, in its order.'),
  /** What in the configuration cannot be right; seen before any traffic. */
  issues: z.array(issueSchema),
  captured: z
    .array(z.string())
    .describe(
      'Services whose calls proxies see, by the configuration: every port is declared as HTTP, every pod has a ready sidecar, and no annotation leaves traffic out. Absent: not known.',
    )
    .exactOptional(),
});

/** Read from the cluster's API. A capture without it is of a run that had everything from its options. */
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

/** An effect of the configuration itself on answers or shares, so that no service is blamed for it. */
export interface Excuse extends Data<typeof excuseSchema> {}
