import { describe, expect, it } from 'vitest';
import { FOUND } from '../../fixtures/testing/sample-cluster.ts';
import { SimulatedClock } from '../../fixtures/testing/simulated-clock.ts';
import type { OpenCluster } from '../kube/connect/open-cluster.ts';
import { openWhenReady } from './open-when-ready.ts';

/** Clusters as they are read one after the other, and what became of each. */
function readings(...comings: readonly (string | undefined)[]) {
  const closed: number[] = [];
  let opened = 0;
  const open = async (): Promise<OpenCluster> => {
    const number = opened;
    opened += 1;
    const coming = comings[Math.min(number, comings.length - 1)];
    return {
      facts: FOUND,
      discovered: {},
      expectations: {},
      changesSince: async () => undefined,
      reasonSince: { ingress: () => undefined, traceBackend: () => undefined },
      ...(coming !== undefined && { coming }),
      [Symbol.asyncDispose]: async () => void closed.push(number),
    };
  };
  return { open, closed, count: () => opened };
}

function waiting(waitMs: number, controller = new AbortController()) {
  const events: string[] = [];
  const clock = new SimulatedClock();
  const onProgress = (event: object) => events.push(JSON.stringify(event));
  return { waitMs, clock, onProgress, signal: controller.signal, events, startMs: clock.now() };
}

describe('openWhenReady', () => {
  it('reads the cluster again until it is ready, closes earlier readings, and reports the reason to wait', async () => {
    const { open, closed, count } = readings('pods to be ready: a, b', 'pods to be ready: b', undefined);
    const how = waiting(60_000);
    expect((await openWhenReady(open, how)).coming).toBeUndefined();
    expect({ opened: count(), closed }).toEqual({ opened: 3, closed: [0, 1] });
    expect(how.events).toEqual([
      '{"phase":"wait","waitingFor":"pods to be ready: a, b","leftMs":60000}',
      '{"phase":"wait","waitingFor":"pods to be ready: b","leftMs":55000}',
    ]);
  });

  it('does not wait without --wait, nor for a cluster that is ready', async () => {
    const unasked = readings('pods to be ready: a');
    expect((await openWhenReady(unasked.open, waiting(0))).coming).toBe('pods to be ready: a');
    const ready = readings(undefined);
    await openWhenReady(ready.open, waiting(60_000));
    expect({ unasked: unasked.count(), unaskedClosed: unasked.closed, ready: ready.count() }).toEqual({
      unasked: 1,
      unaskedClosed: [],
      ready: 1,
    });
  });

  it('gives up when the time is over, and returns the last reading', async () => {
    const { open, closed, count } = readings('pods to be ready: a');
    const how = waiting(12_000);
    expect((await openWhenReady(open, how)).coming).toBe('pods to be ready: a');
    expect(how.clock.now() - how.startMs).toBe(12_000);
    expect(closed).toHaveLength(count() - 1);
  });

  it('ends with the signal', async () => {
    const controller = new AbortController();
    const { open, count } = readings('pods to be ready: a');
    const how = waiting(60_000, controller);
    const onProgress = () => controller.abort(new Error('Ctrl-C'));
    expect((await openWhenReady(open, { ...how, onProgress })).coming).toBe('pods to be ready: a');
    expect(count()).toBe(1);
  });
});
