import { execFileSync } from 'node:child_process';
import fc from 'fast-check';
import { expect, it } from 'vitest';
import { readRecording, toCapture } from '../../fixtures/recordings/load.ts';
import type { Capture } from '../model/capture.ts';
import { curlLine } from './curl.ts';

const capture = toCapture(readRecording('healthy-v1-zipkin-gw2'));
const [exchange] = capture.exchanges;
if (exchange === undefined) throw new Error('no exchange');

function lineOf(headers: readonly [string, string][], run: Partial<Capture['run']> = {}): string {
  const probe = { ...exchange!.probe, headers };
  return curlLine({ ...capture, run: { ...capture.run, ...run } }, { ...exchange!, probe }) ?? '';
}
/** The arguments that a shell would give to curl; what follows curl is another command. */
function argumentsOf(line: string, env: Record<string, string> = {}): string[] {
  const script = line.replace('curl -sS -i', "printf '%s\\0'");
  return execFileSync('/bin/sh', ['-c', script], { encoding: 'utf8', env: { PATH: process.env.PATH, ...env } })
    .split('\0')
    .slice(0, -1);
}

it('the curl line has fresh ids, and secrets as variables', () => {
  const line = lineOf([['x-b3-traceid', '0af7651916cd43dd8448eb211c80319c']], {
    ingressHeaders: [['authorization', '$INGRESS_AUTHORIZATION']],
  });
  const [, own, , id] = argumentsOf(line, { INGRESS_AUTHORIZATION: 'Bearer abc' });
  expect(own).toBe('authorization: Bearer abc');
  expect(id).toMatch(/^x-b3-traceid: (?!0af76519)[0-9a-f]{32}$/);
});

it('the curl line uses tools of POSIX alone, makes ids of the right form, and ends with the link to its trace', () => {
  const { traceId, spanId } = { traceId: '0af7651916cd43dd8448eb211c80319c', spanId: 'b7ad6b7169203331' };
  const headers: [string, string][] = [
    ['user-agent', 'hopcheck-1-p001'],
    ['traceparent', `00-${traceId}-${spanId}-01`],
    ['x-client-trace-id', '1f0c6d2e-7f0b-4d0e-9d57-0d6b8c1f4a2b'],
  ];
  const probe = { ...exchange!.probe, traceId, headers } as unknown as (typeof capture.exchanges)[number]['probe'];
  const run = { ...capture.run, traceBackend: 'http://jaeger.example/$(reboot)/jaeger' };
  const line = curlLine({ ...capture, run }, { ...exchange!, probe }) ?? '';
  expect(line).not.toMatch(/openssl|\/proc|uuidgen/);
  const [agent, parent, client, , link] = execFileSync(
    '/bin/sh',
    ['-c', line.replace('curl -sS -i', 'printf "%s\n"')],
    {
      encoding: 'utf8',
    },
  )
    .split('\n')
    .filter((text) => text !== '-H' && text !== '');
  expect(agent).toMatch(/^user-agent: hopcheck-by-hand-[0-9a-f]{8}$/);
  const [, id, span] = /^traceparent: 00-([0-9a-f]{32})-([0-9a-f]{16})-01$/.exec(parent ?? '') ?? [];
  expect({ isOther: id !== traceId && span !== spanId, link }).toEqual({
    isOther: true,
    link: `http://jaeger.example/$(reboot)/jaeger/trace/${id}`,
  });
  expect(client).toMatch(/^x-client-trace-id: [0-9a-f]{8}-[0-9a-f]{4}-4fff-afff-[0-9a-f]{12}$/);
});

it('the curl line has the headers that the probe had, with its own accept and the type of its body', () => {
  const requests = [
    { name: 'buy', method: 'POST', path: '/buy', headerNames: ['Accept'], hasBody: true, sendsJson: true },
  ] as const;
  const application = { ...capture.application, requests };
  const probe = { ...exchange!.probe, request: 'buy', headers: [['accept', 'text/html']] } as const;
  const target = { ...capture, application } as unknown as Capture;
  const line = curlLine(target, { ...exchange!, probe } as unknown as Capture['exchanges'][number]) ?? '';
  expect(argumentsOf(line, { REQUEST_ACCEPT: 'application/json', REQUEST_BODY: '{}' }).slice(0, -1)).toEqual([
    '-X',
    'POST',
    '-H',
    'Accept: application/json',
    '-H',
    'content-type: application/json',
    '--data',
    '{}',
  ]);
});

it('the link of the curl line has a short trace id where the probe wrote it short', () => {
  const probe = {
    ...exchange!.probe,
    traceId: '00000000000000008448eb211c80319c',
    headers: [['x-b3-traceid', '8448eb211c80319c']],
  } as unknown as (typeof capture.exchanges)[number]['probe'];
  const run = { ...capture.run, traceBackend: 'http://jaeger.example' };
  expect(curlLine({ ...capture, run }, { ...exchange!, probe })).toMatch(
    /; id=\$\(hex 8\); curl .*-H "x-b3-traceid: \$id" .*; echo; echo "http:\/\/jaeger\.example\/trace\/\$id"$/,
  );
});

it.each(['$(touch pwned)', '`id`', '$HOME', '"; reboot; "', '\\', "it's", '$', '$$', '$REQUEST', '$5'])(
  'the curl line sends the value %s as it is',
  (value) => {
    const line = lineOf([['tracestate', value]], { ingress: 'http://$(reboot)/', ingressHost: value });
    expect(argumentsOf(line, { HOME: 'secret' })).toEqual([
      '-H',
      `host: ${value}`,
      '-H',
      `tracestate: ${value}`,
      'http://$(reboot)/productpage',
    ]);
  },
);

it('the curl line passes any text through a shell unchanged', () => {
  const text = fc.string({ unit: 'grapheme-ascii', maxLength: 15 }).filter((made) => !/[0-9a-f]{16}/i.test(made));
  fc.assert(
    fc.property(text, text, (name, value) => {
      fc.pre(!/^(user-agent|x-client-trace-id)$/.test(name));
      expect(argumentsOf(lineOf([[name, value]]))[1]).toBe(`${name}: ${value}`);
    }),
    { numRuns: 100 },
  );
});

it('the curl line is left out where the ingress is unknown', () => {
  for (const ingress of ['', 'nowhere', 'mailto:me']) expect(lineOf([], { ingress }), ingress).toBe('');
});

it('the curl line has the method of a named request, and variables for its headers and body', () => {
  const requests = [
    { name: 'home', method: 'GET', path: '/' },
    { name: 'buy', method: 'POST', path: '/buy', headerNames: ['x-api-key'], hasBody: true },
    { name: 'odd', method: 'POST; reboot', path: '/odd' },
  ] as const;
  const application = { ...capture.application, requests } as unknown as Capture['application'];
  const line = (request: string) =>
    curlLine({ ...capture, application }, { ...exchange!, probe: { ...exchange!.probe, headers: [], request } }) ?? '';
  expect(line('buy')).toContain('-X POST -H "x-api-key: $REQUEST_X_API_KEY" --data "$REQUEST_BODY"');
  expect(line('buy')).toContain('/buy"');
  expect(line('odd')).not.toContain('reboot');
});
