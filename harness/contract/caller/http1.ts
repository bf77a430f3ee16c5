import { Agent, request } from 'node:http';
import type { Answer, Caller, CallerOptions } from './caller.ts';
import { failureOf } from './caller.ts';

/** Over HTTP/1.1, with headers exactly as given: repeated, in odd case, with white space. Connections are kept open. */
export function http1Caller(options: CallerOptions): Caller {
  const { url, method, headers: always, body, timeoutMs, connections } = options;
  const agent = new Agent({ keepAlive: true, maxSockets: connections });
  return {
    send: (headers, signal) =>
      new Promise<Answer>((resolve) => {
        const fail = (error: unknown) => resolve({ failure: failureOf(error) });
        const bounded = AbortSignal.any([signal, AbortSignal.timeout(timeoutMs)]);
        const length = body === undefined ? [] : ['content-length', String(body.length)];
        const raw = ['host', url.host, 'accept', '*/*', ...length, ...[...always, ...headers].flat()];
        const sent = request(url, { method, agent, headers: raw, signal: bounded }, (response) => {
          // The body is not judged, and the connection is wanted again.
          response.resume();
          response.on('end', () => resolve({ status: response.statusCode ?? 0 }));
          response.on('error', fail);
        });
        sent.on('error', (error) =>
          fail(bounded.aborted && !signal.aborted ? new Error(`no answer within ${timeoutMs} ms`) : error),
        );
        sent.end(body);
      }),
    close: () => agent.destroy(),
  };
}
