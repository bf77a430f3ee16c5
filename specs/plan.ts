import type { PlannedProbe } from '../harness/model/exchange.ts';

/** Of each kind that should leave nothing, or what the mesh likes: one for so many forced-on probes. */
const FORCED_ON_PER_OTHER = 12;
/** Forced-on probes after the last other one: their arrival shows that waiting was long enough (control probes). */
const CONTROLS = 3;

/**
 * The probes of a run: `forcedOn` that are traced on any mesh, and between them a few that must not be traced and a few
 * that the mesh decides about. The last ones are forced on: a probe that left nothing is only believed when a later
 * control probe has arrived.
 */
export function makePlan(forcedOn: number): readonly PlannedProbe[] {
  const others = Math.max(1, Math.round(forcedOn / FORCED_ON_PER_OTHER));
  const before = Math.max(0, forcedOn - CONTROLS);
  const plan: PlannedProbe[] = [];
  let on = 0;
  for (let turn = 0; turn < others; turn += 1) {
    const until = Math.round((before * (turn + 1)) / others);
    for (; on < until; on += 1) plan.push({ purpose: 'forced-on' });
    plan.push({ purpose: 'forced-off' }, { purpose: 'undecided' });
  }
  for (; on < forcedOn; on += 1) plan.push({ purpose: 'forced-on' });
  return plan;
}
