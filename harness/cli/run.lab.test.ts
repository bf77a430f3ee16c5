// Over 250 lines: one lab, brought up once for every way in which a run against it can end.
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { parseFault } from '../lab/faults.ts';
import type { Lab, LabOptions } from '../lab/lab.ts';
import { callHttp, loopbackNetwork } from '../lab/network-loopback.ts';
import { labOptions } from '../lab/options.ts';
import { startStandin } from '../lab/standin.ts';
import { type Endpoint, type Handler, header } from '../lab/wire.ts';
import type { RunReport } from '../model/report.ts';
import { callMain } from './testing/call-main.ts';

/** Quick proxies, and hopcheck knows it, so that a run takes three seconds instead of ten. */
const QUICK = { flush: { minSpans: 1, intervalMs: 100 } } as const;
const BRIEF = ['--probes', '33', '--rate', '100', '--flush-interval', '500ms', '--settle-timeout', '10s'];
const SERVICES = ['productpage', 'details', 'reviews', 'ratings'];

let folder: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'hopcheck-cli-'));
});
afterEach(() => rmSync(folder, { recursive: true, force: true }));

const read = (name: string) => readFileSync(join(folder, name), 'utf8');
const report = (name = 'a.json') => JSON.parse(read(name)) as RunReport;
/** As it is before it is broken into lines. */
const oneLine = (text: string) => text.replace(/\s+/g, ' ');
const codes = ({ promises }: RunReport) =>
  promises.flatMap(({ findings }) => findings.filter(({ severity }) => severity === 'error').map(({ code }) => code));

function start(faults: readonly string[] = [], options: Partial<LabOptions> = {}): Promise<Lab> {
  return startStandin(labOptions({ ...QUICK, ...options, faults: faults.map((text) => parseFault(text, SERVICES)) }));
}
function run(ingress: string, jaeger: string, more: readonly string[] = [], env: Record<string, string> = {}) {
  const out = [
    '--report',
    'json=a.json',
    '--report',
    'junit=a.xml',
    '--report',
    'terminal=a.txt',
    '--capture',
    'a.capture',
  ];
  return callMain(
    [
      'run',
      '--ingress',
      ingress,
      '--traces',
      jaeger,
      ...BRIEF,
      ...out.map((arg) => arg.replace(/=(a\.)/, `=${folder}/$1`).replace(/^a\.capture$/, `${folder}/a.capture`)),
      ...more,
    ],
    { cwd: folder, env },
  );
}

describe('the exit code', () => {
  it.each([
    { exitCode: 0, verdict: 'pass', faults: [] },
    { exitCode: 1, verdict: 'fail', faults: ['drop-all:reviews'] },
    { exitCode: 2, verdict: 'inconclusive', faults: ['backend-down'] },
  ] as const)('is $exitCode for the verdict $verdict in every format', async ({ exitCode, verdict, faults }) => {
    await using lab = await start(faults);
    const called = await run(lab.ingressUrl, lab.jaegerUrl);
    expect(called.exitCode).toBe(exitCode);
    expect(report()).toMatchObject({ schema: 'hopcheck/report@1', verdict, exitCode });
    expect(oneLine(called.stdout)).toContain(`(exit ${exitCode}) ${report().sentence}`);
    expect(read('a.txt')).toBe(called.stdout);
    expect(read('a.xml')).toContain(`<property name="verdict" value="${verdict}"/>`);
    for (const format of ['terminal', 'json', 'junit']) {
      const again = await callMain(['judge', 'a.capture', '--report', format], { cwd: folder });
      expect(again.exitCode, format).toBe(exitCode);
      expect(again.stdout, format).toContain(
        format === 'junit'
          ? '<testsuites'
          : verdict === 'pass' && format === 'terminal'
            ? 'PASS'
            : report().sentence.slice(0, 20),
      );
    }
  });

  it('is that of hopcheck judge, which makes the same promises of the capture, byte for byte', async () => {
    await using lab = await start(['drop-all:reviews'], { foreignRate: 20 });
    await run(lab.ingressUrl, lab.jaegerUrl);
    await callMain(['judge', 'a.capture', '--report', 'json=b.json'], { cwd: folder });
    const promises = (name: string) => JSON.stringify(report(name).promises);
    expect(promises('b.json')).toBe(promises('a.json'));
  });

  it('leaves standard output to the format that is written there', async () => {
    await using lab = await start();
    const called = await callMain(
      ['run', '--ingress', lab.ingressUrl, '--traces', lab.jaegerUrl, ...BRIEF, '--report', 'json'],
      { cwd: folder },
    );
    expect(JSON.parse(called.stdout)).toMatchObject({ verdict: 'pass' });
    expect(called.stderr).toContain('PASS');
    // doctor, --verbose and the page show the smallest fault that a run can find.
    expect(oneLine(called.stderr)).not.toContain('can find');
  });

  it('is 1 for a warning under --fail-on warning', async () => {
    // An assumed share can warn, and cannot fail.
    await using lab = await start();
    await run(lab.ingressUrl, lab.jaegerUrl, ['--shares', 'reviews=v1:1,v2:1,v3:0']);
    expect(report().verdict).toBe('fail');
    const capture = read('a.capture').replace(
      '"source":"flag","from":"--shares"',
      '"source":"assumed","from":"--shares"',
    );
    writeFileSync(join(folder, 'assumed.capture'), capture);
    expect((await callMain(['judge', 'assumed.capture'], { cwd: folder })).exitCode).toBe(0);
    const { exitCode, stdout } = await callMain(['judge', 'assumed.capture', '--fail-on', 'warning'], { cwd: folder });
    expect({ exitCode, stdout }).toEqual({ exitCode: 1, stdout: expect.stringContaining('HC203') });
  });
});

