import type { Socket } from 'node:net';

/** What a connection begins with. `http2`: its preface (RFC 9113 §3.4). `tls`: a handshake record (RFC 8446 §5.1). */
export type Greeting = 'http1' | 'http2' | 'tls';

const PREFACE = Buffer.from('PRI');
const HANDSHAKE = 0x16;

/**
 * Reads as much of a connection as distinguishes HTTP/1.1 from HTTP/2, and gives it back, so that a server reads it again. The
 * function is not called where the connection ends before that.
 */
export function greetingOf(socket: Socket, tell: (greeting: Greeting) => void): void {
  let seen = Buffer.alloc(0);
  const read = (): void => {
    const chunk: Buffer | null = socket.read();
    if (chunk === null) return;
    seen = Buffer.concat([seen, chunk]);
    const greeting = greetingIn(seen);
    if (greeting === undefined) return;
    socket.off('readable', read);
    socket.unshift(seen);
    tell(greeting);
  };
  socket.on('readable', read);
}

/** undefined: too little has come. */
function greetingIn(bytes: Buffer): Greeting | undefined {
  if (bytes[0] === HANDSHAKE) return 'tls';
  const head = bytes.subarray(0, PREFACE.length);
  if (head.equals(PREFACE)) return 'http2';
  return PREFACE.subarray(0, head.length).equals(head) ? undefined : 'http1';
}
