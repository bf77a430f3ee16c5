// Over 250 lines: what is expected of a trace and how it is checked, read together.
import { type Application, type Call, callsFrom, dependsOnVersion, type PageFacts } from './application.ts';
import { isAnsweredByGateway, isEarlyAnswer } from './early-answer.ts';
import { endedWith } from './grpc-status.ts';
import { openAbove } from './shared-context.ts';
import { calledService, isProxySpan, type Span } from './span.ts';
import { type Assembly, byStart, proxyAbove } from './trace.ts';
import { isUnsentCall } from './unsent-call.ts';
import { identify, type Naming, namesItsMaker, type Workload } from './workload.ts';

/** What is known beside the trace itself. */
export interface ExpectedContext {
  /** undefined: not decided, both are accepted. */
  readonly gatewayProfile?: 1 | 2;
  /** Version of the versioned service as the page shows it; the SERVER span's own word goes before it. */
  readonly pageVersion?: string;
  /** The same of the further versioned services, by name. */
  readonly furtherVersions?: Readonly<Record<string, string>>;
  /** How names are read, see identify(). */
  readonly naming?: Naming;
  /** Hops, by {@link hopKey}, of which the other half was looked up: an optional call among them was made. */
  readonly elsewhere?: Pick<ReadonlySet<string>, 'has'>;
}

/** A hop that the trace should show, and what there is of it. */
export interface CheckedHop {
  readonly caller: string;
  readonly callee: string;
  readonly callerVersion?: string;
  /** The half that is missing; absent: none. `client`: the caller made no traced call. `server`: the call left the caller and the callee left no span of it. */
  readonly half?: 'client' | 'server';
  /** The span that shows the caller at work; absent where the gateway itself is missing. */
  readonly callerSpan?: Span;
  /** The call, where there is one; the gateway's SERVER span where that is all there is of a call that was not sent. */
  readonly clientSpan?: Span;
  /**
   * The callee's SERVER span directly below the caller's: the context arrived, and only the call itself was not captured.
   * Or a CLIENT span of the callee there: neither side of the call was captured. With `half: 'client'`.
   */
  readonly arrived?: Span;
  /** The service of the same name that the caller called in another namespace: `orders.staging`. With `half: 'client'`. */
  readonly instead?: string;
  /** The gateway that the caller called in place of the callee, and that passed the call on to it. */
  readonly through?: string;
  /** The caller's call names something else, an address or another Service, and the callee's SERVER span is below it. */
  readonly isOtherWay?: true;
  /** What the CLIENT span of such a call names, where the definition has the way; absent: the callee. */
  readonly calledAs?: string;
}

/** The same for the same hop of the same version of its caller. */
export function hopKey({
  caller,
  callee,
  callerVersion,
}: Pick<CheckedHop, 'caller' | 'callee' | 'callerVersion'>): string {
  return `${caller} ${callerVersion ?? ''} ${callee}`;
}

/** A hop that the trace should have and has not, or not whole. */
export type MissingHop = CheckedHop & Required<Pick<CheckedHop, 'half'>>;

/** A span with its maker; spans that cannot be identified have none. */
export interface MadeSpan {
  readonly span: Span;
  readonly workload?: Workload;
}

/**
 * The hops of the application that this trace should show. Existence only: a call hung in the wrong place is there, and
 * its link is parentage's business. A SERVER span that its own sidecar answered, because the application was down
 * (status 0 or 5xx), makes no calls. A hop that was tried more than once is there when one try is whole.
 * Linear in spans × calls.
 * @param spans the trace's spans with their makers, where the caller has them already.
 */
