import { request } from 'node:http';
import { expect, it } from 'vitest';
import { listenHttp } from './network-loopback.ts';

it('keeps connections open that a proxy may use again at any time', async () => {
  const endpoint = await listenHttp(async () => ({ status: 200, headers: [], body: 'here' }), 0);
  try {
    const headers = await new Promise((resolve, reject) => {
      request(endpoint.origin, { headers: { connection: 'keep-alive' } }, (answer) => {
        answer.resume();
        resolve(answer.headers);
      })
        .once('error', reject)
        .end();
    });
    // With a limit Node announces it: "keep-alive: timeout=5".
    expect(headers).toEqual({ connection: 'keep-alive', 'content-length': '4' });
  } finally {
    await endpoint.close();
  }
});
