import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, openSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { close } from './closing.ts';
import type { Chosen } from './plan.ts';
import { isAlive } from './process-table.ts';
import { createProcesses } from './processes.ts';
import type { Outcome } from './run.ts';
import { runSession, type SessionOptions } from './session.ts';
import { suite, whole } from './testing.ts';

let folder: string;
let said: string[];
let ended: Outcome[];
let out: string;
const node = (script: string) => [process.execPath, '-e', script];
const counted = (passed: number, failed = 0) => {
  const rest = { numPendingTests: 0, numTodoTests: 0, numFailedTestSuites: 0, success: failed === 0 };
  const counts = { numPassedTests: passed, numFailedTests: failed, ...rest };
  return `require('fs').writeFileSync(process.env.HOPCHECK_TEST_RESULTS + '/a.json', ${JSON.stringify(JSON.stringify(counts))});`;
};
/** A suite that counts and ends well. */
const good = (id: string, more: Parameters<typeof suite>[1] = {}) =>
  whole(suite(id, { command: node(counted(2)), ...more }));
const session = (chosen: readonly Chosen[], more: Partial<SessionOptions> = {}) => {
  const output = openSync(out, 'w');
  return runSession(chosen, {
    ...{ root: folder, builds: [], output, nowS: () => 0, targetS: undefined, hardLimitS: undefined },
    say: (line) => void said.push(line),
    ended: (outcome) => void ended.push(outcome),
    ...more,
  });
};
const failures = (outcomes: readonly Outcome[]) =>
  Object.fromEntries(outcomes.map(({ chosen, failure }) => [chosen.suite.id, failure]));

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'hopcheck-session-'));
  out = join(folder, 'out');
  said = [];
  ended = [];
});
afterEach(() => rmSync(folder, { recursive: true }));

