import type { Application } from '../model/application.ts';
import type { Fragment } from '../model/capture.ts';
import { shownVersions } from '../model/expected.ts';
import type { Span } from '../model/span.ts';
import type { Trace } from '../model/trace.ts';
import type { Naming } from '../model/workload.ts';
import { searchByPlace } from './by-place.ts';
import type { Claim } from './dump-index.ts';
import { type DumpIndex, requestIdOf } from './dump-index.ts';

/**
 * A trace that belongs to many requests (a context that is used again and again) is a fragment of so many of them: the
 * rest went the same way, and a capture of a thousand requests has it not a thousand times.
 */
const MOST_OWNERS = 20;

export interface LinkedTrace {
  readonly trace: Trace;
  readonly fragment: Fragment;
}

/** The dump's traces that belong to a request beside its own: first by what the spans say, then, of what is left, by place. */
export function findFragments(
  claims: readonly Claim[],
  dump: DumpIndex,
  application: Application,
  naming: Naming,
): readonly LinkedTrace[] {
  const owned = new Set(claims.flatMap(({ own }) => own ?? []));
  const linked = claims.map((claim) => linkedTo(claim, dump, owned));
  const known = new Set([...owned, ...linked.flat()]);
  const isOfRequest = (trace: Trace) => (dump.entryOf(trace)?.kind ?? 'lost') !== 'lost';
  const loose = dump.traces.filter((trace) => !known.has(trace) && !isOfRequest(trace));
  const byPlace = searchByPlace(loose, application, dump.traces, { naming });
  const owners = new Map<Trace, number>();
  return claims.flatMap(({ exchange, own }, index): LinkedTrace[] => {
    const found = linked[index] ?? [];
    const context = { naming, ...shownVersions(exchange.answer?.page) };
    const all = new Set(own === undefined ? found : [own, ...found]);
    // Grows while it is gone through: below a break there may be another one.
    for (const part of all) for (const near of byPlace(part, exchange.probe, [...all], context)) all.add(near);
    if (own !== undefined) all.delete(own);
    return [...all].flatMap((trace) => {
      const nth = (owners.get(trace) ?? 0) + 1;
      owners.set(trace, nth);
      if (nth > MOST_OWNERS) return [];
      return [{ trace, fragment: { probe: exchange.probe.id, traceId: trace.id, spans: trace.spans } }];
    });
  });
}

/**
 * Traces that share the user agent that only this request has, or its x-request-id. Of the ids further down in its trace
 * some may be another request's, whose context was used again: they link it to no other request's own trace.
 */
function linkedTo(claim: Claim, dump: DumpIndex, owned: ReadonlySet<Trace>): readonly Trace[] {
  const { exchange, own, stray, hasMarker } = claim;
  if (own !== undefined && stray === undefined && dump.isAlone(own, hasMarker ? exchange.probe.marker : undefined))
    return NONE;
  const mine = [own, stray].flatMap((trace) => trace ?? []);
  const entryIds = new Set(mine.flatMap((trace) => idsOf([dump.entryOf(trace)?.span])));
  const allIds = new Set(mine.flatMap(({ spans }) => idsOf(spans)));
  const found = new Set([
    ...(stray === undefined ? [] : [stray]),
    ...(hasMarker ? dump.withMarker(exchange.probe.marker) : []),
    ...[...entryIds].flatMap((id) => dump.withRequestId(id)),
    ...[...allIds].flatMap((id) => dump.withRequestId(id)).filter((trace) => !owned.has(trace)),
  ]);
  if (own !== undefined) found.delete(own);
  return [...found];
}

const NONE: readonly never[] = [];

function idsOf(spans: readonly (Span | undefined)[]): readonly string[] {
  return spans.flatMap((span) => (span === undefined ? [] : (requestIdOf(span) ?? [])));
}
