import { readFileSync, writeFileSync } from 'node:fs';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { parseAllDocuments } from 'yaml';
import { freePorts } from '../../../fixtures/envoy/ports.ts';
import { type Cluster, startCluster } from '../../../fixtures/kube/cluster.ts';
import { customResourceDefinitions } from '../../../fixtures/kube/crds.ts';
import type { KubeObject } from '../../../fixtures/kube/object.ts';
import { walkthrough } from '../../../fixtures/kube/walkthrough.ts';
import { opening } from '../../../fixtures/testing/opening.ts';
import { forwardRights } from '../api/permissions.ts';
import { listRight } from '../api/reader.ts';
import { type Right, rightInWords, roleFor } from '../api/rights.ts';
import type { ResourceName } from '../objects/resources.ts';
import { type OpenCluster, type OpenClusterInput, openCluster } from './open-cluster.ts';

const MESH = 'istio-system';
const APP = 'default';
const RBAC = 'rbac.authorization.k8s.io';
const ISTIO: readonly ResourceName[] = ['gateways', 'virtualServices', 'destinationRules', 'telemetries'];
const LISTED: readonly ResourceName[] = ['services', 'pods', ...ISTIO, 'apiGateways', 'httpRoutes'];
const get = (resource: string, name: string, namespace: string): Right => ({
  verb: 'get',
  group: '',
  resource,
  name,
  namespace,
});
/** All that a run from outside uses in two namespaces, each by itself. */
const RIGHTS: readonly Right[] = [
  ...[APP, MESH].flatMap((namespace) => LISTED.map((resource) => listRight(resource, namespace))),
  listRight('deployments', APP),
  get('namespaces', APP, APP),
  get('configmaps', 'istio', MESH),
  get('secrets', 'jaeger-login', MESH),
  ...forwardRights(MESH),
];
const secret: KubeObject = {
  apiVersion: 'v1',
  kind: 'Secret',
  metadata: { namespace: MESH, name: 'jaeger-login' },
  stringData: { username: 'ci', password: 'canaryPASSWORD' },
};

let cluster: Cluster;
beforeAll(async () => {
  cluster = await startCluster();
});
afterAll(() => cluster.stop());

const open = (more: Partial<OpenClusterInput> = {}): Promise<OpenCluster> =>
  openCluster(opening(cluster.kubeconfig, more));
const stepOf = ({ facts }: OpenCluster, id: string) => facts.steps.find((step) => step.id === id);

/** Roles as hopcheck prints them, of these names and bound to this account. */
function granted(yaml: string, account: string, prefix = 'all'): KubeObject[] {
  return parseAllDocuments(yaml).flatMap((document, index): KubeObject[] => {
    const role = document.toJS() as KubeObject;
    const metadata = { ...role.metadata, name: `${prefix}-${account}-${index}` };
    const { apiVersion } = role;
    const roleRef = { apiGroup: RBAC, kind: role.kind, name: metadata.name };
    const subjects = [{ kind: 'ServiceAccount', namespace: APP, name: account }];
    return [
      { ...role, metadata },
      { apiVersion, kind: `${role.kind}Binding`, metadata, roleRef, subjects },
    ];
  });
}
async function accountWith(name: string, rights: readonly Right[]): Promise<Partial<OpenClusterInput>> {
  const account: KubeObject = { apiVersion: 'v1', kind: 'ServiceAccount', metadata: { namespace: APP, name } };
  await cluster.apply([account, ...granted(roleFor(rights), name)]);
  const token = await cluster.requestToken({ namespace: APP, name });
  return { kubeconfig: cluster.kubeconfigFor({ token }), secret: { namespace: MESH, name: 'jaeger-login' } };
}

describe('a CRD that is not installed', () => {
  it('is normal: hopcheck does not read it, and reports missing routes as usual', async () => {
    const plain = walkthrough().filter(({ apiVersion }) => !/istio\.io|gateway\.networking/.test(apiVersion));
    await cluster.apply(plain);
    await using opened = await open();
    expect(stepOf(opened, 'api')?.status).toBe('ok');
    expect(stepOf(opened, 'routes')).toMatchObject({
      status: 'failed',
      detail: expect.stringContaining('no VirtualService or HTTPRoute leads /productpage'),
    });
    expect(cluster.audit().filter(({ path, status }) => status === 404 && /istio\.io|gateway\./.test(path))).toEqual(
      [],
    );
  });

  it('of Istio is not needed where a Gateway of the Gateway API leads in', async () => {
    await cluster.apply(await customResourceDefinitions('gateway-api'));
    const objects = walkthrough({ routes: 'gateway-api' }).filter(({ apiVersion }) => !apiVersion.includes('istio.io'));
    await cluster.apply(objects);
    await using opened = await open();
    expect(opened.stopped).toBeUndefined();
    expect(opened.discovered.ingress?.from).toContain('Service default/bookinfo-gateway-istio');
    await cluster.delete(objects.filter(({ apiVersion }) => apiVersion.includes('gateway.networking')));
  });
});