describe('runSession', () => {
  it('runs suites one after the other, each with a file for its results', async () => {
    const { outcomes, builds, strays, signalCode } = await session([good('a'), good('b')]);
    expect(outcomes.map(({ counts }) => counts?.passed)).toEqual([2, 2]);
    expect({ ended, builds, strays, signalCode }).toEqual({
      ended: outcomes,
      builds: [],
      strays: [],
      signalCode: undefined,
    });
    expect(close(outcomes, builds, []).exitCode).toBe(0);
  });

  it('passes the part to the suite, and nothing to a suite that runs whole', async () => {
    const echo = node("console.log(process.argv.slice(1).join(' '), process.env.HOPCHECK_TEST_PART)");
    const one = suite('a', { command: [...echo, '--'], parts: 3 });
    const turn = { index: 2, of: 3 };
    await session(
      [{ suite: one, part: turn, turn, why: 'its turn' }, whole(one)].map((row, at) => ({
        ...row,
        suite: { ...one, id: `${at}` },
      })),
    );
    expect(readFileSync(out, 'utf8')).toBe('--part 2/3 \n \n');
    expect(said.join('\n')).toContain('==== a, 2 of 3 (its turn): ');
  });

  it('continues after a suite that fails, and is red', async () => {
    const bad = whole(suite('bad', { command: node(`${counted(1, 1)} process.exitCode = 3`) }));
    const { outcomes, builds } = await session([bad, good('after')]);
    expect(failures(outcomes)).toEqual({ bad: 'ended with 3', after: undefined });
    expect(close(outcomes, builds, []).line).toBe('3 passed, 2 failed, 0 skipped');
  });

  it.each([
    {
      title: 'crashes',
      command: node("process.kill(process.pid, 'SIGKILL')"),
      failure: 'was ended by SIGKILL',
      failed: 2,
    },
    {
      title: 'cannot be run',
      command: ['no-such-command'],
      failure: 'cannot be run: spawn no-such-command ENOENT',
      failed: 2,
    },
    { title: 'ends well and has counted nothing', command: node(''), failure: undefined, failed: 1 },
  ])('is red where a suite $title', async ({ command, failure, failed }) => {
    const { outcomes, builds } = await session([whole(suite('a', { command }))]);
    expect(failures(outcomes)).toEqual({ a: failure });
    const closing = close(outcomes, builds, []);
    expect({ line: closing.line, exitCode: closing.exitCode }).toEqual({
      line: `0 passed, ${failed} failed, 0 skipped`,
      exitCode: 1,
    });
  });

  it('builds in the order of need and one after the other, and lets a suite wait for its build', async () => {
    const log = join(folder, 'log');
    const step = (name: string) =>
      `require('fs').appendFileSync(${JSON.stringify(log)}, ${JSON.stringify(`${name}\n`)});`;
    const build = (id: string) => ({ id, command: node(step(id)), budgetS: 9 });
    const needing = (id: string, needs: string[]) => good(id, { needs, command: node(step(id) + counted(1)) });
    const chosen = [good('none'), needing('suite a', ['b', 'a']), needing('suite c', ['a', 'c'])];
    const { builds } = await session(chosen, { builds: ['a', 'c', 'unneeded', 'b'].map(build) });
    expect(builds.map(({ build: { id } }) => id)).toEqual(['b', 'a', 'c']);
    const lines = readFileSync(log, 'utf8').split('\n');
    expect(lines.filter((line) => line.length === 1)).toEqual(['b', 'a', 'c']);
    expect(lines.indexOf('suite a')).toBeGreaterThan(lines.indexOf('a'));
  });

  it('prints the output of a failed build, does not run the suites that need it, and builds the rest', async () => {
    const builds = [
      { id: 'bad', command: node("console.log('fetching'); console.error('no route'); process.exit(1)"), budgetS: 9 },
      { id: 'fine', command: node(''), budgetS: 9 },
    ];
    const chosen = [good('a', { needs: ['bad'] }), good('b', { needs: ['fine'] })];
    const { outcomes, builds: built } = await session(chosen, { builds });
    expect(failures(outcomes)).toEqual({ a: 'was not run: its build bad failed', b: undefined });
    expect(said.join('\n')).toMatch(/build bad .*FAILED, ended with 1 after \d+ s\nfetching\nno route\n/);
    expect(close(outcomes, built, []).red).toEqual([
      'build: bad ended with 1',
      'suite: a was not run: its build bad failed',
    ]);
    // It never began, so there is nothing to record.
    expect(
      ended.map(
        ({
          chosen: {
            suite: { id },
          },
        }) => id,
      ),
    ).toEqual(['b']);
  });

  it('ends everything at the hard limit, and counts suites that did not run as failed', async () => {
    const hanging = whole(suite('hanging', { command: node('setInterval(() => undefined, 1000)') }));
    const builds = ['long', 'later'].map((id) => ({ id, command: hanging.suite.command, budgetS: 9 }));
    const chosen = [hanging, good('never', { needs: ['long', 'later'] })];
    const { outcomes, builds: built } = await session(chosen, { builds, nowS: () => 9.9, hardLimitS: 10 });
    expect(failures(outcomes)).toEqual({
      hanging: 'was ended by SIGTERM: the hard limit of 10 s was reached',
      never: 'was not run: the hard limit of 10 s was reached',
    });
    // The second build is not begun any more.
    expect(built.map(({ failure }) => failure)).toEqual(['was ended by SIGTERM: the hard limit of 10 s was reached']);
    expect(close(outcomes, built, []).exitCode).toBe(1);
  });

  it('ends the processes that a suite left running, in its group or in another', async () => {
    const leave = (options: string) =>
      `console.log(require('child_process').spawn('sleep', ['300'], { stdio: 'ignore', ${options} }).pid); `;
    const command = node(`${leave('')}${leave('detached: true')}${counted(1)} process.exit()`);
    const { strays } = await session([whole(suite('a', { command }))]);
    const pids = readFileSync(out, 'utf8').trim().split('\n').map(Number);
    expect(pids).toHaveLength(2);
    expect(pids.filter(isAlive)).toEqual([]);
    expect(strays).toEqual([`process ${pids[1]} had left its group and was ended: sleep 300`]);
  });

  it('takes the turn only where time is short', async () => {
    const long = suite('long', { ...good('x').suite, id: 'long', parts: 2, wholeBudgetS: 900, budgetS: 400 });
    const { outcomes } = await session([whole(long)], { targetS: 500 });
    expect(outcomes[0]!.chosen).toMatchObject({ isCut: true, part: { index: 1, of: 2 } });
  });

  it('leaves a suite out that yields, where even its turn has no time', async () => {
    const node = suite('node', { parts: 2, budgetS: 600, yields: true, command: ['false'] });
    const { outcomes } = await session([whole(node), whole(suite('later'))], { targetS: 500 });
    expect(outcomes.map(({ chosen, failure, seconds }) => [chosen.isLeftOut, failure, seconds === undefined])).toEqual([
      [true, undefined, true],
      [undefined, undefined, false],
    ]);
  });
});

