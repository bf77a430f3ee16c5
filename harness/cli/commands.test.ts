import { existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { Ajv2020 } from 'ajv/dist/2020.js';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { sensitivityInWords } from '../../reports/sensitivity.ts';
import { DEFAULT_APPLICATION } from '../applications/default.ts';
import { sampleOf, sensitivityOf } from '../judge/sensitivity.ts';
import { loopbackNetwork } from '../lab/network-loopback.ts';
import { CODES } from '../model/codes.ts';
import { CONTEXT_FORMATS } from '../model/exchange.ts';
import { makePlan } from '../probe/plan.ts';
import { COMMANDS } from './commands.ts';
import { shellQuote } from './output.ts';
import { callMain } from './testing/call-main.ts';
import { type CompletingShell, completeIn, missingShell } from './testing/complete-in.ts';

let folder: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'hopcheck-commands-'));
});
afterEach(() => rmSync(folder, { recursive: true, force: true }));

const golden = (name: string) => resolve(import.meta.dirname, 'golden', `${name}.txt`);
const commands = COMMANDS.map(({ name }) => name);

describe('help', () => {
  it.each(COMMANDS)('of $name has an example, and fits 80 columns', async ({ name, examples }) => {
    expect(examples).not.toEqual([]);
    const { exitCode, stdout } = await callMain([name, '--help']);
    expect(exitCode).toBe(0);
    for (const called of ['hopcheck', 'npx hopcheck', 'npm run -s hopcheck --']) {
      const { stdout: help } = await callMain([name, '--help'], { called });
      // As a shell reads it: a line that ends with a backslash goes on.
      const joined = help.replaceAll(/ \\\n +/g, ' ');
      for (const example of examples) expect(joined).toContain(example.replaceAll(/\bhopcheck (?=\w)/g, `${called} `));
      for (const line of help.split('\n')) expect(line.length, line).toBeLessThanOrEqual(80);
    }
    await expect(stdout).toMatchFileSnapshot(golden(`help-${name}`));
  });

  it('of the whole command names every command', async () => {
    const { stdout } = await callMain(['--help']);
    for (const name of commands) expect(stdout).toContain(`  ${name} `);
    await expect(stdout).toMatchFileSnapshot(golden('help'));
  });

  it('suggests a command when the given one does not exist', async () => {
    const { exitCode, stderr } = await callMain(['docter']);
    expect({ exitCode, stderr }).toEqual({ exitCode: 64, stderr: expect.stringContaining('(Did you mean doctor?)') });
  });
});

describe('codes', () => {
  it('lists every code, by promise', async () => {
    const { stdout } = await callMain(['codes']);
    for (const code of Object.keys(CODES)) expect(stdout).toContain(`  ${code}  `);
    for (const line of stdout.split('\n')) expect(line.length).toBeLessThanOrEqual(80);
    const rows = JSON.parse((await callMain(['codes', '--json'])).stdout);
    expect(rows).toHaveLength(Object.keys(CODES).length);
    expect(rows[0]).toMatchObject({ code: 'HC701', promise: 'environment', tags: [] });
  });
});

describe('config --print', () => {
  it('names the source of each value, and no secret', async () => {
    writeFileSync(
      join(folder, 'hopcheck.config.yaml'),
      'rate: 5\ntolerate: [HC204=canary rollout]\n'.replace('HC204', 'HC203'),
    );
    const env = { HOPCHECK_TRACES_TOKEN: 'canaryTOKEN', HOPCHECK_PROBES: '12' };
    const called = await callMain(['config', '--print', '--ingress', 'http://me:canaryPW@a:1'], { cwd: folder, env });
    expect({ exitCode: called.exitCode, stderr: called.stderr }).toEqual({ exitCode: 0, stderr: '' });
    expect(called.stdout).not.toContain('canaryTOKEN');
    expect(called.stdout).not.toContain('canaryPW');
    expect(called.stdout).toMatch(/^ingress +http:\/\/a:1\/ +flag: --ingress$/m);
    expect(called.stdout).toMatch(/^rate +5 +file: hopcheck.config.yaml, "rate"$/m);
    expect(called.stdout).toMatch(/^probes +12 +environment: HOPCHECK_PROBES$/m);
    expect(called.stdout).toMatch(/^traces-token +\$HOPCHECK_TRACES_TOKEN +environment: HOPCHECK_TRACES_TOKEN$/m);
    expect(called.stdout).toMatch(/^concurrency +8 +default$/m);
    expect(called.stdout.replace(/\s+/g, ' ')).toMatch(/ not set: .*traces,/);
    for (const line of called.stdout.split('\n')) expect(line.length, line).toBeLessThanOrEqual(80);
  });

  it('names the value that is not valid', async () => {
    for (const text of ['{"probes":}', '[]']) {
      writeFileSync(join(folder, 'broken.json'), text);
      const broken = await callMain(['config', '--config', 'broken.json'], { cwd: folder });
      expect({ exitCode: broken.exitCode, stdout: broken.stdout, stderr: broken.stderr }).toEqual({
        exitCode: 64,
        stdout: '',
        stderr: expect.stringContaining('broken.json'),
      });
    }
    const { exitCode, stderr } = await callMain(['config', '--rate', 'fast'], { cwd: folder });
    expect({ exitCode, stderr }).toEqual({ exitCode: 64, stderr: expect.stringContaining('--rate "fast"') });
  });

  it('has a schema for editors that accepts the keys of a run, and refuses a misspelt name', () => {
    const text = readFileSync(resolve(import.meta.dirname, '../../docs/config.schema.json'), 'utf8');
    const validate = new Ajv2020({ strict: false }).compile(JSON.parse(text));
    const config = {
      ingress: 'http://a',
      jaeger: 'http://b',
      probes: 12,
      wait: '5m',
      only: ['smoke'],
      tolerate: 'HC203=x',
    };
    expect(validate({ ...config, services: { 'a.b': 'a' }, ingressInsecure: true, format: 'w3c' })).toBe(true);
    expect(validate({ ...config, rat: 3 })).toBe(false);
    expect(validate({ ...config, format: 'zipkin' })).toBe(false);
    expect(validate({ ...config, services: 'x' })).toBe(false);
  });
});

