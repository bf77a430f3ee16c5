import { type Duplex, Writable } from 'node:stream';
import { PortForward } from '@kubernetes/client-node';
import type { KubeAccess } from './access.ts';
import { type Doing, type KubeError, toKubeError } from './kube-error.ts';
import { forwardRights } from './permissions.ts';

/** A pod's port. */
export interface PodPort {
  readonly namespace: string;
  readonly pod: string;
  readonly port: number;
}

/** One connection of a client, led through the API server to a pod. */
export interface Tunnel {
  /** Resolves when it is over, with what the kubelet said about it; `undefined`: nothing, it ended as it should. */
  readonly ended: Promise<string | undefined>;
  close(): void;
}

/**
 * Opens a tunnel for a connection that nobody has read from yet. When it cannot be opened nothing was sent, and another pod
 * may be tried with the same one.
 * @throws KubeError
 */
export async function openTunnel(access: KubeAccess, to: PodPort, socket: Duplex, timeoutMs: number): Promise<Tunnel> {
  let said = '';
  // Why a port does not answer is told on this stream alone: the connection itself then ends like any other.
  const errors = new Writable({
    write: (chunk, _encoding, done) => {
      said += String(chunk);
      done();
    },
  });
  const opening = new PortForward(access.config).portForward(to.namespace, to.pod, [to.port], socket, errors, socket);
  const doing = forwardDoing(to);
  let timer: NodeJS.Timeout | undefined;
  const late = new Promise<never>((_, reject) => {
    timer = setTimeout(() => reject(new DOMException('too late', 'TimeoutError')), timeoutMs);
  });
  try {
    const opened = await Promise.race([opening, late]);
    // Only with retries it is a function, and there are none.
    if (typeof opened === 'function') throw new Error('a tunnel without a socket');
    const ended = new Promise<string | undefined>((resolve) => {
      opened.addEventListener('close', () => resolve(said.trim() === '' ? undefined : said.trim()), { once: true });
    });
    return { ended, close: () => opened.close() };
  } catch (error) {
    opening.then((opened) => typeof opened !== 'function' && opened.close()).catch(() => undefined);
    throw toTunnelError(error, doing, access.server);
  } finally {
    clearTimeout(timer);
  }
}

export function forwardDoing({ namespace, pod, port }: PodPort): Doing {
  const [get] = forwardRights(namespace);
  return { what: `forward a port to ${port} of Pod ${namespace}/${pod}`, ...(get !== undefined && { right: get }) };
}

/** ws rejects with an event whose message holds the status (facts/kubernetes.md). */
function toTunnelError(event: unknown, doing: Doing, server: string): KubeError {
  const message = typeof event === 'object' && event !== null && 'message' in event ? String(event.message) : '';
  const [, status] = /Unexpected server response: (\d+)/.exec(message) ?? [];
  if (status !== undefined) return toKubeError({ code: Number(status) }, doing, server);
  const error = typeof event === 'object' && event !== null && 'error' in event ? event.error : event;
  return toKubeError(error, doing, server);
}
