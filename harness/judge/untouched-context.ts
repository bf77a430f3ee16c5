import { assembleFragment } from '../diagnose/locate-call.ts';
import type { RequestKind } from '../diagnose/request.ts';
import type { FindingCode } from '../model/codes.ts';
import { type FindingRef, refTo, type Subject } from '../model/finding.ts';
import { calledService, isProxySpan, type Span } from '../model/span.ts';
import { identify } from '../model/workload.ts';
import { type Circumstance, type Noted, traceOf } from './circumstance.ts';
import type { RunView, TraceView } from './run-view.ts';

const MESH: Subject = { kind: 'mesh' };

/** Proxies that make spans and send the context on as it came in. */
export interface UntouchedContext {
  /** Services whose proxies do, the gateway included. */
  readonly callers: ReadonlySet<string>;
  /** Traces that show it. */
  readonly shown: readonly TraceView[];
  /** The requests came without a context, so that each proxy begins a trace. */
  readonly isApart?: true;
}

const known = new WeakMap<RunView, UntouchedContext | undefined>();

/**
 * A call of which both spans are there and have one parent: the caller's proxy did not put its span into the context. A
 * caller counts where its calls are never linked otherwise. No application can do that: the span of a call is put in
 * behind it (docs/facts/istio.md#providers, disableContextPropagation).
 */
export function untouchedContext(view: RunView): UntouchedContext | undefined {
  if (!known.has(view)) known.set(view, find(view));
  return known.get(view);
}

function find(view: RunView): UntouchedContext | undefined {
  const linked = new Set<string>();
  const beside = new Map<string, TraceView[]>();
  // Of traces of one kind all are linked where the first is, and none has spans side by side.
  const silent = new Set<RequestKind>();
  for (const trace of view.traces) {
    if (trace.kind !== undefined && silent.has(trace.kind)) continue;
    let besideHere = 0;
    for (const { span, workload } of trace.made) {
      if (span.kind !== 'client' || workload === undefined || !isProxySpan(span)) continue;
      const server = serverOf(span, trace);
      if (server === undefined || server.id === span.id) continue;
      if (trace.assembly.parentOf.get(server) === span) linked.add(workload.service);
      else if (server.parentId !== undefined && server.parentId === cameWith(span, trace)) {
        besideHere += 1;
        const known = beside.get(workload.service);
        if (known === undefined) beside.set(workload.service, [trace]);
        else known.push(trace);
      }
    }
    if (besideHere === 0 && trace.kind !== undefined) silent.add(trace.kind);
  }
  const callers = new Set([...beside.keys()].filter((name) => !linked.has(name)));
  if (callers.size === 0) return linked.size === 0 ? findApart(view) : undefined;
  return { callers, shown: [...new Set([...callers].flatMap((name) => beside.get(name) ?? []))] };
}

/**
 * The same where requests come without a context: each proxy begins a trace, so that both spans of a call are there and
 * begin one each. Something between two proxies does that at one hop; where the calls of two services or more look so, and
 * not one is linked, proxies do not write the context.
 */
function findApart(view: RunView): UntouchedContext | undefined {
  if (!view.diagnosis.hopDefects.some(({ code }) => code === 'HC510')) return undefined;
  const apart = new Map<string, TraceView[]>();
  for (const trace of view.traces) {
    const fragments = view.fragments.get(trace.exchange.probe.id) ?? [];
    const parts = [trace.assembly, ...fragments.map(assembleFragment)];
    const first = new Set<string>();
    for (const { entries } of parts)
      for (const span of entries)
        if (span.kind === 'server' && isProxySpan(span)) first.add(identify(span, view.naming)?.service ?? '');
    for (const { trace: part, childrenOf } of parts) {
      for (const span of part.spans) {
        const caller = span.kind === 'client' && isProxySpan(span) ? identify(span, view.naming)?.service : undefined;
        const callee = calledService(span, view.naming.homes);
        if (caller === undefined || callee === undefined) continue;
        if (childrenOf.get(span)?.some(({ kind }) => kind === 'server') === true) return undefined;
        if (first.has(callee)) apart.set(caller, [...(apart.get(caller) ?? []), trace]);
      }
    }
  }
  if (apart.size < LEAST_APART) return undefined;
  return { callers: new Set(apart.keys()), shown: [...new Set([...apart.values()].flat())], isApart: true };
}

