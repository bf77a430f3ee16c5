import type { Excuse } from '../model/cluster.ts';
import type { Exchange } from '../model/exchange.ts';
import { type Cause, type FindingRef, refTo } from '../model/finding.ts';
import { ofRequest } from '../model/of-request.ts';
import type { RunView } from './run-view.ts';

/** The configuration itself sends more to some pods of the service than to others; undefined: not known. */
export function skewExcuse({ capture }: RunView, service: string): Excuse | undefined {
  return excusesOf(capture, 'skew').find((excuse) => excuse.service === service);
}

/** The marks of a call that an injected fault has ended or held up, or of a caller that did not wait for it. */
const INJECTED: readonly Cause[] = ['fault-injected', 'callee-slow'];

/**
 * The finding of the fault that the configuration injects into calls of this service, or of one below it, whose delay then
 * comes up here. undefined where none is injected, or where the call shows another reason.
 * @param causes of the call that failed; undefined: it has no span.
 */
export function faultBehind(
  view: RunView,
  service: string,
  causes: readonly Cause[] | undefined,
): FindingRef | undefined {
  if (causes !== undefined && !causes.some((cause) => INJECTED.includes(cause))) return undefined;
  const faults = excusesOf(view.capture, 'errors');
  const below = new Set([service]);
  // Grows while it is gone through: a set gives what is added on the way.
  for (const name of below) {
    if (faults.some((fault) => fault.service === name)) return faultRef(name);
    for (const { caller, callee } of view.application.calls) if (caller === name) below.add(callee);
  }
  return undefined;
}

/** The same for an answer of the ingress, or none: a fault on the very way in, where it is of the kind that makes it. */
export function faultOnTheWayIn(
  { capture, application }: RunView,
  { answer, error, probe }: Exchange,
): FindingRef | undefined {
  const { entry } = ofRequest(application, probe.request);
  const found = excusesOf(capture, 'errors').some(
    ({ service, aborts, delays }) =>
      service === entry &&
      ((answer !== undefined && (aborts === answer.status || (delays === true && answer.status === 504))) ||
        (delays === true && error?.kind === 'timeout')),
  );
  return found ? faultRef(entry) : undefined;
}

function faultRef(service: string): FindingRef {
  return refTo('HC810', { kind: 'service', service });
}

function excusesOf({ expectations }: RunView['capture'], kind: Excuse['kind']): readonly Excuse[] {
  return (expectations.excuses ?? []).filter((excuse) => excuse.kind === kind);
}
