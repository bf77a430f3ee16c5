import { ofPart, type PlannedProbe } from '../model/exchange.ts';
import { CONTROLS } from './plan.ts';

/**
 * Deals the probes of a plan to so many parts, each of which a separate process sends: of every kind each part gets as
 * many as any other, but for one. Ids and order stay those of the whole plan, so all parts together are the plan itself.
 * A probe that left nothing is only believed when a later control probe of the same part has arrived
 * (docs/architecture.md#rule-3). So a part that does not end with {@link CONTROLS} forced-on probes sends the missing ones
 * beside its share. They stand behind the plan and are not judged.
 * @param parts 1: the plan as it is
 * @throws RangeError for more parts than probes
 */
export function partPlan(plan: readonly PlannedProbe[], parts: number): readonly PlannedProbe[] {
  if (parts === 1) return plan;
  if (!Number.isInteger(parts) || parts < 1 || parts > plan.length)
    throw new RangeError(`expected 1 to ${plan.length} parts, for a plan of so many probes; got ${parts}`);
  const kind = ({ purpose, format, variant }: PlannedProbe) => `${purpose} ${format ?? ''} ${variant ?? ''}`;
  const kinds = [...Map.groupBy(plan.keys(), (at) => kind(plan[at] ?? { purpose: 'forced-on' })).values()];
  // Dealt on from kind to kind, so that the parts are equally long as well.
  const partOf = new Map(kinds.flat().map((at, turn) => [at, (turn % parts) + 1]));
  const dealt = plan.map((probe, at): PlannedProbe => ({ ...probe, part: partOf.get(at) ?? 1 }));
  const controls = Array.from({ length: parts }, (_, index) => controlsFor(dealt, index + 1));
  return [...dealt, ...controls.flat()];
}

function controlsFor(dealt: readonly PlannedProbe[], part: number): readonly PlannedProbe[] {
  const own = ofPart(dealt, part);
  const isControl = ({ purpose, format }: PlannedProbe) => purpose === 'forced-on' && format === undefined;
  const after = own.length - 1 - own.findLastIndex((probe) => !isControl(probe));
  const missing = Math.max(0, CONTROLS - after);
  return Array.from({ length: missing }, () => ({ purpose: 'forced-on', part, control: true }));
}