export function checkHops(
  assembly: Assembly,
  application: Application,
  context: ExpectedContext,
  spans: readonly MadeSpan[] = madeSpans(assembly, context.naming),
): CheckedHop[] {
  const made = spans.filter(({ span }) => isProxySpan(span));
  const makers = new Map(made.map(({ span, workload }) => [span, workload]));
  const clients = Map.groupBy(
    made.filter(({ span }) => span.kind === 'client' || isUnsentCall(span, assembly)),
    ({ span, workload }) => callKey(workload, calledService(span, context.naming?.homes)),
  );
  // Looked for only where a call is missing.
  let arrivals: ReturnType<typeof arrivalsIn> | undefined;
  const check = (hop: Hop, caller: MadeSpan, peer?: Call['peer']): CheckedHop => {
    const calls = clients.get(callKey(caller.workload, hop.calledAs ?? hop.callee)) ?? [];
    // A peer has no spans: its caller's is all that there is to see.
    if (peer !== undefined && calls[0] !== undefined)
      return { ...hop, callerSpan: caller.span, clientSpan: calls[0].span };
    const isCallee = (span: Span) => span.kind === 'server' && makers.get(span)?.service === hop.callee;
    const isAnswered = (span: Span) => assembly.childrenOf.get(span)?.some(isCallee) === true;
    const whole = calls.find(({ span }) => isAnswered(span));
    if (whole !== undefined) return { ...hop, callerSpan: caller.span, clientSpan: whole.span };
    const [first] = calls;
    const otherWay =
      first === undefined ? calledOtherwise(caller, made, application, context.naming, isAnswered) : undefined;
    if (otherWay !== undefined) return { ...hop, callerSpan: caller.span, clientSpan: otherWay, isOtherWay: true };
    if (first === undefined || hop.calledAs !== undefined) {
      arrivals ??= arrivalsIn(made, makers, assembly, application);
      const { span, call, through } = arrivals.get(caller.span)?.get(hop.callee) ?? {};
      if (call !== undefined && through !== undefined)
        return { ...hop, callerSpan: caller.span, clientSpan: call, through };
      if (first !== undefined) return { ...hop, half: 'server', callerSpan: caller.span, clientSpan: first.span };
      const instead = context.naming?.homes?.has(hop.callee) ? namesake(caller, hop.callee, clients.keys()) : undefined;
      return {
        ...hop,
        half: 'client',
        callerSpan: caller.span,
        ...(span !== undefined && { arrived: span }),
        ...(instead !== undefined && { instead }),
      };
    }
    return { ...hop, half: 'server', callerSpan: caller.span, clientSpan: first.span };
  };
  const entryHop = { caller: application.gateway, callee: application.entry };
  const gateway = firstOf(made.filter(({ workload }) => workload?.service === application.gateway));
  const checked: CheckedHop[] = [];
  if (gateway === undefined) checked.push({ ...entryHop, half: 'client' });
  else {
    const others = made.filter(({ workload }) => workload?.service !== application.gateway);
    const isAnswered = isAnsweredByGateway(
      gateway.span,
      others.map(({ span }) => span),
      assembly,
      application,
    );
    if (!isAnswered) checked.push(check(entryHop, gateway));
  }
  for (const server of made) {
    const { span, workload } = server;
    if (span.kind !== 'server' || workload === undefined || !wasServed(span)) continue;
    const version = versionOf(workload, application, context);
    const isEarly = isEarlyAnswer(span, application);
    for (const { callee, peer, optional, through } of callsFrom(application, workload.service, version)) {
      if (peer === 'unseen') continue;
      const hop = {
        caller: workload.service,
        callee,
        ...(version !== undefined && { callerVersion: version }),
        ...(through === true && { calledAs: application.gateway }),
      };
      const found = check(hop, server, peer);
      // Neither half: perhaps it was not made, unless it is seen to have begun another trace.
      const isAbsent = found.half === 'client' && found.arrived === undefined;
      if ((optional !== true && !isEarly) || !isAbsent || context.elsewhere?.has(hopKey(hop)) === true)
        checked.push(found);
    }
  }
  // Without the room to grow: a run holds it for each trace.
  return checked.slice();
}

