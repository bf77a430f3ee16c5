import { type ClientHttp2Session, connect, constants, type OutgoingHttpHeaders } from 'node:http2';
import { framed } from '../stub/grpc.ts';
import { type Answer, type Caller, type CallerOptions, failureOf } from './caller.ts';

/** Over HTTP/2 without TLS, on one connection; gRPC with a message and trailers. Header names are lower case there. */
export function http2Caller(options: CallerOptions): Caller {
  const { url, protocol, method, headers: always, body, timeoutMs } = options;
  const authority = `http://${url.host}`;
  const isGrpc = protocol === 'grpc';
  let session: ClientHttp2Session | undefined;
  const open = (): ClientHttp2Session => {
    if (session !== undefined && !session.closed && !session.destroyed) return session;
    session = connect(authority);
    session.on('error', () => undefined);
    return session;
  };
  return {
    send: (headers, signal) =>
      new Promise<Answer>((resolve) => {
        const bounded = AbortSignal.any([signal, AbortSignal.timeout(timeoutMs)]);
        const stream = open().request(
          {
            [constants.HTTP2_HEADER_METHOD]: isGrpc ? 'POST' : method,
            [constants.HTTP2_HEADER_PATH]: `${url.pathname}${url.search}`,
            ...(isGrpc && { 'content-type': 'application/grpc', te: 'trailers' }),
            ...gathered([...always, ...headers]),
          },
          { signal: bounded, endStream: !isGrpc && body === undefined },
        );
        let status: number | undefined;
        let grpcStatus: number | undefined;
        const readStatus = (fields: Readonly<Record<string, unknown>>): void => {
          if (fields['grpc-status'] !== undefined) grpcStatus = Number(fields['grpc-status']);
        };
        stream.on('response', (fields) => {
          status = fields[':status'];
          readStatus(fields);
        });
        stream.on('trailers', readStatus);
        stream.on('error', (error) =>
          resolve({
            failure: bounded.aborted && !signal.aborted ? `no answer within ${timeoutMs} ms` : failureOf(error),
          }),
        );
        stream.on('close', () => {
          if (status === undefined) resolve({ failure: 'the stream was closed without an answer' });
          else resolve({ status, ...(grpcStatus !== undefined && { grpcStatus }) });
        });
        stream.resume();
        if (isGrpc) stream.end(framed(body ?? new Uint8Array()));
        else if (body !== undefined) stream.end(Buffer.from(body));
      }),
    close: () => session?.destroy(),
  };
}

/** By name, repeated ones as a list. */
function gathered(pairs: readonly (readonly [string, string])[]): OutgoingHttpHeaders {
  const headers: Record<string, string | string[]> = {};
  for (const [name, value] of pairs) {
    const key = name.toLowerCase();
    const before = headers[key];
    headers[key] = before === undefined ? value : [...[before].flat(), value];
  }
  return headers;
}
