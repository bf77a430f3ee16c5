import { z } from 'zod';
import type { Clock } from '../../model/clock.ts';
import { type ObjectOf, type ResourceName, resourceDefinition } from '../objects/resources.ts';
import type { KubeAccess } from './access.ts';
import { type Doing, KubeError, NO_API, toKubeError } from './kube-error.ts';
import { RawApi, type RawRequest } from './raw-api.ts';
import { Retrying } from './retrying.ts';
import { type Right, rightInWords } from './rights.ts';

/** Objects a page. */
const PAGE = 250;
/** A list that expires (410) while its pages are read is begun again this often. */
const RESTARTS = 3;

export interface Where {
  /** Absent: all namespaces. */
  readonly namespace?: string;
  readonly labels?: Readonly<Record<string, string>>;
}

/** Reads a cluster. Every call has a timeout and a bounded retry; it rejects with KubeError or the signal's reason. */
export interface KubeReader {
  /** False where the resource's CRD is not installed, which is normal. */
  serves(resource: ResourceName): Promise<boolean>;
  /** The version that is read; undefined: none is served. */
  version(resource: ResourceName): Promise<string | undefined>;
  /** Every page of the list; empty where the resource is not served. */
  list<Name extends ResourceName>(resource: Name, where: Where): Promise<readonly ObjectOf<Name>[]>;
  /** undefined: there is none of that name. */
  get<Name extends ResourceName>(resource: Name, namespace: string, name: string): Promise<ObjectOf<Name> | undefined>;
  /** Whether RBAC lets us (SelfSubjectAccessReview). */
  allows(right: Right): Promise<boolean>;
}

export interface ReaderOptions {
  readonly timeoutMs: number;
  readonly clock: Clock;
  readonly signal: AbortSignal;
}

const listAnswer = z.object({
  metadata: z.object({ continue: z.string().optional() }).default({}),
  items: z.array(z.unknown()).nullish(),
});
const groupsAnswer = z.object({
  groups: z.array(z.object({ name: z.string(), versions: z.array(z.object({ version: z.string() })) })),
});
const resourcesAnswer = z.object({ resources: z.array(z.object({ name: z.string() })) });
const reviewAnswer = z.object({ status: z.object({ allowed: z.boolean() }) });

