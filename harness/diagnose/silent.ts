// Over 250 lines: every way in which a service may lack spans, read together.
import { type Application, callsFrom } from '../model/application.ts';
import { hopKey, versionOf } from '../model/expected.ts';
import type { Fact } from '../model/facts/facts.ts';
import type { Cause } from '../model/finding.ts';
import { versionedServices } from '../model/of-request.ts';
import { isProxySpan, type Span } from '../model/span.ts';
import { onceOfKind, oneOfEach } from './alike.ts';
import { causesOfCall } from './call-answer.ts';
import type { HopFact } from './hop-fact.ts';
import type { HopFacts } from './hop-facts.ts';
import type { DiagnosisInput, ExaminedRequest } from './request.ts';
import { withSilentPods } from './silent-pod.ts';

/** A service whose spans are not where they should be, and what explains it. */
export interface SilentService {
  readonly service: string;
  readonly version?: string;
  readonly request: ExaminedRequest;
  readonly causes: readonly Cause[];
  readonly received: Fact;
  readonly span: Span;
}

const NEVER_SEEN: readonly Cause[] = ['sidecar-absent', 'sidecar-not-reporting', 'tracing-off'];

/**
 * Finds out why an answered call has no SERVER span. Both sides of the hop are examined (docs/facts/envoy.md#faults):
 * below the call directly the spans of what the callee calls: it passed the headers on and made no span, so it has no
 * sidecar, or one that does not trace; orphans of what it calls: spans were made and did not come. A leaf leaves nothing
 * to tell by, and then every cause is named. A service that is seen in other requests loses spans now and then, unless all
 * calls that lack them went to one pod ({@link withSilentPods}).
 * @param unanswered hops of which the other half may be missing
 * @param facts of every hop of the run
 */
export function silentServices(
  unanswered: readonly HopFact[],
  facts: HopFacts,
  input: DiagnosisInput,
): readonly SilentService[] {
  const candidates = unanswered.filter(
    ({ hop, request }) =>
      hop.half === 'server' &&
      hop.clientSpan !== undefined &&
      causesOfCall(hop.clientSpan).length === 0 &&
      behindGateway(hop, request) === undefined,
  );
  if (candidates.length === 0) return [];
  const seen = seenWorkloads(input.requests);
  const sharesContext = sharesSpanContext(facts);
  const found = candidates.flatMap(({ hop, request }): SilentService[] => {
    const span = hop.clientSpan;
    if (span === undefined) return [];
    const version = calleeVersion(hop.callee, request, input.application);
    const isSeen = seen.has(`${hop.callee} ${version ?? ''}`);
    const { causes, received } = explain(hop.callee, version, span, request, input, { isSeen, sharesContext });
    return [{ service: hop.callee, ...(version !== undefined && { version }), request, causes, received, span }];
  });
  return [...Map.groupBy(withSilentPods(found, facts, NEVER_SEEN), ({ service }) => service)].flatMap(
    ([service, silent]) => (isWholeService(service, silent, input) ? asOne(silent) : silent),
  );
}

/**
 * Requests without a span of the gateway, or without its upper one, of which the next span names a parent that did not
 * come: the gateway made spans. One that is seen in other requests loses them now and then.
 */
export function silentGateway(
  facts: HopFacts,
  { application: { gateway }, requests, canSearch }: DiagnosisInput,
): readonly SilentService[] {
  // In a sound request the gateway is seen, and no span lacks its parent.
  const first = facts.ofOthers.filter(({ hop }) => hop.caller === gateway);
  const sharesContext = sharesSpanContext(facts);
  const isSeen = requests.some(({ made }) => made.some(({ workload }) => workload?.service === gateway));
  const silentAt = (request: ExaminedRequest, span: Span): SilentService => ({
    service: gateway,
    request,
    causes: [isSeen ? 'spans-lost' : 'sidecar-not-reporting'],
    received: { kind: 'service-silent', evidence: isSeen ? 'other-traces' : 'callees-orphaned', searched: canSearch },
    span,
  });
  const atFirst = first.flatMap(({ hop, request }): SilentService[] => {
    const { assembly, makers, context, made } = request;
    // With a shared span context the SERVER span has its caller's parent, and so may begin the trace.
    const heads = sharesContext ? [...assembly.orphans, ...assembly.entries] : assembly.orphans;
    if (heads.length === 0) return [];
    const isOf = (kind: Span['kind'], service: string) => (orphan: Span) =>
      orphan.kind === kind && isProxySpan(orphan) && makers.get(orphan)?.service === service;
    // Of two spans of the gateway the upper one may be the one that did not come.
    const isHalf = context.gatewayProfile === 2 && !made.some(({ span }) => isOf('server', gateway)(span));
    const span =
      hop.callerSpan === undefined
        ? heads.find(isOf('server', hop.callee))
        : isHalf
          ? assembly.orphans.find(isOf('client', gateway))
          : undefined;
    return span === undefined ? [] : [silentAt(request, span)];
  });
  const noted = new Set(atFirst.map(({ request }) => request));
  const between = facts.ofOthers.flatMap(({ hop, request }): SilentService[] => {
    const span = noted.has(request) ? undefined : behindGateway(hop, request);
    return span === undefined ? [] : [silentAt(request, span)];
  });
  return [...atFirst, ...between];
}

