import { parse } from 'yaml';
import { z } from 'zod';
import type { ConfigMap, Pod } from './objects.ts';
import { isReady, proxyImage } from './pods.ts';
import type { ClusterObjects } from './resources.ts';

export const USUAL_ROOT_NAMESPACE = 'istio-system';

const text = z.string();
const service = z.object({ service: text, port: z.number() });

const providerSchema = z.object({
  name: text,
  zipkin: service.extend({ traceContextOption: text.optional() }).optional(),
  opentelemetry: service.extend({ http: z.unknown().optional(), dynatraceSampler: z.unknown().optional() }).optional(),
  skywalking: service.optional(),
  datadog: service.optional(),
  lightstep: service.optional(),
  opencensus: service.optional(),
});

export const proxyConfigSchema = z.object({
  tracing: z
    .object({
      sampling: z.number().optional(),
      zipkin: z.object({ address: text.optional() }).optional(),
      lightstep: z.unknown().optional(),
      datadog: z.unknown().optional(),
      stackdriver: z.unknown().optional(),
      openCensusAgent: z.unknown().optional(),
    })
    .optional(),
});

/** MeshConfig, as far as it is read (Istio, mesh/v1alpha1). */
const meshConfigSchema = z.object({
  enableTracing: z.boolean().default(true),
  rootNamespace: text.optional(),
  defaultConfig: proxyConfigSchema.default({}),
  defaultProviders: z.object({ tracing: z.array(text).default([]) }).default({ tracing: [] }),
  extensionProviders: z.array(providerSchema).default([]),
  localityLbSetting: z
    .object({ enabled: z.boolean().optional(), distribute: z.array(z.unknown()).optional() })
    .optional(),
});

export type MeshConfig = z.infer<typeof meshConfigSchema>;
export type TracingProvider = z.infer<typeof providerSchema>;

/** What is known of the control plane. A managed one may show none of it. */
export interface Mesh {
  /** As its image says: `1.31.1`. */
  readonly version?: string;
  /** Second part of the version, 31 of 1.31.1; undefined for anything but Istio 1.x. */
  readonly minor?: number;
  /** The cluster has the resources of this minor version or a newer one; absent: not known. */
  readonly atLeast?: number;
  readonly rootNamespace: string;
  readonly config?: MeshConfig;
  /** `ConfigMap istio-system/istio` */
  readonly configFrom?: string;
  /** Environment of istiod; undefined: it is not seen. */
  readonly env?: Readonly<Record<string, string>>;
}

/** The Telemetry API is v1 since Istio 1.22 (docs/facts/istio.md#providers). */
const TELEMETRY_V1 = 22;

/**
 * @param revision the application namespace's `istio.io/rev`; absent: the default one.
 * @param telemetryVersion that the API server has; absent: not known.
 */
export function meshOf(
  { pods, configMaps }: Pick<ClusterObjects, 'pods' | 'configMaps'>,
  revision?: string,
  telemetryVersion?: string,
): Mesh {
  const istiods = pods.filter(({ metadata }) => metadata.labels.app === 'istiod');
  const ofRevision = istiods.filter(({ metadata }) => metadata.labels['istio.io/rev'] === (revision ?? 'default'));
  const istiod = (ofRevision.length > 0 ? ofRevision : istiods).toSorted(readyFirst)[0];
  const map = configMapOf(configMaps, revision);
  const config = map === undefined ? undefined : parseMeshConfig(map);
  const version = versionOf(istiod, pods);
  const minor = /^1\.(\d+)/.exec(version ?? '')?.[1];
  const env = istiod?.spec.containers.flatMap((container) => container.env) ?? [];
  return {
    ...(version !== undefined && { version }),
    ...(minor !== undefined && { minor: Number(minor) }),
    ...(telemetryVersion === 'v1' && { atLeast: TELEMETRY_V1 }),
    rootNamespace:
      config?.rootNamespace ?? istiod?.metadata.namespace ?? map?.metadata.namespace ?? USUAL_ROOT_NAMESPACE,
    ...(config !== undefined &&
      map !== undefined && { config, configFrom: `ConfigMap ${map.metadata.namespace}/${map.metadata.name}` }),
    ...(istiod !== undefined && {
      env: Object.fromEntries(env.map(({ name, value = '' }) => [name, value])),
    }),
  };
}

/** Names of the ConfigMaps that may hold the mesh's configuration. */
export function meshConfigMapNames(revision: string | undefined): readonly string[] {
  return revision === undefined || revision === 'default' ? ['istio'] : [`istio-${revision}`, 'istio'];
}

function configMapOf(configMaps: readonly ConfigMap[], revision: string | undefined): ConfigMap | undefined {
  for (const name of meshConfigMapNames(revision)) {
    const map = configMaps.find(({ metadata, data }) => metadata.name === name && data.mesh !== undefined);
    if (map !== undefined) return map;
  }
  return undefined;
}

/** undefined where it is not a MeshConfig: nothing is then known from it. */
function parseMeshConfig({ data }: ConfigMap): MeshConfig | undefined {
  return parseYaml(data.mesh ?? '', meshConfigSchema);
}

export function parseYaml<T>(yaml: string, schema: z.ZodType<T>): T | undefined {
  try {
    return schema.safeParse(parse(yaml) ?? {}).data;
  } catch {
    // Broken YAML counts as absent.
    return undefined;
  }
}

/** istiod's own tag, else that of most proxies: those may lag behind while an upgrade rolls out. */
function versionOf(istiod: Pod | undefined, pods: readonly Pod[]): string | undefined {
  const own = istiod?.spec.containers.map(({ image }) => versionIn(image)).find(Boolean);
  if (own !== undefined) return own;
  const proxies = Map.groupBy(
    pods.flatMap((pod) => versionIn(proxyImage(pod) ?? '') ?? []),
    (version) => version,
  );
  return [...proxies].toSorted(([, a], [, b]) => b.length - a.length)[0]?.[0];
}

/** `1.31.1` of `registry.example/pilot:1.31.1-distroless@sha256:…` */
function versionIn(image: string): string | undefined {
  return /:v?(\d+\.\d+(?:\.\d+)?)/.exec(image.replace(/@.*$/, ''))?.[1];
}

function readyFirst(a: Pod, b: Pod): number {
  return Number(isReady(b)) - Number(isReady(a));
}
