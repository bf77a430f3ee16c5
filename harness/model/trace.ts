import type { SpanId, TraceId } from './ids.ts';
import { aboveSharing, isOfCaller, isSharing, ofSameProxy } from './shared-context.ts';
import { isProxySpan, SPAN_KINDS, type Span, type SpanKind } from './span.ts';
import { ChildMap, SpanMap } from './span-map.ts';

/** Spans under one trace id, as read. */
export interface Trace {
  readonly id: TraceId;
  readonly spans: readonly Span[];
}

/**
 * A trace put together, with everything that does not fit named instead of repaired (docs/architecture.md#rule-4,
 * #rule-5).
 */
export interface Assembly {
  readonly trace: Trace;
  /** Spans the trace begins with: no parent, or the parent the probe itself carried. */
  readonly entries: readonly Span[];
  /** Spans whose parent is not in the trace (and was not carried by the probe). */
  readonly orphans: readonly Span[];
  /** Spans that name themselves as parent and have no partner of the other kind to mean. */
  readonly selfParents: readonly Span[];
  /** Second and further spans with the (id, kind) of an earlier one, and something else about them. */
  readonly duplicates: readonly Span[];
  /**
   * Second and further copies of one and the same span, as a backend returns them that stored it twice; not in `trace`.
   */
  readonly copies: readonly Span[];
  /** Spans on a parent cycle longer than one, one list per cycle. */
  readonly cycles: readonly (readonly Span[])[];
  /** Parent span, when it is in the trace. */
  readonly parentOf: ReadonlyMap<Span, Span>;
  /** Children by start time. */
  readonly childrenOf: ReadonlyMap<Span, readonly Span[]>;
}

/**
 * Puts a trace together in linear time and without recursion (10 000 spans in a chain do not overflow the stack).
 * Spans are keyed by (id, kind): under shared span context a SERVER span has its caller's id, and then the CLIENT of
 * that id is its parent (docs/facts/envoy.md#shared-span-context).
 * @param carriedParent the span id that the probe carried: a span below it, or a SERVER span that takes it, is an entry and no orphan.
 */
export function assemble(told: Trace, carriedParent?: SpanId): Assembly {
  const byId = new Map<SpanId, Kinds>();
  const duplicates: Span[] = [];
  const copies: Span[] = [];
  for (const span of told.spans) {
    const kinds = byId.get(span.id) ?? {};
    const earlier = kinds[span.kind];
    if (earlier === undefined) kinds[span.kind] = span;
    else if (kinds.sharing?.some((one) => isCopy(span, one)) === true || isCopy(span, earlier)) copies.push(span);
    else if (span.kind === 'server' && isSharing(span, kinds.sharing ?? [earlier]))
      kinds.sharing = [...(kinds.sharing ?? [earlier]), span];
    else duplicates.push(span);
    byId.set(span.id, kinds);
  }
  const trace = copies.length === 0 ? told : withoutCopies(told, copies);
  const { spans } = trace;
  const links = { entries: [] as Span[], orphans: [] as Span[], selfParents: [] as Span[] };
  const parents = spans.map((span) => {
    const parent = findParent(span, byId);
    if (parent === 'self') links.selfParents.push(span);
    else if (parent !== undefined) return parent;
    else if (span.parentId === undefined || isCarried(span, carriedParent)) links.entries.push(span);
    else links.orphans.push(span);
    return undefined;
  });
  const parentOf = new SpanMap(spans, parents);
  return {
    trace,
    entries: short(links.entries),
    orphans: short(links.orphans),
    selfParents: short(links.selfParents),
    duplicates: short(duplicates),
    copies: short(copies),
    cycles: short(findCycles(spans, parentOf)),
    parentOf,
    childrenOf: new ChildMap(spans, parents, byStart),
  };
}

/** Below the span that the probe carried; under a shared span context the first SERVER span takes that one's id. */
function isCarried({ id, parentId, kind }: Span, carried: SpanId | undefined): boolean {
  return carried !== undefined && (parentId === carried || (kind === 'server' && id === carried));
}

