import { mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { FORMATS } from '../../reports/formats.ts';
import { parseFault } from '../lab/faults.ts';
import { callHttp, loopbackNetwork } from '../lab/network-loopback.ts';
import { labOptions } from '../lab/options.ts';
import { startStandin } from '../lab/standin.ts';
import { header } from '../lab/wire.ts';
import { callMain } from './testing/call-main.ts';

let folder: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'hopcheck-secrets-'));
});
afterEach(() => rmSync(folder, { recursive: true, force: true }));

const pem = (canary: string) =>
  `-----BEGIN CERTIFICATE-----\n${canary.repeat(4)}\n${canary}\n-----END CERTIFICATE-----\n`;

const OUT = [
  ...Object.keys(FORMATS).flatMap((format) => ['--report', `${format}=out.${format}`]),
  '--capture',
  'out.capture',
];
const BRIEF = ['--probes', '10', '--rate', '100', '--flush-interval', '500ms', '--verbose'];

/** Everything a run wrote, on screen and on disk. */
function everything(called: { stdout: string; stderr: string }): string {
  const files = readdirSync(folder).filter((name) => name.startsWith('out.'));
  expect(files).toHaveLength(Object.keys(FORMATS).length + 1);
  return [called.stdout, called.stderr, ...files.map((name) => readFileSync(join(folder, name), 'utf8'))].join('\n');
}

interface Way {
  readonly args?: readonly string[];
  readonly env?: Readonly<Record<string, string>>;
  readonly config?: object;
  /** Secrets that reached the ingress and Jaeger. Without them there was nothing to leak. */
  readonly sent: readonly string[];
}
const basic = (pair: string) => `Basic ${btoa(pair)}`;

/** Every secret input, by flag, variable and file; `INGRESS` and `JAEGER` stand for what the lab listens on. */
const WAYS: readonly (readonly [string, Way])[] = [
  [
    'by flag',
    {
      args: [
        ...['--ingress', 'http://me:canaryUSERINFO@INGRESS', '--traces', 'http://JAEGER'],
        ...['--ingress-header', 'X-Api-Key: canaryHEADER', '--ingress-header', 'Cookie: s=canarySENTCOOKIE'],
        ...['--traces-header', 'X-Scope: canarySCOPE', '--traces-token', 'canaryTOKEN'],
        ...['--ingress-ca', 'ingress.pem', '--traces-ca', 'jaeger.pem'],
      ],
      sent: [basic('me:canaryUSERINFO'), 'canaryHEADER', 's=canarySENTCOOKIE', 'canarySCOPE', 'Bearer canaryTOKEN'],
    },
  ],
  [
    'by variable',
    {
      env: {
        HOPCHECK_INGRESS: 'http://INGRESS',
        HOPCHECK_TRACES: 'http://you:canary%20USERINFO%2F@JAEGER',
        HOPCHECK_INGRESS_HEADER_1: 'Authorization: Bearer canaryBEARER',
        HOPCHECK_INGRESS_HEADER_2: 'X-Odd: canary"QUOTED\\',
        HOPCHECK_TRACES_HEADER: 'X-Scope: canarySCOPE',
        HOPCHECK_INGRESS_CA: 'ingress.pem',
        HOPCHECK_TRACES_CA: 'jaeger.pem',
        SOME_OTHER: 'canaryENVIRONMENT',
      },
      sent: ['Bearer canaryBEARER', 'canary"QUOTED\\', 'canarySCOPE', basic('you:canary USERINFO/')],
    },
  ],
  [
    'by file',
    {
      config: {
        ingress: 'http://INGRESS',
        jaeger: 'http://JAEGER',
        ingressHeader: ['Authorization: Basic bWU6Y2FuYXJ5QkFTSUM=', 'X-Api-Key: canaryHEADER'],
        jaegerUser: 'ci',
        jaegerPassword: 'canaryPASSWORD',
        jaegerHeader: ['X-Scope: canarySCOPE'],
      },
      sent: [basic('me:canaryBASIC'), 'canaryHEADER', basic('ci:canaryPASSWORD'), 'canarySCOPE'],
    },
  ],
];

