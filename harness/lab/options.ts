import { systemClock } from '../system/system-clock.ts';
import { bookinfoApplication } from './bookinfo/bookinfo.ts';
import type { LabOptions } from './lab.ts';

/** Envoy's own (facts/envoy.md §2.2). */
export const REAL_FLUSH = { minSpans: 5, intervalMs: 5000 } as const;

/** A plain Istio with Bookinfo and Jaeger, on the stand-in; say what is to be different. */
export function labOptions(different: Partial<LabOptions> = {}): LabOptions {
  return {
    engine: 'standin',
    application: bookinfoApplication(),
    faults: [],
    driver: 'zipkin',
    jaeger: '1.76',
    basePath: '',
    gatewayProfile: 2,
    lb: 'round_robin',
    workers: 1,
    sampling: 100,
    flush: REAL_FLUSH,
    foreignRate: 0,
    sharedSpanContext: false,
    mesh: 'istio',
    seed: 1,
    clock: systemClock,
    network: 'loopback',
    ...different,
  };
}
