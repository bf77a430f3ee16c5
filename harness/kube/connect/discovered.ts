import type { Found } from '../../model/cluster.ts';
import type { Backing } from '../discover/backing.ts';
import type { Service } from '../objects/objects.ts';
import type { Dialed } from './dial.ts';
import type { ClusterPlan } from './plan-cluster.ts';

/** The value of an option that was found in the cluster, and where. */
export interface Discovered {
  readonly value: string;
  readonly from: string;
}

export type DiscoveredOption =
  | 'ingress'
  | 'host'
  | 'traces'
  | 'traces-user'
  | 'traces-password'
  | 'traces-token'
  | 'shares'
  | 'sampling'
  | 'format';

export type DiscoveredOptions = Partial<Readonly<Record<DiscoveredOption, Discovered>>>;

/** The places that were reached. */
export interface Reached {
  readonly ingress?: Dialed;
  readonly traceBackend?: Dialed;
}

/** What was found where, for people. */
export function foundIn({ app, placed, tracing }: ClusterPlan, dialed: Reached): Found[] {
  const how = (one: Dialed | undefined) => ({
    ...(one !== undefined && { reached: one.reached }),
    ...(one?.command !== undefined && { command: one.command }),
  });
  const ingress = placed?.ingress;
  return [
    ...(app.found === 'one' ? [{ what: 'application' as const, object: `namespace ${app.value}`, why: app.why }] : []),
    ...(ingress?.found === 'one'
      ? [{ what: 'ingress' as const, object: serviceName(ingress.value), why: ingress.why, ...how(dialed.ingress) }]
      : []),
    ...(tracing.found === 'one'
      ? [
          {
            what: 'trace backend' as const,
            object: serviceName(tracing.value),
            why: tracing.why,
            ...how(dialed.traceBackend),
          },
        ]
      : []),
  ];
}

function serviceName({ backing: { service } }: { readonly backing: { readonly service: Service } }): string {
  return `Service ${service.metadata.namespace}/${service.metadata.name}`;
}

/** The options that what was found stands in for. */
export function discoveredIn({ placed, tracing }: ClusterPlan, dialed: Reached): DiscoveredOptions {
  const ingress = placed?.ingress.found === 'one' ? placed.ingress.value : undefined;
  const { shares, samplingPercent, format } = placed?.expectations ?? {};
  const versioned = placed?.situation.application.versioned;
  return {
    ...(ingress !== undefined &&
      dialed.ingress !== undefined && {
        ingress: {
          value: `${ingress.scheme}://${dialed.ingress.address}`,
          from: `${serviceName(ingress)}, ${dialed.ingress.reached}`,
        },
        ...(ingress.host !== undefined && { host: { value: ingress.host, from: ingress.route } }),
      }),
    ...(tracing.found === 'one' &&
      dialed.traceBackend !== undefined && {
        traces: {
          value: `${schemeOf(tracing.value)}://${dialed.traceBackend.address}`,
          from: `${serviceName(tracing.value)}, ${dialed.traceBackend.reached}`,
        },
      }),
    ...(shares !== undefined &&
      versioned !== undefined && {
        shares: {
          value: `${versioned.service}=${Object.entries(shares.value)
            .map(([version, weight]) => `${version}:${weight}`)
            .join(',')}`,
          from: shares.from,
        },
      }),
    ...(samplingPercent !== undefined && {
      sampling: { value: String(samplingPercent.value), from: samplingPercent.from },
    }),
    ...(format !== undefined && { format }),
  };
}

function schemeOf({ backing: { port } }: { readonly backing: Backing }): string {
  return /^https/.test(port.name) || port.port === 443 ? 'https' : 'http';
}
