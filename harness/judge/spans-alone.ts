import { rightStatuses } from '../model/of-request.ts';
import type { RunView, TraceView } from './run-view.ts';

/**
 * No answer could show that a call failed: the requests of a dump are not known, or the definition of this one says nothing
 * of errors. An answer that is wrong is a finding of the ingress.
 */
export function areSpansAlone(
  { exchange: { probe, answer } }: Pick<TraceView, 'exchange'>,
  { capture, application }: Pick<RunView, 'capture' | 'application'>,
): boolean {
  if (capture.imported?.requests === false) return true;
  const request = application.requests?.find(({ name }) => name === probe.request) ?? application.requests?.[0];
  if (request?.showsNoErrors !== true || answer === undefined) return false;
  return rightStatuses(application, probe).includes(answer.status);
}
