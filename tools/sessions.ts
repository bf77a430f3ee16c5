import { writeFileSync } from 'node:fs';
import { homedir, hostname, tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { ENVOY_VERSION } from '../fixtures/envoy/install.ts';
import { type IstioParts, installIstio } from '../fixtures/istio/install.ts';
import { ISTIO_VERSION } from '../fixtures/istio/install-programs.ts';
import { istioLab } from '../fixtures/istio/lab.ts';
import { type Mesh, startMesh } from '../fixtures/istio/mesh.ts';
import { Shell } from '../fixtures/istio/shell.ts';
import {
  BOOKINFO,
  type Chapter,
  type Done,
  missingIn,
  WITH_ADDON,
  WITH_SLS,
  walk,
} from '../fixtures/istio/walkthrough.ts';
import { KUBE_VERSION } from '../fixtures/kube/install.ts';
import { parseFault } from '../harness/lab/faults.ts';
import { ENGINE_DEFAULTS, labOptions } from '../harness/lab/options.ts';
import { HOPCHECK_VERSION } from '../harness/system/version.ts';

// npm run sessions: writes docs/guides/sessions.md from real runs, on a real Istio. The first part is the walk-through, as
// fixtures/istio/walkthrough.istio.test.ts has it; what must be found in each output is checked before it is written.

const ROOT = resolve(import.meta.dirname, '..');

const WITH_FAULTS: readonly (Chapter & { readonly faults: readonly string[] })[] = [
  {
    title: 'A fault: reviews forwards no headers',
    text: 'Pages look as before. Each trace is cut at reviews, and the run says so.',
    faults: ['drop-all:reviews'],
    steps: [
      { command: 'hopcheck run --kube', exitCode: 1, shows: [/^ +finding +HC501 error · reviews v2, v3 → ratings/m] },
    ],
  },
  {
    title: 'A fault: details has no sidecar',
    text: 'The API says it before any traffic; the traces show what comes of it.',
    faults: ['no-sidecar:details'],
    steps: [
      { command: 'kubectl get pods -l app=details', shows: [/^details-v1-\S+ +1\/1 +Running/m] },
      {
        command: 'hopcheck run --kube',
        exitCode: 1,
        shows: [/^ +finding +HC808 error · details/m, /^ +HC306 details: [^✓✗]*follows\s+from HC808 details/m],
      },
    ],
  },
  {
    title: 'Not ready: ratings has no pod',
    text: 'One root cause: nothing after it is looked at, and no request is sent.',
    faults: ['missing:ratings'],
    steps: [
      {
        command: 'hopcheck doctor --kube',
        exitCode: 2,
        shows: [/^✗ Services and workloads/m, /^NOT READY \(exit 2\)/m],
      },
    ],
  },
  {
    title: 'Not permitted: an account without rights',
    text: 'All that is missing at once, with the smallest Roles that grant it. `kubectl apply` takes them as they are.',
    faults: [],
    steps: [
      { command: 'kubectl create serviceaccount visitor', shows: [/^serviceaccount\/visitor created$/m] },
      {
        command: [
          'kubectl config set-credentials visitor --token="$(kubectl create token visitor)"',
          'kubectl config set-context visitor --cluster=mesh --user=visitor',
        ].join('\n'),
        shows: [/^User "visitor" set\.$/m, /^Context "visitor" created\.$/m],
      },
      {
        command: 'hopcheck doctor --kube --kube-context visitor',
        exitCode: 2,
        shows: [/not permitted/, /^kind: Role$/m],
      },
    ],
  },
];

const parts = await installIstio();
const chapters = [...(await walkThrough(parts)), ...(await faults(parts))];
const versions = [
  `hopcheck ${HOPCHECK_VERSION} on Node ${process.version.slice(1)}`,
  `Istio ${ISTIO_VERSION}`,
  `Kubernetes ${KUBE_VERSION}`,
  `Envoy ${ENVOY_VERSION}`,
  `Jaeger ${ENGINE_DEFAULTS.istio.jaeger}`,
];
const page = [
  '<!-- recorded by npm run sessions; record again instead of editing -->',
  '# Recorded sessions',
  `Real runs, recorded on ${new Date().toISOString().slice(0, 10)} with \`npm run sessions\`: ${versions.join(', ')}. Istio, its gateway and sidecars, Bookinfo, Jaeger and the Kubernetes API are the real ones, installed by Istio's own manifests; a kubelet of this project runs the pods as processes ([how](../../fixtures/istio/node/README.md)). The shell is one that reaches the cluster's nodes, in the folder of an Istio release. \`hopcheck\` is short for \`npm run -s hopcheck --\`; the kubeconfig is in \`KUBECONFIG\`. The faults of the later sessions are made in what runs for an image and by labels; all manifests are as Istio ships them.`,
  ...chapters,
];
writeFileSync(join(ROOT, 'docs/guides/sessions.md'), `${page.join('\n\n')}\n`);

/** Istio's task from its first command, on a cluster with nothing but Istio in it, and hopcheck at its end. */
async function walkThrough(installed: IstioParts): Promise<readonly string[]> {
  await using mesh = await startMesh({ parts: installed, shims: false, upTo: 'istio', say: console.log });
  const shell = new Shell(mesh);
  const written: string[] = [];
  for (const chapter of [...BOOKINFO, WITH_ADDON, WITH_SLS]) written.push(await record(mesh, shell, chapter));
  return written;
}

async function faults(installed: IstioParts): Promise<readonly string[]> {
  await using mesh = await startMesh({ parts: installed, say: console.log });
  const shell = new Shell(mesh);
  const written: string[] = [];
  for (const chapter of WITH_FAULTS) {
    const parsed = chapter.faults.map((text) => parseFault(text, ['productpage', 'details', 'reviews', 'ratings']));
    await using _lab = await istioLab(mesh, labOptions({ engine: 'istio', faults: parsed }));
    written.push(await record(mesh, shell, chapter));
  }
  return written;
}

async function record(mesh: Mesh, shell: Shell, chapter: Chapter): Promise<string> {
  console.log(chapter.title);
  const done = await walk(shell, chapter);
  for (const step of done) {
    const missing = missingIn(step);
    // A recording that shows something else would mislead.
    if (missing.length > 0) throw new Error(`${step.command}: ${missing.join('; ')}\n${step.output}`);
    const seen = [ROOT, mesh.folder, homedir(), tmpdir(), hostname()].find((each) => step.output.includes(each));
    if (seen !== undefined) throw new Error(`${step.command} prints ${seen}, which is of this machine`);
  }
  return [`## ${chapter.title}`, chapter.text, `\`\`\`console\n${done.flatMap(linesOf).join('\n')}\n\`\`\``].join(
    '\n\n',
  );
}

function linesOf({ command, output, exitCode }: Done): readonly string[] {
  return [
    ...command.split('\n').map((line) => `$ ${line}`),
    ...(output.trim() === '' ? [] : [output.trimEnd()]),
    ...(command.startsWith('hopcheck ') ? ['$ echo $?', String(exitCode)] : []),
  ];
}
