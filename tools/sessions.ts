import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { ENVOY_VERSION, installReal, JAEGER_VERSION } from '../fixtures/envoy/install.ts';
import { startCluster } from '../fixtures/kube/cluster.ts';
import { installKube, KUBE_VERSION } from '../fixtures/kube/install.ts';
import { meshDefinitions } from '../fixtures/kube/walkthrough.ts';
import { type MeshInCluster, meshInCluster } from '../fixtures/testing/cluster-with-mesh.ts';
import { spawnCli } from '../harness/cli/testing/spawn-cli.ts';
import { HOPCHECK_VERSION } from '../harness/system/version.ts';

// npm run sessions: writes docs/guides/sessions.md from real runs. The set-up is that of harness/cli/run.kube.test.ts.

/** The walk-through's own layout. */
const SLS = { tracing: { layout: 'sls' } } as const;

interface Session {
  readonly title: string;
  readonly text: string;
  readonly world: MeshInCluster;
  readonly command: string;
  readonly exitCode: number;
  /** As an account that may do nothing; default: the administrator. */
  readonly withoutRights?: true;
}

const SESSIONS: readonly Session[] = [
  {
    title: 'Is the cluster ready?',
    text: 'Bookinfo in `default`, Istio in `istio-system`, Jaeger behind the Service `tracing-on-sls-query`. No flag names any of it.',
    world: { objects: SLS },
    command: 'hopcheck doctor --kube',
    exitCode: 0,
  },
  {
    title: 'A healthy mesh',
    text: 'The same cluster. Everything is found, and everything holds.',
    world: { objects: SLS },
    command: 'hopcheck run --kube',
    exitCode: 0,
  },
  {
    title: 'A fault: reviews forwards no headers',
    text: 'Pages look as ever. Each trace is cut at reviews, and the run says so.',
    world: { objects: SLS, faults: ['drop-all:reviews'] },
    command: 'hopcheck run --kube',
    exitCode: 1,
  },
  {
    title: 'A fault: details has no sidecar',
    text: 'The API says it before any traffic; the traces show what comes of it.',
    world: {
      objects: { ...SLS, bookinfo: { sidecars: { 'details-v1': 'none' } } },
      faults: ['no-sidecar:details'],
    },
    command: 'hopcheck run --kube',
    exitCode: 1,
  },
  {
    title: 'Not ready: the pods of ratings do not come up',
    text: 'One root cause: nothing after it is looked at, and no request is sent.',
    world: { objects: { ...SLS, bookinfo: { ready: { 'ratings-v1': 0 } } } },
    command: 'hopcheck doctor --kube',
    exitCode: 2,
  },
  {
    title: 'Not permitted: an account without rights',
    text: 'All that is missing at once, with the smallest Roles that grant it. `kubectl apply` takes them as they stand.',
    world: { objects: SLS },
    command: 'hopcheck doctor --kube',
    exitCode: 2,
    withoutRights: true,
  },
];
const NOBODY = { namespace: 'default', name: 'nobody' };

await installKube();
const binaries = await installReal();
await using cluster = await startCluster();
await cluster.apply(await meshDefinitions());
await cluster.apply([{ apiVersion: 'v1', kind: 'ServiceAccount', metadata: NOBODY }]);
const nobody = cluster.kubeconfigFor({ token: await cluster.requestToken(NOBODY) });
const parts = [];
for (const { title, text, world, command, exitCode: expected, withoutRights } of SESSIONS) {
  console.log(`${title}: ${command}`);
  await using _mesh = await meshInCluster(cluster, binaries, world);
  const home = mkdtempSync(join(tmpdir(), 'hopcheck-session-'));
  const env = { KUBECONFIG: withoutRights ? nobody : cluster.kubeconfig, HOME: home };
  const { exitCode, output } = await spawnCli(command.split(' ').slice(1), home, env).ended;
  rmSync(home, { recursive: true });
  // A recording of something else is none.
  if (exitCode !== expected) throw new Error(`${command} ended with ${exitCode}, not ${expected}:\n${output}`);
  parts.push(
    `## ${title}`,
    text,
    ['```console', `$ ${command}`, output.trimEnd(), '$ echo $?', exitCode, '```'].join('\n'),
  );
}
const versions = [
  `hopcheck ${HOPCHECK_VERSION} on Node ${process.version.slice(1)}`,
  `kube-apiserver ${KUBE_VERSION}`,
  `Envoy ${ENVOY_VERSION}`,
  `Jaeger ${JAEGER_VERSION}`,
];
const page = [
  '<!-- recorded by npm run sessions; record again instead of editing -->',
  '# Recorded sessions',
  `Real runs, recorded on ${new Date().toISOString().slice(0, 10)} with \`npm run sessions\`: ${versions.join(', ')}. The API server, its port-forward, Envoy and Jaeger are the real ones; the kubelet is a stand-in that leads a pod's port to a process on the same machine, and Istio's objects stand in the API as Istio would have put them there. \`hopcheck\` is short for \`npm run -s hopcheck --\`; the kubeconfig is in \`KUBECONFIG\`.`,
  ...parts,
];
writeFileSync(resolve(import.meta.dirname, '../docs/guides/sessions.md'), `${page.join('\n\n')}\n`);
