// Over 250 lines: one API server, and what can go wrong with it, a day after the other.
import { createServer, type Server } from 'node:http';
import { type AddressInfo, connect } from 'node:net';
import { setTimeout as delay } from 'node:timers/promises';
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { type Cluster, startCluster } from '../../../fixtures/kube/cluster.ts';
import type { KubeObject } from '../../../fixtures/kube/object.ts';
import type { ApiProxy, ProxiedRequest } from '../../../fixtures/kube/proxy.ts';
import { meshDefinitions, walkthrough } from '../../../fixtures/kube/walkthrough.ts';
import { workload } from '../../../fixtures/kube/workload.ts';
import { opening } from '../../../fixtures/testing/opening.ts';
import { createHttpClient } from '../../http/undici-client.ts';
import { withReason } from '../../http/with-reason.ts';
import { systemClock } from '../../system/system-clock.ts';
import { readAccess } from '../api/access.ts';
import { createKubeReader } from '../api/reader.ts';
import { type OpenCluster, type OpenClusterInput, openCluster } from './open-cluster.ts';

let cluster: Cluster;
let proxy: ApiProxy;
beforeAll(async () => {
  // The API server's cache would keep the pages of a list alive for some time after etcd has forgotten them.
  cluster = await startCluster({ apiserverFlags: ['--watch-cache=false'] });
  proxy = await cluster.proxy();
  await cluster.apply(await meshDefinitions());
  await cluster.apply(walkthrough());
});
afterAll(() => cluster.stop());
afterEach(() => proxy.meddle(() => undefined));

const proxied = (more: Partial<OpenClusterInput> = {}): OpenClusterInput =>
  opening(cluster.kubeconfigFor({ server: proxy.server }), {
    given: { ingress: true, traceBackend: true },
    timeoutMs: 20_000,
    ...more,
  });
const isServices = ({ path }: ProxiedRequest) => path.startsWith('/api/v1/services?');
const service = (name: string): KubeObject => ({
  apiVersion: 'v1',
  kind: 'Service',
  metadata: { namespace: 'crowd', name },
  spec: { ports: [{ port: 80 }] },
});
const crowd: KubeObject = { apiVersion: 'v1', kind: 'Namespace', metadata: { name: 'crowd' } };

describe('a list of 600 Services', () => {
  const many = Array.from({ length: 600 }, (_, index) => service(`one-of-many-${index}`));
  const reader = () =>
    createKubeReader(readAccess(proxied()), {
      timeoutMs: 20_000,
      clock: systemClock,
      signal: new AbortController().signal,
    });
  const pages = () =>
    proxy.requests
      .filter(isServices)
      .slice(-4)
      .map(({ path }) => path.includes('continue='));
  beforeAll(() => cluster.apply([crowd, ...many]));
  afterAll(() => cluster.delete(many));

  it('is read whole, page by page', async () => {
    const services = await reader().list('services', {});
    expect(services.filter(({ metadata }) => metadata.namespace === 'crowd')).toHaveLength(600);
    expect(pages().slice(-3)).toEqual([false, true, true]);
    await using opened = await openCluster(proxied());
    expect(opened.stopped).toBeUndefined();
  });

  it('is read again from the start where a page has become too old (410)', async () => {
    let aged: Promise<void> | undefined;
    proxy.meddle((request) => {
      if (!isServices(request) || !request.path.includes('continue=') || aged !== undefined) return undefined;
      aged = cluster.apply([service('a-newcomer')]).then(() => cluster.compact());
      return { after: aged };
    });
    const services = await reader().list('services', {});
    expect(aged).toBeDefined();
    expect(
      cluster.audit().filter(({ path, status }) => path.startsWith('/api/v1/services?') && status === 410),
    ).toHaveLength(1);
    expect(services.filter(({ metadata }) => metadata.namespace === 'crowd')).toHaveLength(601);
    expect(new Set(services.map(({ metadata }) => `${metadata.namespace}/${metadata.name}`)).size).toBe(
      services.length,
    );
    expect(pages()).toEqual([true, false, true, true]);
  });
});

