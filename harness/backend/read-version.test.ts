import { expect, it } from 'vitest';
import { SimulatedClock } from '../../fixtures/testing/simulated-clock.ts';
import { type HttpClient, HttpError } from '../http/http.ts';
import { createJsonReader } from './read-json.ts';
import { readVersion } from './read-version.ts';

const told = (version: string) =>
  `<!DOCTYPE html><base href="/"><script>JAEGER_VERSION = {"gitCommit":"","gitVersion":"${version}","buildDate":""};</script>`;

async function read(
  body: string | HttpError,
  status = 200,
): Promise<readonly [version: string | undefined, path: string]> {
  let asked = '';
  const http: HttpClient = {
    send: async ({ url }) => {
      asked = url.pathname;
      if (body instanceof Error) throw body;
      return { status, headers: [], body };
    },
    close: async () => undefined,
  };
  const url = new URL('http://j:1/jaeger');
  const reader = createJsonReader({ url, headers: [], timeoutMs: 100, maxBodyBytes: 1000 }, http, new SimulatedClock());
  return [await readVersion(url, reader), asked];
}

it.each(['v1.76.0', 'v2.13.0', '2.21.0-rc.1', 'v1.76.1-0.20260720033334-798e4b0fcf22'])(
  'readVersion finds %s',
  async (version) => {
    expect(await read(told(version))).toEqual([version, '/jaeger/']);
  },
);

it.each([
  ['an empty one, of a build without it', told('')],
  ['a page without it', '<!doctype html><title>Jaeger UI</title>'],
  ['JSON', '{"gitVersion":"v1"}'],
  ['markup', told('1<script>alert(1)</script>')],
  ['control characters', told('1\u001b[2J')],
  ['a text as long as a book', told(`1${'x'.repeat(200_000)}`)],
  ['one beyond the first 100 kB', `<!doctype html>${' '.repeat(100_001)}${told('v1')}`],
  ['many beginnings', `<${'JAEGER_VERSION = {'.repeat(100_000)}`],
  ['nothing', ''],
])('readVersion finds none in %s', async (_what, body) => {
  expect((await read(body))[0]).toBeUndefined();
});

it.each([401, 302, 500])('readVersion finds none with status %i', async (status) => {
  expect((await read(told('v1'), status))[0]).toBeUndefined();
});

it('readVersion finds none without an answer', async () => {
  expect((await read(new HttpError('timeout', 'j did not answer')))[0]).toBeUndefined();
});
