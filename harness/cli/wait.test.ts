import { describe, expect, it } from 'vitest';
import { SimulatedClock } from '../../fixtures/testing/simulated-clock.ts';
import { HttpError } from '../http/http.ts';
import type { Lab } from '../lab/lab.ts';
import { labOptions } from '../lab/options.ts';
import { startStandin } from '../lab/standin.ts';
import { callMain } from './testing/call-main.ts';

/** A mesh in memory whose ingress takes connections only after so long, and the command that looks at it. */
async function comingUp(upAfterMs: number) {
  const clock = new SimulatedClock();
  const lab: Lab = await startStandin(labOptions({ clock, network: 'memory' }));
  const startedAtMs = clock.now();
  const http = lab.http!;
  const client: typeof http = {
    send: (request, signal) => {
      if (request.url.origin !== lab.ingressUrl || clock.now() >= startedAtMs + upAfterMs)
        return http.send(request, signal);
      return Promise.reject(new HttpError('refused', 'the ingress is not up yet'));
    },
    close: async () => undefined,
  };
  const call = async (...argv: readonly string[]) => {
    const target = ['--ingress', lab.ingressUrl, '--traces', lab.jaegerUrl];
    const called = await callMain([...argv, ...target], { clock, createClient: () => client });
    return { ...called, tookMs: clock.now() - startedAtMs };
  };
  return { call, [Symbol.asyncDispose]: () => lab.stop() };
}

describe('--wait, on a clock that jumps', () => {
  it('begins the run when the ingress has come up, four minutes later', async () => {
    await using mesh = await comingUp(4 * 60_000);
    const { exitCode, stdout, tookMs } = await mesh.call('run', '--wait', '5m', '--probes', '12');
    expect({ exitCode, passed: stdout.includes('PASS') }).toEqual({ exitCode: 0, passed: true });
    expect(tookMs).toBeGreaterThan(4 * 60_000);
    expect(tookMs).toBeLessThan(5 * 60_000);
  });

  it('ends when its time is over, and the report names what was missing', async () => {
    await using mesh = await comingUp(60 * 60_000);
    const { exitCode, stdout, tookMs } = await mesh.call('run', '--wait', '5m', '--probes', '12');
    expect({ exitCode, why: stdout.includes('the ingress is not up yet') }).toEqual({ exitCode: 2, why: true });
    expect(tookMs).toBeGreaterThanOrEqual(5 * 60_000);
  });

  it('is part of the total time, which then ends the run in the middle', async () => {
    await using mesh = await comingUp(9 * 60_000);
    const times = ['--wait', '550s', '--total-timeout', '560s', '--rate', '1'];
    const { exitCode, stdout, tookMs } = await mesh.call('run', ...times, '--probes', '12');
    expect({ exitCode, isCut: stdout.includes('HC715') }).toEqual({ exitCode: 2, isCut: true });
    expect(tookMs).toBeGreaterThanOrEqual(560_000);
    expect(tookMs).toBeLessThan(561_000);
  });

  it('makes doctor wait as well', async () => {
    await using mesh = await comingUp(4 * 60_000);
    const { exitCode, tookMs } = await mesh.call('doctor', '--wait', '5m');
    expect({ exitCode, waited: tookMs > 4 * 60_000 }).toEqual({ exitCode: 0, waited: true });
  });
});