/** The caller's CLIENT span that the callee answers although it names no service of the application, nor the gateway. */
function calledOtherwise(
  caller: MadeSpan,
  made: readonly MadeSpan[],
  { gateway, services }: Application,
  naming: Naming | undefined,
  isAnswered: (span: Span) => boolean,
): Span | undefined {
  const key = callKey(caller.workload, undefined);
  const found = made.find(({ span, workload }) => {
    if (span.kind !== 'client' || callKey(workload, undefined) !== key || !isAnswered(span)) return false;
    const named = calledService(span, naming?.homes);
    return named !== gateway && !services.some(({ name }) => name === named);
  });
  return found?.span;
}

/** The service of the callee's name in another namespace that this caller calls, by the keys of calls. */
function namesake({ workload }: MadeSpan, callee: string, keys: Iterable<string>): string | undefined {
  const prefix = callKey(workload, `${callee}.`);
  for (const key of keys) if (key.startsWith(prefix)) return `${callee}.${key.slice(prefix.length)}`;
  return undefined;
}

/** A call that comes back through the gateway leaves spans of it further down. */
const firstOf = (made: readonly MadeSpan[]) => made.toSorted((a, b) => byStart(a.span, b.span))[0];

interface Arrival {
  /** The callee's SERVER span, else one of its calls. */
  readonly span: Span;
  /** The caller's call of the gateway, where it came that way. */
  readonly call?: Span;
  readonly through?: string;
}

/**
 * SERVER spans that hang below another service's SERVER span without its CLIENT span between, or with only a gateway
 * between that it called; and CLIENT spans that do: by the caller's SERVER span and the callee.
 */
function arrivalsIn(
  made: readonly MadeSpan[],
  makers: ReadonlyMap<Span, Workload | undefined>,
  assembly: Assembly,
  { gateway }: Application,
): ReadonlyMap<Span, ReadonlyMap<string, Arrival>> {
  const arrivals = new Map<Span, Map<string, Arrival>>();
  const isGateway = (span: Span | undefined) => span !== undefined && makers.get(span)?.service === gateway;
  const sharingOf = (id: Span['id']) =>
    made.flatMap(({ span }) => (span.kind === 'server' && span.id === id ? [span] : []));
  for (const { span, workload } of made) {
    if (span.kind !== 'server' && span.kind !== 'client') continue;
    if (workload === undefined || workload.service === gateway) continue;
    let above = proxyAbove(span, assembly);
    const isOwn = above !== undefined && makers.get(above)?.service === workload.service;
    if (span.kind === 'client' && (above?.kind !== 'server' || isOwn)) continue;
    const direct = above?.kind === 'server' && !isGateway(above);
    let call: Span | undefined;
    if (!direct) {
      if (!isGateway(above)) continue;
      // At most the two spans that a gateway makes of a request.
      for (let steps = 0; isGateway(above) && steps < 2; steps += 1) above = above && proxyAbove(above, assembly);
      call = above?.kind === 'client' ? above : undefined;
      above = call && proxyAbove(call, assembly);
    }
    if (above?.kind !== 'server' || isGateway(above)) continue;
    // Of those with one id the trace does not say which is the caller.
    const sharing = direct && above.id === span.id ? openAbove(span, sharingOf(span.id)) : [];
    for (const caller of new Set([above, ...sharing])) {
      const known = arrivals.get(caller) ?? new Map<string, Arrival>();
      arrivals.set(caller, known);
      if (!known.has(workload.service))
        known.set(workload.service, { span, ...(call !== undefined && { call, through: gateway }) });
    }
  }
  return arrivals;
}

/** The hops of {@link checkHops} that are not there, or not whole. */
export function missingHops(
  assembly: Assembly,
  application: Application,
  context: ExpectedContext,
  spans?: readonly MadeSpan[],
): MissingHop[] {
  return checkHops(assembly, application, context, spans).filter((hop): hop is MissingHop => hop.half !== undefined);
}

