import { mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, relative } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { run } from '../fixtures/install/command.ts';
import { type Cluster, startCluster } from '../fixtures/kube/cluster.ts';
import { DEPLOY, jobSpec, OVERLAYS, objectsIn, only, plainFile, plainHeader, plainObjects } from './testing.ts';

let cluster: Cluster;
let folder: string;
beforeAll(async () => {
  cluster = await startCluster();
  // A dry run makes no namespace for what comes after it.
  await cluster.apply([{ apiVersion: 'v1', kind: 'Namespace', metadata: { name: 'istio-system' } }]);
  for (const name of ['namespace', 'service-account'])
    await kubectl('apply', '-f', join(DEPLOY, 'base', `${name}.yaml`));
  folder = mkdtempSync(join(tmpdir(), 'hopcheck-deploy-'));
});
afterAll(async () => {
  rmSync(folder, { recursive: true, force: true });
  await cluster.stop();
});
const kubectl = async (...args: readonly string[]) =>
  (await run(cluster.binaries.kubectl, ['--kubeconfig', cluster.kubeconfig, ...args])).stdout;
/** What the API server makes of a file without keeping it. Fields that it does not know are errors. */
const dryRun = (path: string) =>
  kubectl('apply', '--dry-run=server', '--server-side', '--validate=strict', '-o', 'name', '-f', path);

/** An overlay with components, as a user would write one. */
async function custom(overlay: string, components: readonly string[]): Promise<string> {
  const own = mkdtempSync(join(folder, 'own-'));
  const list = (paths: readonly string[]) => paths.map((path) => `  - ${relative(own, join(DEPLOY, path))}`);
  const lines = ['resources:', ...list([`overlays/${overlay}`]), 'components:', ...list(components)];
  writeFileSync(join(own, 'kustomization.yaml'), `${lines.join('\n')}\n`);
  return kubectl('kustomize', '--load-restrictor=LoadRestrictionsNone', own);
}

describe.each(OVERLAYS)('the manifests of %s', (overlay) => {
  it('are the same as plain YAML and as kustomize builds them', async () => {
    const built = await kubectl('kustomize', join(DEPLOY, 'overlays', overlay));
    await expect(`${plainHeader(overlay)}${built}`).toMatchFileSnapshot(plainFile(overlay));
  });

  it('are accepted by a real API server', async () => {
    const taken = (await dryRun(plainFile(overlay))).trim().split('\n');
    expect(taken).toEqual(
      expect.arrayContaining(['networkpolicy.networking.k8s.io/hopcheck', 'serviceaccount/hopcheck']),
    );
    expect(taken.filter((name) => name.startsWith('role.'))).toHaveLength(2);
    expect(taken.filter((name) => /^(job|cronjob).batch\/hopcheck-/.test(name))).toEqual([
      overlay === 'gate' ? 'job.batch/hopcheck-gate' : 'cronjob.batch/hopcheck-smoke',
    ]);
  });

  it.each(readdirSync(join(DEPLOY, 'components')))('are accepted with the component %s', async (component) => {
    const path = join(mkdtempSync(join(folder, 'built-')), 'all.yaml');
    const built = await custom(overlay, [`components/${component}`]);
    expect(built).not.toBe(await kubectl('kustomize', join(DEPLOY, 'overlays', overlay)));
    writeFileSync(path, built);
    await dryRun(path);
  });

  it('need neither token nor role when the targets are configured', async () => {
    const objects = objectsIn(await custom(overlay, ['components/fixed-targets']));
    expect(objects.filter(({ kind }) => /^Role/.test(kind))).toEqual([]);
    expect(JSON.stringify(objects)).not.toContain('"automountServiceAccountToken":true');
  });

  it('have pods that the strictest Pod Security level admits, and it refuses weaker ones', async () => {
    const { metadata, spec } = jobSpec(overlay).template;
    const create = (body: unknown) =>
      cluster.client.send({ method: 'POST', path: '/api/v1/namespaces/hopcheck/pods?dryRun=All', body });
    const pod = { apiVersion: 'v1', kind: 'Pod', metadata: { name: 'check', ...metadata }, spec };
    expect(await create(pod)).toMatchObject({ status: 201 });
    const refused = { status: 403, body: { message: expect.stringContaining('violates PodSecurity "restricted') } };
    const [container] = spec.containers;
    for (const field of ['runAsNonRoot', 'seccompProfile']) {
      const securityContext = { ...(spec.securityContext as object), [field]: undefined };
      expect(await create({ ...pod, spec: { ...spec, securityContext } })).toMatchObject(refused);
    }
    for (const field of ['allowPrivilegeEscalation', 'capabilities']) {
      const securityContext = { ...(container?.securityContext as object), [field]: undefined };
      const containers = [{ ...container, securityContext }];
      expect(await create({ ...pod, spec: { ...spec, containers } })).toMatchObject(refused);
    }
  });
});

it.each(['gate-a-deploy', 'on-call-smoke-check'])(
  'the API server accepts the overlay that the guide %s shows',
  async (guide) => {
    const text = readFileSync(join(DEPLOY, '../docs/guides', `${guide}.md`), 'utf8');
    const [, block = ''] = /```yaml\n( *# my-[\s\S]*?)```/.exec(text) ?? [];
    const own = mkdtempSync(join(folder, 'guide-'));
    writeFileSync(
      join(own, 'kustomization.yaml'),
      block.replaceAll(/^ {3}/gm, '').replaceAll('../deploy', relative(own, DEPLOY)),
    );
    const built = await kubectl('kustomize', '--load-restrictor=LoadRestrictionsNone', own);
    expect(built).toContain('image: YOUR-REGISTRY/hopcheck:0.1.0');
    writeFileSync(join(own, 'all.yaml'), built);
    expect(await dryRun(join(own, 'all.yaml'))).toMatch(/^(job|cronjob)\.batch\/hopcheck-/m);
  },
);

it('kubectl creates a single check from the smoke check', async () => {
  await cluster.apply(objectsIn(await kubectl('kustomize', join(DEPLOY, 'overlays', 'smoke'))));
  const made = await kubectl(
    ...['create', 'job', 'now', '--from=cronjob/hopcheck-smoke', '-n', 'hopcheck', '--dry-run=server', '-o', 'name'],
  );
  expect(made.trim()).toBe('job.batch/now');
});

it('the strictest Pod Security level also admits the pod that fetches files', async () => {
  expect(await dryRun(join(DEPLOY, 'reader.yaml'))).toBe('pod/hopcheck-reader\n');
  const [reader] = objectsIn(readFileSync(join(DEPLOY, 'reader.yaml'), 'utf8'));
  const claims = OVERLAYS.map((overlay) => only(plainObjects(overlay), 'PersistentVolumeClaim').metadata.name);
  expect(claims.map((claim) => JSON.stringify(reader).includes(claim))).toEqual([true, false]);
});
