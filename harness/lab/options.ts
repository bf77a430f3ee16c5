import { ZIPKIN } from '../model/lab.ts';
import { systemClock } from '../system/system-clock.ts';
import { bookinfoApplication } from './bookinfo/bookinfo.ts';
import { FaultError } from './faults.ts';
import type { Engine, LabOptions } from './lab.ts';
import { collectorOf } from './otel-collector.ts';

/** Envoy's own (docs/facts/envoy.md#flush). */
export const REAL_FLUSH = { minSpans: 5, intervalMs: 5000 } as const;

/** The defaults of a lab, by engine: a real Istio is as its walk-through leaves it. */
export const ENGINE_DEFAULTS = {
  standin: { engine: 'standin', jaeger: '1.76', basePath: '', lb: 'round_robin', workers: 1 },
  envoy: { engine: 'envoy', jaeger: '1.76', basePath: '', lb: 'round_robin', workers: 1 },
  istio: { engine: 'istio', jaeger: '2.13', basePath: '/jaeger', lb: 'least_request', workers: 2 },
} as const satisfies Record<Engine, Partial<LabOptions>>;

/** A plain Istio with Bookinfo and Jaeger, on the stand-in; say what is to be different. */
export function labOptions(different: Partial<LabOptions> = {}): LabOptions {
  return {
    ...ENGINE_DEFAULTS[different.engine ?? 'standin'],
    application: bookinfoApplication(),
    faults: [],
    driver: 'zipkin',
    gatewayProfile: 2,
    sampling: 100,
    flush: REAL_FLUSH,
    foreignRate: 0,
    sharedSpanContext: false,
    mesh: 'istio',
    serviceNames: 'istio',
    istioTags: true,
    namespace: 'default',
    seed: 1,
    clock: systemClock,
    network: 'loopback',
    ...different,
  };
}

/**
 * Says no before anything starts to spans that Zipkin cannot take: it has no OTLP receiver (docs/facts/zipkin.md#api).
 * @throws FaultError
 */
export function refuseOtlpToZipkin({ jaeger, driver, ownTracer, faults, basePath }: LabOptions): void {
  if (jaeger !== ZIPKIN) return;
  if (driver !== 'zipkin')
    throw new FaultError('Zipkin takes no OTLP: expected --driver zipkin with --jaeger-version zipkin');
  if (ownTracer === true)
    throw new FaultError('Zipkin takes no OTLP: expected no --own-tracer with --jaeger-version zipkin');
  if (collectorOf(faults) !== undefined)
    throw new FaultError('Zipkin takes no OTLP: expected no collector in between with --jaeger-version zipkin');
  if (basePath !== '') throw new FaultError(`base path ${basePath}: Zipkin answers at the root and below /zipkin`);
}
