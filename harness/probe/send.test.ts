import { describe, expect, it } from 'vitest';
import { type HttpClient, HttpError, type HttpRequest, type HttpResponse } from '../http/http.ts';
import type { Clock } from '../model/clock.ts';
import { makeProbe } from './make-probe.ts';
import { cryptoRandom } from './random.ts';
import { type Sender, sendProbe } from './send.ts';

const clock: Clock = { now: () => 1000, sleep: () => Promise.resolve() };
const probe = makeProbe('p001', 'forced-on', 'b3', 'cafe0123', cryptoRandom);

function sender(
  answer: () => Promise<HttpResponse>,
  sent: HttpRequest[] = [],
  headers: Sender['headers'] = [],
): Sender {
  const http: HttpClient = {
    send: (request) => {
      sent.push(request);
      return answer();
    },
    close: () => Promise.resolve(),
  };
  const read = ({ body }: { body: string }) => ({ whole: body !== '', banners: [] });
  return { http, url: new URL('http://127.0.0.1:1/page'), headers, timeoutMs: 1, maxBodyBytes: 1, read, clock };
}

describe('sendProbe', () => {
  const answer: HttpResponse = {
    status: 200,
    headers: [
      ['Set-Cookie', 'session=canary'],
      ['Date', 'x'],
      ['WWW-Authenticate', 'Basic realm="canary"'],
    ],
    body: 'page',
  };

  it('keeps the answer and the facts of the reader, without cookies and credentials', async () => {
    const exchange = await sendProbe(
      probe,
      sender(async () => answer),
      new AbortController().signal,
    );
    expect(exchange.answer).toEqual({
      status: 200,
      headers: [['date', 'x']],
      body: 'page',
      page: { whole: true, banners: [] },
    });
    expect(JSON.stringify(exchange)).not.toContain('canary');
  });

  it('lets no header of the user replace the context or the marker of the probe', async () => {
    const sent: HttpRequest[] = [];
    const own = [
      ['X-B3-Sampled', '0'],
      ['User-Agent', 'mine'],
      ['authorization', 'Bearer t'],
    ] as const;
    await sendProbe(
      probe,
      sender(async () => answer, sent, own),
      new AbortController().signal,
    );
    expect(sent).toHaveLength(1);
    expect(sent[0]?.headers).toEqual([['authorization', 'Bearer t'], ...probe.headers]);
  });

  it('makes an exchange of a connection error, and sends nothing twice', async () => {
    const sent: HttpRequest[] = [];
    const fail = () => Promise.reject(new HttpError('refused', '127.0.0.1:1 refused the connection'));
    const exchange = await sendProbe(probe, sender(fail, sent), new AbortController().signal);
    expect(exchange).toMatchObject({ error: { kind: 'refused', message: '127.0.0.1:1 refused the connection' } });
    expect(sent).toHaveLength(1);
  });

  it('reports an interruption as such, and not as a failure of the ingress', async () => {
    const ended = AbortSignal.abort(new Error('Ctrl-C'));
    const exchange = await sendProbe(
      probe,
      sender(() => Promise.reject(new Error('aborted'))),
      ended,
    );
    expect(exchange.error?.kind).toBe('interrupted');
  });
});
