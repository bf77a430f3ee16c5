import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { parseArgs } from 'node:util';
import { gzipSync } from 'node:zlib';
import { installIstio } from '../fixtures/istio/install.ts';
import { type Mesh, startMesh } from '../fixtures/istio/mesh.ts';
import { HOW, isRecorded, judged, pathOf, readState } from '../fixtures/istio/recorded-states.ts';
import { runState } from '../fixtures/istio/state-rows.ts';
import { type MeshState, STATES } from '../fixtures/istio/states.ts';
import { writeStatesPage } from './states-page.ts';

// npm run record:states -- [--only name,name] [--judge]: how a real mesh looks that is configured or changing so that
// traces are not whole.
// Writes fixtures/istio/states/<name>/: the captures of a run with --kube and one without, what they printed, and their
// findings; and docs/guides/states.md. With --judge it records nothing, and writes anew what today's judgement finds.
const { values } = parseArgs({ options: { only: { type: 'string' }, judge: { type: 'boolean' } } });
const only = values.only?.split(',') ?? [''];
const states = STATES.filter(({ name }) => only.some((part) => name.includes(part)));
if (values.judge === true) for (const { name } of states) writeFound(name);
else await recordAll();
writeStatesPage();

async function recordAll(): Promise<void> {
  await using mesh = await startMesh({ parts: await installIstio(), say: console.log });
  for (const state of states) {
    const line = await record(mesh, state).catch((error: unknown) => `could not run: ${String(error)}`);
    console.log(`${state.name}: ${line}`);
  }
}

function writeFound(name: string): void {
  for (const how of HOW.filter((each) => isRecorded(name, each)))
    writeFileSync(pathOf(name, 'found', how), `${JSON.stringify(judged(readState(name, how)), undefined, 2)}\n`);
}

async function record(up: Mesh, state: MeshState): Promise<string> {
  const work = mkdtempSync(join(tmpdir(), 'hopcheck-record-'));
  try {
    const capture = join(work, 'capture');
    const lines: string[] = [];
    for (const how of HOW) {
      const { exitCode, found, stdout } = await runState(up, { state, kube: how === 'kube' }, '--capture', capture);
      mkdirSync(dirname(pathOf(state.name, 'capture', how)), { recursive: true });
      writeFileSync(pathOf(state.name, 'capture', how), gzipSync(readFileSync(capture), { level: 9 }));
      writeFileSync(pathOf(state.name, 'printed', how), stdout);
      const expected = state.finds[how].join('; ') || 'nothing';
      const seen = found.join('; ') || 'nothing';
      lines.push(`${how}: exit ${exitCode}, ${seen}${seen === expected ? '' : `, EXPECTED ${expected}`}`);
    }
    writeFound(state.name);
    return lines.join(' · ');
  } finally {
    rmSync(work, { recursive: true, force: true });
  }
}
