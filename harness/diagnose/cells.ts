import type { Application } from '../model/application.ts';
import type { ContextFormat } from '../model/exchange.ts';
import type { ReportedCell } from '../model/report.ts';
import type { HopFact } from './hop-fact.ts';
import { carriedFormat } from './request.ts';

/**
 * The headers of the walk-through, and those of today (docs/facts/envoy.md#headers-seen). Columns of the propagation
 * matrix.
 */
export const HEADERS = [
  'x-request-id',
  'x-b3-traceid',
  'x-b3-spanid',
  'x-b3-parentspanid',
  'x-b3-sampled',
  'x-b3-flags',
  'x-ot-span-context',
  'traceparent',
  'tracestate',
  'b3',
] as const;

export type TracedHeader = (typeof HEADERS)[number];

const CONTRACT = 'contract mode will tell';

/** What forced-off probes showed at a hop; see {@link sampledCell}. */
export interface SampledEvidence {
  /** Forced-off probes that crossed the hop. */
  readonly crossed: number;
  /** Of those, with spans from this hop on. */
  readonly leaked: number;
  /** Lower bound of the share of undecided requests that the mesh traces by itself, 0–1. */
  readonly ownRate: number;
}

/**
 * One hop's row of the matrix: what was seen of each header. The table that the code is held to, per driver:
 *
 * | header | B3 mesh (Zipkin driver) | W3C mesh (OpenTelemetry driver) |
 * |---|---|---|
 * | x-request-id | `guid:x-request-id` of caller's SERVER and CLIENT | the same |
 * | x-b3-traceid, x-b3-spanid | the CLIENT's trace id and parent; the loss of either is a new trace | passes untouched: no mark |
 * | x-b3-sampled | forced-off probes, where the mesh's own decision would be another | passes untouched: no mark |
 * | traceparent | passes untouched (USE_B3): no mark | the CLIENT's trace id and parent |
 * | b3 | only at the first application, on probes that carry it | passes untouched: no mark |
 * | x-b3-parentspanid, x-b3-flags, x-ot-span-context, tracestate | no mark on any span | no mark on any span |
 *
 * Source: docs/facts/envoy.md#headers-seen, #faults, #forcing, recordings drop-sampled-sampling50, client-mix. A cell
 * that no request showed is never a tick.
 */
export function cellsOf(
  facts: readonly HopFact[],
  format: ContextFormat | undefined,
  sampled: SampledEvidence,
  application: Application,
): Readonly<Record<TracedHeader, ReportedCell>> {
  const read = new Map<ContextFormat, readonly HopFact[]>();
  for (const carried of ['b3', 'b3-single', 'w3c'] as const)
    read.set(
      carried,
      facts.filter(({ request }) => (carriedFormat(request, format) ?? 'b3') === carried),
    );
  const b3 = read.get('b3') ?? [];
  const single = read.get('b3-single') ?? [];
  const w3c = read.get('w3c') ?? [];
  const unread = (speaks: string): ReportedCell =>
    hidden(`the mesh speaks ${speaks} and passes this header through untouched; ${CONTRACT}`);
  const noMark = hidden(`it leaves no mark on any span; ${CONTRACT}`);
  const isB3 = format !== 'w3c';
  const speaks = isB3 ? 'B3' : 'W3C';
  const isFirst = facts[0]?.hop.caller === application.entry;
  return {
    'x-request-id': requestIdCell(facts),
    'x-b3-traceid':
      b3.length > 0 ? contextCell(b3, 'trace') : isB3 ? hidden('no probe crossed this hop') : unread(speaks),
    'x-b3-spanid':
      b3.length > 0 ? contextCell(b3, 'span') : isB3 ? hidden('no probe crossed this hop') : unread(speaks),
    'x-b3-parentspanid': noMark,
    'x-b3-sampled': isB3 ? sampledWhereLinked(b3, sampled) : unread(speaks),
    'x-b3-flags': noMark,
    'x-ot-span-context': noMark,
    traceparent:
      w3c.length > 0 ? contextCell(w3c, 'span') : isB3 ? unread(speaks) : hidden('no probe crossed this hop'),
    tracestate: noMark,
    b3:
      single.length > 0 && isFirst
        ? contextCell(single, 'span')
        : hidden(
            single.length > 0
              ? `a caller before this one may have turned it into other headers; ${CONTRACT}`
              : `no probe carried it in a form that this mesh reads; ${CONTRACT}`,
          ),
  };
}

