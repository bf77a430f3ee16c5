import { mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { type Cluster, startCluster } from '../../fixtures/kube/cluster.ts';
import { forwardToLab, meshDefinitions, walkthrough } from '../../fixtures/kube/walkthrough.ts';
import { FORMATS } from '../../reports/formats.ts';
import type { Lab } from '../lab/lab.ts';
import { callHttp, loopbackNetwork } from '../lab/network-loopback.ts';
import { labOptions } from '../lab/options.ts';
import { startStandin } from '../lab/standin.ts';
import { header } from '../lab/wire.ts';
import type { RunReport } from '../model/report.ts';
import { callMain } from './testing/call-main.ts';

// A Jaeger that demands a login, and the login in a Secret of the cluster: hopcheck fetches it, uses it, and shows it
// nowhere.
let cluster: Cluster;
let lab: Lab;
const network = loopbackNetwork();
/** What the trace backend was sent to be let in, and what lets in. */
let sent: Set<string | undefined>;
let key = '';
beforeAll(async () => {
  cluster = await startCluster();
  await cluster.apply(await meshDefinitions());
  lab = await startStandin(labOptions({ flush: { minSpans: 1, intervalMs: 100 } }));
  const guarded = await network.listen('guarded', (request, signal) => {
    const shown = header(request.headers, 'authorization');
    sent.add(shown);
    if (shown === key) return callHttp(lab.jaegerUrl, request, signal);
    return Promise.resolve({ status: 401, headers: [['content-type', 'text/plain']], body: `no entry for ${shown}` });
  });
  const objects = walkthrough();
  await cluster.apply(objects);
  await forwardToLab(cluster, objects, { ingressUrl: lab.ingressUrl, jaegerUrl: guarded.origin });
});
afterAll(async () => {
  await network.close();
  await lab.stop();
  await cluster.stop();
});
let folder: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'hopcheck-auth-'));
  sent = new Set();
});
afterEach(() => rmSync(folder, { recursive: true, force: true }));

const secret = (name: string, data: Readonly<Record<string, string>>) =>
  cluster.apply([
    { apiVersion: 'v1', kind: 'Secret', metadata: { namespace: 'istio-system', name }, stringData: data },
  ]);
/** Every format, the capture, and as much on the screen as there is. */
async function run(...args: readonly string[]) {
  const all = Object.keys(FORMATS).flatMap((format) => ['--report', `${format}=out.${format}`]);
  const brief = ['--probes', '30', '--rate', '100', '--flush-interval', '500ms', '--settle-timeout', '5s', '--verbose'];
  const called = await callMain(['run', '--kube', ...brief, ...all, '--capture', 'out.capture', ...args], {
    cwd: folder,
    env: { KUBECONFIG: cluster.kubeconfig, HOME: folder },
  });
  const files = readdirSync(folder).map((name) => readFileSync(join(folder, name), 'utf8'));
  const written = [called.stdout, called.stderr, ...files].join('\n');
  return { ...called, written, report: JSON.parse(readFileSync(join(folder, 'out.json'), 'utf8')) as RunReport };
}
const SECRETS = [
  { what: 'a token', data: { token: 'canaryTOKEN' }, shown: 'Bearer canaryTOKEN' },
  {
    what: 'user name and password',
    data: { username: 'canaryUSER', password: 'canaryPASSWORD' },
    shown: `Basic ${btoa('canaryUSER:canaryPASSWORD')}`,
  },
] as const;

describe('--kube-traces-secret', () => {
  it.each(SECRETS)('with $what lets the run in, and only the backend sees the login', async ({ data, shown }) => {
    key = shown;
    await secret('jaeger-login', data);
    const { exitCode, stdout, written, report } = await run('--kube-traces-secret', 'istio-system/jaeger-login');
    expect({ exitCode, verdict: report.verdict }, stdout).toEqual({ exitCode: 0, verdict: 'pass' });
    expect([...sent]).toEqual([shown]);
    for (const text of [...Object.values(data), shown.replace(/^\w+ /, '')]) {
      for (const form of text === 'canaryUSER' ? [] : [text, btoa(text), encodeURIComponent(text)])
        expect(written.includes(form), `${form} was written`).toBe(false);
    }
    await cluster.delete([
      { apiVersion: 'v1', kind: 'Secret', metadata: { namespace: 'istio-system', name: 'jaeger-login' } },
    ]);
  });

  it('is refused where the login is wrong, and the answer of the backend shows nothing of the login', async () => {
    key = 'Bearer another';
    await secret('jaeger-login', { token: 'canaryTOKEN' });
    const { exitCode, written, report } = await run('--kube-traces-secret', 'istio-system/jaeger-login');
    expect(exitCode).toBe(2);
    expect(report.promises[0]?.findings.map(({ code }) => code)).toContain('HC703');
    expect([...sent]).toEqual(['Bearer canaryTOKEN']);
    expect(written).not.toContain('canaryTOKEN');
  });

  it('is needed: without it the backend refuses, and the report names the refusal', async () => {
    key = 'Bearer canaryTOKEN';
    const { exitCode, report } = await run();
    expect({ exitCode, sent: [...sent] }).toEqual({ exitCode: 2, sent: [undefined] });
    expect(report.promises[0]?.findings.map(({ code }) => code)).toContain('HC703');
  });

  it.each([
    { why: 'the Secret does not exist', name: 'istio-system/none', data: undefined, expected: 'a Secret that exists' },
    {
      why: 'the Secret has other keys',
      name: 'istio-system/odd',
      data: { key: 'canaryODD' },
      expected: 'a Secret with the keys username and password, or token',
    },
  ] as const)('is refused as wrong usage where $why', async ({ name, data, expected }) => {
    if (data !== undefined) await secret('odd', data);
    const args = ['run', '--kube', '--kube-traces-secret', name];
    const called = await callMain(args, { cwd: folder, env: { KUBECONFIG: cluster.kubeconfig, HOME: folder } });
    expect({ exitCode: called.exitCode, stderr: called.stderr.replace(/\s+/g, ' ') }).toEqual({
      exitCode: 64,
      stderr: expect.stringContaining(expected),
    });
    expect(called.stderr + called.stdout).not.toContain('canaryODD');
  });
});
