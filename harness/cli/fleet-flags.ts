import type { OutputFlags } from './output.ts';

/** The options of one call of `hopcheck fleet`. */
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