describe('--dry-run', () => {
  it('sends nothing, writes nothing, and shows the plan', async () => {
    const network = loopbackNetwork();
    let requests = 0;
    const server = await network.listen('nobody', async () => {
      requests += 1;
      return { status: 200, headers: [], body: '' };
    });
    const args = ['--ingress', server.origin, '--traces', server.origin, '--ingress-header', 'X-Key: canarySECRET'];
    const called = await callMain(
      ['run', '--dry-run', '--wait', '5m', ...args, '--report', 'json=out/a.json', '--capture', 'out/a.capture'],
      { cwd: folder },
    );
    await network.close();
    expect({ exitCode: called.exitCode, stderr: called.stderr, requests }).toEqual({
      exitCode: 0,
      stderr: '',
      requests: 0,
    });
    expect(existsSync(join(folder, 'out/a.json')) || existsSync(join(folder, 'out/a.capture'))).toBe(false);
    expect(called.stdout).not.toContain('canarySECRET');
    expect(called.stdout).toMatch(/send +\d+ GET http:\/\/127\.0\.0\.1:\d+\/productpage/);
    expect(called.stdout).toContain('x-key: $INGRESS_X_KEY');
    expect(called.stdout).toContain('at most 20 a second');
  });

  it('runs with proxies in the environment, as many machines have them', async () => {
    const env = { HTTP_PROXY: 'http://proxy.example:3128', NO_PROXY: '.svc' };
    const called = await callMain(['run', '--dry-run', '--ingress', 'http://a', '--traces', 'http://b'], { env });
    expect({ exitCode: called.exitCode, stderr: called.stderr }).toEqual({ exitCode: 0, stderr: '' });
  });

  it('shows the defects that such a run can find, and the check that too few probes would skip', async () => {
    const dryRun = async (...more: readonly string[]) => {
      const target = ['--ingress', 'http://127.0.0.1:1', '--traces', 'http://127.0.0.1:2'];
      const { stdout } = await callMain(['run', '--dry-run', ...target, ...more], { cwd: folder });
      return stdout.replace(/\s+/g, ' ');
    };
    const few = await dryRun('--sampling', '50');
    expect(few).toContain('a hop failing 5 % of requests is detected in 96 % of runs, reviews → ratings in 88 %');
    const shares = { value: { v1: 1, v2: 1, v3: 1 }, source: 'assumed', from: 'the application' } as const;
    const found = sensitivityOf(DEFAULT_APPLICATION.definition, { shares }, sampleOf(makePlan(60)));
    const words = sensitivityInWords(found).find(([name]) => name === 'shares')?.[1] ?? 'no shares';
    expect(words).toMatch(/any version at ≤ \S+ % or ≥ \S+ % is found in 90 % of runs/);
    expect(few).toContain(words);
    expect(few).toContain('else skipped: too few to tell 50 % from 25 %, --undecided 137 is enough');
    expect(await dryRun('--sampling', '50', '--undecided', '137')).toContain('a true rate ≤ 25 % or ≥ 75 % is found');
  });

  it('fits a narrower terminal', async () => {
    const args = ['--ingress', 'http://a', '--traces', 'http://b', '--sampling', '50'];
    const { stdout } = await callMain(['run', '--dry-run', ...args], { columns: 70 });
    for (const line of stdout.split('\n')) expect(line.length, line).toBeLessThanOrEqual(70);
    const codes = await callMain(['codes'], { columns: 50 });
    for (const line of codes.stdout.split('\n')) expect(line.length, line).toBeLessThanOrEqual(50);
  });

  it('still refuses a configuration that is not valid', async () => {
    expect((await callMain(['run', '--dry-run'], { cwd: folder })).exitCode).toBe(64);
    const args = ['--ingress', 'http://a', '--traces', 'http://b', '--undecided', '20000'];
    const probes = makePlan(60, 20_000).length;
    const { exitCode, stderr } = await callMain(['run', '--dry-run', ...args], { cwd: folder });
    expect({ exitCode, stderr }).toEqual({
      exitCode: 64,
      stderr: expect.stringContaining(`${probes} probes take ${Math.ceil(probes / 20)} s`),
    });
  });

  it('quotes for a shell, and leaves placeholders', () => {
    expect(shellQuote('a "b" `c` $(d) $NAME \\')).toBe('"a \\"b\\" \\`c\\` \\$(d) $NAME \\\\"');
  });
});