describe('an API server that is slow', () => {
  it('is waited for', async () => {
    proxy.meddle((request) => (isServices(request) ? { delayMs: 1500 } : undefined));
    await using opened = await openCluster(proxied());
    expect(opened.stopped).toBeUndefined();
  });

  it('is asked twice where it hangs, and then reported in one line', async () => {
    proxy.meddle((request) => (isServices(request) ? 'hang' : undefined));
    const before = proxy.requests.filter(isServices).length;
    await using opened = await openCluster(proxied({ timeoutMs: 1000 }));
    expect(opened.stopped).toMatchObject({
      code: 'HC722',
      message: `cannot list services in all namespaces: the API server at ${proxy.server} did not answer in time`,
      hint: expect.stringContaining('--kube-timeout'),
    });
    expect(proxy.requests.filter(isServices)).toHaveLength(before + 2);
  });

  it('is asked again where it sends half an answer', async () => {
    let halves = 0;
    proxy.meddle((request) => {
      if (!isServices(request) || halves === 2) return undefined;
      halves += 1;
      return 'cut';
    });
    await using opened = await openCluster(proxied());
    expect({ stopped: opened.stopped, halves }).toEqual({ stopped: undefined, halves: 2 });
  });
});

describe('an API server that is restarted while it is read', () => {
  it('is asked again until it is back', async () => {
    let gone: Promise<void> | undefined;
    proxy.meddle((request) => {
      if (!isServices(request) || gone !== undefined) return undefined;
      gone = cluster.stopApi();
      return { after: gone };
    });
    let back: Promise<void> | undefined;
    // However long a start takes on this machine: a pause lasts until it is over.
    const pausing = {
      now: systemClock.now,
      sleep: async () => {
        back ??= cluster.startApi();
        await back;
      },
    };
    await using opened = await openCluster(proxied({ clock: pausing }));
    expect([gone, back]).not.toContain(undefined);
    expect(opened.stopped).toBeUndefined();
    expect(opened.facts.steps.filter(({ status }) => status !== 'ok')).toEqual([]);
  });
});

