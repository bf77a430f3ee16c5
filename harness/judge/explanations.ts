import { causesOfCall } from '../diagnose/call-answer.ts';
import type { HopDefect, UncapturedCall } from '../diagnose/diagnose.ts';
import type { ProbeId } from '../model/exchange.ts';
import { type CheckedHop, hopKey } from '../model/expected.ts';
import { type FindingRef, refTo } from '../model/finding.ts';
import { hopSubject } from './calls.ts';
import type { RunView, TraceView } from './run-view.ts';
import { undeclaredPort } from './undeclared-ports.ts';

const uncapturedIn = new WeakMap<RunView['diagnosis'], ReadonlyMap<string, UncapturedCall>>();

/** The diagnosis of a call of which neither half was seen; undefined: it was seen, or its loss is explained. */
export function uncapturedOf(hop: CheckedHop, probe: ProbeId, { diagnosis }: RunView): UncapturedCall | undefined {
  const index =
    uncapturedIn.get(diagnosis) ??
    new Map(
      diagnosis.uncaptured.map((call) => [`${call.fact.request.exchange.probe.id} ${hopKey(call.fact.hop)}`, call]),
    );
  uncapturedIn.set(diagnosis, index);
  return index.get(`${probe} ${hopKey(hop)}`);
}

type HopName = Pick<CheckedHop, 'caller' | 'callee' | 'callerVersion' | 'clientSpan'>;

const indexed = new WeakMap<RunView['diagnosis'], ReadonlyMap<string, FindingRef>>();

/**
 * The finding that accounts for what is missing or misplaced at this hop of this request: what the diagnosis found there.
 * The symptom then stays in its promise, explained (docs/architecture.md#findings-as-data).
 */
export function explanationOf(hop: HopName, probe: ProbeId, view: RunView): FindingRef | undefined {
  const found = indexOf(view).get(`${probe} ${hopKey(hop)}`);
  if (found !== undefined) return found;
  const injected = hop.clientSpan !== undefined && causesOfCall(hop.clientSpan).includes('fault-injected');
  return injected ? refTo('HC307', hopSubject(view.application, hop)) : undefined;
}

function indexOf(view: RunView): ReadonlyMap<string, FindingRef> {
  const known = indexed.get(view.diagnosis);
  if (known !== undefined) return known;
  const index = new Map<string, FindingRef>();
  const { undeclared } = view;
  const { hopDefects, silent, lost, facts, loss, gatewayEnds } = view.diagnosis;
  for (const { fact, gateway } of gatewayEnds)
    index.set(`${fact.request.exchange.probe.id} ${hopKey(fact.hop)}`, gatewayEnd(gateway));
  for (const hopDefect of hopDefects) {
    const { fact } = hopDefect;
    // A lost x-request-id breaks no link, but it may veto the trace.
    if (hopDefect.code !== 'HC507' || fact.context === 'unseen')
      index.set(`${fact.request.exchange.probe.id} ${hopKey(fact.hop)}`, refOf(hopDefect, view));
  }
  for (const { hop, request } of undeclared.size === 0 ? [] : facts) {
    const key = `${request.exchange.probe.id} ${hopKey(hop)}`;
    const isAnswered = hop.clientSpan === undefined || causesOfCall(hop.clientSpan).length === 0;
    if (hop.half !== undefined && isAnswered && undeclared.has(hop.callee) && !index.has(key))
      index.set(key, undeclaredPort(hop.callee));
  }
  if (silent.length + lost.length > 0) {
    const silentIn = Map.groupBy(silent, ({ request }) => request);
    const lostIn = Map.groupBy(lost, ({ request }) => request);
    for (const { hop, request } of facts) {
      if (hop.half === undefined) continue;
      const { id } = request.exchange.probe;
      if (index.has(`${id} ${hopKey(hop)}`)) continue;
      if (loss?.covers(hop) === true) {
        index.set(`${id} ${hopKey(hop)}`, LOSS);
        continue;
      }
      const names = hop.half === 'client' ? [hop.caller] : [hop.callee, hop.calledAs];
      const ofName = ({ service }: { service: string }) => names.includes(service);
      // Without a span of its caller: that is the gateway, and it is silent itself.
      const isSilent = hop.half === 'server' || hop.callerSpan === undefined;
      const found = isSilent ? silentIn.get(request)?.find(ofName) : lostIn.get(request)?.find(ofName);
      if (found !== undefined) index.set(`${id} ${hopKey(hop)}`, silentRef(found.service, found.versions));
    }
  }
  indexed.set(view.diagnosis, index);
  return index;
}

/** The trace ends at the gateway, which decides again. */
export function gatewayEnd(gateway: string): FindingRef {
  return refTo('HC603', { kind: 'service', service: gateway });
}

/** Spans get lost, whatever service made them. */
export const LOSS = refTo('HC308', { kind: 'backend' });

/** The finding of a gateway whose own spans of this request did not come; undefined: they did. */
export function silentGateway(trace: TraceView, view: RunView): FindingRef | undefined {
  return silentService(view.application.gateway, trace, view);
}

/** The same for any service. */
export function silentService(name: string, trace: TraceView, { diagnosis }: RunView): FindingRef | undefined {
  const found = diagnosis.silent.find(({ service, request }) => service === name && request === trace);
  return found === undefined ? undefined : silentRef(name, found.versions);
}

function silentRef(service: string, versions: readonly string[] | undefined): FindingRef {
  return refTo('HC306', { kind: 'service', service, ...(versions !== undefined && { versions }) });
}

function refOf({ code, fact }: HopDefect, { application }: RunView): FindingRef {
  return refTo(code, hopSubject(application, fact.hop));
}

/**
 * The finding that says why other requests' calls hang in this trace: a caller replays the context of this one (HC504).
 * undefined where no other request's diagnosis points here.
 */
export function foreignCalls({ assembly }: TraceView, view: RunView, callee?: string): FindingRef | undefined {
  const found = view.diagnosis.hopDefects.find(
    ({ code, fact }) =>
      code === 'HC504' && fact.elsewhere === assembly.trace.id && (callee === undefined || fact.hop.callee === callee),
  );
  return found === undefined ? undefined : refOf(found, view);
}
