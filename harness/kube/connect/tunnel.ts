import { type Duplex, Writable } from 'node:stream';
import { type KubeConfig, PortForward } from '@kubernetes/client-node';
import type { KubeAccess } from '../api/access.ts';
import { type Doing, type KubeError, toKubeError } from '../api/kube-error.ts';
import { forwardRights } from '../api/permissions.ts';

/** A pod's port. */
export interface PodPort {
  readonly namespace: string;
  readonly pod: string;
  readonly port: number;
}

/** One connection of a client, led through the API server to a pod. */
export interface Tunnel {
  /** Resolves when it is over, with the message of the kubelet; `undefined`: no message, it ended as it should. */
  readonly ended: Promise<string | undefined>;
  close(): void;
}

/**
 * Opens a tunnel for a connection that has not been read from yet. When it cannot be opened nothing was sent, and
 * another pod may be tried with the same one.
 * @param signal ends the opening; a tunnel that is open it ends no more.
 * @throws KubeError, or the signal's reason.
 */
export async function openTunnel(
  access: KubeAccess,
  to: PodPort,
  socket: Duplex,
  { timeoutMs, signal }: { readonly timeoutMs: number; readonly signal: AbortSignal },
): Promise<Tunnel> {
  let said = '';
  // Only this stream carries the reason why a port does not answer: the connection itself then ends like any other.
  const errors = new Writable({
    write: (chunk, _encoding, done) => {
      said += String(chunk);
      done();
    },
  });
  const giveUp = new AbortController();
  const forwarding = new PortForward(endedBy(access.config, giveUp.signal));
  const opening = forwarding.portForward(to.namespace, to.pod, [to.port], socket, errors, socket);
  const doing = forwardDoing(to);
  const late = Promise.withResolvers<never>();
  const timer = setTimeout(() => late.reject(new DOMException('too late', 'TimeoutError')), timeoutMs);
  const ended = () => late.reject(signal.reason);
  signal.addEventListener('abort', ended);
  try {
    const opened = await Promise.race([opening, late.promise]);
    // Only with retries it is a function, and there are none.
    if (typeof opened === 'function') throw new Error('a tunnel without a socket');
    const over = new Promise<string | undefined>((resolve) => {
      opened.addEventListener('close', () => resolve(said.trim() === '' ? undefined : said.trim()), { once: true });
    });
    return { ended: over, close: () => opened.close() };
  } catch (error) {
    giveUp.abort();
    opening.then((opened) => typeof opened !== 'function' && opened.close()).catch(() => undefined);
    signal.throwIfAborted();
    throw toTunnelError(error, doing, access.server);
  } finally {
    clearTimeout(timer);
    signal.removeEventListener('abort', ended);
  }
}

export function forwardDoing({ namespace, pod, port }: PodPort): Doing {
  const [get] = forwardRights(namespace);
  return { what: `forward a port to ${port} of Pod ${namespace}/${pod}`, ...(get !== undefined && { right: get }) };
}

/** client-node has no way to end a connection that is not open yet, and one that hangs would keep the process alive. */
function endedBy(config: KubeConfig, signal: AbortSignal): KubeConfig {
  const own: KubeConfig = Object.create(config);
  own.applyToHTTPSOptions = async (options) => {
    await config.applyToHTTPSOptions(options);
    // ws takes the options of Node's own request and passes them on.
    Object.assign(options, { signal });
  };
  return own;
}

/** ws rejects with an event whose message holds the status (docs/facts/kubernetes.md#port-forward). */
function toTunnelError(event: unknown, doing: Doing, server: string): KubeError {
  const message = typeof event === 'object' && event !== null && 'message' in event ? String(event.message) : '';
  const [, status] = /Unexpected server response: (\d+)/.exec(message) ?? [];
  if (status !== undefined) return toKubeError({ code: Number(status) }, doing, server);
  const error = typeof event === 'object' && event !== null && 'error' in event ? event.error : event;
  return toKubeError(error, doing, server);
}
