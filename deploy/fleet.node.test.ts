import { readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { beforeAll, describe, expect, it } from 'vitest';
import { stringify } from 'yaml';
import { volumeFor } from '../fixtures/node/claims.ts';
import { codeBelow, commandsIn } from '../fixtures/node/documented.ts';
import { processesOfPod } from '../fixtures/node/pod-process.ts';
import { type SharedNode, sharedNode } from '../fixtures/node/shared.ts';
import { NodeShell } from '../fixtures/node/shell.ts';
import { until } from '../fixtures/node/until.ts';
import { inDeployFolder } from '../fixtures/node/work-folder.ts';
import { callMain } from '../harness/cli/testing/call-main.ts';
import type { FleetReport } from '../harness/model/fleet-report.ts';

const PAGE = 'docs/fleet.md';
const [onKubernetes = ''] = codeBelow(PAGE, 'On Kubernetes', 'sh');
const KILLED = '1';

interface Pod {
  readonly metadata: { readonly name: string; readonly uid: string; readonly labels: Readonly<Record<string, string>> };
  readonly status: {
    readonly phase: string;
    readonly containerStatuses?: readonly { readonly state: { readonly terminated?: { readonly exitCode: number } } }[];
  };
}

// The image of this checkout, on a real kubelet, by the command lines of docs/fleet.md as they stand there.
describe('a fleet in one Indexed Job on a real node', () => {
  let shared: SharedNode;
  let captures: string;
  beforeAll(async () => {
    shared = await sharedNode();
    captures = await volumeFor(shared.node, 'hopcheck', 'captures');
  });

  it('runs the index of a killed pod again; the merge names the broken target, in the cluster and here', async () => {
    const { node, mesh } = shared;
    using folder = inDeployFolder({});
    const shell = new NodeShell(node, folder.path);
    const at = ({ ingress, traces }: { ingress: string; traces: string }) => ({ options: { ingress, traces } });
    const plan = {
      version: 1,
      options: { probes: 24 },
      // All pods of the test share two processors.
      rates: { default: 10 },
      targets: [
        { name: 'shop', parts: 2, ...at(mesh.healthy) },
        { name: 'till', ...at(mesh.broken) },
      ],
    };
    writeFileSync(join(folder.path, 'fleet.yaml'), stringify(plan));
    const fleet = (...args: readonly string[]) =>
      callMain(['fleet', '--plan', 'fleet.yaml', ...args], { cwd: folder.path });
    const [emit = '', apply = '', wait = '', ...more] = commandsIn(onKubernetes);
    expect(more).toEqual([]);
    const emitted = emit.replace('YOUR-REGISTRY/', 'docker.io/library/').split(/\s+/).slice(1);
    expect(await callMain(emitted, { cwd: folder.path })).toMatchObject({ exitCode: 0 });
    await shell.run('kubectl apply -k deploy/base');
    await node.apply([claim('captures')]);
    await shell.run(apply);

    const pods = async () => {
      const list = 'kubectl -n hopcheck get pods -l batch.kubernetes.io/job-name=hopcheck-fleet -o json';
      return (JSON.parse(await shell.run(list)) as { items: readonly Pod[] }).items;
    };
    const ofKilled = async () =>
      (await pods()).filter(({ metadata }) => metadata.labels['batch.kubernetes.io/job-completion-index'] === KILLED);
    await until('a process of the pod to be killed', async () => {
      const running = (await ofKilled()).flatMap(({ metadata }) => processesOfPod(metadata.uid, '/hopcheck/dist/'));
      for (const pid of running) process.kill(pid, 'SIGKILL');
      return running.length > 0;
    });
    await shell.run(wait);
    const again = (await ofKilled()).map(({ status }) => status.containerStatuses?.[0]?.state.terminated?.exitCode);
    expect(again.toSorted()).toEqual([0, 137]);
    expect(await pods()).toHaveLength(4);
    expect(readdirSync(captures).toSorted()).toEqual(['0.capture', '1.capture', '2.capture']);

    // As a second Job of the same manifest, whose exit code is the verdict.
    const sentence = /^1 of 2 targets fails: till: reviews .* ratings/;
    await shell.run(`kubectl -n hopcheck patch job hopcheck-fleet-merge -p '{"spec":{"suspend":false}}'`);
    await shell.run('kubectl -n hopcheck wait job/hopcheck-fleet-merge --for=condition=Failed --timeout=60s');
    const said = (await shell.run('kubectl -n hopcheck logs job/hopcheck-fleet-merge')).replaceAll(/\s+/g, ' ');
    expect(said).toMatch(/FAIL \(exit 1\) 1 of 2 targets fails: till: reviews/);
    // And of a copy of the volume.
    const merged = await fleet('--collect', captures, '--report', 'json=fleet.json');
    const report = JSON.parse(readFileSync(join(folder.path, 'fleet.json'), 'utf8')) as FleetReport;
    expect({ exitCode: merged.exitCode, sentence: report.sentence }).toEqual({
      exitCode: 1,
      sentence: expect.stringMatching(sentence),
    });
    const shop = ['0.capture', '1.capture'].map((name) => join(captures, name));
    expect(await callMain(['merge', ...shop], { cwd: folder.path })).toMatchObject({ exitCode: 0 });
  }, 300_000);
});

function claim(name: string) {
  return {
    apiVersion: 'v1',
    kind: 'PersistentVolumeClaim',
    metadata: { namespace: 'hopcheck', name },
    spec: { accessModes: ['ReadWriteMany'], resources: { requests: { storage: '100Mi' } } },
  };
}
