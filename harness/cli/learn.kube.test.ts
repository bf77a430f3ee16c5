import { existsSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { parse } from 'yaml';
import { type Cluster, startCluster } from '../../fixtures/kube/cluster.ts';
import type { KubeObject } from '../../fixtures/kube/object.ts';
import { change, forwardToLab, meshDefinitions, walkthrough } from '../../fixtures/kube/walkthrough.ts';
import { parseFault } from '../lab/faults.ts';
import type { Lab } from '../lab/lab.ts';
import { labOptions } from '../lab/options.ts';
import { startStandin } from '../lab/standin.ts';
import { callMain } from './testing/call-main.ts';

// On a real API server; what is behind it is the stand-in. Nothing but the cluster says where the mesh is.
const SERVICES = ['productpage', 'details', 'reviews', 'ratings'];
const QUICK = ['--flush-interval', '500ms', '--rate', '20'];
const LEARN = ['learn', '--get', '/productpage', '--probes', '40', '--name', 'books', ...QUICK];

/** Weighs the versions of reviews by a rule of the mesh. */
const WEIGHTS = { v1: 50, v2: 25, v3: 25 };
const weighed: readonly KubeObject[] = [
  {
    apiVersion: 'networking.istio.io/v1',
    kind: 'DestinationRule',
    metadata: { namespace: 'default', name: 'reviews' },
    spec: {
      host: 'reviews',
      subsets: Object.keys(WEIGHTS).map((version) => ({ name: version, labels: { version } })),
    },
  },
  {
    apiVersion: 'networking.istio.io/v1',
    kind: 'VirtualService',
    metadata: { namespace: 'default', name: 'reviews' },
    spec: {
      hosts: ['reviews'],
      http: [
        {
          route: Object.entries(WEIGHTS).map(([subset, weight]) => ({
            destination: { host: 'reviews', subset },
            weight,
          })),
        },
      ],
    },
  },
];

let cluster: Cluster;
let healthy: Lab;
let broken: Lab;
beforeAll(async () => {
  cluster = await startCluster();
  await cluster.apply(await meshDefinitions());
  const quick = { flush: { minSpans: 1, intervalMs: 100 } };
  healthy = await startStandin(labOptions(quick));
  broken = await startStandin(labOptions({ ...quick, faults: [parseFault('drop-all:reviews', SERVICES)] }));
});
afterAll(async () => {
  await healthy?.stop();
  await broken?.stop();
  await cluster?.stop();
});

let folder: string;
let applied: readonly KubeObject[] = [];
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'hopcheck-learn-kube-'));
});
afterEach(async () => {
  await cluster.delete(applied.filter(({ kind }) => kind !== 'Namespace'));
  applied = [];
  rmSync(folder, { recursive: true, force: true });
});
async function have(objects: readonly KubeObject[], lab = healthy): Promise<void> {
  applied = objects;
  await cluster.apply(objects);
  await forwardToLab(cluster, objects, lab);
}
async function call(...argv: readonly string[]) {
  const env = { HOME: folder, KUBECONFIG: cluster.kubeconfig };
  const called = await callMain([...argv, '--kube'], { cwd: folder, env });
  return { ...called, text: `${called.stdout}${called.stderr}`.replace(/\s+/g, ' ') };
}
const learnt = () => parse(readFileSync(join(folder, 'books.yaml'), 'utf8')) as Record<string, unknown>;

describe('hopcheck learn --kube', () => {
  it('needs nothing but a path: entry and gateway come from the routes, and the definition passes on the same mesh', async () => {
    await have(walkthrough());
    const { exitCode, text } = await call(...LEARN);
    expect(exitCode, text).toBe(0);
    expect(learnt()).toMatchObject({
      name: 'books',
      entry: 'productpage',
      requests: { productpage: { get: '/productpage' } },
      calls: { productpage: ['details', 'reviews'] },
      versions: { reviews: ['v1', 'v2', 'v3'] },
    });
    const checked = await call('learn', '--application', 'books.yaml', '--check', '--probes', '40', ...QUICK);
    expect(checked.exitCode, checked.text).toBe(0);
    const run = await call('run', '--application', 'books.yaml', '--quiet', '--probes', '24', ...QUICK);
    expect(run.exitCode, run.text).toBe(0);
  });

  it('takes the weights of the versions from the rule of the mesh', async () => {
    await have([...walkthrough(), ...weighed]);
    const { exitCode, text } = await call(...LEARN);
    expect(exitCode, text).toBe(0);
    expect(learnt()).toMatchObject({ versions: { reviews: WEIGHTS } });
  });

  it('learns nothing from a mesh that is broken, and names the hop', async () => {
    await have(walkthrough(), broken);
    const { exitCode, text } = await call(...LEARN);
    expect({ exitCode, written: existsSync(join(folder, 'books.yaml')) }).toEqual({ exitCode: 2, written: false });
    expect(text).toContain('reviews → ratings: the call is in another trace');
  });

  it('learns nothing where a request is not led in, and names its path', async () => {
    await have(walkthrough());
    const { exitCode, text } = await call(...LEARN, '--get', '/orders');
    expect({ exitCode, written: existsSync(join(folder, 'books.yaml')) }).toEqual({ exitCode: 2, written: false });
    expect(text).toContain('no route of a gateway that leads /orders to a Service');
    await cluster.delete(applied.filter(({ kind }) => kind !== 'Namespace'));
    await have(change(walkthrough(), 'VirtualService default/bookinfo', () => undefined));
    expect((await call(...LEARN)).text).toContain('no route of a gateway that leads /productpage to a Service');
  });
});
