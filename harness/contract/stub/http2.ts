import { constants, type ServerHttp2Stream } from 'node:http2';
import { answerTo, bodyOf } from './answers.ts';
import { answerGrpc } from './grpc.ts';
import { heldBack } from './held-back.ts';
import { pairsOf } from './http1.ts';
import { REDIRECTED } from './paths.ts';
import type { StubWorld } from './world.ts';

/** Records one call over HTTP/2, with its headers as they came, and answers it; a call of gRPC as gRPC does. */
export async function answerHttp2(stream: ServerHttp2Stream, raw: readonly string[], world: StubWorld): Promise<void> {
  const { recorder, clock, name, rules, signal } = world;
  const all = pairsOf(raw);
  const pseudo = new Map(all.filter(([key]) => key.startsWith(':')));
  const headers = all.filter(([key]) => !key.startsWith(':'));
  const isGrpc = headers.some(([key, value]) => key === 'content-type' && value.startsWith('application/grpc'));
  const method = pseudo.get(':method') ?? 'GET';
  const path = pseudo.get(':path') ?? '/';
  const host = pseudo.get(':authority');
  stream.on('error', () => undefined);
  const call = recorder.add({
    upstream: name,
    ...world.connectionOf(stream.session ?? stream),
    protocol: isGrpc ? 'grpc' : 'h2c',
    method,
    path,
    ...(host !== undefined && { host }),
    headers,
  });
  stream.resume();
  switch (call.trouble) {
    case 'close':
      stream.session?.destroy();
      return;
    case 'hold':
      await heldBack(stream, call, world);
      stream.close(constants.NGHTTP2_CANCEL);
      return;
    case 'error':
      if (isGrpc) answerGrpc(stream, path, world.grpc, 14);
      else stream.respond({ ':status': 500 }, { endStream: true });
      return;
    case 'redirect':
      // gRPC has no redirects.
      if (isGrpc) answerGrpc(stream, path, world.grpc, 14);
      else stream.respond({ ':status': 302, location: REDIRECTED }, { endStream: true });
      return;
  }
  const answer = answerTo(rules, { method, path });
  if (answer.delayMs !== undefined) await clock.sleep(answer.delayMs, signal).catch(() => undefined);
  if (answer.close === true) {
    stream.session?.destroy();
    return;
  }
  if (stream.destroyed) return;
  if (isGrpc) {
    answerGrpc(stream, path, world.grpc, 0);
    return;
  }
  const body = bodyOf(answer);
  stream.respond({ ':status': answer.status ?? 200, ...body.headers });
  stream.end(body.text);
}
