import type { FormatRow, HeaderColumn } from '../formats/format.ts';
import { BY_LIKELIHOOD, FORMATS } from '../formats/formats.ts';
import type { Application } from '../model/application.ts';
import type { ContextFormat } from '../model/exchange.ts';
import type { ReportedCell } from '../model/report.ts';
import type { HopFact } from './hop-fact.ts';
import { carriedFormat } from './request.ts';

/** What forced-off probes showed at a hop; see {@link sampledCell}. */
export interface SampledEvidence {
  /** Forced-off probes that crossed the hop. */
  readonly crossed: number;
  /** Of those, with spans from this hop on. */
  readonly leaked: number;
  /** Lower bound of the share of undecided requests that the mesh traces by itself, 0–1. */
  readonly ownRate: number;
}

/** The facts of a run that decide which columns its matrix has, and how its cells are read. */
export interface MatrixContext {
  readonly application: Application;
  /** The mesh's own format; absent: not known. */
  readonly format?: ContextFormat;
  /** Formats that any probe of the run carried. */
  readonly carried: ReadonlySet<ContextFormat>;
}

/**
 * One hop's row of the matrix: x-request-id and the columns of the formats. Each row of harness/formats says what spans
 * show of a header where the mesh reads it. Where the mesh reads another family of formats, the header passes untouched.
 *
 * | shows | cell |
 * |---|---|
 * | (x-request-id) | `guid:x-request-id` of the caller's SERVER and CLIENT spans |
 * | trace, span | the CLIENT span's trace id and parent; the loss of either is a new trace |
 * | trace, span, of a format without a driver | the same, at the first application only, on probes that carry it |
 * | decision | forced-off probes, where the mesh's own decision would be another |
 * | nothing | no mark on any span |
 *
 * Source: docs/facts/envoy.md#headers-seen, #faults, #forcing, recordings drop-sampled-sampling50, client-mix. A cell
 * that no request showed is never a tick.
 */
export function cellsOf(
  facts: readonly HopFact[],
  sampled: SampledEvidence,
  context: MatrixContext,
): Readonly<Record<string, ReportedCell>> {
  const byFormat = Map.groupBy(facts, ({ request }) => carriedFormat(request, context.format));
  const shown = BY_LIKELIHOOD.filter((id) => FORMATS[id].isAlwaysShown || context.carried.has(id));
  const cells = shown.flatMap((id) => {
    const hop: FormatAtHop = {
      row: FORMATS[id],
      facts: byFormat.get(id) ?? [],
      isEntry: facts[0]?.hop.caller === context.application.entry,
      ...(context.format !== undefined && { mesh: FORMATS[context.format] }),
    };
    return hop.row.columns.map((column) => [column.name, headerCell(column, hop, sampled)] as const);
  });
  return { 'x-request-id': requestIdCell(facts), ...Object.fromEntries(cells) };
}

interface FormatAtHop {
  readonly row: FormatRow;
  /** Of the requests in which the mesh goes by this format. */
  readonly facts: readonly HopFact[];
  /** The caller is the first application of a request. */
  readonly isEntry: boolean;
  /** Absent: the mesh's own format is not known. */
  readonly mesh?: FormatRow;
}

function headerCell({ shows }: HeaderColumn, hop: FormatAtHop, sampled: SampledEvidence): ReportedCell {
  const { row, facts, isEntry, mesh } = hop;
  if (shows === 'nothing') return hidden('it leaves no mark on any span');
  if (shows === 'decision') return mesh?.speaks === row.speaks ? sampledWhereLinked(facts, sampled) : unread(mesh);
  if (row.driver === undefined) {
    if (facts.length > 0 && isEntry) return contextCell(facts, shows);
    return hidden(
      facts.length > 0
        ? 'a caller before this one may have turned it into other headers'
        : 'no probe carried it in a form that this mesh reads',
    );
  }
  if (facts.length > 0) return contextCell(facts, shows);
  return mesh?.speaks === row.speaks ? hidden('no probe crossed this hop') : unread(mesh);
}

function unread(mesh: FormatRow | undefined): ReportedCell {
  if (mesh === undefined) return hidden('the context format of the mesh is not known');
  return hidden(`the mesh speaks ${mesh.speaks} and passes this header through untouched`);
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
  'parent-phantom': ['span', 'the call carries a span id that never arrived'],
};

function contextCell(facts: readonly HopFact[], part: 'trace' | 'span'): ReportedCell {
  const seen = facts.filter(({ context }) => context !== 'unseen');
  if (seen.length === 0)
    return hidden(facts.length === 0 ? 'no probe crossed this hop' : `no call was found on ${facts.length} requests`);
  const dropped = seen.filter(({ context }) => context === 'context-dropped').length;
  if (dropped > 0)
    return {
      cell: 'lost',
      why: `${dropped} of ${seen.length} calls that were found start a new trace: the loss of any one of the context headers does that`,
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
