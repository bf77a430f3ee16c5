import { type AddressInfo, createServer, type Server, type Socket } from 'node:net';
import { Duplex } from 'node:stream';
import type { Clock } from '../../model/clock.ts';
import type { KubeAccess } from '../api/access.ts';
import { KubeError } from '../api/kube-error.ts';
import { forwardRights } from '../api/permissions.ts';
import type { KubeReader } from '../api/reader.ts';
import { rightInWords, roleFor } from '../api/rights.ts';
import type { Pod, Service } from '../objects/objects.ts';
import { isReady } from '../objects/pods.ts';
import { openTunnel, type Tunnel } from './tunnel.ts';

/** Between looks for a pod that can be reached, ms. */
const LOOK_AGAIN_MS = 500;

export interface ForwardInput {
  readonly access: KubeAccess;
  readonly reader: KubeReader;
  readonly service: Service;
  /** The containers' port. */
  readonly port: number;
  /** For opening one connection, ms. */
  readonly timeoutMs: number;
  readonly clock: Clock;
  readonly signal: AbortSignal;
}

/** A local port that leads to a ready pod of a Service, like `kubectl port-forward`, but one that finds another pod. */
export interface Forward extends AsyncDisposable {
  /** On 127.0.0.1. */
  readonly port: number;
  /** Why the last connection that failed since then did so; undefined: none failed. */
  reasonSince(ms: number): string | undefined;
  close(): Promise<void>;
}

/**
 * Each connection gets its own pod. Another pod is tried while the connection is not open yet. Once it is open, its
 * bytes are sent once. Opening one now shows whether it is permitted.
 * @throws KubeError
 */
export async function startForward(input: ForwardInput): Promise<Forward> {
  const forward = new ServiceForward(input);
  await forward.start();
  return forward;
}

class ServiceForward implements Forward {
  readonly #input: ForwardInput;
  readonly #server: Server;
  readonly #open = new Set<{ destroy(): void }>();
  /** Ready when last looked. */
  #pods: readonly string[] = [];
  /** The kubelet could not reach them; the others go first. */
  readonly #suspect = new Set<string>();
  #last: { readonly atMs: number; readonly reason: string } | undefined;

  constructor(input: ForwardInput) {
    this.#input = input;
    this.#server = createServer((socket) => void this.#serve(socket));
  }

  get port(): number {
    return (this.#server.address() as AddressInfo).port;
  }

  async start(): Promise<void> {
    await new Promise<void>((resolve, reject) => {
      this.#server.once('error', reject);
      this.#server.listen(0, '127.0.0.1', resolve);
    });
    // The end of the process does not wait for it.
    this.#server.unref();
    try {
      await this.#tryOne();
    } catch (error) {
      await this.close();
      throw error;
    }
  }

  reasonSince(ms: number): string | undefined {
    return this.#last !== undefined && this.#last.atMs >= ms ? this.#last.reason : undefined;
  }

  async close(): Promise<void> {
    for (const one of this.#open) one.destroy();
    this.#open.clear();
    if (this.#server.listening) await new Promise((resolve) => this.#server.close(resolve));
  }

  [Symbol.asyncDispose](): Promise<void> {
    return this.close();
  }

  /** An unused connection, to see whether one can be made. */
  async #tryOne(): Promise<void> {
    const { access, service, signal } = this.#input;
    const { namespace } = service.metadata;
    await this.#look();
    const [pod] = this.#pods;
    if (pod === undefined) throw this.#nobody();
    try {
      const to = { namespace, pod, port: this.#input.port };
      const tunnel = await openTunnel(access, to, nothing(), this.#input);
      tunnel.close();
    } catch (error) {
      signal.throwIfAborted();
      if (error instanceof KubeError && error.kind === 'forbidden') throw await this.#refused();
      throw error;
    }
  }

  async #serve(socket: Socket): Promise<void> {
    const { clock, timeoutMs } = this.#input;
    this.#open.add(socket);
    // A client that goes away is its own business; the tunnel is closed below.
    socket.on('error', () => undefined);
    socket.once('close', () => this.#open.delete(socket));
    let tunnel: Tunnel;
    let pod: string;
    try {
      [tunnel, pod] = await this.#connect(socket, clock.now() + timeoutMs);
    } catch (error) {
      this.#note(error instanceof Error ? error.message : String(error));
      socket.destroy();
      return;
    }
    socket.once('close', () => tunnel.close());
    const said = await tunnel.ended;
    if (said === undefined) {
      socket.end();
      return;
    }
    this.#suspect.add(pod);
    this.#note(`port-forward to Pod ${this.#input.service.metadata.namespace}/${pod}: ${said}`);
    socket.destroy();
  }

  /** Until the deadline: the pod that served last, then other ready ones, then those that are ready by now. */
  async #connect(socket: Socket, deadlineMs: number): Promise<[Tunnel, string]> {
    const { access, clock, signal, service, port } = this.#input;
    const { namespace } = service.metadata;
    let failure: unknown = this.#nobody();
    for (;;) {
      for (const pod of this.#inOrder()) {
        try {
          return [await openTunnel(access, { namespace, pod, port }, socket, this.#input), pod];
        } catch (error) {
          signal.throwIfAborted();
          if (error instanceof KubeError && (error.kind === 'forbidden' || error.kind === 'unauthenticated'))
            throw error;
          failure = error;
          this.#suspect.add(pod);
        }
      }
      if (socket.destroyed || clock.now() >= deadlineMs) throw failure;
      await clock.sleep(LOOK_AGAIN_MS, signal);
      await this.#look().catch((error: unknown) => {
        failure = error;
      });
    }
  }

  #inOrder(): readonly string[] {
    return this.#pods.toSorted((a, b) => Number(this.#suspect.has(a)) - Number(this.#suspect.has(b)));
  }

  async #look(): Promise<void> {
    const { metadata, spec } = this.#input.service;
    const pods = await this.#input.reader.list('pods', { namespace: metadata.namespace, labels: spec.selector });
    this.#pods = pods.filter(isReady).map((pod: Pod) => pod.metadata.name);
    for (const name of this.#suspect) if (!this.#pods.includes(name)) this.#suspect.delete(name);
  }

  #note(reason: string): void {
    this.#last = { atMs: this.#input.clock.now(), reason };
  }

  #nobody(): KubeError {
    const { namespace, name } = this.#input.service.metadata;
    return new KubeError(
      'not-found',
      `cannot forward a port: no ready pod behind Service ${namespace}/${name}`,
      `kubectl -n ${namespace} describe service ${name}; kubectl -n ${namespace} get pods`,
    );
  }

  /** The API server says only that it refuses; which of the two rights is missing is asked. */
  async #refused(): Promise<KubeError> {
    const rights = forwardRights(this.#input.service.metadata.namespace);
    const allowed = await Promise.all(rights.map((right) => this.#input.reader.allows(right)));
    const missing = rights.filter((_, index) => !allowed[index]);
    const named = (missing.length > 0 ? missing : rights).map(rightInWords).join(', ');
    return new KubeError(
      'forbidden',
      `cannot forward a port: it takes get and create on pods/portforward, and not permitted is: ${named}`,
      `apply this, with the subject that hopcheck runs as:\n${roleFor(rights)}`,
    );
  }
}

/** Sends nothing, and takes whatever comes. */
function nothing(): Duplex {
  return new Duplex({ read: () => undefined, write: (_chunk, _encoding, done) => done() });
}
