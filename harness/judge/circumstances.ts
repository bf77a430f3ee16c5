import type { FindingRef } from '../model/finding.ts';
import { changedMeanwhile } from './changed-meanwhile.ts';
import type { Circumstance, Noted } from './circumstance.ts';
import { injectedFaults } from './injected-faults.ts';

import type { RunView } from './run-view.ts';
import { serversUnmade } from './servers-unmade.ts';
import { sidecarsMissing } from './settings/no-sidecar.ts';
import { reportingOff } from './settings/reporting-off.ts';
import { tracingNotSet } from './settings/tracing-not-set.ts';
import { contextUntouched } from './untouched-context.ts';

/** Those that are sure come first. A change of the mesh is the weakest explanation. */
const KINDS: readonly ((view: RunView) => Circumstance | undefined)[] = [
  tracingNotSet,
  contextUntouched,
  reportingOff,
  sidecarsMissing,
  serversUnmade,
  injectedFaults,
  changedMeanwhile,
];

const known = new WeakMap<RunView, readonly Circumstance[]>();

/** The finding that accounts for what was noted, whichever promise notes it; undefined: none that the run shows. */
export function explainedByCircumstance(note: Noted, view: RunView): FindingRef | undefined {
  const circumstances = known.get(view) ?? KINDS.flatMap((kind) => kind(view) ?? []);
  known.set(view, circumstances);
  for (const { explains } of circumstances) {
    const found = explains(note);
    if (found !== undefined) return found;
  }
  return undefined;
}
