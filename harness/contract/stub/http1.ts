import type { IncomingMessage, ServerResponse } from 'node:http';
import { answerTo, bodyOf } from './answers.ts';
import { heldBack } from './held-back.ts';
import { REDIRECTED, strangerIn } from './paths.ts';
import type { StubWorld } from './world.ts';

/** Records one call over HTTP/1.1, with its headers as they came, and answers it. */
export async function answerHttp1(request: IncomingMessage, response: ServerResponse, world: StubWorld): Promise<void> {
  const { recorder, clock, name, rules, signal } = world;
  const { method = 'GET', url = '/', rawHeaders, socket } = request;
  const { stranger, path } = strangerIn(url, world);
  const host = request.headers.host;
  const call = recorder.add({
    upstream: name,
    ...world.connectionOf(socket),
    protocol: 'http/1.1',
    method,
    path,
    ...(host !== undefined && { host }),
    headers: pairsOf(rawHeaders),
    ...(stranger !== undefined && { stranger }),
  });
  request.resume();
  switch (call.trouble) {
    case 'close':
      socket.destroy();
      return;
    case 'hold':
      await heldBack(response, call, world);
      socket.destroy();
      return;
    case 'error':
      response.writeHead(500, { 'content-type': 'application/json' }).end('{}');
      return;
    case 'redirect':
      response.writeHead(302, { location: REDIRECTED }).end();
      return;
  }
  const answer = answerTo(rules, { method, path });
  if (answer.delayMs !== undefined) await clock.sleep(answer.delayMs, signal).catch(() => undefined);
  if (answer.close === true) {
    socket.destroy();
    return;
  }
  const { text, headers } = bodyOf(answer);
  response
    .writeHead(stranger === undefined ? (answer.status ?? 200) : 502, headers)
    .end(method === 'HEAD' ? undefined : text);
}

/** As they came: repeated, in any case. */
export function pairsOf(raw: readonly string[]): readonly (readonly [string, string])[] {
  return raw.flatMap((name, index) => (index % 2 === 0 ? [[name, raw[index + 1] ?? ''] as const] : []));
}
