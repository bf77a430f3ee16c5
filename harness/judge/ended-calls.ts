import { countKinds } from '../diagnose/alike.ts';
import type { Cause } from '../model/finding.ts';
import { isNamedOwnRequest } from '../model/own-request.ts';
import { calledService, isProxySpan, type Span } from '../model/span.ts';
import { byStart, proxyAbove } from '../model/trace.ts';
import { causesInRun } from './call-causes.ts';
import { type RunView, type TraceView, tracesToJudge } from './run-view.ts';

/** A call between services of the application, and how it ended. */
export interface EndedCall {
  readonly caller: string;
  readonly callee: string;
  readonly callerVersion?: string;
  readonly client: Span;
  /** The callee's SERVER spans, in order of their start: one for each try of the caller's proxy. */
  readonly servers: readonly Span[];
  /** Why it failed; empty: it did not. */
  readonly causes: readonly Cause[];
}

/** Two judgements ask for the calls of a trace, one behind the other. */
let asked: { readonly trace: TraceView; readonly view: RunView; readonly calls: readonly EndedCall[] } | undefined;

/** Of calls of one service to another below the same span the last one. */
export function lastCalls(trace: TraceView, view: RunView): readonly EndedCall[] {
  if (asked?.trace === trace && asked.view === view) return asked.calls;
  const calls = readCalls(trace, view);
  asked = { trace, view, calls };
  return calls;
}

function readCalls({ made, makers, assembly }: TraceView, view: RunView): readonly EndedCall[] {
  const { application, naming } = view;
  const services = servicesOf(view);
  const last = new Map<string, EndedCall>();
  for (const { span: client, workload } of made.toSorted((a, b) => byStart(a.span, b.span))) {
    const callee = calledService(client, naming.homes);
    if (client.kind !== 'client' || !isProxySpan(client) || workload === undefined || callee === undefined) continue;
    const { service: caller, version } = workload;
    if (!services.has(callee) || (caller !== application.gateway && !services.has(caller))) continue;
    const servers = (assembly.childrenOf.get(client) ?? []).filter(
      (span) => span.kind === 'server' && isProxySpan(span) && makers.get(span)?.service === callee,
    );
    // A copy that a proxy sends is not a try of the call beside it.
    const own = isNamedOwnRequest(client) ? client.id : '';
    last.set(`${proxyAbove(client, assembly)?.id ?? ''} ${caller} ${callee} ${own}`, {
      caller,
      callee,
      ...(version !== undefined && { callerVersion: version }),
      client,
      servers,
      causes: causesInRun(client, servers.at(-1), view),
    });
  }
  return [...last.values()];
}

const ofApplication = new WeakMap<RunView, ReadonlySet<string>>();

function servicesOf(view: RunView): ReadonlySet<string> {
  const { services, calls } = view.application;
  // Of a peer the CLIENT span shows how the call ended.
  const peers = calls.flatMap(({ callee, peer }) => (peer === undefined || peer === 'unseen' ? [] : callee));
  const known = ofApplication.get(view) ?? new Set([...services.map(({ name }) => name), ...peers]);
  ofApplication.set(view, known);
  return known;
}

const counted = new WeakMap<RunView, ReadonlyMap<string, number>>();

/** Traces with each call, by its caller's version. */
export function countCalls(view: RunView): ReadonlyMap<string, number> {
  const known = counted.get(view);
  if (known !== undefined) return known;
  const counts = new Map<string, number>();
  for (const { request, times } of countKinds(tracesToJudge(view)))
    for (const key of new Set(lastCalls(request, view).map(keyOf))) counts.set(key, (counts.get(key) ?? 0) + times);
  counted.set(view, counts);
  return counts;
}

export function keyOf({ caller, callee, callerVersion }: EndedCall): string {
  return `${caller} ${callerVersion ?? ''} ${callee}`;
}
