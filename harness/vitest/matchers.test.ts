import { spawn } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { describe, expect, it } from 'vitest';
import { SAMPLES } from '../../fixtures/testing/sample-reports.ts';
import './matchers.ts';

const pass = SAMPLES.pass!();
const fail = SAMPLES['fail-dropped']!();
const inconclusive = SAMPLES.inconclusive!();
const skipped = SAMPLES.skipped!();

describe('toHold', () => {
  it('holds for a pass, and for nothing else', () => {
    expect(pass).toHold('trace-shape');
    expect(() => expect(fail).toHold('trace-shape')).toThrow(/HC302 follows from HC501: reviews → ratings · 4 of 4/);
    expect(() => expect(fail).toHold('propagation')).toThrow(/HC501 error · reviews → ratings · 4 of 4/);
    expect(() => expect(inconclusive).toHold('trace-shape')).toThrow(/inconclusive: the run was stopped in preflight/);
    expect(() => expect(skipped).toHold('load-balancing')).toThrow(/skipped: .* has no service with several versions/);
    expect(() => expect(pass).not.toHold('ingress')).toThrow(/ingress holds: 6 of 6/);
  });

  it('names the promises that exist when the given one does not', () => {
    expect(() => expect(pass).toHold('weather' as never)).toThrow(
      /no promise "weather"; there are: environment, ingress/,
    );
  });
});

describe('toHaveFinding', () => {
  it('compares codes, whatever their severity', () => {
    expect(fail).toHaveFinding('HC302');
    expect(fail).toHaveFinding('HC301');
    expect(pass).not.toHaveFinding('HC302');
    expect(() => expect(fail).toHaveFinding('HC101')).toThrow(/no HC101 among the findings: HC301, HC302, HC501/);
    expect(() => expect(fail).not.toHaveFinding('HC302')).toThrow(/received {2}no such call in the trace/);
  });
});

const CALL = { caller: 'front', callee: 'orders', seen: 'whole', context: 'kept', declared: true };
const SPAN = { id: '00000000000000a1', service: 'front', kind: 'server', operation: 'GET /', proxy: true, tags: {} };
const TRACE = {
  id: '0123456789abcdef0123456789abcdef',
  probe: 'p001',
  request: 'page',
  settled: 'expected-set',
  spans: [{ ...SPAN, marks: ['entry'] }],
  calls: [CALL],
  elsewhere: [],
};

