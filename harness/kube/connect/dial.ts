import { connect } from 'node:net';
import type { Clock } from '../../model/clock.ts';
import type { KubeAccess } from '../api/access.ts';
import type { KubeReader } from '../api/reader.ts';
import { hostPort, type Way } from '../discover/ways.ts';
import { type Forward, startForward } from './forward.ts';

/** An address that drops what it is sent is known by this, ms. */
const CONNECT_MS = 2000;

export interface DialInput {
  readonly access: KubeAccess;
  readonly reader: KubeReader;
  readonly clock: Clock;
  readonly timeoutMs: number;
  readonly signal: AbortSignal;
}

/** A place in the cluster, reached. */
export interface Dialed {
  /** `127.0.0.1:40123` */
  readonly address: string;
  /** `load balancer 10.0.0.7:80`, `port-forward`, with what did not work before it. */
  readonly reached: string;
  /** Reaches it by hand, at the same address. */
  readonly command?: string;
  readonly forward?: Forward;
}

/**
 * Takes the first way that leads somewhere. The result names that way and those passed over: a load balancer out of
 * reach must not go unnoticed because a port-forward works.
 * @returns undefined where there is no way at all.
 * @throws KubeError where the port-forward that was left does not work.
 */
export async function dial(ways: readonly Way[], input: DialInput): Promise<Dialed | undefined> {
  const passedOver: string[] = [];
  const said = (reached: string) => (passedOver.length === 0 ? reached : `${reached} (${passedOver.join(', ')})`);
  for (const way of ways) {
    if (way.how === 'port-forward') {
      const { namespace, name } = way.service.metadata;
      const forward = await startForward({ ...input, service: way.service, port: way.port });
      return {
        address: `127.0.0.1:${forward.port}`,
        reached: said('port-forward'),
        command: `kubectl -n ${namespace} port-forward svc/${name} ${forward.port}:${way.servicePort}`,
        forward,
      };
    }
    const address = hostPort(way.host, way.port);
    const what = { service: 'in the cluster', 'load-balancer': 'load balancer', 'node-port': 'node port' }[way.how];
    // A Service's name says where it is; whether it answers is preflight's question.
    const failure = way.how === 'service' ? undefined : await connectFailure(way.host, way.port, input.signal);
    if (failure === undefined) return { address, reached: said(`${what} ${address}`) };
    passedOver.push(`not by ${what} ${address}: ${failure}`);
  }
  return undefined;
}

/** undefined: something takes connections there. */
function connectFailure(host: string, port: number, signal: AbortSignal): Promise<string | undefined> {
  return new Promise((resolve, reject) => {
    const socket = connect({ host, port, signal, timeout: CONNECT_MS });
    const end = (failure: string | undefined) => {
      socket.destroy();
      resolve(failure);
    };
    socket.once('connect', () => end(undefined));
    socket.once('timeout', () => end(`no answer within ${CONNECT_MS / 1000} s`));
    socket.once('error', (error: NodeJS.ErrnoException) => {
      if (signal.aborted) reject(signal.reason);
      else end(error.code ?? error.message);
    });
  });
}
