import type { z } from 'zod';
import {
  apiGatewayObject,
  destinationRuleObject,
  gatewayObject,
  httpRouteObject,
  telemetryObject,
  virtualServiceObject,
} from './mesh-objects.ts';
import {
  configMapObject,
  deploymentObject,
  namespaceObject,
  podObject,
  secretObject,
  serviceObject,
} from './objects.ts';

interface ResourceDefinition {
  /** '' is the core group. */
  readonly group: string;
  /** Newest first; the first that the server has is used. */
  readonly versions: readonly string[];
  readonly plural: string;
  readonly schema: z.ZodType;
}

const ISTIO_VERSIONS = ['v1', 'v1beta1', 'v1alpha3'] as const;

/**
 * Everything that is read, one row per resource. Those outside the core group and `apps` come from CRDs, and may be
 * absent.
 */
export const RESOURCES = {
  namespaces: { group: '', versions: ['v1'], plural: 'namespaces', schema: namespaceObject },
  services: { group: '', versions: ['v1'], plural: 'services', schema: serviceObject },
  pods: { group: '', versions: ['v1'], plural: 'pods', schema: podObject },
  configMaps: { group: '', versions: ['v1'], plural: 'configmaps', schema: configMapObject },
  secrets: { group: '', versions: ['v1'], plural: 'secrets', schema: secretObject },
  deployments: { group: 'apps', versions: ['v1'], plural: 'deployments', schema: deploymentObject },
  gateways: { group: 'networking.istio.io', versions: ISTIO_VERSIONS, plural: 'gateways', schema: gatewayObject },
  virtualServices: {
    group: 'networking.istio.io',
    versions: ISTIO_VERSIONS,
    plural: 'virtualservices',
    schema: virtualServiceObject,
  },
  destinationRules: {
    group: 'networking.istio.io',
    versions: ISTIO_VERSIONS,
    plural: 'destinationrules',
    schema: destinationRuleObject,
  },
  telemetries: {
    group: 'telemetry.istio.io',
    versions: ['v1', 'v1alpha1'],
    plural: 'telemetries',
    schema: telemetryObject,
  },
  apiGateways: {
    group: 'gateway.networking.k8s.io',
    versions: ['v1', 'v1beta1'],
    plural: 'gateways',
    schema: apiGatewayObject,
  },
  httpRoutes: {
    group: 'gateway.networking.k8s.io',
    versions: ['v1', 'v1beta1'],
    plural: 'httproutes',
    schema: httpRouteObject,
  },
} as const satisfies Record<string, ResourceDefinition>;

export type ResourceName = keyof typeof RESOURCES;
export type ObjectOf<Name extends ResourceName> = z.infer<(typeof RESOURCES)[Name]['schema']>;

/** All objects that were read; what the pure functions of this room work on. */
export type ClusterObjects = { readonly [Name in Exclude<ResourceName, 'secrets'>]: readonly ObjectOf<Name>[] };

export function resourceDefinition(name: ResourceName): ResourceDefinition {
  return RESOURCES[name];
}
