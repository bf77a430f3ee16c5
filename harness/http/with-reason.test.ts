import { describe, expect, it } from 'vitest';
import { type HttpClient, HttpError } from './http.ts';
import { withReason } from './with-reason.ts';

const clock = { now: () => 1000, sleep: async () => undefined };
const request = { method: 'GET', url: new URL('http://a/'), headers: [], timeoutMs: 1, maxBodyBytes: 1 } as const;
const failing = (error: unknown): HttpClient => ({
  send: () => Promise.reject(error),
  close: async () => undefined,
});

describe('withReason', () => {
  it('adds the reason of the tunnel for a failure since the request began', async () => {
    const asked: number[] = [];
    const client = withReason(failing(new HttpError('reset', 'a closed the connection')), clock, (ms) => {
      asked.push(ms);
      return 'port-forward to Pod default/a: connection refused';
    });
    await expect(client.send(request)).rejects.toMatchObject({
      kind: 'reset',
      message: 'a closed the connection: port-forward to Pod default/a: connection refused',
    });
    expect(asked).toEqual([1000]);
  });

  it('leaves a failure alone when the tunnel gives no reason, or when it is not a failure of the connection', async () => {
    const error = new HttpError('timeout', 'late');
    await expect(withReason(failing(error), clock, () => undefined).send(request)).rejects.toBe(error);
    const aborted = new Error('ended');
    await expect(withReason(failing(aborted), clock, () => 'x').send(request)).rejects.toBe(aborted);
    const client = failing(error);
    expect(withReason(client, clock, undefined)).toBe(client);
  });
});
