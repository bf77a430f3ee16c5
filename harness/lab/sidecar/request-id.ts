import type { Random } from '../random.ts';
import { type Headers, header } from '../wire.ts';

/** What the proxy decided before any tracer looked at its headers (docs/facts/envoy.md#decision). */
export interface Decision {
  readonly requestId: string;
  readonly traced: boolean;
}

export interface DecisionInput {
  readonly headers: Headers;
  /** A gateway: what comes from outside is not trusted, so the id is made anew. */
  readonly edge: boolean;
  /** Percent of undecided requests. */
  readonly sampling: number;
}

/** Position of the trace reason in a 36-character id: the first of the third group. */
const NIBBLE = 14;
const REASONS = new Set(['9', 'a', 'b']);

/** Request id and decision D of one hop; client and overall sampling are 100 %, as Istio has them. */
export function decide({ headers, edge, sampling }: DecisionInput, random: Random): Decision {
  const given = header(headers, 'x-request-id');
  const requestId = given === undefined || given === '' || edge ? uuid(random) : given;
  const first = requestId.slice(0, 8);
  // Without eight hex digits in front nothing can be decided: not traceable.
  if (!/^[0-9a-fA-F]{8}$/.test(first)) return { requestId, traced: false };
  const slot = Number.parseInt(first, 16) % 10_000;
  const canPack = requestId.length === 36;
  if (canPack && REASONS.has(requestId.charAt(NIBBLE))) return { requestId, traced: true };
  const forced = header(headers, 'x-client-trace-id') !== undefined;
  const traced = forced || slot < sampling * 100;
  const reason = forced ? 'b' : traced ? '9' : requestId.charAt(NIBBLE);
  return { requestId: canPack ? requestId.slice(0, NIBBLE) + reason + requestId.slice(NIBBLE + 1) : requestId, traced };
}

function uuid(random: Random): string {
  const hex = random.hex(32);
  const variant = (8 + random.below(4)).toString(16);
  return `${hex.slice(0, 8)}-${hex.slice(8, 12)}-4${hex.slice(13, 16)}-${variant}${hex.slice(17, 20)}-${hex.slice(20)}`;
}
