import type { OpenCluster } from '../kube/connect/open-cluster.ts';
import type { Clock } from '../model/clock.ts';
import type { ProgressEvent } from '../model/progress.ts';

/** Between two readings of the cluster; each is some dozen calls, ms. */
const EVERY_MS = 5000;

export interface Waiting {
  /** 0: not at all. */
  readonly waitMs: number;
  readonly clock: Clock;
  readonly onProgress?: (event: ProgressEvent) => void;
  readonly signal: AbortSignal;
}

/**
 * Opens a cluster, again and again while what it lacks may come by itself, as after a deploy: pods that are not ready, an
 * API server that restarts. It reports at once a problem that waiting cannot fix (a right, a certificate).
 * @returns the cluster as it was in the end, ready or not; also when the signal ended the waiting.
 */
export async function openWhenReady(open: () => Promise<OpenCluster>, waiting: Waiting): Promise<OpenCluster> {
  const { waitMs, clock, onProgress, signal } = waiting;
  const deadlineMs = clock.now() + waitMs;
  for (;;) {
    const cluster = await open();
    const leftMs = deadlineMs - clock.now();
    if (cluster.coming === undefined || signal.aborted) return cluster;
    // Without --wait there is no waiting that could be over.
    if (waitMs > 0) onProgress?.({ phase: 'wait', waitingFor: cluster.coming, leftMs: Math.max(0, leftMs) });
    if (leftMs <= 0) return cluster;
    try {
      await clock.sleep(Math.min(EVERY_MS, leftMs), signal);
    } catch (error) {
      if (!signal.aborted) throw error;
      return cluster;
    }
    await cluster[Symbol.asyncDispose]();
  }
}
