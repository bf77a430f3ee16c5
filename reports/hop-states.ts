import type { RunReport } from '../harness/model/report.ts';
import type { Sample } from './exposition.ts';

/**
 * wrong: a finding that counts is about it. not-found: some traces lack it, and no finding is about it. inconclusive: it
 * was not expected in any trace, so that nothing was seen. ok: every trace that should have it does.
 */
const HOP_STATES = ['ok', 'wrong', 'not-found', 'inconclusive'] as const;
type HopState = (typeof HOP_STATES)[number];

/** One sample per hop of the definition and state, so that "it is wrong" and "nothing was seen" differ. */
export function hopStates({ hops, promises }: RunReport): readonly Sample[] {
  const wrong = new Set(
    promises
      .flatMap(({ findings }) => findings)
      .flatMap(({ subject, severity, waived, explainedBy }) =>
        subject.kind === 'hop' && severity === 'error' && waived === undefined && explainedBy === undefined
          ? [`${subject.caller} ${subject.callee}`]
          : [],
      ),
  );
  const stateOf = ({ caller, callee, seen, expected }: RunReport['hops'][number]): HopState => {
    if (wrong.has(`${caller} ${callee}`)) return 'wrong';
    if (expected === 0) return 'inconclusive';
    return seen < expected ? 'not-found' : 'ok';
  };
  return hops.flatMap((hop) =>
    HOP_STATES.map((state): Sample => {
      return [{ caller: hop.caller, callee: hop.callee, state }, state === stateOf(hop) ? 1 : 0];
    }),
  );
}
