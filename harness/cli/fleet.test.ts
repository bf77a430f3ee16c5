import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { beforeEach, describe, expect, it } from 'vitest';
import { parseAllDocuments } from 'yaml';
import type { FleetUnit } from '../fleet/plan.ts';
import { collectAll } from './fleet-local.ts';
import type { Io } from './io.ts';
import { callMain } from './testing/call-main.ts';

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
    ['of another version', 'version: 2\ntargets: [{ name: a }]', /"version".*line 1/],
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

describe('collectAll', () => {
  const units = Array.from(
    { length: 5 },
    (_, index): FleetUnit => ({
      index,
      target: `t${index}`,
      part: { index: 1, of: 1 },
      options: {},
    }),
  );
  const io = { stderr: { write: () => undefined, data: () => undefined, isTTY: false } } as unknown as Io;
  const signal = new AbortController().signal;

  it('tries once more what could not collect, and no more often', async () => {
    const begun: number[] = [];
    const collect = async ({ index }: FleetUnit) => {
      begun.push(index);
      return index === 2 ? 2 : 0;
    };
    expect(await collectAll(units, 2, collect, io, signal)).toBe(0);
    expect(begun.toSorted()).toEqual([0, 1, 2, 2, 3, 4]);
  });

  it('ends for wrong use', async () => {
    const begun: number[] = [];
    const collect = async ({ index }: FleetUnit) => {
      begun.push(index);
      return index === 1 ? 64 : 0;
    };
    expect(await collectAll(units, 1, collect, io, signal)).toBe(64);
    expect(begun).toEqual([0, 1]);
  });

  it('has no more of them under way than asked for, and begins none after an abort', async () => {
    const controller = new AbortController();
    let now = 0;
    let most = 0;
    const collect = async ({ index }: FleetUnit) => {
      now += 1;
      most = Math.max(most, now);
      await Promise.resolve();
      now -= 1;
      if (index === 3) controller.abort();
      return 0;
    };
    await collectAll(units, 3, collect, io, controller.signal);
    expect(most).toBe(3);
    const begun: number[] = [];
    await collectAll(units, 3, async ({ index }) => begun.push(index), io, controller.signal);
    expect(begun).toEqual([]);
  });
});
