import { mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { parseFault } from '../../fixtures/lab/faults.ts';
import { callHttp, loopbackNetwork } from '../../fixtures/lab/network-loopback.ts';
import { labOptions } from '../../fixtures/lab/options.ts';
import { startStandin } from '../../fixtures/lab/standin.ts';
import { header } from '../../fixtures/lab/wire.ts';
import { callMain } from './testing/call-main.ts';

let folder: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'hopcheck-secrets-'));
});
afterEach(() => rmSync(folder, { recursive: true, force: true }));

const PEM = `-----BEGIN CERTIFICATE-----\n${'canaryCERTIFICATE'.repeat(4)}\n-----END CERTIFICATE-----\n`;

/** Everything a run wrote, on screen and on disk. */
function everything(called: { stdout: string; stderr: string }): string {
  const files = readdirSync(folder).filter((name) => name.startsWith('out.'));
  expect(files.length).toBeGreaterThanOrEqual(4);
  return [called.stdout, called.stderr, ...files.map((name) => readFileSync(join(folder, name), 'utf8'))].join('\n');
}

const OUT = [
  '--report',
  'json=out.json',
  '--report',
  'junit=out.xml',
  '--report',
  'terminal=out.txt',
  '--capture',
  'out.capture',
];

it('shows no secret anywhere, although ingress and Jaeger echo them all', async () => {
  await using lab = await startStandin(
    labOptions({ flush: { minSpans: 1, intervalMs: 100 }, faults: [parseFault('drop-all:reviews', ['reviews'])] }),
  );
  const network = loopbackNetwork();
  const authorizations = new Set<string>();
  const ingress = await network.listen('ingress', async (request, signal) => {
    const all = request.headers.map(([name, value]) => `${name}: ${value}`).join('\n');
    authorizations.add(header(request.headers, 'authorization') ?? '');
    const answer = await callHttp(lab.ingressUrl, request, signal);
    const cookies: [string, string][] = [
      ['Set-Cookie', 'session=canaryCOOKIE; HttpOnly'],
      ['X-Echo', all.replaceAll('\n', ' ')],
    ];
    return {
      ...answer,
      headers: [...answer.headers, ...cookies],
      body: answer.body.replace('</html>', `<!-- ${all} --></html>`),
    };
  });
  const jaeger = await network.listen('jaeger', async (request, signal) => {
    authorizations.add(header(request.headers, 'authorization') ?? '');
    return callHttp(lab.jaegerUrl, request, signal);
  });
  writeFileSync(join(folder, 'ca.pem'), PEM);
  const called = await callMain(
    [
      'run',
      '--ingress',
      ingress.origin.replace('//', '//me:canaryUSERINFO@'),
      '--ingress-header',
      'X-Api-Key: canaryHEADER',
      '--jaeger',
      jaeger.origin,
      '--jaeger-ca',
      'ca.pem',
      '--probes',
      '33',
      '--rate',
      '100',
      '--flush-interval',
      '500ms',
      ...OUT,
    ],
    {
      cwd: folder,
      env: {
        HOPCHECK_JAEGER_TOKEN: 'canaryTOKEN',
        HOPCHECK_JAEGER_HEADER_1: 'X-Scope: canarySCOPE',
        SOME_SECRET: 'canaryENV',
      },
    },
  );
  await network.close();
  expect(called.exitCode).toBe(1);
  // They were sent, so there was something to leak.
  expect([...authorizations].toSorted()).toEqual([`Basic ${btoa('me:canaryUSERINFO')}`, 'Bearer canaryTOKEN']);
  const text = everything(called);
  expect(text).not.toMatch(/canary/i);
  for (const secret of ['canaryUSERINFO', 'canaryHEADER', 'canaryTOKEN', 'me:canaryUSERINFO'])
    for (const form of [btoa(secret).replace(/=+$/, ''), encodeURIComponent(secret)]) expect(text).not.toContain(form);
  expect(text).toContain('-H "x-api-key: $INGRESS_X_API_KEY"');
});

it('shows no secret when nothing can be reached', async () => {
  const called = await callMain(
    [
      'run',
      '--ingress',
      'http://me:canaryUSERINFO@127.0.0.1:1',
      '--jaeger',
      'http://me:canaryOTHER@127.0.0.1:1',
      ...OUT,
    ],
    { cwd: folder },
  );
  expect(called.exitCode).toBe(2);
  expect(everything(called)).not.toMatch(/canary/i);
});
