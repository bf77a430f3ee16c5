import { execFile } from 'node:child_process';
import { promisify } from 'node:util';
import { describe, expect, it } from 'vitest';
import { SimulatedClock } from '../../fixtures/testing/simulated-clock.ts';
import { parseFault } from '../lab/faults.ts';
import type { LabOptions } from '../lab/lab.ts';
import { labOptions } from '../lab/options.ts';
import { startStandin } from '../lab/standin.ts';
import { callMain } from './testing/call-main.ts';

const SERVICES = ['productpage', 'details', 'reviews', 'ratings'];
const sh = promisify(execFile);

async function probe(fault: string | undefined, options: Partial<LabOptions> = {}) {
  const clock = new SimulatedClock();
  const faults = fault === undefined ? [] : [parseFault(fault, SERVICES)];
  await using lab = await startStandin(labOptions({ clock, network: 'memory', seed: 3, faults, ...options }));
  const { http } = lab;
  const target = ['--ingress', lab.ingressUrl, '--traces', lab.jaegerUrl];
  const called = await callMain(['probe', ...target], {
    clock,
    ...(http !== undefined && { createClient: () => http }),
  });
  return { ...called, jaegerUrl: lab.jaegerUrl };
}

describe('hopcheck probe', () => {
  it('draws the trace beside the expected one, passes, and ends with the link', async () => {
    const { exitCode, stdout, jaegerUrl } = await probe('pin:reviews:v3');
    const lines = stdout.trimEnd().split('\n');
    expect({ exitCode, last: lines.at(-1) }).toEqual({
      exitCode: 0,
      last: expect.stringMatching(new RegExp(`^trace {2}${jaegerUrl}/trace/[0-9a-f]{32}$`)),
    });
    expect(lines[0]).toMatch(/^expected +in its trace$/);
    expect(lines[1]).toMatch(/^istio-ingressgateway +istio-ingressgateway$/);
    expect(stdout).toMatch(/└─ ratings +└─ ratings v1/);
  });

  it.each(['zipkin', '2.21'] as const)('finds its trace on %s', async (jaeger) => {
    const { exitCode, stdout } = await probe(undefined, { jaeger });
    expect({ exitCode, stdout }).toEqual({
      exitCode: 0,
      stdout: expect.stringMatching(/trace {2}http\S+\/traces?\/[0-9a-f]{32}\n$/),
    });
  });

  it('shows the gap at the broken hop, and fails', async () => {
    const { exitCode, stdout } = await probe('drop-all:productpage');
    expect({ exitCode, stdout }).toEqual({
      exitCode: 1,
      stdout: expect.stringContaining('✗ no call of details in this trace'),
    });
    expect(stdout).toContain('HC501');
  });

  it('does not pass where no span comes', async () => {
    const { exitCode, stdout } = await probe('backend-down');
    expect({ exitCode, stdout }).toEqual({
      exitCode: 2,
      stdout: expect.stringContaining('no span of this probe arrived'),
    });
  });
});

describe('hopcheck probe --curl', () => {
  const options = { flush: { minSpans: 1, intervalMs: 100 }, sampling: 0 };
  it('is a script that sh runs with POSIX tools: it leaves a trace, and its last line is the link to it', async () => {
    await using lab = await startStandin(labOptions(options));
    const { exitCode, stdout: script } = await callMain([
      'probe',
      '--curl',
      '--ingress',
      lab.ingressUrl,
      '--traces',
      lab.jaegerUrl,
    ]);
    expect({ exitCode, foreign: /openssl|\/proc|uuidgen|\[\[|<\(/.test(script) }).toEqual({
      exitCode: 0,
      foreign: false,
    });
    const { stdout } = await sh('/bin/sh', ['-eu', '-c', script]);
    expect(stdout).toContain('200 OK');
    const link = stdout.trimEnd().split('\n').at(-1) ?? '';
    expect(link).toMatch(new RegExp(`^${lab.jaegerUrl}/trace/[0-9a-f]{32}$`));
    const id = link.slice(-32);
    const { stdout: trace } = await sh('curl', [
      '-sS',
      '--retry',
      '20',
      '--retry-delay',
      '1',
      '--retry-all-errors',
      '--fail',
      `${lab.jaegerUrl}/api/traces/${id}?raw=true`,
    ]);
    const { data } = JSON.parse(trace) as { data: { traceID: string }[] };
    expect(data.map(({ traceID }) => traceID)).toEqual([id]);
  });

  it('has the options of the connection, and secrets as variables', async () => {
    const more = [
      '--host',
      'shop.example',
      '--ingress-insecure',
      '--ingress-header',
      'Authorization: Bearer abc123',
      '--format',
      'w3c',
    ];
    const { stdout } = await callMain([
      'probe',
      '--curl',
      '--ingress',
      'https://10.0.0.7',
      '--traces',
      'http://z:9411',
      ...more,
    ]);
    expect(stdout).toContain('--connect-to "shop.example:443:10.0.0.7:443" -k');
    expect(stdout).toMatch(/Authorization: \$INGRESS_AUTHORIZATION/i);
    expect(stdout).not.toContain('abc123');
    expect(stdout).toMatch(/traceparent: 00-\$id-/);
    expect(stdout.trimEnd().split('\n').at(-1)).toBe('echo "http://z:9411/zipkin/traces/$id"');
  });
});