function requestIdCell(facts: readonly HopFact[]): ReportedCell {
  const seen = facts.filter(({ requestId }) => requestId !== 'unseen');
  const lost = seen.filter(({ requestId }) => requestId === 'lost').length;
  if (seen.length === 0) return hidden('no span of the hop shows it on both sides');
  if (lost > 0) return { cell: 'lost', why: `another x-request-id on ${lost} of ${seen.length} calls that were found` };
  return { cell: 'kept', why: `the same on both sides of ${seen.length} calls` };
}

const CHANGED: Readonly<Partial<Record<HopFact['context'], readonly ['trace' | 'span' | 'both', string]>>> = {
  'trace-restarted': ['trace', 'the call carries another trace id'],
  'id-truncated': ['trace', 'the call carries half of the trace id'],
  'context-reused': ['both', "the call carries another request's ids"],
  'parent-wrong': ['span', 'the call carries the span id of a span further up'],
  'parent-phantom': ['span', 'the call carries a span id that nobody reported'],
};

function contextCell(facts: readonly HopFact[], part: 'trace' | 'span'): ReportedCell {
  const seen = facts.filter(({ context }) => context !== 'unseen');
  if (seen.length === 0)
    return hidden(facts.length === 0 ? 'no probe crossed this hop' : `no call was found on ${facts.length} requests`);
  const dropped = seen.filter(({ context }) => context === 'context-dropped').length;
  if (dropped > 0)
    return {
      cell: 'lost',
      why: `${dropped} of ${seen.length} calls that were found begin a trace of their own: the loss of any one of the context headers does that`,
    };
  for (const [context, [where, why]] of Object.entries(CHANGED)) {
    const count = seen.filter((fact) => fact.context === context).length;
    if (count > 0 && (where === part || where === 'both'))
      return { cell: 'changed', why: `${why}, on ${count} of ${seen.length}` };
  }
  return { cell: 'kept', why: `${seen.length} calls are below the request they belong to` };
}

/** A forced-off probe is looked up by its id: where ids are lost or never arrive, what it leaves is not seen. */
function sampledWhereLinked(facts: readonly HopFact[], sampled: SampledEvidence): ReportedCell {
  if (sampled.leaked === 0 && contextCell(facts, 'trace').cell !== 'kept')
    return hidden('the trace id does not pass here, so what a forced-off probe leaves cannot be told to be its own');
  return sampledCell(sampled);
}

/** A loss must have had this chance to show, or its absence says nothing. */
const CHANCE_TO_SHOW = 0.95;

/**
 * x-b3-sampled shows only where the forced decision differs from the mesh's own: a forced-off probe that loses it is
 * traced from there on with the mesh's own rate (docs/facts/envoy.md#faults).
 */
function sampledCell({ crossed, leaked, ownRate }: SampledEvidence): ReportedCell {
  if (leaked > 0) return { cell: 'lost', why: `${leaked} of ${crossed} forced-off probes left spans from here on` };
  const chance = 1 - (1 - ownRate) ** crossed;
  if (chance >= CHANCE_TO_SHOW) return { cell: 'kept', why: `${crossed} forced-off probes left nothing here` };
  const rate = `at least ${Math.floor(ownRate * 100)} %`;
  return hidden(
    `the mesh itself traces ${rate} of its requests: ${crossed} forced-off probes would show a loss with ${Math.floor(chance * 100)} % only`,
  );
}

function hidden(why: string): ReportedCell {
  return { cell: 'not-observable', why };
}
