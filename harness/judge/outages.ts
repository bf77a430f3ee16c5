import { answerOf, causesOfCall } from '../diagnose/call-answer.ts';
import { isCancelled } from '../diagnose/cancelled.ts';
import type { ExaminedRequest } from '../diagnose/request.ts';
import type { Exchange } from '../model/exchange.ts';
import { type CheckedHop, wasServed } from '../model/expected.ts';
import type { CallAnswer, CallFailure } from '../model/facts/values.ts';
import { type Cause, type FindingRef, refTo } from '../model/finding.ts';
import { ofRequest, rightStatuses } from '../model/of-request.ts';
import { calledService, type Span } from '../model/span.ts';
import { byStart } from '../model/trace.ts';
import { isUnsentCall } from '../model/unsent-call.ts';
import { causesInRun } from './call-causes.ts';
import { hopSubject } from './calls.ts';
import { failedCall } from './failed-call.ts';
import { mostOf } from './most-of.ts';
import type { RunView, TraceView } from './run-view.ts';
import { areSpansAlone } from './spans-alone.ts';
import { timingOf } from './timing.ts';

/** A call that fails so that users see it: the finding of the ingress, and what all its pages have in common. */
export interface Outage {
  readonly caller: string;
  readonly callee: string;
  /** The finding of the ingress: HC103 for an error inside a page, HC102 for an answer that is one. */
  readonly ref: FindingRef;
  /** The answers that show it. */
  readonly affected: number;
  /** Of most of the calls that were seen; empty: none was seen, or they were answered. */
  readonly causes: readonly Cause[];
  readonly answer?: CallAnswer;
  readonly failure?: CallFailure;
}

/** The last call of a service in a trace, with its other half. */
export interface LastCall {
  readonly client: Span;
  readonly server?: Span;
  readonly version?: string;
}

const known = new WeakMap<RunView, ReadonlyMap<string, Outage>>();

/**
 * The failures that users see, by `caller callee`. An outage outranks what it does to traces: a half hop, a service without spans, a
 * repeated call, a version that never answers are consequences of it. Worked out once per view.
 */
export function outagesOf(view: RunView): ReadonlyMap<string, Outage> {
  const before = known.get(view);
  if (before !== undefined) return before;
  const { application, capture } = view;
  const traces = new Map(view.traces.map((trace) => [trace.exchange.probe.id, trace]));
  const seen = new Map<
    string,
    { caller: string; callee: string; ref: FindingRef; affected: number; calls: LastCall[] }
  >();
  const add = (caller: string, callee: string, ref: FindingRef, { probe }: Exchange) => {
    const key = `${caller} ${callee}`;
    const outage = seen.get(key) ?? { caller, callee, ref, affected: 0, calls: [] };
    seen.set(key, outage);
    outage.affected += 1;
    const trace = traces.get(probe.id);
    const call = trace === undefined ? undefined : callIn(trace, callee, view);
    if (call !== undefined) outage.calls.push(call);
  };
  for (const exchange of capture.exchanges) {
    const { answer } = exchange;
    if (answer === undefined) continue;
    const { gateway, entry } = ofRequest(application, exchange.probe.request);
    const isRight = rightStatuses(application, exchange.probe).includes(answer.status);
    if (answer.status >= 500 && !isRight) add(gateway, entry, refTo('HC102', { kind: 'mesh' }), exchange);
    if (!isRight || !answer.page.whole) continue;
    for (const banner of answer.page.banners) {
      const { service, caller } = failedCall(banner, exchange, traces.get(exchange.probe.id), view);
      add(caller, service, refTo('HC103', { kind: 'hop', caller, callee: service }), exchange);
    }
  }
  const outages = new Map(
    [...seen].map(([key, { calls, ...outage }]) => [key, { ...outage, ...inCommon(calls, outage, view) }]),
  );
  known.set(view, outages);
  return outages;
}

/** The answer of most of the calls; those of probes that left no trace went the same way. */
function inCommon(
  calls: readonly LastCall[],
  hop: { readonly caller: string; readonly callee: string },
  view: RunView,
): Pick<Outage, 'causes' | 'answer' | 'failure'> {
  const most = mostOf(
    calls,
    ({ client, server }) => `${causesInRun(client, server, view)} ${JSON.stringify(answerOf(client))}`,
  );
  if (most === undefined) return { causes: [] };
  const causes = causesInRun(most.client, most.server, view);
  const failure = causes.length === 0 ? undefined : timingOf(hop, causes, view);
  return { causes, answer: answerOf(most.client), ...(failure !== undefined && { failure }) };
}

