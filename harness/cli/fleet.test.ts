import { mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { beforeEach, describe, expect, it } from 'vitest';
import { parseAllDocuments } from 'yaml';
import { readRecording, toCapture } from '../../fixtures/recordings/load.ts';
import { CaptureEncoder } from '../capture/encode.ts';
import { partsOf } from '../capture/part.ts';
import type { Capture } from '../model/capture.ts';
import type { FleetReport } from '../model/fleet-report.ts';
import { callMain } from './testing/call-main.ts';
import { recordedCapture } from './testing/recorded-capture.ts';

let folder: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'hopcheck-plan-'));
  return () => rmSync(folder, { recursive: true, force: true });
});

const write = (name: string, text: string) => writeFileSync(join(folder, name), text);
const fleet = (...argv: readonly string[]) => callMain(['fleet', ...argv], { cwd: folder });
const oneLine = (text: string) => text.replace(/\s+/g, ' ');

const PLAN = `version: 1
options: { probes: 30, traces: http://jaeger:16686 }
targets:
  - { name: shop, parts: 3, options: { ingress: http://shop.example } }
  - { name: "{context}/{namespace}", contexts: [eu, us], namespaces: [pay], options: { application: apps/pay.yaml } }
`;

describe('a plan', () => {
  it.each([
    ['of another version', 'version: 2\ntargets: [{ name: a }]', /"version".*line 1\): expected 1,/],
    [
      'with more parts than a Job has indexes',
      PLAN.replace(
        'parts: 3',
        `parts: 1000, namespaces: [${Array.from({ length: 300 }, (_, at) => `n${at}`).join(', ')}]`,
      ),
      /"targets".*expected at most 100000 parts in all, because a Job has no more indexes; these are 300002,/,
    ],
    ['without targets', 'version: 1\ntargets: []', /"targets".*line 2/],
    ['with an unknown option', PLAN.replace('probes: 30', 'probs: 30'), /"options\.probs".*line 2.*expected "probes"/],
    ['with a secret', PLAN.replace('probes: 30', 'tracesToken: abc'), /HOPCHECK_TRACES_TOKEN instead/],
    ['with a rate', PLAN.replace('probes: 30', 'rate: 30'), /"rates" of the plan instead/],
    ['with a policy', PLAN.replace('probes: 30', 'only: [smoke]'), /the call that merges instead/],
    [
      'with a wrong value',
      PLAN.replace('probes: 30', 'probes: many'),
      /--probes "many".*from file fleet.yaml, target shop/,
    ],
    [
      'with two targets of one name',
      PLAN.replace('"{context}/{namespace}"', '"shop"').replace(/contexts.*pay\], /, ''),
      /no other target has/,
    ],
    ['without an ingress', PLAN.replace('ingress: http://shop.example', ''), /"ingress", or kube: true/],
    [
      'with a budget that is too small',
      `${PLAN}rates: { "http://shop.example": 0.2 }`,
      /--parallel "4".*expected fewer/,
    ],
  ])('%s is refused, with its place', async (_, text, message) => {
    write('fleet.yaml', text);
    const { exitCode, stderr } = await fleet('--plan', 'fleet.yaml', '--index', '0', '--to', 'log');
    expect({ exitCode, stderr: oneLine(stderr) }).toEqual({ exitCode: 64, stderr: expect.stringMatching(message) });
  });

  it('shows no secret that stands in it by mistake', async () => {
    write('fleet.yaml', PLAN.replace('probes: 30', 'tracesToken: hidden-in-here'));
    expect((await fleet('--plan', 'fleet.yaml', '--emit', 'job.yaml', '--to', 'log')).stderr).not.toContain(
      'hidden-in-here',
    );
  });
});

describe('hopcheck fleet --emit', () => {
  it('writes the plan with its applications, and a Job with an index for each part', async () => {
    write('fleet.yaml', PLAN.replace('apps/pay.yaml', 'pay.yaml'));
    write('pay.yaml', 'version: 1\nname: pay\n');
    const { exitCode, stderr } = await fleet('--plan', 'fleet.yaml', '--emit', 'job.yaml', '--to', 'pvc:captures');
    expect({ exitCode, stderr }).toEqual({ exitCode: 0, stderr: expect.stringContaining('a Job of 5 indexes') });
    const [plan, job, merge] = parseAllDocuments(readFileSync(join(folder, 'job.yaml'), 'utf8')).map((one) =>
      one.toJS(),
    );
    expect(Object.keys(plan.data)).toEqual(['fleet.yaml', 'pay.yaml']);
    expect(job.spec).toMatchObject({ completions: 5, parallelism: 4 });
    expect(merge.spec.suspend).toBe(true);
    // The plan that the pods read is the same plan.
    write('copy.yaml', plan.data['fleet.yaml']);
    await fleet('--plan', 'copy.yaml', '--emit', 'again.yaml', '--to', 'pvc:captures');
    expect(readFileSync(join(folder, 'again.yaml'), 'utf8')).toBe(readFileSync(join(folder, 'job.yaml'), 'utf8'));
  });

  it('refuses a private key in a ConfigMap, and a place that pods cannot reach', async () => {
    write(
      'fleet.yaml',
      PLAN.replace('probes: 30', 'ingressCert: c.pem, ingressKey: key.pem').replace('apps/pay.yaml', 'pay.yaml'),
    );
    write('pay.yaml', '');
    write('c.pem', '');
    expect((await fleet('--plan', 'fleet.yaml', '--emit', 'job.yaml', '--to', 'log')).stderr).toContain(
      'a ConfigMap must not hold it',
    );
    write('fleet.yaml', PLAN);
    const { exitCode, stderr } = await fleet('--plan', 'fleet.yaml', '--emit', 'job.yaml', '--to', 'captures');
    expect({ exitCode, stderr }).toEqual({ exitCode: 64, stderr: expect.stringContaining('pvc:<claim>, a URL') });
  });
});

