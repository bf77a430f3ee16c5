import { identify } from '../model/workload.ts';
import { allFirstPValue } from '../stats/all-first.ts';
import { RUN_ALPHA } from '../stats/alpha.ts';
import type { RunView } from './run-view.ts';
import type { SeenChange } from './seen-change.ts';

/** Requests that a pod took part in. */
interface PodSeen {
  readonly service: string;
  readonly version: string | undefined;
  readonly pod: string;
  /** By the clock of the mesh, epoch ms. */
  firstMs: number;
  lastMs: number;
  /** Requests without a fragment. */
  whole: number;
  last: string | undefined;
  /** Requests with fragments. */
  readonly probes: Set<string>;
}

/** For so long pods of both ReplicaSets may serve while one replaces the other. */
const BOTH_SERVE_MS = 2000;
/** `<deployment>-<replica set>-<pod>`, as a Deployment names its pods. */
const OF_DEPLOYMENT = /^(.+)-([a-z0-9]{6,10})-[a-z0-9]{4,6}$/;

/**
 * Pods that come and go, as spans show them. A Deployment has pods of two ReplicaSets only while it is rolled out. Two pods
 * of one ReplicaSet may be there all the time: that one took the place of the other is seen where all requests of the one
 * lie before all of the other, and that is not by chance.
 */
export function podChangesIn(view: RunView, aheadMs: number): readonly SeenChange[] {
  const groups = Map.groupBy(podsSeen(view), ({ service, version }) => `${service} ${version ?? ''}`);
  return [...groups.values()].flatMap((pods): SeenChange[] => {
    const ordered = pods.toSorted((a, b) => a.firstMs - b.firstMs);
    for (const [at, old] of ordered.entries()) {
      const next = ordered.slice(at + 1).find((pod) => isSuccessor(pod, old));
      if (next === undefined) continue;
      const { service, version, firstMs } = next;
      const fact = { what: 'replaced', service, ...(version !== undefined && { version }), atMs: firstMs } as const;
      return [{ fact, fromMs: Math.min(old.lastMs, firstMs) - aheadMs }];
    }
    return [];
  });
}

function isSuccessor(next: PodSeen, old: PodSeen): boolean {
  const [, deployment, replicaSet] = OF_DEPLOYMENT.exec(old.pod) ?? [];
  const [, deploymentAfter, replicaSetAfter] = OF_DEPLOYMENT.exec(next.pod) ?? [];
  if (deployment === undefined || deployment !== deploymentAfter) return false;
  if (replicaSet !== replicaSetAfter) return old.lastMs <= next.firstMs + BOTH_SERVE_MS && next.lastMs > old.lastMs;
  const before = requestsOf(old);
  return old.lastMs < next.firstMs && allFirstPValue(before, before, before + requestsOf(next)) < RUN_ALPHA;
}

function requestsOf({ whole, probes }: PodSeen): number {
  return whole + probes.size;
}

function podsSeen({ traces, fragments, naming }: RunView): readonly PodSeen[] {
  const seen = new Map<string, PodSeen>();
  const add = (probe: string, startMicros: number, workload: ReturnType<typeof identify>) => {
    if (workload?.pod === undefined) return;
    const { service, version, pod } = workload;
    const ms = startMicros / 1000;
    const known: PodSeen = seen.get(pod) ?? {
      service,
      version,
      pod,
      firstMs: ms,
      lastMs: ms,
      whole: 0,
      last: undefined,
      probes: new Set<string>(),
    };
    known.firstMs = Math.min(known.firstMs, ms);
    known.lastMs = Math.max(known.lastMs, ms);
    // The spans of a request come one after another.
    if (fragments.has(probe)) known.probes.add(probe);
    else if (known.last !== probe) known.whole += 1;
    known.last = probe;
    seen.set(pod, known);
  };
  for (const { exchange, made } of traces)
    for (const { span, workload } of made) add(exchange.probe.id, span.startMicros, workload);
  for (const [probe, some] of fragments)
    for (const { spans } of some) for (const span of spans) add(probe, span.startMicros, identify(span, naming));
  return [...seen.values()];
}