it.each(WAYS)(
  'run shows no secret anywhere, although ingress and Jaeger echo them all: given %s',
  async (_title, way) => {
    await using lab = await startStandin(
      labOptions({ flush: { minSpans: 1, intervalMs: 100 }, faults: [parseFault('drop-all:reviews', ['reviews'])] }),
    );
    const network = loopbackNetwork();
    const seen = new Set<string>();
    const echo = (headers: readonly (readonly [string, string])[]) => {
      for (const [, value] of headers) seen.add(value);
      return headers.map(([name, value]) => `${name}: ${value}`).join(' ');
    };
    const ingress = await network.listen('ingress', async (request, signal) => {
      const all = echo(request.headers);
      const answer = await callHttp(lab.ingressUrl, request, signal);
      const more: [string, string][] = [
        ['Set-Cookie', 'session=canaryCOOKIE; HttpOnly'],
        ['X-Echo', all],
      ];
      return {
        ...answer,
        headers: [...answer.headers, ...more],
        body: `${answer.body}<!-- ${all} -->`,
      };
    });
    let reads = 0;
    const jaeger = await network.listen('jaeger', async (request, signal) => {
      const all = echo(request.headers);
      reads += 1;
      if (reads === 3) return { status: 500, headers: [], body: all };
      const answer = await callHttp(lab.jaegerUrl, request, signal);
      const tags = [{ key: header(request.headers, 'authorization') ?? 'none', type: 'string', value: all }];
      return { ...answer, body: answer.body.replaceAll('"tags":[{', `"tags":[${JSON.stringify(tags).slice(1, -1)},{`) };
    });
    writeFileSync(join(folder, 'ingress.pem'), pem('canaryINGRESSCERT'));
    writeFileSync(join(folder, 'jaeger.pem'), pem('canaryJAEGERCERT'));
    const here = (text: string) =>
      text.replaceAll('INGRESS', new URL(ingress.origin).host).replaceAll('JAEGER', new URL(jaeger.origin).host);
    const place = (text: string) => text.replace(/(^|@|\/\/)(INGRESS|JAEGER)$/, here);
    if (way.config !== undefined)
      writeFileSync(
        join(folder, 'hopcheck.config.json'),
        JSON.stringify(
          Object.fromEntries(
            Object.entries(way.config).map(([key, value]) => [key, typeof value === 'string' ? place(value) : value]),
          ),
        ),
      );
    const called = await callMain(['run', ...(way.args ?? []).map(place), ...BRIEF, ...OUT], {
      cwd: folder,
      env: Object.fromEntries(Object.entries(way.env ?? {}).map(([key, value]) => [key, place(value)])),
    });
    await network.close();
    expect(called.exitCode, called.stdout + called.stderr).toBe(1);
    expect([...seen]).toEqual(expect.arrayContaining([...way.sent]));
    const text = everything(called);
    expect(text.match(/.{0,60}canary.{0,20}/gi)).toBeNull();
    for (const value of way.sent)
      for (const secret of [value, value.replace(/^\w+ /, ''), atobOr(value.replace(/^\w+ /, ''))])
        for (const form of [secret, btoa(secret).replace(/=+$/, ''), encodeURIComponent(secret)])
          expect(text).not.toContain(form);
    // A person who has them can repeat the request.
    expect(text).toMatch(/-H "(x-api-key: \$INGRESS_X_API_KEY|authorization: \$INGRESS_AUTHORIZATION)"/);
    const judged = await callMain(['judge', 'out.capture', '--verbose', '--report', 'json'], { cwd: folder });
    expect(judged.stdout + judged.stderr).not.toMatch(/canary/i);
  },
);

const ECHOES: readonly { readonly where: string; readonly path: RegExp; readonly body: (all: string) => string }[] = [
  // The lab answers but for the one thing in which all that was sent comes back.
  { where: 'in an error', path: /api\/traces\?service/, body: (all) => all },
  {
    where: 'in the names of services',
    path: /api\/services/,
    body: (all) => JSON.stringify({ data: [all, `${all}.default`], errors: null }),
  },
  { where: 'as its version', path: /^\/$/, body: () => '<html>JAEGER_VERSION = {"gitVersion":"7canaryTOKEN"}' },
  {
    where: 'in JSON that does not fit',
    path: /api\/traces\?traceID/,
    body: (all) => JSON.stringify({ data: all, errors: all }),
  },
];

it.each(ECHOES)('doctor shows no secret, although Jaeger echoes them $where', async ({ path, body }) => {
  await using lab = await startStandin(labOptions({ flush: { minSpans: 1, intervalMs: 100 } }));
  const network = loopbackNetwork();
  let echoed = 0;
  const jaeger = await network.listen('jaeger', async (request, signal) => {
    const all = request.headers.map(([name, value]) => `${name}: ${value}`).join(' ');
    if (!path.test(decodeURIComponent(request.path))) return await callHttp(lab.jaegerUrl, request, signal);
    echoed += 1;
    return {
      status: body(all) === all ? 500 : 200,
      headers: [],
      body: body(all),
    };
  });
  const ingress = await network.listen('ingress', async (request, signal) => {
    const answer = await callHttp(lab.ingressUrl, request, signal);
    const all = request.headers.map(([name, value]) => `${name}: ${value}`).join(' ');
    return { ...answer, status: 503, body: `<html>${all}</html>` };
  });
  const args = [
    ...[
      '--ingress',
      ingress.origin.replace('//', '//me:canaryUSERINFO@'),
      '--ingress-header',
      'X-Api-Key: canaryHEADER',
    ],
    ...['--traces', jaeger.origin, '--traces-token', '7canaryTOKEN', '--traces-header', 'X-Scope: canarySCOPE'],
    ...['--flush-interval', '500ms', '--timeout', '2s'],
  ];
  for (const more of [[], ['--json']]) {
    const { stdout, stderr, exitCode } = await callMain(['doctor', ...args, ...more], { cwd: folder });
    expect([0, 2]).toContain(exitCode);
    expect(stdout).toContain(more.length === 0 ? 'READY' : '"preconditions"');
    expect(stdout + stderr).not.toMatch(/canary/i);
    for (const form of [btoa('me:canaryUSERINFO'), btoa('7canaryTOKEN'), encodeURIComponent('Bearer 7canaryTOKEN')])
      expect(stdout + stderr).not.toContain(form.replace(/=+$/, ''));
  }
  await network.close();
  expect(echoed).toBeGreaterThan(0);
});

it.each(['run', 'judge'])('%s shows no secret when nothing can be reached or read', async (command) => {
  const target = ['--ingress', 'http://me:canaryUSERINFO@127.0.0.1:1', '--traces', 'http://me:canaryOTHER@127.0.0.1:1'];
  const called = await callMain(['run', ...target, '--traces-token', 'canaryTOKEN', ...OUT], { cwd: folder });
  expect(called.exitCode).toBe(2);
  expect(everything(called)).not.toMatch(/canary/i);
  if (command === 'judge')
    expect((await callMain(['judge', 'out.capture'], { cwd: folder })).stdout).not.toMatch(/canary/i);
});

function atobOr(text: string): string {
  try {
    return atob(text);
  } catch {
    return text;
  }
}