describe('the index of a pod', () => {
  it('is that of its Job, and must be one of the plan', async () => {
    write('fleet.yaml', PLAN.replace('apps/pay.yaml', 'pay.yaml'));
    write('pay.yaml', '');
    const ended = await callMain(['fleet', '--plan', 'fleet.yaml', '--to', 'log', '--index'], {
      cwd: folder,
      env: { JOB_COMPLETION_INDEX: '7' },
    });
    expect({ exitCode: ended.exitCode, stderr: oneLine(ended.stderr) }).toEqual({
      exitCode: 64,
      stderr: expect.stringContaining('--index "7" (from flag --index): expected a number from 0 to 4'),
    });
  });
});

describe('a folder with captures of an earlier call', () => {
  const ONE = `version: 1
options: { ingress: http://127.0.0.1:9, traces: http://127.0.0.1:9 }
targets: [{ name: shop }, { name: pay }]
`;
  const began: string[] = [];
  const here = () =>
    callMain(['fleet', '--plan', 'fleet.yaml', '--to', 'captures', '--report', 'json=fleet.json'], {
      cwd: folder,
      runSelf: async (args) => {
        began.push(args.at(-1) ?? '');
        return 2;
      },
    });
  beforeEach(() => {
    began.length = 0;
    write('fleet.yaml', ONE);
    mkdirSync(join(folder, 'captures'));
    const capture: Capture = { ...toCapture(readRecording('healthy-v1-zipkin-gw2')), target: 'shop' };
    const encoder = new CaptureEncoder();
    write('captures/0.capture', [...partsOf(capture)].map((part) => encoder.encode(part)).join(''));
    write('captures/notes.txt', 'of its user');
  });

  it('does not show them as of now where a part cannot be collected', async () => {
    const { exitCode } = await here();
    const { sentence } = JSON.parse(readFileSync(join(folder, 'fleet.json'), 'utf8')) as FleetReport;
    expect({ exitCode, sentence }).toEqual({
      exitCode: 2,
      sentence: expect.stringMatching(/pay: the only part is missing.*shop: the only part is missing/),
    });
    expect(readdirSync(join(folder, 'captures'))).toEqual(['notes.txt']);
  });

  it('is refused before the first probe where one is of another plan', async () => {
    write('captures/2.capture.gz', '');
    const { exitCode, stderr } = await here();
    expect({ exitCode, began, stderr: oneLine(stderr) }).toEqual({
      ...{ exitCode: 64, began: [] },
      stderr: expect.stringContaining(
        'expected a folder without captures of another plan; 2.capture.gz is not one of 2 parts',
      ),
    });
    expect(readdirSync(join(folder, 'captures')).toSorted()).toEqual(['0.capture', '2.capture.gz', 'notes.txt']);
  });
});

describe('a place that cannot be written', () => {
  beforeEach(() => {
    write(
      'fleet.yaml',
      'version: 1\noptions: { ingress: http://127.0.0.1:9, traces: http://127.0.0.1:9 }\ntargets: [{ name: a }]\n',
    );
    // A file where a folder is needed: it stops root as well.
    write('file', '');
    write('a.capture', recordedCapture('healthy-v1-zipkin-gw2'));
  });

  it.each([
    ['--emit', ['fleet', '--plan', 'fleet.yaml', '--to', 'log', '--emit', 'file/job.yaml']],
    ['--to', ['fleet', '--plan', 'fleet.yaml', '--to', 'file/captures']],
    ['--to', ['fleet', '--plan', 'fleet.yaml', '--to', 'file/captures', '--index', '0']],
    ['--out', ['fleet', '--plan', 'fleet.yaml', '--out', 'file/out']],
    ['--out', ['fleet', '--plan', 'fleet.yaml', '--out', 'file/out', '--collect', '.']],
    ['--out', ['merge', 'a.capture', '--out', 'file/out']],
  ])('is refused beforehand as %s of %j', async (option, argv) => {
    const runSelf = () => Promise.reject(new Error('began'));
    const { exitCode, stderr } = await callMain(argv, { cwd: folder, runSelf });
    expect({ exitCode, stderr: oneLine(stderr) }).toEqual({
      exitCode: 64,
      stderr: expect.stringMatching(
        new RegExp(`^${option} "file/\\w+(\\.yaml)?".*expected a path that can be written`),
      ),
    });
  });
});
