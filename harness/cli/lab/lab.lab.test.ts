import { mkdtempSync, rmSync } from 'node:fs';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { callMain } from '../testing/call-main.ts';
import { spawnCli } from '../testing/spawn-cli.ts';

let folder: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'hopcheck-lab-'));
});
afterEach(() => rmSync(folder, { recursive: true, force: true }));
const lab = (...argv: string[]) => callMain(['lab', ...argv], { cwd: folder, env: { PATH: process.env.PATH ?? '' } });

/** A port that was free just now, as is the next one. */
async function freePort(): Promise<number> {
  const server = createServer();
  await new Promise<void>((done) => server.listen(0, '127.0.0.1', done));
  const { port } = server.address() as { port: number };
  await new Promise((done) => server.close(done));
  return port;
}

describe('hopcheck lab --for', () => {
  it('runs a command against the lab, ends with its exit code, and takes the lab down', async () => {
    const { exitCode, stdout } = await lab(
      '--for',
      'echo "$HOPCHECK_INGRESS"; curl -sS -o page "$HOPCHECK_INGRESS/productpage" && exit 7',
    );
    expect({ exitCode, url: /^http:\/\/127\.0\.0\.1:\d+\n$/.test(stdout) }).toEqual({ exitCode: 7, url: true });
    await expect(fetch(stdout.trim())).rejects.toThrow();
  });

  it('prints the URLs as JSON beside it, on standard error', async () => {
    const { stdout, stderr } = await lab('--json', '--fault', 'drop-all:reviews', '--for', 'true');
    expect(stdout).toBe('');
    expect(JSON.parse(stderr)).toMatchObject({
      schema: 'hopcheck/lab@1',
      ingress: expect.stringMatching(/^http:\/\/127\.0\.0\.1:\d+$/),
      traces: expect.stringMatching(/^http:\/\/127\.0\.0\.1:\d+$/),
      page: expect.stringMatching(/\/productpage$/),
      faults: ['drop-all:reviews'],
    });
  });
});

describe('hopcheck lab --port', () => {
  it('has the ingress at this port and the trace backend at the next', async () => {
    const port = await freePort();
    const { stderr } = await lab('--json', '--port', String(port), '--for', 'true');
    expect(JSON.parse(stderr)).toMatchObject({
      ingress: `http://127.0.0.1:${port}`,
      traces: `http://127.0.0.1:${port + 1}`,
    });
  });

  it('is refused with words where it is taken, or of another engine', async () => {
    const server = createServer();
    await new Promise<void>((done) => server.listen(0, '127.0.0.1', done));
    const { port } = server.address() as { port: number };
    const taken = await lab('--port', String(port), '--for', 'true');
    expect({ exitCode: taken.exitCode, stderr: taken.stderr }).toEqual({
      exitCode: 64,
      stderr: expect.stringContaining('expected a port that is free'),
    });
    await new Promise((done) => server.close(done));
    expect((await lab('--engine', 'envoy', '--port', '18080')).stderr).toContain('expected engine standin beside it');
    expect((await lab('--port', '0', '--for', 'true')).stderr).toContain('expected a number from 1 to 65534');
    expect((await lab('--engine', 'istio', '--application', 'shop.yaml')).stderr).toMatch(
      /expected engine standin or\s+envoy, which play a definition/,
    );
  });
});

it('run --wait waits for a lab that comes up later at a port that is known before', async () => {
  const port = await freePort();
  const target = ['--ingress', `http://127.0.0.1:${port}`, '--traces', `http://127.0.0.1:${port + 1}`];
  const brief = ['--probes', '33', '--rate', '100'];
  const run = spawnCli(['run', ...target, ...brief, '--wait', '5m', '--out', 'out'], folder);
  await run.seen('waiting for the ingress to answer');
  const later = spawnCli(['lab', '--port', String(port)], folder);
  const { exitCode, output } = await run.ended;
  later.kill('SIGTERM');
  await later.ended;
  expect({ exitCode, output }).toEqual({ exitCode: 0, output: expect.stringContaining('PASS') });
});
