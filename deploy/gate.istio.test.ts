import { readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { istioLab } from '../fixtures/istio/lab.ts';
import type { Mesh } from '../fixtures/istio/mesh.ts';
import { sharedMesh } from '../fixtures/istio/shared-mesh.ts';
import { parseFault } from '../harness/lab/faults.ts';
import { labOptions } from '../harness/lab/options.ts';
import type { RunReport } from '../harness/model/report.ts';
import { DEPLOY, plainFile } from './testing.ts';

const SERVICES = ['productpage', 'details', 'reviews', 'ratings'];
const FILES = ['junit.xml', 'report.html', 'report.json', 'run.capture'];
const ENDED = '--timeout=300s';
const PLAIN = ['-f', plainFile('gate')];
const OVERLAY = ['-k', join(DEPLOY, 'overlays/gate')];

interface Ended {
  readonly exitCode: number;
  readonly log: string;
  /** What `kubectl describe pod` shows. */
  readonly message: string;
}

// The manifests are applied as they are. The pod runs this checkout, with its own ServiceAccount, in its own network.
describe('the gate, as a pod of a real mesh', () => {
  let mesh: Mesh;
  const inside = (...args: readonly string[]) => mesh.kubectl.run('-n', 'hopcheck', ...args);
  beforeAll(async () => {
    mesh = await sharedMesh();
  });
  // A Job is never changed, only replaced.
  afterEach(() => inside('delete', 'job', 'hopcheck-gate', '--ignore-not-found'));
  afterAll(() => mesh.kubectl.run('delete', ...PLAIN, '--ignore-not-found'));

  const endOf = async (condition: 'Complete' | 'Failed'): Promise<Ended> => {
    await inside('wait', 'job/hopcheck-gate', `--for=condition=${condition}`, ENDED);
    const terminated = '.items[-1:].status.containerStatuses[0].state.terminated';
    const ofPod = (field: string) =>
      inside(
        ...['get', 'pods', '-l', 'app.kubernetes.io/name=hopcheck', '--sort-by=.metadata.creationTimestamp'],
        ...['-o', `jsonpath={${terminated}.${field}}`],
      );
    return {
      exitCode: Number(await ofPod('exitCode')),
      log: await inside('logs', 'job/hopcheck-gate'),
      message: await ofPod('message'),
    };
  };
  const results = () => join(mesh.folder, 'claims/hopcheck_hopcheck-gate-results');
  const report = () => JSON.parse(readFileSync(join(results(), 'report.json'), 'utf8')) as RunReport;
  const lab = (...faults: readonly string[]) =>
    istioLab(mesh, labOptions({ engine: 'istio', faults: faults.map((text) => parseFault(text, SERVICES)) }));

  it('completes the Job on a healthy mesh, and writes its files into the volume', async () => {
    await using _lab = await lab();
    await mesh.kubectl.run('apply', ...OVERLAY);
    const { exitCode, log } = await endOf('Complete');
    expect(exitCode, log).toBe(0);
    expect(log).toMatch(/^PASS \(exit 0\) all 9 promises judged hold/m);
    expect(readdirSync(results()).toSorted()).toEqual(FILES);
    const { run, sentence } = report();
    expect(sentence).toMatch(/^all 9 promises judged hold/);
    expect(run.cluster).toMatchObject({ context: 'in-cluster' });
    // Services are dialled by name, and no port is forwarded: the account may not.
    expect(run.cluster?.found.map(({ reached }) => reached?.replace(/:\d+$/, ''))).toEqual([
      undefined,
      'in the cluster istio-ingressgateway.istio-system.svc',
      'in the cluster tracing.istio-system.svc',
    ]);
  });

  it('fails the Job with exit code 1 when reviews forwards nothing, and the report names the hop', async () => {
    await using _lab = await lab('drop-all:reviews');
    await mesh.kubectl.run('apply', ...PLAIN);
    const { exitCode, log, message } = await endOf('Failed');
    expect(exitCode, log).toBe(1);
    const sentence = /reviews v2, v3 do not pass the trace context on to ratings/;
    expect(report().sentence).toMatch(sentence);
    expect(message.replaceAll(/\s+/g, ' ')).toMatch(sentence);
    expect(readdirSync(results()).toSorted()).toEqual(FILES);
    const found = report().promises.flatMap(({ findings }) => findings.filter(({ severity }) => severity === 'error'));
    expect(found.map(({ code }) => code)).toEqual(['HC501']);
  });

  /** Everything of the manifest but the Job and its volume has the label. */
  const withoutRoles = async (...namespaces: readonly string[]) => {
    await mesh.kubectl.run('apply', ...PLAIN, '--selector=app.kubernetes.io/name=hopcheck');
    for (const namespace of namespaces) await mesh.kubectl.run('-n', namespace, 'delete', 'role', 'hopcheck');
    const gate = join(DEPLOY, 'overlays/gate');
    await mesh.kubectl.run('apply', '-f', join(gate, 'job.yaml'), '-f', join(gate, 'results.yaml'));
    return endOf('Failed');
  };

  it.each([
    ['default', 'istio-system'],
    ['istio-system', 'default'],
  ])(
    'without its Role in %s lists at once the rights that are missing there, and no others',
    async (namespace, other) => {
      const { exitCode, log, message } = await withoutRoles(namespace);
      expect(exitCode, log).toBe(2);
      const words = log.replaceAll(/\s+/g, ' ');
      expect(words).toContain('not permitted');
      for (const right of ['list services', 'list pods', 'list virtualservices.networking.istio.io'])
        expect(words).toContain(`${right} in namespace ${namespace}`);
      expect(words).not.toContain(` in namespace ${other}`);
      expect(message).toMatch(/^INCONCLUSIVE \(exit 2\)/m);
    },
  );

  it('completes the Job with the Roles that it prints, and no others', async () => {
    await using _lab = await lab();
    const { log } = await withoutRoles('default', 'istio-system');
    const roles = /<<'EOF'\n([\s\S]*?)^EOF$/m.exec(log)?.[1] ?? '';
    const file = join(mesh.folder, 'printed-roles.yaml');
    writeFileSync(file, roles);
    await mesh.kubectl.run('apply', '-f', file);
    await inside('delete', 'job', 'hopcheck-gate');
    await mesh.kubectl.run('apply', '-f', join(DEPLOY, 'overlays/gate/job.yaml'));
    const ended = await endOf('Complete');
    expect(ended.exitCode, ended.log).toBe(0);
  });
});
