import type { OutputFlags } from './output.ts';

/** What one call of `hopcheck fleet` is asked to do. */
export interface FleetFlags extends OutputFlags {
  readonly plan?: string;
  readonly parallel: number;
  readonly index?: string | true;
  readonly to?: string;
  readonly emit?: string;
  readonly image?: string;
  readonly namespace?: string;
  readonly collect?: string;
  readonly out?: string;
}