describe('an environment that is not ready', () => {
  let lab: Lab;
  /** Another mesh, which has received no request. */
  let other: Lab;
  beforeAll(async () => {
    lab = await start();
    other = await start();
  });
  afterAll(() => Promise.all([lab.stop(), other.stop()]));
  const network = loopbackNetwork();
  afterAll(() => network.close());
  function answering(handler: Handler): Promise<Endpoint> {
    return network.listen('fake', handler);
  }

  const always = async (status: number, body: string) =>
    (await answering(async () => ({ status, headers: [['content-type', 'text/html']], body }))).origin;
  const NOT_READY: readonly {
    readonly what: string;
    readonly code: string;
    readonly backend: () => string | Promise<string>;
    readonly message: RegExp;
  }[] = [
    { what: 'a wrong port for Jaeger', code: 'HC701', backend: () => 'http://127.0.0.1:1', message: /refused/ },
    {
      what: 'a name that does not resolve',
      code: 'HC701',
      backend: () => 'http://jaeger.invalid:16686',
      message: /cannot be resolved/,
    },
    { what: 'HTML on /api', code: 'HC702', backend: () => always(200, '<!doctype html>'), message: /HTML/ },
    { what: '401', code: 'HC703', backend: () => always(401, ''), message: /401/ },
    { what: '500 on everything', code: 'HC712', backend: () => always(500, 'oops'), message: /500/ },
    { what: 'JSON of something else', code: 'HC702', backend: () => always(200, '{"status":"ok"}'), message: /./ },
    { what: 'an empty Jaeger', code: 'HC709', backend: () => other.jaegerUrl, message: /none within/ },
  ];

  it.each(NOT_READY)('has a next step for $what: $code', async ({ code, backend, message }) => {
    const called = await run(lab.ingressUrl, await backend());
    expect(called.exitCode).toBe(2);
    expect(codes(report())).toEqual([code]);
    const [finding] = report().promises.flatMap(({ findings }) => findings);
    expect(`${report().sentence} ${finding?.received}`).toMatch(message);
    expect(finding?.remedy.length).toBeGreaterThan(20);
    expect(called.stdout).toContain('INCONCLUSIVE (exit 2) could not decide');
  });

  const NO_INGRESS: readonly {
    readonly what: string;
    readonly code: string;
    readonly ingress: () => string | Promise<string>;
    readonly message: string;
    readonly step: string;
  }[] = [
    {
      what: 'that is not there',
      code: 'HC708',
      ingress: () => 'http://127.0.0.1:1',
      message: 'refused the connection',
      step: 'curl -v',
    },
    {
      what: 'without an address',
      code: 'HC708',
      ingress: () => 'http://shop.invalid',
      message: 'cannot be resolved',
      step: 'the host name in --ingress',
    },
    {
      what: 'of another server',
      code: 'HC709',
      ingress: () => always(404, 'no'),
      message: 'answered 404, without the page',
      step: '--ingress',
    },
  ];

  it.each(NO_INGRESS)('has a next step for an ingress $what: $code', async ({ code, ingress, message, step }) => {
    const called = await run(await ingress(), lab.jaegerUrl);
    expect({ exitCode: called.exitCode, codes: codes(report()) }).toEqual({ exitCode: 2, codes: [code] });
    expect(report().sentence).toContain(message);
    expect(report().promises[0]?.findings[0]?.remedy).toContain(step);
  });

  it('is reported with both causes at once where ingress and Jaeger do not answer', async () => {
    const called = await run('http://127.0.0.1:1', 'http://127.0.0.1:2');
    expect({ exitCode: called.exitCode, codes: codes(report()) }).toEqual({ exitCode: 2, codes: ['HC708'] });
    const [environment] = report().promises;
    expect(environment?.findings.map(({ code }) => code)).toEqual(['HC708', 'HC701']);
    expect(oneLine(called.stdout)).toContain('the trace backend is not reachable');
    expect(called.stdout).toContain('127.0.0.1:2');
  });

  it('is HC101 and a failure where the ingress is lost during the run', async () => {
    let requests = 0;
    const gone: Endpoint = await answering(async (request, signal) => {
      requests += 1;
      if (requests > 20) throw new Error('gone');
      return await callHttp(lab.ingressUrl, request, signal);
    });
    const called = await run(gone.origin, lab.jaegerUrl);
    expect(called.exitCode).toBe(1);
    expect(codes(report())).toContain('HC101');
    expect(report().sentence).toContain('a probe got no answer');
  });

  it('is HC701 and HC705, and never a pass, where Jaeger is killed during the run', async () => {
    let probes = 0;
    const ingress: Endpoint = await answering(async (request, signal) => {
      // Preflight's requests are marked f001 and on, the run's own p001 and on.
      if (/-p\d+$/.test(header(request.headers, 'user-agent') ?? '')) probes += 1;
      return await callHttp(lab.ingressUrl, request, signal);
    });
    const dying: Endpoint = await answering(async (request, signal) => {
      if (probes > 5) throw new Error('killed');
      return await callHttp(lab.jaegerUrl, request, signal);
    });
    const called = await run(ingress.origin, dying.origin, ['--settle-timeout', '3s']);
    expect(called.exitCode).toBe(2);
    // Time was not the cause: HC705 follows from it, and no text advises to wait longer.
    const [environment] = report().promises;
    expect(environment?.findings.map(({ code, severity, explainedBy }) => [code, severity, explainedBy?.code])).toEqual(
      [
        ['HC701', 'error', undefined],
        ['HC705', 'info', 'HC701'],
      ],
    );
    expect(called.stdout).toContain('follows from HC701');
    expect(called.stdout).not.toContain('--settle-timeout');
  });

  it('is HC704 with the place where answers do not fit', async () => {
    const broken: Endpoint = await answering(async (request, signal) => {
      const answer = await callHttp(lab.jaegerUrl, request, signal);
      return request.path.includes('/api/traces')
        ? { ...answer, body: answer.body.replaceAll(/"startTime":\d+/g, '"startTime":"now"') }
        : answer;
    });
    const called = await run(lab.ingressUrl, broken.origin);
    expect(called.exitCode).toBe(2);
    expect(codes(report())).toContain('HC704');
    expect(JSON.stringify(report())).toMatch(/data\[0\]\.spans\[\d+\]\.startTime: expected/);
  });

  it('is a failure that names the hop where a page has error banners', async () => {
    await using broken = await start(['down:ratings']);
    const called = await run(broken.ingressUrl, broken.jaegerUrl);
    expect({ exitCode: called.exitCode, codes: codes(report()) }).toEqual({ exitCode: 1, codes: ['HC103'] });
    expect(report().sentence).toContain('ratings does not run behind its sidecar (503)');
  });

  it('is HC711 with exit 2 where a capture is cut in the middle', async () => {
    await run(lab.ingressUrl, lab.jaegerUrl);
    const whole = read('a.capture');
    writeFileSync(join(folder, 'cut.capture'), whole.slice(0, whole.length / 2));
    const called = await callMain(['judge', 'cut.capture', '--report', 'json=cut.json'], { cwd: folder });
    expect({ exitCode: called.exitCode, codes: codes(report('cut.json')) }).toEqual({ exitCode: 2, codes: ['HC711'] });
    expect(called.stdout).toContain('Run it again');
  });
});
