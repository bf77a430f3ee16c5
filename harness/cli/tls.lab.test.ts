import { execFile } from 'node:child_process';
import { mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { request } from 'node:http';
import { createServer, type Server } from 'node:https';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { TLSSocket } from 'node:tls';
import { promisify } from 'node:util';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { makeCertificates, tlsTitle } from '../../fixtures/testing/certificates.ts';
import { FORMATS } from '../../reports/formats.ts';
import type { Lab } from '../lab/lab.ts';
import { labOptions } from '../lab/options.ts';
import { startStandin } from '../lab/standin.ts';
import { callMain } from './testing/call-main.ts';

const made = makeCertificates('DNS:shop.example');
const bash = promisify(execFile);

describe.skipIf(made === undefined)(`an ingress over ${tlsTitle(made)}`, () => {
  const { ca, server: pair, client } = made ?? ({} as NonNullable<typeof made>);
  const folder = mkdtempSync(join(tmpdir(), 'hopcheck-tls-'));
  let lab: Lab;
  let gateway: Server;
  /** What each request was asked for by TLS and by its Host header. */
  const asked = new Set<string>();
  beforeAll(async () => {
    for (const [name, text] of Object.entries({
      'ca.pem': ca.cert,
      'client.pem': client.cert,
      'client.key': client.key,
      'both.pem': client.cert + client.key,
      'server.key': pair.key,
    }))
      writeFileSync(join(folder, name), text);
    lab = await startStandin(labOptions({ flush: { minSpans: 1, intervalMs: 100 } }));
    // Ends TLS as a mesh's gateway does, and asks who is there.
    gateway = createServer({ ...pair, ca: ca.cert, requestCert: true }, (incoming, outgoing) => {
      asked.add(`${(incoming.socket as TLSSocket).servername} ${incoming.headers.host}`);
      const { method = 'GET', url = '/', rawHeaders } = incoming;
      const inner = request(new URL(url, lab.ingressUrl), { method, headers: rawHeaders }, (from) => {
        outgoing.writeHead(from.statusCode ?? 502, from.rawHeaders);
        from.pipe(outgoing);
      });
      inner.on('error', () => outgoing.destroy());
      inner.end();
    });
    await new Promise<void>((resolve) => gateway.listen(0, '127.0.0.1', resolve));
  });
  afterAll(async () => {
    gateway.closeAllConnections();
    gateway.close();
    await lab.stop();
    rmSync(folder, { recursive: true, force: true });
  });
  const port = () => (gateway.address() as AddressInfo).port;
  const named = () => `https://shop.example:${port()}`;
  const resolved = () => ['--resolve', `shop.example:${port()}:127.0.0.1`];
  const run = (...more: readonly string[]) => {
    const brief = ['--probes', '10', '--rate', '100', '--flush-interval', '500ms'];
    return callMain(['run', '--traces', lab.jaegerUrl, ...brief, ...more], { cwd: folder });
  };
  const BOTH = ['--ingress-ca', 'ca.pem', '--ingress-cert', 'client.pem', '--ingress-key', 'client.key'];

  it('is judged by its own name at a given address, and no output contains a key', async () => {
    const formats = Object.keys(FORMATS).flatMap((format) => ['--report', `${format}=out.${format}`]);
    const called = await run('--ingress', named(), ...resolved(), ...BOTH, ...formats, '--capture', 'out.capture');
    expect({ exitCode: called.exitCode, stderr: called.stderr }).toEqual({ exitCode: 0, stderr: expect.any(String) });
    expect([...asked]).toEqual([`shop.example shop.example:${port()}`]);
    const files = readdirSync(folder).filter((name) => name.startsWith('out.'));
    expect(files).toHaveLength(Object.keys(FORMATS).length + 1);
    const text = [
      called.stdout,
      called.stderr,
      ...files.map((name) => readFileSync(join(folder, name), 'utf8')),
    ].join();
    for (const pem of [client.key, client.cert, ca.cert])
      for (const line of pem.split('\n').filter((each) => /^[\w+/=]{40}/.test(each))) expect(text).not.toContain(line);
  });

  const ADDRESS = () => `https://127.0.0.1:${port()}`;
  it.each([
    { what: 'is not trusted', args: () => [named(), ...resolved()], said: 'not trusted', step: '--ingress-ca FILE' },
    {
      what: 'is for another name',
      args: () => [ADDRESS(), '--ingress-ca', 'ca.pem'],
      said: 'for DNS:shop.example',
      step: '--host, --ingress-sni',
    },
    {
      what: 'wants a client certificate',
      args: () => [ADDRESS(), '--ingress-sni', 'shop.example', '--ingress-ca', 'ca.pem'],
      said: 'asks for a client certificate',
      step: '--ingress-cert FILE',
    },
  ] as const)(
    'is HC708 with the option that fixes it, if its certificate or handshake $what',
    async ({ args, said, step }) => {
      const called = await run('--ingress', ...args(), '--report', 'json=out.json');
      const { sentence, promises } = JSON.parse(readFileSync(join(folder, 'out.json'), 'utf8'));
      expect({ exitCode: called.exitCode, code: promises[0].findings[0].code }).toEqual({ exitCode: 2, code: 'HC708' });
      expect(sentence).toContain(said);
      expect(promises[0].findings[0].remedy).toContain(step);
    },
  );

  it.each([
    ['its own name', () => [named(), ...resolved(), ...BOTH]],
    ['the Host header', () => [ADDRESS(), '--host', 'shop.example', '--ingress-cert', 'both.pem', ...BOTH.slice(0, 2)]],
    ['--ingress-sni', () => [ADDRESS(), '--ingress-sni', 'shop.example', ...BOTH]],
  ] as const)('answers the curl command of the dry run by %s', async (_what, args) => {
    const { exitCode, stdout } = await run('--ingress', ...args(), '--dry-run');
    expect(exitCode).toBe(0);
    expect(stdout).toContain('with a client certificate');
    const command = stdout.slice(stdout.indexOf('curl -sS'));
    const { stdout: page } = await bash('bash', ['-c', command], { cwd: folder });
    expect(page).toContain('HTTP/1.1 200');
    expect(page).toContain('Simple Bookstore App');
  });

  it.each([
    [['--ingress-key', 'client.key'], '--ingress-cert: expected a certificate beside the key'],
    [['--ingress-cert', 'client.pem'], 'a PEM file with the private key of --ingress-cert'],
    [
      ['--ingress-cert', 'client.pem', '--ingress-key', 'server.key'],
      `--ingress-key "server.key" (from flag --ingress-key): expected the certificate's own key, without a passphrase (ERR_OSSL_X509_KEY_VALUES_MISMATCH)`,
    ],
    [
      ['--ingress-cert', 'none.pem'],
      '--ingress-cert "none.pem" (from flag --ingress-cert): expected a readable PEM file',
    ],
    [['--ingress-sni', '10.0.0.7'], '--ingress-sni "10.0.0.7"'],
    [['--resolve', 'shop.example:10.0.0.7'], '--resolve "shop.example:10.0.0.7"'],
    [
      ['--resolve', 'other.example:443:10.0.0.7'],
      'expected the host and port of --ingress or of --traces before the address, e.g. --resolve shop.example:443:10.0.0.7',
    ],
  ])('is not called with %j, which is refused', async (args, message) => {
    const called = await run('--ingress', 'https://shop.example', ...args);
    expect({ exitCode: called.exitCode, stderr: called.stderr.replace(/\s+/g, ' ') }).toEqual({
      exitCode: 64,
      stderr: expect.stringContaining(message),
    });
  });

  it('is not called with a key in place of its path, and the key is not shown', async () => {
    const called = await run('--ingress', named(), '--ingress-cert', 'client.pem', '--ingress-key', client.key);
    expect({ exitCode: called.exitCode, stderr: called.stderr }).toEqual({
      exitCode: 64,
      stderr: expect.stringContaining('--ingress-key (from flag'),
    });
    expect(called.stderr).not.toContain(client.key.split('\n')[1]);
  });
});

describe('proxy variables', () => {
  const env = { HTTP_PROXY: 'http://me:canaryPW@proxy.example:3128', NO_PROXY: '.svc' };
  const args = ['--ingress', 'http://shop.example', '--traces', 'http://127.0.0.1:16686'];

  it('are shown by the dry run without credentials', async () => {
    const { exitCode, stdout, stderr } = await callMain(['run', '--dry-run', ...args], { env });
    expect({ exitCode, stderr }).toEqual({ exitCode: 0, stderr: '' });
    expect(stdout).not.toContain('canaryPW');
    expect(stdout.replace(/\s+/g, ' ')).toContain(
      'way ingress: by http://…@proxy.example:3128 (HTTP_PROXY), unless NO_PROXY (.svc) covers it way traces: direct (loopback)',
    );
  });

  it('are shown by the printed configuration without credentials', async () => {
    const { stdout } = await callMain(['config', '--print', ...args], { env });
    expect(stdout).not.toContain('canaryPW');
    expect(stdout).toMatch(/^HTTP_PROXY +http:\/\/…@proxy\.example:3128 +environment: HTTP_PROXY$/m);
    expect(stdout).toMatch(/^NO_PROXY +\.svc +environment: NO_PROXY$/m);
  });

  it.each([['run'], ['config']])('are refused by %s when their value is not a valid proxy', async (command) => {
    const called = await callMain([command, ...args], { env: { https_proxy: 'socks5://me:canaryPW@p' } });
    expect({ exitCode: called.exitCode, stderr: called.stderr }).toEqual({
      exitCode: 64,
      stderr: expect.stringContaining('https_proxy "socks5://…@p"'),
    });
  });
});