/**
 * The SERVER span of a call that goes through the gateway, where it names a parent that did not come: the call arrived, and
 * the span that is missing is the gateway's.
 */
function behindGateway({ half, calledAs, callee }: HopFact['hop'], { assembly, makers }: ExaminedRequest) {
  if (half !== 'server' || calledAs === undefined) return undefined;
  return assembly.orphans.find(
    (span) => span.kind === 'server' && isProxySpan(span) && makers.get(span)?.service === callee,
  );
}

/**
 * Silent services that are called by one: nothing shows the call to them, and what they call names a parent that did not
 * arrive. Only those that have no span in the request, and that alone of all without one make such calls.
 */
export function silentBelow(
  silent: readonly SilentService[],
  { application: { calls }, requests, canSearch }: DiagnosisInput,
): readonly SilentService[] {
  if (silent.length === 0) return [];
  const seen = new Set(oneOfEach(requests).flatMap(({ made }) => made.map(({ workload }) => workload?.service)));
  const silentIn = Map.groupBy(silent, ({ request }) => request);
  return [...silentIn].flatMap(([request, own]): SilentService[] => {
    const above = new Set(own.map(({ service }) => service));
    const here = new Set(request.made.map(({ workload }) => workload?.service));
    const isBelow = (service: string) => calls.some(({ caller, callee }) => callee === service && above.has(caller));
    const found = new Map<string, Span>();
    for (const span of request.assembly.orphans) {
      const callee = request.makers.get(span)?.service;
      if (span.kind !== 'server' || !isProxySpan(span)) continue;
      const callers = new Set(calls.flatMap((call) => (call.callee === callee ? [call.caller] : [])));
      const [caller, another] = [...callers].filter((one) => !here.has(one));
      if (caller === undefined || another !== undefined || above.has(caller)) continue;
      if (isBelow(caller)) found.set(caller, span);
    }
    return [...found].map(([service, span]) => ({
      service,
      request,
      causes: [seen.has(service) ? 'spans-lost' : 'sidecar-not-reporting'],
      received: {
        kind: 'service-silent',
        evidence: seen.has(service) ? 'other-traces' : 'callees-orphaned',
        searched: canSearch,
      },
      span,
    }));
  });
}

/** Every request that it takes part in lacks its spans, whatever the version. */
function isWholeService(service: string, silent: readonly SilentService[], { requests }: DiagnosisInput): boolean {
  const crosses = onceOfKind(({ hops }: ExaminedRequest) =>
    hops.some(({ callee, half }) => callee === service && half !== 'client'),
  );
  const crossing = requests.filter(crosses);
  return silent.every(({ causes }) => !causes.includes('spans-lost')) && crossing.length === silent.length;
}

/** One finding, by the version that shows most: a leaf shows nothing, a version that calls others does. */
function asOne(silent: readonly SilentService[]): SilentService[] {
  const [telling] = silent.toSorted((a, b) => a.causes.length - b.causes.length);
  return silent.map(({ version: _, ...rest }) => ({
    ...rest,
    causes: telling?.causes ?? rest.causes,
    received: telling?.received ?? rest.received,
  }));
}

function explain(
  callee: string,
  version: string | undefined,
  call: Span,
  { assembly, makers }: ExaminedRequest,
  { application, canSearch: searched }: DiagnosisInput,
  { isSeen, sharesContext }: { readonly isSeen: boolean; readonly sharesContext: boolean },
): { causes: readonly Cause[]; received: Fact } {
  const calls = version === undefined ? application.calls.filter(({ caller }) => caller === callee) : undefined;
  const called = new Set((calls ?? callsFrom(application, callee, version)).map((next) => next.callee));
  const below = (assembly.childrenOf.get(call) ?? []).filter((span) => called.has(makers.get(span)?.service ?? ''));
  // Under a shared span context another id shows a CLIENT span between that did not come.
  const isPassedOn = ({ id }: Span) => !sharesContext || id === call.id;
  const directly = below.some(isPassedOn);
  const orphaned =
    below.some((span) => !isPassedOn(span)) ||
    assembly.orphans.some((span) => {
      const service = makers.get(span)?.service;
      return isProxySpan(span) && service !== undefined && (called.has(service) || service === callee);
    });
  // The callee's span may begin another trace, where no search is possible.
  const elsewhere: readonly Cause[] = searched ? [] : ['stripped-in-transit'];
  // A span that got lost would be the parent of these calls.
  if (isSeen && !directly)
    return {
      causes: ['spans-lost', ...elsewhere],
      received: { kind: 'service-silent', evidence: 'other-traces', searched },
    };
  if (directly)
    return {
      causes: ['sidecar-absent', 'tracing-off'],
      received: { kind: 'service-silent', evidence: 'callees-below-call', searched },
    };
  if (orphaned)
    return {
      causes: ['sidecar-not-reporting'],
      received: { kind: 'service-silent', evidence: 'callees-orphaned', searched },
    };
  return { causes: [...NEVER_SEEN, ...elsewhere], received: { kind: 'service-silent', evidence: 'none', searched } };
}