describe('a right that is missing', () => {
  const accounts = new Map<Right, Partial<OpenClusterInput>>();
  const nameOf = (right: Right) => `without-${RIGHTS.indexOf(right)}`;
  let everything: Partial<OpenClusterInput>;

  beforeAll(async () => {
    await cluster.apply(await customResourceDefinitions('istio'));
    await cluster.apply([...walkthrough(), secret]);
    for (const right of RIGHTS)
      accounts.set(
        right,
        await accountWith(
          nameOf(right),
          RIGHTS.filter((other) => other !== right),
        ),
      );
    everything = await accountWith('with-all', RIGHTS);
  });
  const closed = async (input: Partial<OpenClusterInput>) => {
    await using opened = await open(input);
    return opened;
  };

  it('is not needed any more: with these rights the run can begin, in the two namespaces that it may read', async () => {
    // The API server's authorizer hears of new Roles a moment later.
    await expect.poll(async () => (await closed(everything)).stopped, { timeout: 10_000 }).toBeUndefined();
    const opened = await closed(everything);
    expect(opened.facts.namespaces).toEqual([APP, MESH]);
    expect(opened.discovered['traces-password']?.value).toBe('canaryPASSWORD');
  });

  it.each(RIGHTS.map((right) => [rightInWords(right), right] as const))(
    'is named with the rule to add, and the rule is enough: %s',
    async (words, right) => {
      const opened = await closed(accounts.get(right) ?? {});
      const { stopped } = opened;
      expect(stopped?.code).toBe('HC721');
      expect(stopped?.message).toContain(words);
      const named = RIGHTS.filter((other) => stopped?.message.includes(rightInWords(other)));
      expect(named.map(rightInWords)).toEqual([words]);
      const failed = opened.facts.steps.find(({ status }) => status === 'failed');
      const yaml = /apiVersion[\s\S]*?(?=EOF|$)/.exec(failed?.fix ?? '')?.[0] ?? '';
      await cluster.apply(granted(yaml, nameOf(right), 'more'));
      await expect
        .poll(async () => (await closed(accounts.get(right) ?? {})).stopped, { timeout: 10_000 })
        .toBeUndefined();
    },
  );

  it('to forward a port is reported as both rights that it needs', async () => {
    const [first, second] = forwardRights(MESH) as [Right, Right];
    const without = await accountWith(
      'no-forward',
      RIGHTS.filter(({ subresource }) => subresource === undefined),
    );
    await expect
      .poll(async () => (await closed(without)).stopped?.message, { timeout: 10_000 })
      .toBe(
        `cannot forward a port: it takes get and create on pods/portforward, and not permitted is: ${rightInWords(first)}, ${rightInWords(second)}`,
      );
  });

  it('in all namespaces gives a ClusterRole, where the user may list Services everywhere and not pods', async () => {
    const wide = [...LISTED, 'deployments' as const].map((resource) => listRight(resource, undefined));
    const rights = [
      ...wide.filter(({ resource }) => resource !== 'pods'),
      get('namespaces', APP, APP),
      get('configmaps', 'istio', MESH),
    ];
    const input = { ...(await accountWith('no-pods', rights)), given: { ingress: true, traceBackend: true } };
    const { secret: _, ...withoutSecret } = input;
    const step = async () => stepOf(await closed(withoutSecret), 'permitted');
    await expect.poll(async () => (await step())?.detail, { timeout: 10_000 }).toContain('list pods in all namespaces');
    expect((await step())?.fix).toContain('kind: ClusterRole');
  });
});

describe('an API that refuses a user', () => {
  const changed = (by: (config: string) => string): Partial<OpenClusterInput> => {
    const kubeconfig = cluster.kubeconfigFor();
    writeFileSync(kubeconfig, by(readFileSync(kubeconfig, 'utf8')));
    return { kubeconfig };
  };
  it.each<{ what: string; input: () => Promise<Partial<OpenClusterInput>>; message: string; hint: string }>([
    {
      what: 'a token that is not valid (401)',
      input: async () => ({ kubeconfig: cluster.kubeconfigFor({ token: 'canaryTOKEN' }) }),
      message: 'does not accept the credentials (401)',
      hint: 'kubectl auth whoami',
    },
    {
      what: 'a token that has expired',
      input: async () => {
        const ended = await cluster.signToken({ namespace: APP, name: 'default' }, new Date(Date.now() - 600_000));
        return { kubeconfig: cluster.kubeconfigFor({ token: ended }) };
      },
      message: 'they are wrong, or have expired',
      hint: 'log in to the cluster again',
    },
    {
      what: 'a certificate of an unknown authority',
      input: async () => ({ kubeconfig: cluster.kubeconfigFor({ withoutCa: true }) }),
      message: 'has a certificate that is not trusted (',
      hint: 'certificate-authority in the kubeconfig',
    },
    {
      what: 'a certificate for another name',
      input: async () =>
        changed((config) => config.replace('"server"', '"tls-server-name": "other.example", "server"')),
      message: 'has a certificate that is not trusted (ERR_TLS_CERT_ALTNAME_INVALID)',
      hint: 'tls-server-name',
    },
    {
      what: 'a port where no server listens',
      input: async () => {
        const [free = 0] = await freePorts(1);
        return changed((config) => config.replace(cluster.server, `https://127.0.0.1:${free}`));
      },
      message: 'cannot be reached (ECONNREFUSED)',
      hint: 'kubectl version',
    },
  ])('gives one clear line, and nothing secret: $what', async ({ input, message, hint }) => {
    await using opened = await open(await input());
    const { stopped } = opened;
    expect(stopped).toMatchObject({ code: 'HC722', during: 'target' });
    expect(stopped?.message).toContain(message);
    expect(stopped?.message.split('\n')).toHaveLength(1);
    expect(stopped?.hint).toContain(hint);
    expect(JSON.stringify([opened.facts, stopped])).not.toMatch(/canary|eyJ|-----BEGIN/);
    expect(opened.facts.steps.map(({ id, status }) => `${id} ${status}`).slice(0, 2)).toEqual([
      'api failed',
      'permitted not-checked',
    ]);
  });
});