const LEAST_APART = 2;

/** The parent that the request arrived with at the proxy: a gateway makes two spans, and its call is below the other. */
function cameWith(call: Span, { assembly, makers }: TraceView): Span['parentId'] {
  const above = assembly.parentOf.get(call);
  const isOwn = above?.kind === 'server' && makers.get(above)?.service === makers.get(call)?.service;
  return isOwn ? above.parentId : call.parentId;
}

/** The span of the callee that belongs to a call: below it, else any of the service that the call names. */
function serverOf(call: Span, { made, assembly }: TraceView): Span | undefined {
  const below = assembly.childrenOf.get(call)?.find(({ kind }) => kind === 'server');
  if (below !== undefined) return below;
  const callee = calledService(call);
  return made.find(({ span, workload }) => span.kind === 'server' && workload?.service === callee && isProxySpan(span))
    ?.span;
}

/** Notes of spans that do not hang together. */
const LINKS: ReadonlySet<FindingCode> = new Set([
  ...(['HC302', 'HC303', 'HC306', 'HC308', 'HC401', 'HC402', 'HC406', 'HC407', 'HC408'] as const),
  ...(['HC501', 'HC502', 'HC503', 'HC504', 'HC505', 'HC506', 'HC510', 'HC603'] as const),
]);

export function contextUntouched(view: RunView): Circumstance | undefined {
  const untouched = untouchedContext(view);
  if (untouched === undefined) return undefined;
  const setting = view.capture.cluster?.issues.find(({ code }) => code === 'HC812');
  const ref = setting === undefined ? refTo('HC511', MESH) : refTo('HC812', setting.subject);
  return {
    explains: (note): FindingRef | undefined => {
      if (note.code === 'HC511') return setting && ref;
      return LINKS.has(note.code) && follows(note, untouched, view) ? ref : undefined;
    },
  };
}

/** All spans are still there: one that is missing although its request asked for it has another reason. */
function follows(note: Noted, { callers, isApart }: UntouchedContext, view: RunView): boolean {
  const { subject, code } = note;
  const trace = traceOf(note, view);
  if (trace === undefined) return false;
  if (subject.kind === 'hop' && !callers.has(subject.caller)) return false;
  if (subject.kind === 'service') {
    const above = view.application.calls.filter(({ callee }) => callee === subject.service);
    const isEntry = subject.service === trace.application.entry && callers.has(view.application.gateway);
    if (!isEntry && !callers.has(subject.service) && !above.some(({ caller }) => callers.has(caller))) return false;
  }
  if (isApart === true) return note.code !== 'HC306';
  // Without a decision in the context each proxy decides by itself, and begins a separate trace.
  const { probe } = trace.exchange;
  if (probe.traceId === undefined || probe.variant === 'deferred' || trace.assembly.trace.id !== probe.traceId)
    return true;
  const isThere = (kind: Span['kind'], service: string, callee?: string) =>
    trace.made.some(
      ({ span, workload }) =>
        span.kind === kind && workload?.service === service && (callee === undefined || calledService(span) === callee),
    );
  const isUnseen = code === 'HC302' || note.received.kind === 'call-unseen';
  if (isUnseen) return subject.kind === 'hop' && isThere('client', subject.caller, subject.callee);
  if (code === 'HC303' || code === 'HC510') return subject.kind === 'hop' && isThere('server', subject.callee);
  if (code === 'HC306') return subject.kind === 'service' && isThere('server', subject.service);
  const [span] = note.spans ?? [];
  const callee = code === 'HC308' && span?.kind === 'client' ? calledService(span) : undefined;
  return callee === undefined || isThere('server', callee);
}
