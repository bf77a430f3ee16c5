import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { parseArgs } from 'node:util';
import { gzipSync } from 'node:zlib';
import { hopcheckWatched } from '../fixtures/istio/cli.ts';
import { installIstio } from '../fixtures/istio/install.ts';
import { istioLab } from '../fixtures/istio/lab.ts';
import { type Mesh, startMesh } from '../fixtures/istio/mesh.ts';
import { judged, readState } from '../fixtures/istio/recorded-states.ts';
import { type MeshState, STATES } from '../fixtures/istio/states.ts';
import { labOptions } from '../harness/lab/options.ts';

// npm run record:states -- [--only name] [--judge]: how a real mesh looks that is configured or changing so that traces are not whole.
// Writes fixtures/istio/states/<name>/: the capture of `run --kube`, what it printed, and what it found. With --judge it
// records nothing, and writes anew what today's judgement finds in the captures.
const { values } = parseArgs({ options: { only: { type: 'string' }, judge: { type: 'boolean' } } });
const FOLDER = resolve(import.meta.dirname, '../fixtures/istio/states');
const states = STATES.filter(({ name }) => values.only === undefined || name.includes(values.only));
if (values.judge === true) for (const { name } of states) writeFound(name);
else await recordAll();

async function recordAll(): Promise<void> {
  await using mesh = await startMesh({ parts: await installIstio(), say: console.log });
  for (const state of states) console.log(`${state.name}: ${await record(mesh, state)}`);
}

function writeFound(name: string): void {
  writeFileSync(join(FOLDER, name, 'found.json'), `${JSON.stringify(judged(readState(name)), undefined, 2)}\n`);
}

async function record(up: Mesh, state: MeshState): Promise<string> {
  const work = mkdtempSync(join(tmpdir(), 'hopcheck-record-'));
  await using _lab = await istioLab(up, labOptions({ engine: 'istio' }), state);
  try {
    const capture = join(work, 'capture');
    // A change needs requests on both sides of it.
    const traffic = state.during === undefined ? ['--probes', '24'] : ['--probes', '60', '--rate', '10'];
    let change: Promise<unknown> | undefined;
    const { exitCode, stdout } = await hopcheckWatched(
      up,
      ['run', '--kube', ...traffic, '--capture', capture],
      (stderr) => {
        if (state.during !== undefined && /probes 1\//.test(stderr)) change ??= state.during(up);
      },
    );
    await change;
    const folder = join(FOLDER, state.name);
    mkdirSync(folder, { recursive: true });
    writeFileSync(join(folder, 'capture.gz'), gzipSync(readFileSync(capture), { level: 9 }));
    writeFileSync(join(folder, 'run.txt'), stdout);
    writeFound(state.name);
    return `exit ${exitCode}`;
  } finally {
    rmSync(work, { recursive: true, force: true });
  }
}
