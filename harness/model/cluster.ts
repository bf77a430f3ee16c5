import type { FindingCode } from './codes.ts';
import type { Severity, Subject } from './finding.ts';

/** What was read from the cluster's API; a capture without it is of a run that was told everything. */
export interface ClusterFacts {
  /** The kubeconfig's context, or `in-cluster`. */
  readonly context: string;
  /** The namespaces that were read; absent: all. */
  readonly namespaces?: readonly string[];
  /** As its image says: `1.31.1`. */
  readonly istio?: string;
  /** `ambient`: ztunnel carries the traffic and makes no spans, so hops between workloads cannot be observed. */
  readonly dataPlane: 'sidecar' | 'ambient' | 'none' | 'unknown';
  /** What was found, and where. */
  readonly found: readonly Found[];
  /** The walk-through, in its order. */
  readonly steps: readonly Step[];
  /** What in the configuration cannot be right; seen before any traffic. */
  readonly issues: readonly ConfigurationIssue[];
}

export interface Found {
  readonly what: 'application' | 'ingress' | 'trace backend';
  /** `Service istio-system/tracing`, `namespace default` */
  readonly object: string;
  /** Why it is this one: `named tracing`. */
  readonly why: string;
  /** How it is reached: `port-forward`, `load balancer 10.0.0.7:80`; absent where nothing is dialled. */
  readonly reached?: string;
  /** Reaches the same place by hand, with the port that the run's links and curl lines have. */
  readonly command?: string;
}

export type StepStatus = 'ok' | 'warning' | 'failed' | 'not-checked';

/** One step of the walk-through. */
export interface Step {
  readonly id: string;
  readonly title: string;
  readonly status: StepStatus;
  /** What was seen. */
  readonly detail: string;
  /** The command that would fix it. */
  readonly fix?: string;
}

/** Something wrong in the configuration, as it becomes a finding. */
export interface ConfigurationIssue {
  readonly code: FindingCode;
  readonly severity: Severity;
  readonly subject: Subject;
  readonly expected: string;
  readonly received: string;
  /** The command or change that mends it. */
  readonly remedy: string;
}

/** What the configuration itself does to answers or shares, so that nobody else is blamed for it. */
export interface Excuse {
  /** `errors`: a fault is injected into calls of the service; `skew`: its pods do not get equal shares. */
  readonly kind: 'errors' | 'skew';
  readonly service: string;
  /** `VirtualService default/stock: delay 7s for 100 %` */
  readonly from: string;
  /** Status that the fault answers with. */
  readonly aborts?: number;
  /** The fault holds calls up. */
  readonly delays?: true;
}
