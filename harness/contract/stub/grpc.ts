import type { ServerHttp2Stream } from 'node:http2';

/** The answer to a method of gRPC, `/package.Service/Method`, as its protobuf bytes; undefined: an empty message. */
export type GrpcAnswers = (path: string) => Uint8Array | undefined;

/**
 * Answers a call of gRPC: one message, and the status in trailers. An error has trailers alone.
 * @param status of gRPC: 0 is OK, 14 UNAVAILABLE, which clients may try again.
 */
export function answerGrpc(stream: ServerHttp2Stream, path: string, answers: GrpcAnswers, status: number): void {
  const head = { ':status': 200, 'content-type': 'application/grpc' };
  if (status !== 0) {
    stream.respond({ ...head, 'grpc-status': String(status), 'grpc-message': 'hopcheck' }, { endStream: true });
    return;
  }
  stream.on('wantTrailers', () => stream.sendTrailers({ 'grpc-status': '0' }));
  stream.respond(head, { waitForTrailers: true });
  stream.end(framed(answers(path) ?? new Uint8Array()));
}

/** A message of gRPC over HTTP/2: not compressed, its length in four bytes, then the message. */
export function framed(message: Uint8Array): Buffer {
  const head = Buffer.alloc(5);
  head.writeUInt32BE(message.length, 1);
  return Buffer.concat([head, message]);
}
