import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { ApiClient } from '../fixtures/kube/api-client.ts';
import type { AuditedCall } from '../fixtures/kube/audit.ts';
import { type Cluster, startCluster } from '../fixtures/kube/cluster.ts';
import type { KubeObject } from '../fixtures/kube/object.ts';
import { meshDefinitions, walkthrough } from '../fixtures/kube/walkthrough.ts';
import { bookinfo } from '../harness/applications/bookinfo.ts';
import { type Right, rightInWords } from '../harness/kube/api/rights.ts';
import { type OpenCluster, openCluster } from '../harness/kube/connect/open-cluster.ts';
import { systemClock } from '../harness/system/system-clock.ts';
import { only, plainObjects } from './testing.ts';

/** A rule of RBAC as it is written. */
interface Rule {
  readonly apiGroups: readonly string[];
  readonly resources: readonly string[];
  readonly resourceNames?: readonly string[];
  readonly verbs: readonly string[];
}

const ACCOUNT = { namespace: 'hopcheck', name: 'hopcheck' };
const manifests = plainObjects('gate');
const settings = only(manifests, 'ConfigMap').data as Record<string, string>;
/** Each thing that each Role permits, by itself: a rule of two resources and one verb is two. */
const grants = manifests
  .filter(({ kind }) => kind === 'Role')
  .flatMap((role) =>
    (role.rules as readonly Rule[]).flatMap((rule) => singleRules(rule).map((own) => ({ role, rule: own }))),
  )
  .map((grant) => ({ ...grant, title: rightInWords(rightOf(grant.role, grant.rule)) }));

function singleRules({ apiGroups, resources, resourceNames, verbs }: Rule): readonly Rule[] {
  const names = resourceNames?.map((name) => ({ resourceNames: [name] })) ?? [{}];
  return apiGroups.flatMap((group) =>
    resources.flatMap((resource) =>
      names.flatMap((name) =>
        verbs.map((verb) => ({ apiGroups: [group], resources: [resource], verbs: [verb], ...name })),
      ),
    ),
  );
}

function rightOf({ metadata }: KubeObject, { apiGroups, resources, resourceNames, verbs }: Rule): Right {
  const [group = ''] = apiGroups;
  const [resource = ''] = resources;
  const [name] = resourceNames ?? [];
  const namespace = metadata.namespace ?? '';
  return { verb: verbs[0] as Right['verb'], group, resource, namespace, ...(name !== undefined && { name }) };
}

describe('the rights in the manifests', () => {
  let cluster: Cluster;
  let client: ApiClient;
  let opened: OpenCluster;
  /** What hopcheck asked of the API. */
  let asked: readonly AuditedCall[];
  /** The part that takes a right: every account may ask for discovery and for its rights. */
  let own: readonly AuditedCall[];
  let calls: readonly string[];

  beforeAll(async () => {
    cluster = await startCluster();
    await cluster.apply(await meshDefinitions());
    await cluster.apply([...walkthrough(), ...manifests]);
    const { clusters } = JSON.parse(readFileSync(cluster.kubeconfig, 'utf8'));
    const ca = Buffer.from(clusters[0].cluster['certificate-authority-data'], 'base64').toString();
    client = new ApiClient(cluster.server, { ca, token: await cluster.requestToken(ACCOUNT) });
    opened = await read();
    asked = cluster.audit().filter(({ user }) => user === 'system:serviceaccount:hopcheck:hopcheck');
    own = asked.filter(({ resource, apiGroup }) => resource !== '' && apiGroup !== 'authorization.k8s.io');
    calls = [...new Set(own.map(({ path }) => path.replace(/\?.*/, '')))];
  });
  afterAll(async () => {
    await client.close();
    await cluster.stop();
  });

  /**
   * hopcheck reads the cluster as it would in a pod, with the settings of the manifests. Nothing is dialled, because
   * this is not a pod.
   */
  const read = async () => {
    const { pathPrefix, env } = await cluster.inCluster(ACCOUNT);
    await using read = await openCluster({
      env: { ...env, HOME: pathPrefix },
      serviceAccountFolder: join(pathPrefix, 'var/run/secrets/kubernetes.io/serviceaccount'),
      namespaces: settings.HOPCHECK_KUBE_NAMESPACES?.split(',') ?? [],
      application: bookinfo.definition,
      picks: {},
      given: { ingress: true, traceBackend: true },
      timeoutMs: 10_000,
      clock: systemClock,
      signal: new AbortController().signal,
    });
    return read;
  };
  const refused = async () => {
    const answers = await Promise.all(calls.map((path) => client.send({ method: 'GET', path })));
    return calls.filter((_, index) => answers[index]?.status === 403);
  };

  it('are enough for every call of hopcheck, and each is used', async () => {
    expect(opened.stopped).toBeUndefined();
    expect(opened.facts.steps.filter(({ status }) => status !== 'ok')).toEqual([]);
    expect(asked.filter(({ allowed }) => !allowed)).toEqual([]);
    const used = own.map(({ verb, resource, apiGroup, namespace, path }) => {
      const name = verb === 'get' ? { name: path.split('/').at(-1) ?? '' } : {};
      return rightInWords({ verb: verb as Right['verb'], group: apiGroup, resource, namespace, ...name });
    });
    expect([...new Set(used)].toSorted()).toEqual(grants.map(({ title }) => title).toSorted());
    expect(calls).toHaveLength(grants.length);
  });

  it.each(grants)(
    'without the right to $title the API refuses one call, and hopcheck names the missing right',
    async ({ role, rule, title }) => {
      const others = grants.filter((grant) => grant.role === role && grant.rule !== rule);
      await cluster.apply([{ ...role, rules: others.map((grant) => grant.rule) }]);
      // The API server's authorizer hears of a changed Role a moment later.
      await expect.poll(refused, { timeout: 10_000 }).toHaveLength(1);
      const { stopped } = await read();
      expect(stopped).toMatchObject({ code: 'HC721', message: expect.stringContaining(title) });
      const said = grants.filter((grant) => stopped?.message.includes(grant.title));
      expect(said.map((grant) => grant.title)).toEqual([title]);
      await cluster.apply([role]);
      await expect.poll(refused, { timeout: 10_000 }).toEqual([]);
    },
  );

  it('do not let hopcheck read secrets, write, or look into other namespaces', async () => {
    for (const path of [
      '/api/v1/namespaces/default/secrets',
      '/api/v1/namespaces/istio-system/secrets',
      '/api/v1/namespaces/istio-system/configmaps',
      '/api/v1/namespaces/kube-system/pods',
      '/api/v1/namespaces/hopcheck/pods',
      '/api/v1/pods',
      '/api/v1/namespaces',
    ])
      expect({ path, status: (await client.send({ method: 'GET', path })).status }).toEqual({ path, status: 403 });
    const path = '/api/v1/namespaces/default/pods/any';
    expect((await client.send({ method: 'DELETE', path })).status).toBe(403);
    expect(grants.flatMap(({ rule }) => [...rule.verbs, ...rule.resources, ...rule.apiGroups])).not.toContain('*');
  });
});