describe('a port-forward', () => {
  const open = (more: Partial<OpenClusterInput> = {}) =>
    openCluster(proxied({ kubeconfig: cluster.kubeconfig, given: { ingress: false, traceBackend: true }, ...more }));
  const servers: Server[] = [];
  afterEach(() => {
    for (const server of servers.splice(0)) {
      server.closeAllConnections();
      server.close();
    }
  });
  async function serve(body: string): Promise<`127.0.0.1:${number}`> {
    const server = createServer((request, response) => void response.end(request.url === '/big' ? BIG : body));
    servers.push(server);
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    return `127.0.0.1:${(server.address() as AddressInfo).port}`;
  }
  const BIG = Buffer.alloc(5 * 1024 * 1024, 'x').fill('y', 1024 * 1024, 2 * 1024 * 1024);
  const OLD = 'istio-system/istio-ingressgateway-5c6d7f8b9-lab00:8080';
  const NEW = 'istio-system/istio-ingressgateway-new:8080';
  const oldPod = walkthrough().filter(
    ({ kind, metadata }) => kind === 'Pod' && metadata.name === 'istio-ingressgateway-5c6d7f8b9-lab00',
  );
  /** Deployment and pod under another name, as a rollout makes it. */
  const newPod = () =>
    workload({
      ...{ namespace: 'istio-system', name: 'istio-ingressgateway', image: 'istio/proxyv2:1.31.1', ports: [8080] },
      labels: { app: 'istio-ingressgateway', istio: 'ingressgateway' },
      ...{ sidecar: 'none', istioVersion: '1.31.1', pods: ['istio-ingressgateway-new'] },
    }).filter(({ kind }) => kind === 'Pod');
  const get = async ({ discovered, reasonSince }: OpenCluster, path = '/') => {
    const url = new URL(path, discovered.ingress?.value);
    const client = withReason(createHttpClient({ url }), systemClock, reasonSince.ingress);
    try {
      const request = { method: 'GET', url, headers: [], timeoutMs: 15_000, maxBodyBytes: 10_000_000 } as const;
      return (await client.send(request)).body;
    } finally {
      await client.close();
    }
  };
  const failing = (opened: OpenCluster) =>
    get(opened).then(
      (body) => expect.unreachable(body),
      (error: Error) => error.message,
    );

  it('carries many connections and much data, each whole, and is closed with the cluster', async () => {
    await cluster.forward(OLD, await serve('page'));
    const opened = await open();
    const pages = await Promise.all(Array.from({ length: 60 }, () => get(opened)));
    expect(new Set(pages)).toEqual(new Set(['page']));
    expect(Buffer.from(await get(opened, '/big')).equals(BIG)).toBe(true);
    const { port } = new URL(opened.discovered.ingress?.value ?? '');
    await opened[Symbol.asyncDispose]();
    const refused = await new Promise<string>((resolve) => {
      connect(Number(port), '127.0.0.1')
        .once('error', (error: NodeJS.ErrnoException) => resolve(error.code ?? ''))
        .once('connect', () => resolve('connected'));
    });
    expect(refused).toBe('ECONNREFUSED');
  });

  it('reports the message of the kubelet where the port of the pod takes no connection', async () => {
    await cluster.forward(OLD, undefined);
    await using opened = await open();
    expect(await failing(opened)).toMatch(
      /^127\.0\.0\.1:\d+ closed the connection before the answer was complete \(\w+\): port-forward to Pod istio-system\/istio-ingressgateway-5c6d7f8b9-lab00: .*8080/,
    );
  });

  it('finds the pod that replaces one that has gone', async () => {
    await cluster.forward(OLD, await serve('old pod'));
    await using opened = await open();
    expect(await get(opened)).toBe('old pod');
    await cluster.apply(newPod());
    await cluster.forward(NEW, await serve('new pod'));
    await cluster.forward(OLD, undefined);
    await cluster.delete(oldPod);
    expect(await get(opened)).toBe('new pod');
    await cluster.delete(newPod());
    await cluster.apply(walkthrough());
  });

  it('goes on after the API server was restarted', async () => {
    await cluster.forward(OLD, await serve('page'));
    await using opened = await open();
    expect(await get(opened)).toBe('page');
    await cluster.stopApi();
    await cluster.startApi();
    expect(await get(opened)).toBe('page');
  });

  it('reports that the token has expired where it expires in the middle', async () => {
    await cluster.forward(OLD, await serve('page'));
    const account = { namespace: 'default', name: 'brief' };
    const metadata = { name: 'brief' };
    const apiVersion = 'rbac.authorization.k8s.io/v1';
    const roleRef = { apiGroup: 'rbac.authorization.k8s.io', kind: 'ClusterRole', name: 'cluster-admin' };
    await cluster.apply([
      { apiVersion: 'v1', kind: 'ServiceAccount', metadata: account },
      {
        apiVersion,
        kind: 'ClusterRoleBinding',
        metadata,
        roleRef,
        subjects: [{ kind: 'ServiceAccount', ...account }],
      },
    ]);
    // The API server takes a token for one more minute than the token says.
    const token = await cluster.signToken(account, new Date(Date.now() - 60_000 + 8000));
    await using opened = await open({ kubeconfig: cluster.kubeconfigFor({ token }) });
    expect(opened.stopped).toBeUndefined();
    expect(await get(opened)).toBe('page');
    let said = '';
    // It remembers for ten seconds that the token was good.
    for (let tries = 0; tries < 120 && said === ''; tries += 1) {
      await delay(250);
      said = await get(opened).then(
        () => '',
        (error: Error) => error.message,
      );
    }
    expect(said).toContain('does not accept the credentials (401): they are wrong, or have expired');
    expect(said).not.toContain(token);
  });
});