/** True when every expected service and hop is there, joined, below one entry span. What it says never turns untrue by more spans of the same. */
export function isComplete(assembly: Assembly, application: Application, context: ExpectedContext): boolean {
  const made = madeSpans(assembly, context.naming);
  // Who answers with a redirect or a refusal may call others or not.
  const isOpen = ({ span, workload }: MadeSpan) =>
    workload !== undefined && isProxySpan(span) && isEarlyAnswer(span, application);
  return !made.some(isOpen) && isWhole(assembly, application, context, made);
}

/** The same for a trace of which no more spans are awaited. */
export function isWhole(
  assembly: Assembly,
  application: Application,
  context: ExpectedContext,
  made: readonly MadeSpan[] = madeSpans(assembly, context.naming),
): boolean {
  if (assembly.entries.length !== 1 || assembly.orphans.length > 0) return false;
  const gatewaySpans = made.filter(({ workload }) => workload?.service === application.gateway).length;
  if (context.gatewayProfile !== undefined && gatewaySpans < context.gatewayProfile) return false;
  // Where a call depends on a version that no span names, absence and lateness look alike: only quiet can settle it.
  const undecided = made.some(
    ({ span, workload }) =>
      span.kind === 'server' &&
      workload !== undefined &&
      dependsOnVersion(application, workload.service) &&
      versionOf(workload, application, context) === undefined,
  );
  return !undecided && missingHops(assembly, application, context, made).length === 0;
}

/**
 * Every span with its maker. A proxy span that does not say who made it, below a span of the same process, is that
 * one's: a gateway's router span without Istio's tags, whatever else has the service name of its process.
 */
export function madeSpans(assembly: Assembly, naming?: Naming): MadeSpan[] {
  return assembly.trace.spans.map((span) => {
    const workload = byParent(span, assembly, naming) ?? identify(span, naming);
    return { span, ...(workload !== undefined && { workload }) };
  });
}

function byParent(span: Span, { parentOf }: Assembly, naming?: Naming): Workload | undefined {
  if (span.kind !== 'client' || namesItsMaker(span) || !isProxySpan(span)) return undefined;
  const parent = parentOf.get(span);
  if (parent?.kind !== 'server' || parent.service !== span.service || !namesItsMaker(parent)) return undefined;
  const maker = identify(parent, naming);
  if (maker === undefined) return undefined;
  // Neither pod nor version, as with Istio's tags on: such a span names no pod.
  return { service: maker.service, ...(maker.namespace !== undefined && { namespace: maker.namespace }) };
}

/**
 * A SERVER span whose application answered: no answer (0) and 5xx come from the sidecar or from a broken application, and so
 * do the errors of gRPC that are like 5xx.
 */
export function wasServed(span: Span): boolean {
  const status = endedWith(span);
  return status === undefined || (status > 0 && status < 500);
}

/** The version of a workload: its own word, else the page's for the versioned service. */
export function versionOf(workload: Workload, application: Application, context: ExpectedContext): string | undefined {
  if (workload.version !== undefined) return workload.version;
  return application.versioned?.service === workload.service
    ? context.pageVersion
    : context.furtherVersions?.[workload.service];
}

/** The versions that an answer shows, as a context for its trace. */
export function shownVersions(page: PageFacts | undefined): Pick<ExpectedContext, 'pageVersion' | 'furtherVersions'> {
  const { version, further } = page ?? {};
  return {
    ...(version !== undefined && { pageVersion: version }),
    ...(further !== undefined && {
      furtherVersions: Object.fromEntries(Object.entries(further).map(([service, shown]) => [service, shown.version])),
    }),
  };
}

type Hop = Pick<MissingHop, 'caller' | 'callee' | 'callerVersion' | 'calledAs'>;

/**
 * Calls of one pod to one service; a gateway's router span has no node_id, and there is one gateway
 * (docs/facts/envoy.md#healthy-traces).
 */
function callKey(caller: Workload | undefined, callee: string | undefined): string {
  return `${caller?.service} ${caller?.version ?? ''} ${callee}`;
}