describe('Vitest', () => {
  /** Runs specs in a separate folder, with a report, all green by default. */
  async function vitest(
    specs: Readonly<Record<string, string>>,
    report = pass,
  ): Promise<{ exitCode: number | null; output: string }> {
    const folder = mkdtempSync(join(tmpdir(), 'hopcheck-specs-'));
    const entry = resolve(import.meta.dirname, 'index.ts');
    writeFileSync(
      join(folder, 'setup.mjs'),
      `export const setup = (project) => {
        project.provide('hopcheckReport', ${JSON.stringify(report)});
        project.provide('hopcheckTraces', ${JSON.stringify(join(folder, 'traces.json'))});
      };`,
    );
    writeFileSync(join(folder, 'traces.json'), JSON.stringify({ requests: ['page', 'search'], traces: [TRACE] }));
    writeFileSync(
      join(folder, 'vitest.config.mjs'),
      "export default { test: { include: ['*.spec.ts'], globalSetup: ['setup.mjs'] } };",
    );
    for (const [name, text] of Object.entries(specs))
      writeFileSync(join(folder, name), `import { expect, test } from ${JSON.stringify(entry)};\n${text}`);
    const bin = resolve(import.meta.dirname, '../../node_modules/vitest/vitest.mjs');
    const child = spawn(process.execPath, [bin, 'run', '--root', folder], {
      stdio: ['ignore', 'pipe', 'pipe'],
      env: { ...process.env, NO_COLOR: '1' },
    });
    let output = '';
    child.stdout.on('data', (chunk) => {
      output += String(chunk);
    });
    child.stderr.on('data', (chunk) => {
      output += String(chunk);
    });
    const exitCode = await new Promise<number | null>((done) => child.once('close', done));
    rmSync(folder, { recursive: true, force: true });
    return { exitCode, output };
  }
  const GOOD = "test('holds', ({ judged }) => { expect(judged('ingress')).toHold('ingress'); });";

  it('is green on a spec that holds', async () => {
    const { exitCode, output } = await vitest({ 'good.spec.ts': GOOD });
    expect({ exitCode, output }).toEqual({ exitCode: 0, output: expect.stringContaining('1 passed') });
  });

  it('is red on a spec that throws at import, and names the file and the error', async () => {
    const { exitCode, output } = await vitest({
      'good.spec.ts': GOOD,
      'bad.spec.ts': "throw new Error('the spec itself is broken');",
    });
    expect(exitCode).toBe(1);
    expect(output).toContain('bad.spec.ts');
    expect(output).toContain('the spec itself is broken');
  });

  it('is red on every matcher after an inconclusive run, even for an absent finding', async () => {
    const absent = "test('none', ({ judged }) => { expect(judged('ingress')).not.toHaveFinding('HC105'); });";
    const { exitCode, output } = await vitest({ 'absent.spec.ts': absent }, inconclusive);
    expect({ exitCode, output }).toEqual({
      exitCode: 1,
      output: expect.stringContaining('ingress is inconclusive: the run was stopped in preflight (HC701)'),
    });
  });

  it('gives the traces of a request, and is red on one that is not there', async () => {
    const spec = (request: string) =>
      `test('it', ({ traces }) => { expect(traces.of('${request}')).toCall('front', 'orders'); });`;
    const { exitCode, output } = await vitest({ 'good.spec.ts': spec('page') });
    expect({ exitCode, output }).toEqual({ exitCode: 0, output: expect.stringContaining('1 passed') });
    const none = await vitest({ 'none.spec.ts': spec('search') });
    expect(none).toMatchObject({ exitCode: 1, output: expect.stringContaining('the run has no trace of search') });
    const strange = await vitest({ 'strange.spec.ts': spec('pages') });
    expect(strange).toMatchObject({ exitCode: 1, output: expect.stringContaining('expected one of page, search') });
  });

  it('skips a promise that needs a reading of the cluster where there was none', async () => {
    const spec = "test('own', ({ judged }) => { expect(judged('configuration')).toHold('configuration'); });";
    const without = await vitest({ 'own.spec.ts': spec });
    expect({ exitCode: without.exitCode, output: without.output }).toEqual({
      exitCode: 0,
      output: expect.stringContaining('1 skipped'),
    });
    const refused = await vitest({ 'own.spec.ts': spec }, SAMPLES['cluster-refused']!());
    expect({ exitCode: refused.exitCode, output: refused.output }).toEqual({
      exitCode: 1,
      output: expect.stringContaining('configuration is inconclusive'),
    });
  });

  it('skips a promise that the run skipped, with the reason', async () => {
    const spec = "test('shares', ({ judged }) => { expect(judged('load-balancing')).toHold('load-balancing'); });";
    const { exitCode, output } = await vitest({ 'shares.spec.ts': spec }, skipped);
    expect({ exitCode, output }).toEqual({ exitCode: 0, output: expect.stringContaining('1 skipped') });
  });

  it('skips a promise that was not selected, and is red on one that does not exist', async () => {
    const spec = (id: string) => `test('it', ({ judged }) => { expect(judged('${id}')).toHold('${id}'); });`;
    const rate = await vitest({ 'rate.spec.ts': spec('sampling-rate') });
    expect({ exitCode: rate.exitCode, output: rate.output }).toEqual({
      exitCode: 0,
      output: expect.stringContaining('1 skipped'),
    });
    expect((await vitest({ 'weather.spec.ts': spec('weather') })).exitCode).toBe(1);
  });
});
