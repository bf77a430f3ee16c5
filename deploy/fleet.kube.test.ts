import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { run } from '../fixtures/install/command.ts';
import { type Cluster, startCluster } from '../fixtures/kube/cluster.ts';
import { callMain } from '../harness/cli/testing/call-main.ts';
import { parseFault } from '../harness/lab/faults.ts';
import type { Lab } from '../harness/lab/lab.ts';
import { labOptions } from '../harness/lab/options.ts';
import { startStandin } from '../harness/lab/standin.ts';
import type { FleetReport } from '../harness/model/fleet-report.ts';
import type { RunReport } from '../harness/model/report.ts';
import { endPod, objectsIn, plainObjects } from './testing.ts';

const TARGETS = 20;
const BROKEN = 'target-07';
const NAMESPACE = '/api/v1/namespaces/hopcheck';
const SERVICES = ['productpage', 'details', 'reviews', 'ratings'];
const QUICK = { flush: { minSpans: 1, intervalMs: 100 } } as const;

interface Pod {
  readonly metadata: { readonly name: string; readonly annotations: Readonly<Record<string, string>> };
  readonly status: { readonly phase: string };
}

let cluster: Cluster;
let folder: string;
let healthy: Lab;
let broken: Lab;
beforeAll(async () => {
  cluster = await startCluster({ controllers: true });
  await cluster.apply([{ apiVersion: 'v1', kind: 'Namespace', metadata: { name: 'istio-system' } }]);
  await cluster.apply(plainObjects('gate').filter(({ kind }) => kind !== 'Job'));
  folder = mkdtempSync(join(tmpdir(), 'hopcheck-fleet-'));
  const faults = ['drop-all:reviews'].map((text) => parseFault(text, SERVICES));
  healthy = await startStandin(labOptions({ ...QUICK, faults: [] }));
  broken = await startStandin(labOptions({ ...QUICK, faults }));
  writePlan();
});
afterAll(async () => {
  await Promise.all([healthy, broken].map((lab) => lab[Symbol.asyncDispose]()));
  rmSync(folder, { recursive: true, force: true });
  await cluster.stop();
});

/** One target is broken. Where they are is the same for all others: their names tell them apart. */
function writePlan(): void {
  const targets = Array.from({ length: TARGETS }, (_, at) => {
    const name = `target-${String(at).padStart(2, '0')}`;
    const lab = name === BROKEN ? broken : healthy;
    return { name, options: { ingress: String(lab.ingressUrl), traces: String(lab.jaegerUrl) } };
  });
  const options = { probes: 12, flushInterval: '500ms', settleTimeout: '20s' };
  writeFileSync(join(folder, 'fleet.json'), JSON.stringify({ version: 1, options, rates: { default: 200 }, targets }));
}

const fleet = (...argv: readonly string[]) =>
  callMain(['fleet', '--plan', 'fleet.json', '--parallel', '4', ...argv], { cwd: folder });
const json = <T>(name: string) => JSON.parse(readFileSync(join(folder, name), 'utf8')) as T;
const kubectl = async (...args: readonly string[]) =>
  (await run(cluster.binaries.kubectl, ['--kubeconfig', cluster.kubeconfig, ...args])).stdout;

describe('the manifest of a fleet', () => {
  it.each(['pvc:captures', 'https://captures.example/fleet', 'log'])(
    'with captures by %s is accepted by a real API server',
    async (to) => {
      await fleet('--emit', 'dry.yaml', '--to', to);
      const taken = await kubectl(
        ...[
          'apply',
          '--dry-run=server',
          '--server-side',
          '--validate=strict',
          '-o',
          'name',
          '-f',
          join(folder, 'dry.yaml'),
        ],
      );
      expect(taken.trim().split('\n')).toEqual([
        'configmap/hopcheck-fleet-plan',
        'job.batch/hopcheck-fleet',
        ...(to.startsWith('pvc:') ? ['job.batch/hopcheck-fleet-merge'] : []),
      ]);
    },
  );

  it('has pods that the strictest Pod Security level admits', async () => {
    await fleet('--emit', 'dry.yaml', '--to', 'pvc:captures');
    for (const { kind, spec } of objectsIn(readFileSync(join(folder, 'dry.yaml'), 'utf8'))) {
      if (kind !== 'Job') continue;
      const { template } = spec as { template: { metadata: object; spec: object } };
      const body = {
        apiVersion: 'v1',
        kind: 'Pod',
        metadata: { name: 'check', ...template.metadata },
        spec: template.spec,
      };
      expect(await cluster.client.send({ method: 'POST', path: `${NAMESPACE}/pods?dryRun=All`, body })).toMatchObject({
        status: 201,
      });
    }
  });
});

