import type { GatewayProfile } from '../../model/capture.ts';
import type { Mesh } from '../objects/mesh.ts';
import type { Provider } from './provider.ts';
import type { Said } from './telemetry.ts';

const SWITCH = 'PILOT_SPAWN_UPSTREAM_SPAN_FOR_GATEWAY';

/**
 * One or two gateway spans a request. Two only where a provider is configured the new way, since 1.31 always, since 1.28
 * by default, in 1.26 and 1.27 on request; the old way always makes one (docs/facts/istio.md#gateway-spans).
 */
export function gatewayProfileExpected(
  provider: Provider | undefined,
  { minor, version, env }: Mesh,
): Said<GatewayProfile> | undefined {
  if (provider?.kind === 'legacy') return { value: 1, from: `tracing the old way (${provider.from})` };
  if (provider?.kind !== 'extension' || minor === undefined) return undefined;
  const istio = `Istio ${version} with provider ${provider.name}`;
  if (minor >= 31) return { value: 2, from: istio };
  if (minor < 26) return { value: 1, from: istio };
  if (env === undefined) return undefined;
  const byDefault = minor >= 28;
  const set = env[SWITCH];
  const two = set === undefined ? byDefault : set === 'true';
  return { value: two ? 2 : 1, from: set === undefined ? istio : `${istio}, ${SWITCH} ${set}` };
}