export function createKubeReader(access: KubeAccess, { timeoutMs, clock, signal }: ReaderOptions): KubeReader {
  const api = new RawApi(access.config, access.server, timeoutMs, signal);
  const retrying = new Retrying(clock, signal);
  const versions = new Map<ResourceName, Promise<string | undefined>>();
  let groups: Promise<z.infer<typeof groupsAnswer>> | undefined;
  const resourceLists = new Map<string, Promise<z.infer<typeof resourcesAnswer>>>();

  async function ask<T>(request: RawRequest, doing: Doing, schema: z.ZodType<T>): Promise<T> {
    const answer = await retrying.call(async () => {
      try {
        return await api.request(request);
      } catch (error) {
        throw toKubeError(error, doing, access.server);
      }
    });
    return fitting(schema, answer, doing.what);
  }

  async function findVersion(resource: ResourceName): Promise<string | undefined> {
    const { group, versions: known, plural } = resourceDefinition(resource);
    if (group === '' || group === 'apps') return known[0];
    groups ??= ask({ path: '/apis' }, { what: 'list the API groups' }, groupsAnswer);
    const served =
      (await groups).groups.find(({ name }) => name === group)?.versions.map(({ version }) => version) ?? [];
    for (const version of known) {
      if (!served.includes(version)) continue;
      const path = `/apis/${group}/${version}`;
      const list =
        resourceLists.get(path) ?? ask({ path }, { what: `list the resources of ${group}` }, resourcesAnswer);
      resourceLists.set(path, list);
      if ((await list).resources.some(({ name }) => name === plural)) return version;
    }
    return undefined;
  }

  function versionOf(resource: ResourceName): Promise<string | undefined> {
    const version = versions.get(resource) ?? findVersion(resource);
    versions.set(resource, version);
    return version;
  }

  return {
    serves: async (resource) => (await versionOf(resource)) !== undefined,

    version: versionOf,

    list: async (resource, where) => {
      const version = await versionOf(resource);
      if (version === undefined) return [];
      const right = listRight(resource, where.namespace);
      const doing = { what: rightInWords(right), right };
      const path = pathOf(resource, version, where.namespace);
      for (let restarts = 0; ; restarts += 1) {
        try {
          const objects: ObjectOf<typeof resource>[] = [];
          let next: string | undefined;
          do {
            const query = {
              limit: String(PAGE),
              ...(where.labels !== undefined && { labelSelector: selectorText(where.labels) }),
              ...(next !== undefined && { continue: next }),
            };
            const page = await ask({ path, query }, doing, listAnswer);
            for (const item of page.items ?? []) objects.push(parse(resource, item, doing.what));
            next = page.metadata.continue || undefined;
          } while (next !== undefined);
          return objects;
        } catch (error) {
          if (!(error instanceof KubeError) || error.kind !== 'expired' || restarts >= RESTARTS) throw error;
        }
      }
    },

    get: async (resource, namespace, name) => {
      const version = await versionOf(resource);
      if (version === undefined) return undefined;
      const right: Right = { ...listRight(resource, namespace), verb: 'get', name };
      const path =
        resource === 'namespaces' ? `/api/v1/namespaces/${name}` : `${pathOf(resource, version, namespace)}/${name}`;
      const doing = { what: rightInWords(right), right };
      try {
        return parse(resource, await ask({ path }, doing, z.unknown()), doing.what);
      } catch (error) {
        if (error instanceof KubeError && error.kind === 'not-found') return undefined;
        throw error;
      }
    },

    allows: async ({ verb, group, resource, subresource, namespace, name }) => {
      const resourceAttributes = {
        verb,
        group,
        resource,
        ...(subresource !== undefined && { subresource }),
        ...(namespace !== undefined && { namespace }),
        ...(name !== undefined && { name }),
      };
      const path = '/apis/authorization.k8s.io/v1/selfsubjectaccessreviews';
      const body = {
        apiVersion: 'authorization.k8s.io/v1',
        kind: 'SelfSubjectAccessReview',
        spec: { resourceAttributes },
      };
      const review = await ask({ path, body }, { what: 'ask which rights there are' }, reviewAnswer);
      return review.status.allowed;
    },
  };
}

/** The right that a list takes. */
export function listRight(resource: ResourceName, namespace: string | undefined): Right {
  const { group, plural } = resourceDefinition(resource);
  return { verb: 'list', group, resource: plural, ...(namespace !== undefined && { namespace }) };
}

function pathOf(resource: ResourceName, version: string, namespace: string | undefined): string {
  const { group, plural } = resourceDefinition(resource);
  const root = group === '' ? `/api/${version}` : `/apis/${group}/${version}`;
  return namespace === undefined ? `${root}/${plural}` : `${root}/namespaces/${namespace}/${plural}`;
}

function selectorText(labels: Readonly<Record<string, string>>): string {
  return Object.entries(labels)
    .map(([name, value]) => `${name}=${value}`)
    .join(',');
}

function parse<Name extends ResourceName>(resource: Name, item: unknown, what: string): ObjectOf<Name> {
  return fitting(resourceDefinition(resource).schema as z.ZodType<ObjectOf<Name>>, item, what);
}

function fitting<T>(schema: z.ZodType<T>, value: unknown, what: string): T {
  const result = schema.safeParse(value);
  if (result.success) return result.data;
  const [issue] = result.error.issues;
  const at = issue === undefined || issue.path.length === 0 ? 'its answer' : issue.path.join('.');
  throw new KubeError(
    'misfit',
    `cannot ${what}: ${at} is not what the API describes (${issue?.message ?? 'unknown'})`,
    NO_API,
  );
}