describe('twenty targets in one Indexed Job', () => {
  const podsOf = async () => {
    const path = `${NAMESPACE}/pods?labelSelector=batch.kubernetes.io%2Fjob-name%3Dhopcheck-fleet`;
    return ((await cluster.client.call({ method: 'GET', path })) as unknown as { items: readonly Pod[] }).items;
  };
  const statusOf = async () => {
    const path = '/apis/batch/v1/namespaces/hopcheck/jobs/hopcheck-fleet';
    return ((await cluster.client.call({ method: 'GET', path })) as { status: JobStatus }).status;
  };
  const indexOf = ({ metadata }: Pod) => metadata.annotations['batch.kubernetes.io/job-completion-index'] ?? '';
  /** Plays the node of a pod. */
  const play = async (pod: Pod) => {
    const { exitCode } = await fleet('--index', indexOf(pod), '--to', 'captures');
    await endPod(cluster, pod, exitCode);
  };

  it('are all collected, also where a pod is killed, and the report names the broken one', async () => {
    await fleet('--emit', 'job.yaml', '--to', 'pvc:captures');
    await cluster.apply(objectsIn(readFileSync(join(folder, 'job.yaml'), 'utf8')).slice(0, 2));
    const played = new Set<string>();
    let killed: string | undefined;
    while ((await statusOf()).completedIndexes !== `0-${TARGETS - 1}`) {
      await expect
        .poll(async () => (await podsOf()).some(({ metadata }) => !played.has(metadata.name)) || (await isOver()), {
          timeout: 30_000,
        })
        .toBe(true);
      for (const pod of (await podsOf()).filter(({ metadata }) => !played.has(metadata.name))) {
        played.add(pod.metadata.name);
        if (killed === undefined) {
          killed = indexOf(pod);
          await endPod(cluster, pod, 137);
        } else await play(pod);
      }
    }
    // The index of the killed pod ran again: one pod more than there are targets.
    expect({ pods: played.size, status: await statusOf() }).toMatchObject({
      pods: TARGETS + 1,
      status: { completedIndexes: `0-${TARGETS - 1}` },
    });

    const merged = await fleet('--collect', 'captures', '--report', 'json=fleet-report.json');
    const report = json<FleetReport>('fleet-report.json');
    expect({ exitCode: merged.exitCode, sentence: report.sentence }).toEqual({
      exitCode: 1,
      sentence: expect.stringMatching(new RegExp(`^1 of ${TARGETS} targets fails: ${BROKEN}: reviews .* ratings`)),
    });
    const { targets } = json<{ targets: readonly { name: string }[] }>('fleet.json');
    for (const [at, { name }] of targets.entries()) {
      await callMain(['merge', `captures/${at}.capture`, '--report', 'json=one.json'], { cwd: folder });
      const together = report.targets.find((target) => target.name === name)?.report;
      expect(counted(together), name).toEqual(counted(json<RunReport>('one.json')));
    }

    rmSync(join(folder, 'captures/3.capture'));
    rmSync(join(folder, 'captures/7.capture'));
    const lacking = await fleet('--collect', 'captures', '--report', 'json=lacking.json');
    expect({ exitCode: lacking.exitCode, sentence: json<FleetReport>('lacking.json').sentence }).toEqual({
      exitCode: 2,
      sentence: 'could not decide: target-03: the only part is missing; target-07: the only part is missing',
    });
  }, 300_000);

  const isOver = async () => (await statusOf()).completedIndexes === `0-${TARGETS - 1}`;
});

interface JobStatus {
  readonly completedIndexes?: string;
}

/** Counts and findings, without those that rest on α. */
function counted(report: RunReport | undefined) {
  return {
    probes: report?.run.probes,
    traces: report?.run.traces,
    counts: report?.versions?.counts,
    promises: report?.promises.map(({ id, status, findings }) => ({
      id,
      status,
      findings: findings.map(({ code, severity, subject, share, evidence }) => ({
        code,
        severity,
        subject,
        share,
        evidence,
      })),
    })),
  };
}
