import { formatOfProvider } from '../../formats/formats.ts';
import type { ContextFormat } from '../../model/exchange.ts';
import type { Mesh, TracingProvider } from '../objects/mesh.ts';
import type { WorkloadTracing } from './telemetry.ts';

/** Where a workload's proxy sends its spans, and in which way that is configured. */
export type Provider =
  | {
      readonly kind: 'extension';
      readonly name: string;
      readonly type: 'zipkin' | 'opentelemetry' | 'other';
      readonly definition: TracingProvider;
      readonly from: string;
    }
  /** Named by a Telemetry resource or as default, and defined nowhere. */
  | { readonly kind: 'unknown-name'; readonly name: string; readonly from: string }
  /** The old way: `defaultConfig.tracing`, or before 1.22 the implicit address (docs/facts/istio.md#providers). */
  | { readonly kind: 'legacy'; readonly type: 'zipkin' | 'other'; readonly address?: string; readonly from: string }
  /** Tracing is on in name only: nothing says where spans go. */
  | { readonly kind: 'none'; readonly from: string };

/** undefined: too little of the mesh is seen to say. */
export function providerOf(
  tracing: WorkloadTracing,
  { config, configFrom = 'the mesh configuration', minor, atLeast }: Mesh,
): Provider | undefined {
  if (config === undefined) return undefined;
  const [byDefault] = config.defaultProviders.tracing;
  const named =
    tracing.provider ??
    (byDefault === undefined
      ? undefined
      : { value: byDefault, from: `${configFrom}: defaultProviders.tracing ${byDefault}` });
  if (named !== undefined) {
    const definition = config.extensionProviders.find(({ name }) => name === named.value);
    if (definition === undefined) return { kind: 'unknown-name', name: named.value, from: named.from };
    const type = definition.zipkin ? 'zipkin' : definition.opentelemetry ? 'opentelemetry' : 'other';
    return { kind: 'extension', name: named.value, type, definition, from: named.from };
  }
  const { tracing: legacy } = config.defaultConfig;
  if (legacy?.zipkin?.address) {
    const { address } = legacy.zipkin;
    return {
      kind: 'legacy',
      type: 'zipkin',
      address,
      from: `${configFrom}: defaultConfig.tracing.zipkin.address ${address}`,
    };
  }
  if (legacy?.datadog ?? legacy?.lightstep ?? legacy?.stackdriver ?? legacy?.openCensusAgent)
    return { kind: 'legacy', type: 'other', from: `${configFrom}: defaultConfig.tracing` };
  if (!config.enableTracing) return { kind: 'none', from: `${configFrom}: enableTracing false` };
  const known = minor ?? atLeast;
  if (known === undefined) return undefined;
  if (known < 22)
    return { kind: 'legacy', type: 'zipkin', from: `Istio's implicit address before 1.22, zipkin.istio-system:9411` };
  return { kind: 'none', from: `${configFrom}: no provider, and no implicit address since Istio 1.22` };
}

/**
 * The context format that the proxies read and write (docs/facts/istio.md#providers). A provider that reads both is
 * probed with the one that its plain form has, for a probe never carries two. undefined: neither, or not known.
 */
export function formatOf(provider: Provider | undefined): ContextFormat | undefined {
  if (provider?.kind !== 'extension' && provider?.kind !== 'legacy') return undefined;
  return formatOfProvider(provider.type);
}

/** Also reads the other format: `USE_B3_WITH_W3C_PROPAGATION`. */
export function isDual(provider: Provider | undefined): boolean {
  return (
    provider?.kind === 'extension' && provider.definition.zipkin?.traceContextOption === 'USE_B3_WITH_W3C_PROPAGATION'
  );
}

/** Where the spans go, as a Service and port; undefined: not a Service of this cluster, or not configured. */
export function collectorOf(
  provider: Provider | undefined,
): { readonly host: string; readonly port: number; readonly protocol: 'grpc' | 'http' } | undefined {
  if (provider?.kind === 'legacy' && provider.address !== undefined) {
    const [, host, port] = /^([^:]+):(\d+)$/.exec(provider.address) ?? [];
    return host === undefined ? undefined : { host, port: Number(port), protocol: 'http' };
  }
  if (provider?.kind !== 'extension') return undefined;
  const { zipkin, opentelemetry } = provider.definition;
  // `service` may be written `namespace/host`.
  const host = (service: string) => service.slice(service.indexOf('/') + 1);
  if (zipkin) return { host: host(zipkin.service), port: zipkin.port, protocol: 'http' };
  if (!opentelemetry) return undefined;
  return {
    host: host(opentelemetry.service),
    port: opentelemetry.port,
    protocol: opentelemetry.http === undefined ? 'grpc' : 'http',
  };
}
