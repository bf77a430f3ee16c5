import type { FormatRow, HeaderColumn } from '../formats/format.ts';
import { BY_LIKELIHOOD, FORMATS } from '../formats/formats.ts';
import type { Application } from '../model/application.ts';
import type { ContextFormat } from '../model/exchange.ts';
import type { Fact } from '../model/facts/facts.ts';
import { CHANGED_IDS } from '../model/facts/matrix.ts';
import { rounded } from '../model/numbers.ts';
import { entriesOf } from '../model/of-request.ts';
import type { JudgedCell } from '../model/report.ts';
import type { HopFact } from './hop-fact.ts';
import type { CountedFact } from './hop-facts.ts';
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
  facts: readonly CountedFact[],
  sampled: SampledEvidence,
  context: MatrixContext,
): Readonly<Record<string, JudgedCell>> {
  const byFormat = Map.groupBy(facts, ({ fact: { request } }) => carriedFormat(request, context.format));
  const shown = BY_LIKELIHOOD.filter((id) => FORMATS[id].isAlwaysShown || context.carried.has(id));
  const cells = shown.flatMap((id) => {
    const hop: FormatAtHop = {
      row: FORMATS[id],
      facts: byFormat.get(id) ?? [],
      isEntry: entriesOf(context.application).some((entry) => facts[0]?.fact.hop.caller === entry),
      ...(context.format !== undefined && { mesh: FORMATS[context.format] }),
    };
    return hop.row.columns.map((column) => [column.name, headerCell(column, hop, sampled)] as const);
  });
  return { 'x-request-id': requestIdCell(facts), ...Object.fromEntries(cells) };
}

interface FormatAtHop {
  readonly row: FormatRow;
  /** Of the requests in which the mesh goes by this format. */
  readonly facts: readonly CountedFact[];
  /** The caller is the first application of a request. */
  readonly isEntry: boolean;
  /** Absent: the mesh's own format is not known. */
  readonly mesh?: FormatRow;
}

function headerCell({ shows }: HeaderColumn, hop: FormatAtHop, sampled: SampledEvidence): JudgedCell {
  const { row, facts, isEntry, mesh } = hop;
  if (shows === 'nothing') return hidden({ kind: 'header-unmarked' });
  if (shows === 'decision') return mesh?.speaks === row.speaks ? sampledWhereLinked(facts, sampled) : unread(mesh);
  if (row.driver === undefined) {
    if (facts.length > 0 && isEntry) return contextCell(facts, shows);
    return hidden({ kind: facts.length > 0 ? 'turned-before' : 'header-not-carried' });
  }
  if (facts.length > 0) return contextCell(facts, shows);
  return mesh?.speaks === row.speaks ? hidden({ kind: 'hop-not-crossed' }) : unread(mesh);
}

function unread(mesh: FormatRow | undefined): JudgedCell {
  if (mesh === undefined) return hidden({ kind: 'format-unknown' });
  return hidden({ kind: 'header-unread', speaks: mesh.speaks });
}

function requestIdCell(facts: readonly CountedFact[]): JudgedCell {
  const seen = callsOf(facts, ({ requestId }) => requestId !== 'unseen');
  const lost = callsOf(facts, ({ requestId }) => requestId === 'lost');
  if (seen === 0) return hidden({ kind: 'request-id-unseen' });
  if (lost > 0) return cell('lost', { kind: 'request-id-changed', calls: lost, of: seen });
  return cell('kept', { kind: 'request-id-same', calls: seen });
}

/** Which of the two ids another one shows in. */
const CHANGES: Readonly<Record<(typeof CHANGED_IDS)[number], 'trace' | 'span' | 'both'>> = {
  'trace-restarted': 'trace',
  'id-truncated': 'trace',
  'context-reused': 'both',
  'parent-wrong': 'span',
  'parent-phantom': 'span',
};

function contextCell(facts: readonly CountedFact[], part: 'trace' | 'span'): JudgedCell {
  const of = callsOf(facts, ({ context }) => context !== 'unseen');
  if (of === 0)
    return hidden(
      facts.length === 0
        ? { kind: 'hop-not-crossed' }
        : { kind: 'calls-not-found', requests: callsOf(facts, () => true) },
    );
  const dropped = callsOf(facts, ({ context }) => context === 'context-dropped');
  if (dropped > 0) return cell('lost', { kind: 'calls-in-new-traces', calls: dropped, of });
  for (const how of CHANGED_IDS) {
    const calls = callsOf(facts, ({ context }) => context === how);
    const where = CHANGES[how];
    if (calls > 0 && (where === part || where === 'both'))
      return cell('changed', { kind: 'calls-with-other-ids', how, calls, of });
  }
  return cell('kept', { kind: 'calls-in-place', calls: of });
}

/** A forced-off probe is looked up by its id: where ids are lost or never arrive, what it leaves is not seen. */
function sampledWhereLinked(facts: readonly CountedFact[], sampled: SampledEvidence): JudgedCell {
  if (sampled.leaked === 0 && contextCell(facts, 'trace').cell !== 'kept')
    return hidden({ kind: 'trace-id-not-passed' });
  return sampledCell(sampled);
}

/** A loss must have had this chance to show, or its absence says nothing. */
const CHANCE_TO_SHOW = 0.95;

/**
 * x-b3-sampled shows only where the forced decision differs from the mesh's own: a forced-off probe that loses it is
 * traced from there on with the mesh's own rate (docs/facts/envoy.md#faults).
 */
function sampledCell({ crossed, leaked, ownRate }: SampledEvidence): JudgedCell {
  if (leaked > 0) return cell('lost', { kind: 'forced-off-traced', probes: leaked, of: crossed });
  const chance = 1 - (1 - ownRate) ** crossed;
  if (chance >= CHANCE_TO_SHOW) return cell('kept', { kind: 'forced-off-untraced', probes: crossed });
  return hidden({ kind: 'forced-off-too-few', probes: crossed, ownRate: rounded(ownRate), chance: rounded(chance) });
}

/** How many calls these facts are of, where they are so. */
function callsOf(facts: readonly CountedFact[], is: (fact: HopFact) => boolean): number {
  return facts.reduce((sum, { fact, calls }) => sum + (is(fact) ? calls : 0), 0);
}

function hidden(why: Fact): JudgedCell {
  return cell('not-observable', why);
}

function cell(cell: JudgedCell['cell'], why: Fact): JudgedCell {
  return { cell, facts: { why } };
}
