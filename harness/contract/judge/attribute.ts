import type { ContractCapture, ContractExchange, UpstreamCall } from '../../model/contract.ts';
import type { Pairs } from './identity.ts';

/** Ids that only one request of the run carried, and which request that is. */
export type Owners = ReadonlyMap<string, string>;

const ID = /[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}|[0-9a-f]{15,}|\d{15,}/gi;

/** What looks like an id in a value: UUIDs, runs of hex digits with both halves of long ones, long numbers. */
export function idsIn(value: string): readonly string[] {
  return [...value.toLowerCase().matchAll(ID)].flatMap(([id]) =>
    id.length === 32 ? [id, id.slice(0, 16), id.slice(16)] : [id],
  );
}

export function ownersOf(exchanges: readonly ContractExchange[]): Owners {
  const owners = new Map<string, string>();
  const shared = new Set<string>();
  for (const { id: exchange, headers } of exchanges)
    for (const [, value] of headers)
      for (const id of idsIn(value)) {
        const owner = owners.get(id);
        if (owner !== undefined && owner !== exchange) shared.add(id);
        owners.set(id, exchange);
      }
  for (const id of shared) owners.delete(id);
  return owners;
}

/** The requests whose ids these headers carry. */
export function claimantsOf(headers: Pairs, owners: Owners): ReadonlySet<string> {
  return new Set(headers.flatMap(([, value]) => idsIn(value)).flatMap((id) => owners.get(id) ?? []));
}

/** A call and the request that it belongs to. */
export interface OwnedCall {
  readonly call: UpstreamCall;
  readonly exchange: ContractExchange;
  /** It came after the answer. */
  readonly isLate: boolean;
}

/**
 * Which request each call belongs to, of those that were sent one after the other: the one that was under way. A call
 * that carries the ids of an earlier request alone, and that this one still lacks, is a late call of it.
 * @param usual how many calls a request makes of each upstream.
 */
export function attribute(
  capture: ContractCapture,
  owners: Owners,
  usual: ReadonlyMap<string, number>,
): readonly OwnedCall[] {
  const exchanges = new Map(capture.exchanges.map((exchange) => [exchange.id, exchange]));
  const made = new Map<string, number>();
  const key = (exchange: string, upstream: string) => `${exchange} ${upstream}`;
  for (const { during, upstream } of capture.calls)
    if (during !== undefined) made.set(key(during, upstream), (made.get(key(during, upstream)) ?? 0) + 1);
  return capture.calls.flatMap((call): OwnedCall[] => {
    if (call.during === undefined || call.stranger !== undefined) return [];
    const [claimant, another] = claimantsOf(call.headers, owners);
    const isAnothers = claimant !== undefined && another === undefined && claimant !== call.during;
    const lacks = isAnothers && (made.get(key(claimant, call.upstream)) ?? 0) < (usual.get(call.upstream) ?? 0);
    const surplus = (made.get(key(call.during, call.upstream)) ?? 0) > (usual.get(call.upstream) ?? 0);
    const owner = isAnothers && lacks && surplus ? claimant : call.during;
    const exchange = exchanges.get(owner);
    if (exchange === undefined) return [];
    const isLate = exchange.answeredMs !== undefined && call.arrivedMs > exchange.answeredMs;
    return [{ call, exchange, isLate }];
  });
}

/** How many calls of each upstream a request makes alone: the most common number. */
export function usualCalls({ upstreams, exchanges, calls }: ContractCapture): ReadonlyMap<string, number> {
  const alone = exchanges.filter(({ phase, status }) => phase === 'alone' && status !== undefined);
  return new Map(
    upstreams.map(({ name }) => {
      const counts = alone.map(
        ({ id }) =>
          calls.filter(({ during, upstream, stranger }) => during === id && upstream === name && stranger === undefined)
            .length,
      );
      const groups = [...Map.groupBy(counts, (count) => count)].toSorted((a, b) => b[1].length - a[1].length);
      return [name, groups[0]?.[0] ?? 0];
    }),
  );
}
