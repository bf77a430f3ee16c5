import { type AddressInfo, createServer, type Server } from 'node:net';
import { afterEach, describe, expect, it } from 'vitest';
import { createHttpClient } from '../http/undici-client.ts';
import type { Clock } from '../model/clock.ts';
import { makeProbe } from './make-probe.ts';
import { cryptoRandom } from './random.ts';
import { sendProbe } from './send.ts';

const clock: Clock = { now: () => 1000, sleep: () => Promise.resolve() };
const servers: Server[] = [];
afterEach(async () => {
  for (const server of servers.splice(0)) await new Promise((resolve) => server.close(resolve));
});

/** Answers with these very bytes, and closes the connection in an orderly way or with a reset. */
async function answering(bytes: string, closing: 'end' | 'resetAndDestroy'): Promise<URL> {
  const server = createServer((socket) => {
    socket.on('error', () => undefined);
    socket.once('data', () => socket.write(bytes, () => socket[closing]()));
  });
  servers.push(server);
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  return new URL(`http://127.0.0.1:${(server.address() as AddressInfo).port}/page`);
}

/** A reader that finds all its marks in whatever came: only what arrived can make the page less than whole. */
const read = () => ({ whole: true, banners: [] });
async function probed(bytes: string, closing: 'end' | 'resetAndDestroy') {
  const url = await answering(bytes, closing);
  const http = createHttpClient({ url });
  try {
    const probe = makeProbe('p001', 'forced-on', 'b3', 'cafe0123', cryptoRandom);
    const sender = { http, url, headers: [], timeoutMs: 5000, maxBodyBytes: 1000, read, clock };
    return await sendProbe(probe, sender, new AbortController().signal);
  } finally {
    await http.close();
  }
}
const answer = (headers: string, body: string) => `HTTP/1.1 200 OK\r\n${headers}\r\n\r\n${body}`;
const CHUNKED = 'transfer-encoding: chunked';

describe.each(['keep-alive', 'close'])('on a connection that says %s', (connection) => {
  const also = `\r\nconnection: ${connection}`;

  describe.each(['end', 'resetAndDestroy'] as const)('with a body closed early by %s', (closing) => {
    it.each([
      ['its content length', answer(`content-length: 100${also}`, 'half a page')],
      ['its last chunk', answer(CHUNKED + also, 'b\r\nhalf a page\r\n')],
      ['the end of a chunk', answer(CHUNKED + also, '40\r\nhalf a page')],
      ['the end of its last chunk', answer(CHUNKED + also, 'b\r\nhalf a page\r\n0\r\n')],
    ])('a page cut before %s gives no answer', async (_where, bytes) => {
      const exchange = await probed(bytes, closing);
      expect(exchange.answer).toBeUndefined();
      expect(exchange.error).toMatchObject({ kind: 'reset' });
      expect(exchange.error?.message).toContain('closed the connection before the answer was complete');
    });

    it('a page without length and last chunk gives an answer that is not whole, because it may be cut', async () => {
      const { answer: got } = await probed(answer(`content-type: text/html${also}`, 'half a page'), closing);
      expect(got).toMatchObject({ status: 200, body: 'half a page', page: { whole: false } });
      expect(got?.page.lacks).toBe('a content length or a last chunk, which would show that it is all');
    });
  });

  it.each([
    ['content length', answer(`content-length: 10${also}`, 'whole page')],
    ['last chunk', answer(CHUNKED + also, 'a\r\nwhole page\r\n0\r\n\r\n')],
  ])('a page up to its %s is whole', async (_end, bytes) => {
    const { answer: got } = await probed(bytes, 'end');
    expect(got).toMatchObject({ body: 'whole page', page: { whole: true } });
  });
});
