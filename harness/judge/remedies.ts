import { forwardedHeaders } from '../formats/formats.ts';
import type { CheckedHop } from '../model/expected.ts';
import type { Fact } from '../model/facts/facts.ts';
import { type CallAnswer, type CallFailure, OUTAGE_CAUSES } from '../model/facts/values.ts';
import type { Cause } from '../model/finding.ts';
import type { Note } from './finding-collector.ts';
import type { RunView } from './run-view.ts';

/** The advice that restores a service whose calls fail, by the first of the causes; none where nothing is wrong with the service itself. */
export function remedyOf(
  { caller, callee }: Pick<CheckedHop, 'caller' | 'callee'>,
  causes: readonly Cause[],
  { answer, failure }: { readonly answer: CallAnswer | undefined; readonly failure: CallFailure | undefined },
): Pick<Note, 'remedy'> {
  const cause = OUTAGE_CAUSES.find((one) => one === causes[0]);
  if (cause === undefined) return {};
  return {
    remedy: {
      kind: 'restore-service',
      cause,
      caller,
      callee,
      ...(answer !== undefined && { answer }),
      ...(failure !== undefined && { failure }),
    },
  };
}

/** The advice for a caller that may have sent the decision or the context of its request otherwise than it came, or not at all. */
export function copyHeaders({ caller, callee }: Pick<CheckedHop, 'caller' | 'callee'>, { capture }: RunView): Fact {
  const headers = ['x-request-id', ...forwardedHeaders(capture.preflight.format?.value)];
  return { kind: 'copy-headers', caller, callee, headers };
}