describe('completion', () => {
  it.for<CompletingShell>(['bash', 'zsh', 'fish'])(
    'of %s works in the shell itself: commands, options, choices, codes and files',
    async (shell, { skip }) => {
      const missing = missingShell(shell);
      if (missing !== undefined && process.env.CI) throw new Error(missing);
      if (missing !== undefined) skip(missing);
      writeFileSync(join(folder, 'mine.capture'), '');
      const { stdout: script } = await callMain(['completion', shell]);
      const complete = (line: string) => completeIn(shell, script, line, folder).toSorted();
      expect(complete('hopcheck doc')).toEqual(['doctor']);
      expect(complete('hopcheck --ver')).toEqual(['--version']);
      expect(complete('hopcheck run --tol')).toEqual(['--tolerate']);
      expect(complete('hopcheck run --fail-on ')).toEqual(['error', 'new', 'stale', 'warning']);
      expect(complete('hopcheck run --report ju')).toEqual(['junit']);
      expect(complete('hopcheck run --skip load')).toEqual(['load-balancing']);
      expect(complete('hopcheck lab --engine ')).toEqual(['envoy', 'istio', 'standin']);
      expect(complete('hopcheck explain HC50').slice(0, 2)).toEqual(['HC501', 'HC502']);
      expect(complete('hopcheck judge mine')).toEqual(['mine.capture']);
      expect(complete('hopcheck run --capture mine')).toEqual(['mine.capture']);
      for (const name of commands) expect(complete(`hopcheck ${name}`)).toContain(name);
      // A value is what comes after its option, and nothing else; of a path files.
      for (const command of ['run', 'doctor', 'config', 'import'])
        expect(complete(`hopcheck ${command} --format `)).toEqual(['auto', ...CONTEXT_FORMATS].toSorted());
      expect(complete('hopcheck doctor --gateway-profile ')).toEqual(['1', '2', 'auto']);
      expect(complete('hopcheck lab --fault drop-')).toEqual(['drop-all', 'drop-b3', 'drop-header', 'drop-w3c']);
      expect(complete('hopcheck run --config mi')).toEqual(['mine.capture']);
      for (const line of ['run --config ', 'run --baseline ', 'judge ', 'import ', 'import --judge '])
        expect(complete(`hopcheck ${line}`), line).toContain('mine.capture');
      expect(complete('hopcheck judge --ba')).toEqual(['--baseline']);
      expect(complete('hopcheck run --only env')).toEqual([]);
      expect(complete('hopcheck run --only HC70')).toEqual([]);
      expect(complete('hopcheck run --only=load').map((word) => word.replace('--only=', ''))).toEqual([
        'load-balancing',
      ]);
      expect(complete('hopcheck run --rate ')).toEqual([]);
      expect(complete('hopcheck run --he')).toEqual(['--help']);
      expect(complete('hopcheck help ex')).toEqual(['explain']);
    },
  );

  it.each(['zsh', 'fish'])('of %s names every command and option', async (shell) => {
    const { stdout } = await callMain(['completion', shell]);
    for (const name of commands) expect(stdout).toContain(name);
    expect(stdout).toContain('settle-timeout');
    // Nothing of the texts may end a quote: every line has an even number of them.
    for (const line of stdout.split('\n').filter((text) => !text.startsWith('#')))
      expect((line.match(/'/g) ?? []).length % 2, line).toBe(0);
  });

  it('of another shell lists the shells that it supports', async () => {
    const { exitCode, stderr } = await callMain(['completion', 'tcsh']);
    expect({ exitCode, stderr }).toEqual({ exitCode: 64, stderr: expect.stringContaining('bash, zsh, fish') });
  });
});
