import type { ResourceName } from '../objects/resources.ts';
import type { KubeAccess } from './access.ts';
import { type KubeReader, listRight } from './reader.ts';
import type { Right } from './rights.ts';

const LISTED: readonly ResourceName[] = [
  'services',
  'pods',
  'gateways',
  'virtualServices',
  'destinationRules',
  'telemetries',
  'apiGateways',
  'httpRoutes',
];

export interface Permissions {
  /** Where to look; absent: in all namespaces. */
  readonly namespaces?: readonly string[];
  /** Every right that the run would use and has not. */
  readonly missing: readonly Right[];
}

export interface PermissionInput {
  readonly reader: KubeReader;
  readonly access: Pick<KubeAccess, 'inside' | 'namespace'>;
  /** `--kube-namespaces`; absent: all where that is permitted, else the context's and the mesh's. */
  readonly namespaces?: readonly string[];
  readonly meshNamespace: string;
  /** Names of the ConfigMaps that will be read. */
  readonly configMaps: readonly string[];
  /** A secret that will be read. */
  readonly secret?: { readonly namespace: string; readonly name: string };
}

/**
 * Asks for exactly the rights that will be used (SelfSubjectAccessReview), before any is used, so that the report names
 * all missing rights at once. A user who may not read all namespaces reads two: that of the application and that of the
 * mesh.
 */
export async function checkPermissions(input: PermissionInput): Promise<Permissions> {
  const { reader, access, meshNamespace } = input;
  const listed: ResourceName[] = [];
  for (const resource of LISTED) if (await reader.serves(resource)) listed.push(resource);
  const everywhere = input.namespaces === undefined && (await reader.allows(listRight('services', undefined)));
  const namespaces = everywhere ? undefined : [...new Set(input.namespaces ?? [access.namespace, meshNamespace])];
  const needed = rightsFor(listed, namespaces, input);
  const allowed = await Promise.all(needed.map((right) => reader.allows(right)));
  const missing = needed.filter((_, index) => !allowed[index]);
  // Whether and where a port-forward is needed turns out later, and is asked again then. Asked now, a missing right is
  // reported with the others.
  const fatal = missing.some(({ subresource }) => subresource === undefined);
  return { ...(namespaces !== undefined && { namespaces }), missing: fatal ? missing : [] };
}

/**
 * What a port-forward takes: both, for the API server asks for one and then the other
 * (docs/facts/kubernetes.md#port-forward).
 */
export function forwardRights(namespace: string | undefined): readonly Right[] {
  const right = {
    group: '',
    resource: 'pods',
    subresource: 'portforward',
    ...(namespace !== undefined && { namespace }),
  };
  return [
    { verb: 'get', ...right },
    { verb: 'create', ...right },
  ];
}

function rightsFor(
  listed: readonly ResourceName[],
  namespaces: readonly string[] | undefined,
  { access, meshNamespace, configMaps, secret }: PermissionInput,
): readonly Right[] {
  const scopes = namespaces ?? [undefined];
  const inMesh = (name: string): Right => ({
    verb: 'get',
    group: '',
    resource: 'configmaps',
    namespace: meshNamespace,
    name,
  });
  return [
    ...scopes.flatMap((namespace) => [
      ...listed.map((resource) => listRight(resource, namespace)),
      ...(isApplication(namespace, meshNamespace, scopes) ? applicationRights(namespace) : []),
      ...(access.inside ? [] : forwardRights(namespace)),
    ]),
    ...configMaps.map(inMesh),
    ...(secret === undefined
      ? []
      : [{ verb: 'get' as const, group: '', resource: 'secrets', namespace: secret.namespace, name: secret.name }]),
  ];
}

/** The application is in one of the namespaces; of two, it is the one that is not the mesh's. */
function isApplication(
  namespace: string | undefined,
  meshNamespace: string,
  scopes: readonly (string | undefined)[],
): boolean {
  return namespace !== meshNamespace || scopes.length === 1;
}

function applicationRights(namespace: string | undefined): readonly Right[] {
  const where = namespace === undefined ? {} : { namespace };
  return [
    { verb: 'list', group: 'apps', resource: 'deployments', ...where },
    { verb: 'get', group: '', resource: 'namespaces', ...where, ...(namespace !== undefined && { name: namespace }) },
  ];
}