const NOTHING: readonly never[] = [];

/** The same without the room to grow that a list has which was filled item by item: a run holds it for each trace. */
function short<T>(list: readonly T[]): readonly T[] {
  return list.length === 0 ? NOTHING : list.slice();
}

/** The same in all that identifies a span; tags may come in another form. */
function isCopy(a: Span, b: Span): boolean {
  return (
    a.startMicros === b.startMicros &&
    a.durationMicros === b.durationMicros &&
    a.parentId === b.parentId &&
    a.service === b.service &&
    a.operation === b.operation
  );
}

function withoutCopies({ id, spans }: Trace, copies: readonly Span[]): Trace {
  const told = new Set(copies);
  return { id, spans: spans.filter((span) => !told.has(span)) };
}

/** Start time, then id and kind: backends return spans in any order (docs/facts/envoy.md#healthy-traces). */
export function byStart(a: Span, b: Span): number {
  if (a.startMicros !== b.startMicros) return a.startMicros - b.startMicros;
  if (a.id !== b.id) return a.id < b.id ? -1 : 1;
  return a.kind < b.kind ? -1 : a.kind > b.kind ? 1 : 0;
}

/** The spans above this one, the nearest first; cycles are bounded. */
export function spansAbove(span: Span, { parentOf, trace }: Assembly): readonly Span[] {
  const above: Span[] = [];
  for (
    let next = parentOf.get(span);
    next !== undefined && above.length < trace.spans.length;
    next = parentOf.get(next)
  )
    above.push(next);
  return above;
}

/** The nearest proxy span above; spans of an app's own SDK are looked through, cycles are bounded. */
export function proxyAbove(span: Span, assembly: Assembly): Span | undefined {
  let parent = assembly.parentOf.get(span);
  for (let steps = 0; parent !== undefined && !isProxySpan(parent); steps += 1) {
    if (steps > assembly.trace.spans.length) return undefined;
    parent = assembly.parentOf.get(parent);
  }
  return parent;
}

/** The spans of one id. */
type Kinds = Partial<Record<SpanKind, Span>> & {
  /** All SERVER spans, where several proxies made one. */
  sharing?: readonly Span[];
};

function findParent(span: Span, byId: ReadonlyMap<SpanId, Kinds>): Span | 'self' | undefined {
  const own = byId.get(span.id);
  if (span.kind === 'server' && own?.sharing !== undefined) {
    const above = aboveSharing(span, own.sharing, own.client);
    if (above !== undefined) return above;
  }
  // Shared span context: the SERVER joins the CLIENT that has its id, whatever parent id both carry.
  if (span.kind === 'server' && own?.client !== undefined) return own.client;
  if (span.parentId === undefined) return undefined;
  if (span.parentId === span.id) return 'self';
  const kinds = byId.get(span.parentId);
  if (kinds === undefined) return undefined;
  if (kinds.client !== undefined && kinds.server !== undefined && isOfCaller(span, kinds.client, kinds.server))
    return kinds.client;
  // Below a shared id all else hangs under the SERVER half: the one below the CLIENT half is that SERVER.
  if (kinds.sharing !== undefined) return ofSameProxy(span, kinds.sharing) ?? kinds.server;
  return kinds.server ?? SPAN_KINDS.map((kind) => kinds[kind]).find((one) => one !== undefined);
}

function findCycles(spans: readonly Span[], parentOf: ReadonlyMap<Span, Span>): readonly (readonly Span[])[] {
  const visitedIn = new Map<Span, number>();
  const cycles: Span[][] = [];
  spans.forEach((start, walk) => {
    let span: Span | undefined = start;
    while (span !== undefined && !visitedIn.has(span)) {
      visitedIn.set(span, walk);
      span = parentOf.get(span);
    }
    if (span === undefined || visitedIn.get(span) !== walk) return;
    const cycle = [span];
    for (let next = parentOf.get(span); next !== undefined && next !== span; next = parentOf.get(next))
      cycle.push(next);
    cycles.push(cycle);
  });
  return cycles;
}