describe('a process that ignores SIGTERM', () => {
  it('is killed after the grace', async () => {
    const processes = createProcesses(folder, 100);
    const command = node(
      "process.on('SIGTERM', () => undefined); setInterval(() => undefined, 1000); console.log('up')",
    );
    const running = processes.start(command, {}, openSync(out, 'w'));
    await expect.poll(() => readFileSync(out, 'utf8')).toBe('up\n');
    await running.stop();
    expect((await running.ended).failure).toBe('was ended by SIGKILL');
  });
});

describe.each([
  ['SIGINT', 130],
  ['SIGTERM', 143],
  ['SIGHUP', 129],
] as const)('the signal %s', (signal, exitCode) => {
  it('leaves no process, and names the suites that did not run', async () => {
    // A suite of several processes, one of which leaves the group; a build beside it; a suite that never begins.
    const suites = [
      suite('a', { command: ['sh', '-c', 'sleep 300 & echo $!; setsid sleep 300 & echo $!; echo $$; wait'] }),
      suite('b', { needs: ['long'] }),
    ];
    const builds = [{ id: 'long', command: ['sh', '-c', `sleep 300 & echo $! > ${folder}/build; wait`], budgetS: 9 }];
    const script = `
      const { runSession } = await import(${JSON.stringify(join(import.meta.dirname, 'session.ts'))});
      const { close } = await import(${JSON.stringify(join(import.meta.dirname, 'closing.ts'))});
      const { whole } = await import(${JSON.stringify(join(import.meta.dirname, 'testing.ts'))});
      const session = await runSession(${JSON.stringify(suites)}.map(whole), {
        root: ${JSON.stringify(folder)}, builds: ${JSON.stringify(builds)}, output: 'inherit', say: () => undefined,
        nowS: () => 0, targetS: undefined, hardLimitS: undefined, ended: () => undefined,
      });
      const closing = close(session.outcomes, session.builds, []);
      console.log(closing.red.join('\\n'));
      process.exitCode = session.signalCode;`;
    const child = spawn(process.execPath, ['--input-type=module', '-e', script], {
      stdio: ['ignore', 'pipe', 'inherit'],
    });
    let text = '';
    child.stdout.on('data', (chunk) => {
      text += String(chunk);
    });
    const read = (path: string) => {
      try {
        return readFileSync(path, 'utf8');
      } catch {
        return '';
      }
    };
    await expect.poll(() => text.match(/\d+\n/g)?.length, { timeout: 20_000 }).toBe(3);
    await expect.poll(() => read(join(folder, 'build')), { timeout: 20_000 }).toMatch(/\d+\n/);
    const pids = [...text.trim().split('\n'), read(join(folder, 'build')).trim()].map(Number);
    expect(pids.filter(isAlive)).toEqual(pids);
    child.kill(signal);
    expect(await once(child, 'close')).toEqual([exitCode, null]);
    expect(pids.filter(isAlive)).toEqual([]);
    expect(text.trim().split('\n').slice(3)).toEqual([
      `build: long was ended by SIGTERM: interrupted by ${signal}`,
      `suite: a was ended by SIGTERM: interrupted by ${signal}`,
      `suite: b was not run: interrupted by ${signal}`,
      'a: results: no test was counted',
    ]);
  });
});
