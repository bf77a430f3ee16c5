import { readFileSync } from 'node:fs';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { ApiClient } from '../fixtures/kube/api-client.ts';
import { type Cluster, startCluster } from '../fixtures/kube/cluster.ts';
import type { KubeObject } from '../fixtures/kube/object.ts';
import { meshDefinitions, walkthrough } from '../fixtures/kube/walkthrough.ts';
import { plainObjects } from './testing.ts';

/** A rule of RBAC as it is written. */
interface Rule {
  readonly apiGroups: readonly string[];
  readonly resources: readonly string[];
  readonly resourceNames?: readonly string[];
  readonly verbs: readonly string[];
}

const ACCOUNT = { namespace: 'hopcheck', name: 'hopcheck' };
const core = (namespace: string, what: string) => `/api/v1/namespaces/${namespace}/${what}`;
const group = (namespace: string, what: string) =>
  `/apis/${what.replace(/\/([a-z]+)$/, `/namespaces/${namespace}/$1`)}`;
const routing = [
  'networking.istio.io/v1/destinationrules',
  'networking.istio.io/v1/gateways',
  'networking.istio.io/v1/virtualservices',
  'gateway.networking.k8s.io/v1/gateways',
  'gateway.networking.k8s.io/v1/httproutes',
  'telemetry.istio.io/v1/telemetries',
];
/** What a run asks of the API, in a pod, with both namespaces told. */
const CALLS: readonly string[] = [
  ...['default', 'istio-system'].flatMap((namespace) => [
    core(namespace, 'services'),
    core(namespace, 'pods'),
    ...routing.map((what) => group(namespace, what)),
  ]),
  '/api/v1/namespaces/default',
  group('default', 'apps/v1/deployments'),
  core('istio-system', 'configmaps/istio'),
];

const roles = plainObjects('gate').filter(({ kind }) => kind === 'Role');
/** Each thing that each Role permits, by itself: a rule of two resources and one verb is two. */
const grants = roles.flatMap((role) =>
  (role.rules as readonly Rule[]).flatMap(({ apiGroups, resources, resourceNames = [undefined], verbs }) =>
    apiGroups.flatMap((apiGroup) =>
      resources.flatMap((resource) =>
        resourceNames.flatMap((name) =>
          verbs.map((verb) => {
            const rule: Rule = {
              apiGroups: [apiGroup],
              resources: [resource],
              ...(name !== undefined && { resourceNames: [name] }),
              verbs: [verb],
            };
            const words = `${verb} ${resource}${apiGroup && `.${apiGroup}`}${name === undefined ? '' : ` ${name}`}`;
            return { role, rule, title: `${words} in ${role.metadata.namespace}` };
          }),
        ),
      ),
    ),
  ),
);

describe('what the manifests permit hopcheck', () => {
  let cluster: Cluster;
  let client: ApiClient;
  beforeAll(async () => {
    cluster = await startCluster();
    await cluster.apply(await meshDefinitions());
    await cluster.apply([...walkthrough(), ...plainObjects('gate')]);
    const { clusters } = JSON.parse(readFileSync(cluster.kubeconfig, 'utf8'));
    const ca = Buffer.from(clusters[0].cluster['certificate-authority-data'], 'base64').toString();
    client = new ApiClient(cluster.server, { ca, token: await cluster.requestToken(ACCOUNT) });
  });
  afterAll(async () => {
    await client.close();
    await cluster.stop();
  });
  /** The calls that are not answered 200. */
  const refused = async () => {
    const answers = await Promise.all(CALLS.map((path) => client.send({ method: 'GET', path })));
    return CALLS.filter((_, index) => answers[index]?.status !== 200);
  };
  const without = (role: KubeObject, rule: Rule): KubeObject => ({
    ...role,
    rules: grants.filter((grant) => grant.role === role && grant.rule !== rule).map((grant) => grant.rule),
  });

  it('is enough for every call', async () => {
    expect(await refused()).toEqual([]);
  });

  it.each(grants)('needs $title: without it exactly one call is refused', async ({ role, rule }) => {
    await cluster.apply([without(role, rule)]);
    // The API server's authorizer hears of a changed Role a moment later.
    await expect.poll(refused, { timeout: 10_000 }).toHaveLength(1);
    const [call = ''] = await refused();
    expect(call).toContain(`/namespaces/${role.metadata.namespace}`);
    expect(call.split('/')).toEqual(expect.arrayContaining([...rule.resources, ...(rule.resourceNames ?? [])]));
    await cluster.apply([role]);
    await expect.poll(refused, { timeout: 10_000 }).toEqual([]);
  });

  it('is nothing else: no secret, no write, no other namespace', async () => {
    for (const path of [
      core('default', 'secrets'),
      core('istio-system', 'secrets'),
      core('istio-system', 'configmaps'),
      core('kube-system', 'pods'),
      core('hopcheck', 'pods'),
      '/api/v1/pods',
      '/api/v1/namespaces',
    ])
      expect([path, (await client.send({ method: 'GET', path })).status]).toEqual([path, 403]);
    const write = { method: 'DELETE', path: core('default', 'pods/any') } as const;
    expect((await client.send(write)).status).toBe(403);
    expect(grants.map(({ rule }) => rule.verbs[0])).not.toContain('*');
  });
});
