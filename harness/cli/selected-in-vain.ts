import { idleSelections } from '../config/idle-selections.ts';
import type { RunReport } from '../model/report.ts';

/** Why nothing was judged of what --only names, where this run has no such promise: a list of the others does not tell. */
export function selectedInVain({ policy, promises }: RunReport): readonly string[] {
  const idle = idleSelections(policy?.only ?? [], (id) => promises.some((promise) => promise.id === id));
  return idle.map(({ what, needs }) => `--only ${what} selects nothing of this run: it needs ${needs}`);
}
