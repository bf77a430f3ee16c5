import type { Fact } from '../model/facts/facts.ts';
import type { JudgedFinding } from '../model/finding.ts';
import type { Outcome } from '../model/outcome.ts';
import type { PromiseId } from '../model/promises.ts';
import { MESH_CHANGED } from './weigh-change.ts';

interface Seen {
  readonly observed: Fact;
  readonly findings: readonly JudgedFinding[];
  /** Why the promise cannot be decided, where nothing failed; undefined: it can. */
  readonly reason?: Fact | undefined;
}

/**
 * What findings mean for their promise. An error fails it, and so does a finding that another one explains: it is
 * information then, for its cause is counted elsewhere, but the promise did not hold; unless it would be only a warning by
 * itself. Where a change of the mesh explains all of it, that is not decided (docs/architecture.md#rule-13). Otherwise a
 * reason makes it inconclusive, and without one it passes: warnings and information do not change that.
 *
 * The environment does not go by this rule: what is wrong there makes a run inconclusive and never fails it.
 */
export function conclude(promise: PromiseId, { observed, findings, reason }: Seen): Outcome {
  const failing = findings.filter(fails);
  if (!failing.every(followsFromChange)) return { promise, status: 'fail', facts: { observed }, findings };
  if (failing.length > 0)
    return { promise, status: 'inconclusive', facts: { observed, reason: { kind: 'mesh-changed' } }, findings };
  if (reason !== undefined) return { promise, status: 'inconclusive', facts: { observed, reason }, findings };
  return { promise, status: 'pass', facts: { observed }, findings };
}

export function fails({ severity, explainedBy, isMild }: JudgedFinding): boolean {
  return severity === 'error' || (explainedBy !== undefined && isMild !== true);
}

/** A change of the mesh during the run accounts for it. */
export function followsFromChange({ explainedBy }: JudgedFinding): boolean {
  return explainedBy?.code === MESH_CHANGED;
}
