import type { Application } from '../model/application.ts';
import { isWhole } from '../model/expected.ts';
import { MARGIN_MS } from '../model/limits.ts';
import { ofRequest } from '../model/of-request.ts';
import { onceOf } from '../model/once-of.ts';
import { calledService, endMicros, httpStatus, isProxySpan, type Span } from '../model/span.ts';
import { type Assembly, assemble, type Trace } from '../model/trace.ts';
import { isAnsweredByProxy } from '../model/unsent-call.ts';
import { identify, type Naming } from '../model/workload.ts';
import type { DumpForms } from './dump-forms.ts';
import type { Claim } from './dump-index.ts';

/**
 * The traces at the edge of a dump: where only traces among its newest are not whole, they were saved before all
 * proxies had sent their spans (case `saved-too-early` of fixtures/cases). Each is younger than the time that a proxy may
 * hold spans, counted back from the dump's last span; whole ones may lie between them, of requests that did not pass
 * the proxy that had not sent. Where an older trace is not whole either, or where no whole trace has a span of a service
 * that these lack, something else is wrong.
 * @param flushMs how long a proxy holds spans
 */
export function unfinishedTraces(
  claims: readonly Claim[],
  application: Application,
  naming: Naming,
  flushMs: number,
  forms: DumpForms,
): ReadonlySet<Trace> {
  const own = claims
    .flatMap(({ own: trace, exchange }) => (trace === undefined ? [] : [{ trace, exchange }]))
    .toSorted((a, b) => b.exchange.sentAtMs - a.exchange.sentAtMs);
  // Which request it is, and the form of its trace, decide.
  type One = (typeof own)[number];
  const isWholeOf = (application: Application) =>
    onceOf(
      ({ trace, exchange }: One) => forms.of(trace, exchange.probe.spanId),
      ({ trace, exchange }) => isWhole(assemble(trace, exchange.probe.spanId), application, { naming }),
    );
  const ofRequests = new Map<string | undefined, (one: One) => boolean>();
  const isAllThere = (one: One) => {
    const { request } = one.exchange.probe;
    const known = ofRequests.get(request) ?? isWholeOf(ofRequest(application, request));
    ofRequests.set(request, known);
    return known(one);
  };
  const broken = own.filter((one) => !isAllThere(one));
  if (broken[0] === undefined || broken[0] !== own[0] || broken.length === own.length) return new Set();
  const lastMs = own.reduce(
    (last, { trace }) => trace.spans.reduce((most, span) => Math.max(most, endMicros(span) / 1000), last),
    Number.NEGATIVE_INFINITY,
  );
  if (broken.some(({ exchange }) => exchange.sentAtMs < lastMs - flushMs - MARGIN_MS)) return new Set();
  const edge = broken.map(({ trace, exchange }) => ({ trace, assembly: assemble(trace, exchange.probe.spanId) }));
  const headless = new Set(edge.flatMap(({ trace, assembly }) => (assembly.entries.length === 0 ? [trace] : [])));
  // A gateway that loses spans looks like one that has not sent (case `gateway-lost`), unless others have not sent either.
  const withHead = edge.every(({ trace, assembly }) => headless.has(trace) && !lacksBelow(assembly))
    ? 0
    : own.findIndex(({ trace }) => !headless.has(trace));
  const beforeHead = new Set(own.slice(0, Math.max(withHead, 0)).map(({ trace }) => trace));
  const isEdge = ({ trace, assembly }: (typeof edge)[number]) =>
    headless.has(trace) ? beforeHead.has(trace) : lacksOtherHalf(assembly);
  if (!edge.every(isEdge)) return new Set();
  const lacking = new Set(
    edge.flatMap(({ assembly }) => unanswered(assembly).map((span) => calledService(span, naming.homes))),
  );
  const edges = new Set(edge.map(({ trace }) => trace));
  for (const { trace } of own) {
    if (lacking.size === 0) break;
    if (edges.has(trace)) continue;
    for (const span of trace.spans)
      if (span.kind === 'server' && isProxySpan(span)) lacking.delete(identify(span, naming)?.service);
  }
  return lacking.size === 0 ? edges : new Set();
}

/** A span names a parent that is not there, or an answered call has no SERVER span: more spans were made. */
function lacksOtherHalf(assembly: Assembly): boolean {
  return assembly.entries.length === 1 && (assembly.orphans.length > 0 || unanswered(assembly).length > 0);
}

/** The same of a trace without its beginning: its first span names a parent that is not there, and more is missing. */
function lacksBelow(assembly: Assembly): boolean {
  return assembly.orphans.length > 1 || unanswered(assembly).length > 0;
}

/** Calls that were answered by a proxy of which there is no span. */
function unanswered({ trace, childrenOf }: Assembly): readonly Span[] {
  return trace.spans.filter(
    (span) =>
      span.kind === 'client' &&
      isProxySpan(span) &&
      httpStatus(span) !== 0 &&
      !isAnsweredByProxy(span) &&
      childrenOf.get(span)?.some(({ kind }) => kind !== 'client') !== true,
  );
}
