import type { AskedRequest } from './asked-requests.ts';
import type { Backing } from './backing.ts';

/** A way into the mesh on which the application's request is routed to its entry service. */
export interface IngressRoute {
  readonly backing: Backing;
  readonly scheme: 'http' | 'https';
  /** The Host header it takes; absent: any. */
  readonly host?: string;
  /** `VirtualService default/shop` */
  readonly route: string;
  /** `Gateway default/shop` */
  readonly gateway: string;
  /** Addresses that the gateway itself states (Gateway API's status); they go before the Service's. */
  readonly addresses: readonly string[];
}

/** The request whose way in is looked for. */
export interface IngressRequest extends AskedRequest {
  readonly namespace: string;
  /** Only routes for this host. */
  readonly host?: string;
}
