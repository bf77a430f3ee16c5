import type { RoutedGateway } from '../../model/capture.ts';
import type { IngressRoute } from '../discover/ingress-route.ts';
import { idOf } from '../discover/tracing.ts';
import { canonicalNameOf } from '../objects/pods.ts';
import type { Said } from './telemetry.ts';

/** The gateway by the route that leads from it to the entry service: whatever it is called. undefined: it has no pod. */
export function gatewayExpected({ backing: { pods }, route, gateway }: IngressRoute): Said<RoutedGateway> | undefined {
  if (pods.length === 0) return undefined;
  const names = [...new Set(pods.map(canonicalNameOf))];
  return { value: { names, pods: pods.map(idOf) }, from: `${route} on ${gateway}` };
}
