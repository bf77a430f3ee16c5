import type { MeshChangeFact } from '../model/facts/environment.ts';

/** A change of the mesh during the run, and from when on its effects may show. */
export interface SeenChange {
  readonly fact: MeshChangeFact;
  /** By the clock of this machine, epoch ms. */
  readonly fromMs: number;
}

/** Times of Kubernetes are whole seconds, and what replaces a pod begins before the new one is made. */
export const BEFORE_POD_MS = 2000;
/** Proxies take a new configuration one after the other. */
export const BEFORE_PROVIDER_MS = 5000;
