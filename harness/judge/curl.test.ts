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
/** The arguments that a shell would give to curl. */
function argumentsOf(line: string, env: Record<string, string> = {}): string[] {
  const script = line.replace(/^curl -sS -i/, "printf '%s\\0'");
  return execFileSync('/bin/sh', ['-c', script], { encoding: 'utf8', env: { PATH: process.env.PATH, ...env } })
    .split('\0')
    .slice(0, -1);
}

it('the curl line has fresh ids, and secrets as variables', () => {
  const line = lineOf([['x-b3-traceid', '0af7651916cd43dd8448eb211c80319c']], {
    ingressHeaders: [['authorization', '$INGRESS_AUTHORIZATION']],
  });
  expect(line).toContain('-H "x-b3-traceid: $(openssl rand -hex 16)"');
  const [, own] = argumentsOf(line.replace(/\$\(openssl.*?\)/g, 'x'), { INGRESS_AUTHORIZATION: 'Bearer abc' });
  expect(own).toBe('authorization: Bearer abc');
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
