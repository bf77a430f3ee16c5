import { FORMAT_VARIANTS } from '../formats/formats.ts';
import { CONTEXT_FORMATS, type PlannedProbe, type ProbeVariant } from '../model/exchange.ts';

/** Of each kind that should leave nothing, or what the mesh likes: one for so many forced-on probes. */
const FORCED_ON_PER_OTHER = 6;
/** More of them would add nothing, and every undecided probe costs a search. */
const MOST_OTHERS = 20;
/** Forced-on probes after the last other one: their arrival shows that waiting was long enough (control probes). */
export const CONTROLS = 3;
/** Every so many forced-on probes one writes the mesh's format in another legal way. */
const PLAIN_PER_VARIANT = 6;
/** Of each format that is not the mesh's own, to find out whether it is carried. */
const TRIALS = 2;

/**
 * The probes of a run: `forcedOn` that are traced on any mesh, and between them a few that must not be traced and a few
 * that the mesh decides about. The last ones are forced on: a probe that left nothing is only believed when a later
 * control probe has arrived. First come the trials of the formats that a mesh may speak beside its own.
 * @param undecided probes that the mesh decides about; default: as many as must not be traced
 */
export function makePlan(forcedOn: number, undecided?: number): readonly PlannedProbe[] {
  const others = Math.min(MOST_OTHERS, Math.max(1, Math.round(forcedOn / FORCED_ON_PER_OTHER)));
  const open = undecided ?? others;
  const turns = Math.max(others, open);
  const before = Math.max(0, forcedOn - CONTROLS);
  const plan: PlannedProbe[] = [];
  for (const format of CONTEXT_FORMATS)
    for (let trial = 0; trial < TRIALS; trial += 1) plan.push({ purpose: 'forced-on', format });
  let on = 0;
  for (let turn = 0; turn < turns; turn += 1) {
    const until = Math.round((before * (turn + 1)) / turns);
    for (; on < until; on += 1) plan.push({ purpose: 'forced-on', ...variantAt(on) });
    if (isDue(turn, others, turns)) plan.push({ purpose: 'forced-off' });
    if (isDue(turn, open, turns))
      plan.push({ purpose: 'undecided', ...(turn === 0 && { variant: 'ot-span-context' }) });
  }
  for (; on < forcedOn; on += 1) plan.push({ purpose: 'forced-on' });
  return plan;
}

/** The second stage of a run: so many more of the same request, fixed beforehand. */
export function secondStage(probes: number): readonly PlannedProbe[] {
  return Array.from({ length: probes }, () => ({ purpose: 'forced-on', stage: 2 }));
}

/** Spreads so many over the turns: each turn has one or none, the first has one. */
function isDue(turn: number, many: number, turns: number): boolean {
  return Math.floor((turn * many) / turns) !== Math.floor(((turn - 1) * many) / turns);
}

function variantAt(on: number): { variant?: ProbeVariant } {
  const variant =
    on % PLAIN_PER_VARIANT === 1
      ? FORMAT_VARIANTS[Math.floor(on / PLAIN_PER_VARIANT) % FORMAT_VARIANTS.length]
      : undefined;
  return variant === undefined ? {} : { variant };
}