/** The last call of the service in the trace, else in the fragments that lie below its breaks. */
export function callIn(trace: TraceView, service: string, view: RunView): LastCall | undefined {
  const { diagnosis, naming } = view;
  const own = lastCallTo(service, trace, naming);
  if (own !== undefined) return own;
  const parts = diagnosis.parts.filter(({ exchange }) => exchange === trace.exchange);
  return parts.map((part) => lastCallTo(service, part, naming)).find((call) => call !== undefined);
}

function lastCallTo(
  service: string,
  { made, assembly, makers }: ExaminedRequest,
  { homes }: RunView['naming'],
): LastCall | undefined {
  const clients = made.filter(
    ({ span }) => (span.kind === 'client' || isUnsentCall(span, assembly)) && calledService(span, homes) === service,
  );
  const last = clients
    .map(({ span }) => span)
    .toSorted(byStart)
    .at(-1);
  if (last === undefined) return undefined;
  const server = assembly.childrenOf.get(last)?.find(({ kind }) => kind === 'server');
  const version = makers.get(last)?.version;
  return { client: last, ...(server !== undefined && { server }), ...(version !== undefined && { version }) };
}

/**
 * The outage that accounts for a failed call of this hop: its own, or that of a call further down which holds it up.
 * @param causes that the call shows; empty: none, because it was not seen
 */
export function outageAt(
  { caller, callee }: Pick<CheckedHop, 'caller' | 'callee'>,
  causes: readonly Cause[],
  view: RunView,
): FindingRef | undefined {
  const isHeldUp = causes.every((cause) => HOLDS_UP.has(cause));
  return (isHeldUp ? failingBelow(callee, view) : undefined) ?? outagesOf(view).get(`${caller} ${callee}`)?.ref;
}

/** The same for one half hop: only where its call failed. */
export function outageOfHop(hop: CheckedHop, view: RunView): FindingRef | undefined {
  if (hop.half !== 'server' || hop.clientSpan === undefined) return undefined;
  const causes = causesOfCall(hop.clientSpan);
  return causes.length === 0 ? undefined : outageAt(hop, causes, view);
}

const HOLDS_UP: ReadonlySet<Cause> = new Set(['callee-slow', 'fault-injected']);

/**
 * The finding of a call that the service makes and that holds it up, because the callee is slow or a fault rule delays the
 * call. The deepest one explains those above it. undefined: there is no such finding.
 */
export function failingBelow(service: string, view: RunView): FindingRef | undefined {
  const below = new Set([service]);
  let found: FindingRef | undefined;
  // Grows while it is gone through: a set gives what is added on the way, callers first.
  for (const caller of below) {
    for (const { callee } of view.application.calls.filter((call) => call.caller === caller)) {
      if (below.has(callee)) continue;
      const held = heldUp(caller, callee, view);
      if (held === undefined) continue;
      found = held;
      below.add(callee);
    }
  }
  return found;
}

function heldUp(caller: string, callee: string, view: RunView): FindingRef | undefined {
  for (const trace of view.traces) {
    const { hops, assembly } = trace;
    const slow = hops.find(
      (hop) =>
        hop.caller === caller &&
        hop.callee === callee &&
        hop.clientSpan !== undefined &&
        causesInRun(hop.clientSpan, undefined, view).some((cause) => HOLDS_UP.has(cause)) &&
        !isCancelled(hop.clientSpan, assembly),
    );
    if (slow?.clientSpan === undefined) continue;
    if (causesOfCall(slow.clientSpan).includes('fault-injected'))
      return refTo('HC307', hopSubject(view.application, slow));
    const outage = outagesOf(view).get(`${caller} ${callee}`)?.ref;
    const isKnown = outage !== undefined || view.capture.imported?.requests === false || !areSpansAlone(trace, view);
    return isKnown ? outage : refTo('HC309', hopSubject(view.application, slow));
  }
  return undefined;
}

/** An attempt of the service that was called and did not answer: how most of them ended; undefined: none was seen. */
export function unansweredCause(service: string, version: string, { traces }: RunView): Cause | undefined {
  const causes = traces.flatMap(({ made, assembly }) =>
    made.flatMap(({ span, workload }) => {
      if (span.kind !== 'server' || workload?.service !== service || workload.version !== version || wasServed(span))
        return [];
      const client = assembly.parentOf.get(span);
      return client?.kind === 'client' ? causesOfCall(client, span).slice(0, 1) : [];
    }),
  );
  return mostOf(causes, (cause) => cause);
}