/** A SERVER span has the id of its call (docs/facts/envoy.md#shared-span-context). */
function sharesSpanContext(facts: HopFacts): boolean {
  for (const { fact } of facts.counted()) {
    const { clientSpan } = fact.hop;
    if (clientSpan === undefined) continue;
    const below = fact.request.assembly.childrenOf.get(clientSpan);
    if (below?.some(({ id }) => id === clientSpan.id) === true) return true;
  }
  return false;
}

/** Service and version of every SERVER span of the run. */
function seenWorkloads(requests: readonly ExaminedRequest[]): ReadonlySet<string> {
  const seen = new Set<string>();
  for (const { made } of oneOfEach(requests)) {
    for (const { span, workload } of made) {
      if (span.kind !== 'server' || workload === undefined) continue;
      seen.add(`${workload.service} `).add(`${workload.service} ${workload.version ?? ''}`);
    }
  }
  return seen;
}

/** Only the page can name the version of a service without spans. */
function calleeVersion(callee: string, { context }: ExaminedRequest, application: Application): string | undefined {
  return versionOf({ service: callee }, application, context);
}

function hasOrphans({ assembly }: ExaminedRequest): boolean {
  return assembly.orphans.length > 0;
}

/** Calls of a caller whose own span, or whose call, is the one that did not come. */
export interface LostSpan {
  readonly service: string;
  readonly version?: string;
  readonly request: ExaminedRequest;
  readonly orphan: Span;
}

/** A SERVER span whose parent is missing while its caller is there: the call's CLIENT span was made and did not come. */
export function lostCalls({ application, requests }: DiagnosisInput): readonly LostSpan[] {
  return requests.filter(onceOfKind(hasOrphans)).flatMap((request) => {
    const { assembly, makers, hops } = request;
    return assembly.orphans.flatMap((orphan): LostSpan[] => {
      const service = makers.get(orphan)?.service;
      if (orphan.kind !== 'server' || !isProxySpan(orphan) || service === undefined) return [];
      const hop = hops.find(
        ({ callee, half, callerSpan }) => callee === service && half === 'client' && callerSpan !== undefined,
      );
      if (hop?.callerSpan === undefined) return [];
      const isVersioned = versionedServices(application).some(({ service: name }) => name === hop.caller);
      const version = isVersioned ? makers.get(hop.callerSpan)?.version : undefined;
      return [{ service: hop.caller, ...(version !== undefined && { version }), request, orphan }];
    });
  });
}

/**
 * The same under a shared span context, where the SERVER span names the caller's SERVER span as its parent, whether or not
 * that of the call came. Of a hop that is whole in other requests.
 */
export function lostSharedCalls(facts: HopFacts): readonly LostSpan[] {
  if (!sharesSpanContext(facts)) return [];
  const whole = new Set<string>();
  for (const { fact } of facts.counted())
    if (fact.hop.half === undefined && fact.hop.through === undefined) whole.add(hopKey(fact.hop));
  return facts.ofOthers.flatMap(({ hop, request }): LostSpan[] => {
    const { half, arrived, caller, callerVersion } = hop;
    if (half !== 'client' || arrived?.kind !== 'server' || !whole.has(hopKey(hop))) return [];
    const version = callerVersion === undefined ? {} : { version: callerVersion };
    return [{ service: caller, ...version, request, orphan: arrived }];
  });
}

/**
 * Calls of a peer without spans, which show in other requests, where spans of the caller get lost now and then: then the
 * only span of the call was one of these.
 */
export function lostPeerCalls(
  facts: HopFacts,
  silent: readonly SilentService[],
  { application }: DiagnosisInput,
): readonly LostSpan[] {
  const losing = new Set(silent.filter(isNowAndThen).map(({ service }) => service));
  const peers = application.calls.filter(({ caller, peer }) => peer !== undefined && losing.has(caller));
  const isOf = (hop: HopFact['hop']) =>
    peers.some(({ caller, callee }) => caller === hop.caller && callee === hop.callee);
  const ofPeers = peers.length === 0 ? [] : facts.filter(({ hop }) => isOf(hop));
  const shown = new Set(ofPeers.flatMap(({ hop }) => (hop.half === undefined ? [hopKey(hop)] : [])));
  return ofPeers.flatMap(({ hop, request }) =>
    hop.half === 'client' && hop.callerSpan !== undefined && shown.has(hopKey(hop))
      ? [{ service: hop.caller, request, orphan: hop.callerSpan }]
      : [],
  );
}

/** Its spans are there in other requests. */
export function isNowAndThen({ causes }: SilentService): boolean {
  return causes.includes('spans-lost');
}
