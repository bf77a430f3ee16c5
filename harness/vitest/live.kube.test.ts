import { spawn } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { afterAll, afterEach, beforeAll, beforeEach, expect, it } from 'vitest';
import { type Cluster, startCluster } from '../../fixtures/kube/cluster.ts';
import type { KubeObject } from '../../fixtures/kube/object.ts';
import { forwardToLab, meshDefinitions, walkthrough } from '../../fixtures/kube/walkthrough.ts';
import { labOptions } from '../lab/options.ts';
import { startStandin } from '../lab/standin.ts';

const ROOT = resolve(import.meta.dirname, '../..');

let cluster: Cluster;
beforeAll(async () => {
  cluster = await startCluster();
  await cluster.apply(await meshDefinitions());
});
afterAll(() => cluster.stop());
let folder: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'hopcheck-live-'));
});
let applied: readonly KubeObject[] = [];
afterEach(async () => {
  await cluster.delete(applied.filter(({ kind }) => kind !== 'Namespace'));
  rmSync(folder, { recursive: true });
});

interface Results {
  readonly testResults: readonly {
    readonly assertionResults: readonly { readonly title: string; readonly status: string }[];
  }[];
}

/** The specs as a person runs them against a cluster, in a separate process; the title of each with its result. */
async function specs(objects: readonly KubeObject[]) {
  applied = objects;
  await cluster.apply(objects);
  await using lab = await startStandin(labOptions({ flush: { minSpans: 1, intervalMs: 100 } }));
  await forwardToLab(cluster, objects, lab);
  const results = join(folder, 'results.json');
  const args = ['run', '--project', 'live', '--reporter=json', `--outputFile.json=${results}`];
  const env = {
    ...process.env,
    KUBECONFIG: cluster.kubeconfig,
    HOPCHECK_KUBE: 'true',
    HOPCHECK_FLUSH_INTERVAL: '500ms',
  };
  const child = spawn(process.execPath, [join(ROOT, 'node_modules/vitest/vitest.mjs'), ...args], {
    cwd: ROOT,
    env,
    stdio: 'ignore',
  });
  const exitCode = await new Promise<number | null>((done) => child.once('close', done));
  const { testResults } = JSON.parse(readFileSync(results, 'utf8')) as Results;
  const all = testResults.flatMap(({ assertionResults }) => assertionResults);
  return { exitCode, status: Object.fromEntries(all.map(({ title, status }) => [title, status])) };
}
const CONFIGURATION = "the mesh's own configuration allows whole traces";

it('every spec holds on a cluster that follows the walk-through, the spec of its configuration included', async () => {
  const { exitCode, status } = await specs(walkthrough());
  expect({ exitCode, statuses: new Set(Object.values(status)) }).toEqual({
    exitCode: 0,
    statuses: new Set(['passed']),
  });
  expect(Object.keys(status)).toContain(CONFIGURATION);
});

it('the spec of the configuration fails where the configuration contradicts itself', async () => {
  const { exitCode, status } = await specs(walkthrough({ bookinfo: { sidecars: { 'details-v1': 'none' } } }));
  const red = Object.entries(status).filter(([, each]) => each !== 'passed');
  expect({ exitCode, red }).toEqual({ exitCode: 1, red: [[CONFIGURATION, 'failed']] });
});
