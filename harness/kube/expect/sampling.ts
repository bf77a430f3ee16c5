import { type Mesh, parseYaml, proxyConfigSchema } from '../objects/mesh.ts';
import type { Pod } from '../objects/objects.ts';
import type { Said, WorkloadTracing } from './telemetry.ts';

/**
 * Percent of undecided requests that the mesh traces. The gateway decides, and everybody else follows, so it is the
 * gateway's configuration that counts: Telemetry, then the pod's annotation, `defaultConfig`, istiod's environment, and
 * Istio's default of 1 % (docs/facts/istio.md#sampling). A sampling of 0 in a ProxyConfig means "not set".
 * @returns undefined where a sampler of the provider's decides, or where istiod is not seen and no other source has it.
 */
export function samplingOf(
  tracing: WorkloadTracing,
  gatewayPod: Pod | undefined,
  mesh: Mesh,
  hasSampler: boolean,
): Said<number> | undefined {
  if (hasSampler) return undefined;
  if (tracing.sampling !== undefined) return tracing.sampling;
  const annotated = parseYaml(gatewayPod?.metadata.annotations['proxy.istio.io/config'] ?? '', proxyConfigSchema);
  const ofPod = percentOf(annotated?.tracing?.sampling);
  if (ofPod !== undefined && gatewayPod !== undefined) {
    const { namespace, name } = gatewayPod.metadata;
    return { value: ofPod, from: `annotation proxy.istio.io/config of Pod ${namespace}/${name}: sampling ${ofPod}` };
  }
  const ofMesh = percentOf(mesh.config?.defaultConfig.tracing?.sampling);
  if (ofMesh !== undefined)
    return { value: ofMesh, from: `${mesh.configFrom}: defaultConfig.tracing.sampling ${ofMesh}` };
  if (mesh.env === undefined) return undefined;
  const ofEnv = mesh.env.PILOT_TRACE_SAMPLING;
  if (ofEnv !== undefined && ofEnv !== '') {
    // Out of range is read as 1 (istio pilot, features.TraceSampling).
    const value = Number(ofEnv);
    const valid = value >= 0 && value <= 100;
    return {
      value: valid ? value : 1,
      from: `PILOT_TRACE_SAMPLING ${ofEnv} of istiod${valid ? '' : ', which is out of range and read as 1'}`,
    };
  }
  return { value: 1, from: "Istio's default of 1 %" };
}

function percentOf(value: number | undefined): number | undefined {
  if (value === undefined || value === 0) return undefined;
  return value > 100 ? 1 : value;
}
