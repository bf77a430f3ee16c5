import type { Application } from '../model/application.ts';
import { isWhole } from '../model/expected.ts';
import { MARGIN_MS } from '../model/limits.ts';
import { ofRequest } from '../model/of-request.ts';
import { endMicros, httpStatus, isProxySpan } from '../model/span.ts';
import { type Assembly, assemble, type Trace } from '../model/trace.ts';
import { isAnsweredByProxy } from '../model/unsent-call.ts';
import type { Naming } from '../model/workload.ts';
import type { Claim } from './dump-index.ts';

/**
 * The traces at the edge of a dump: where only traces among its newest are not whole, they were saved before all
 * proxies had sent their spans (case `saved-too-early` of fixtures/cases). Each is younger than the time that a proxy may
 * hold spans, counted back from the dump's last span; whole ones may lie between them, of requests that did not pass
 * the proxy that had not sent. Where an older trace is not whole either, something else is wrong.
 * @param flushMs how long a proxy holds spans
 */
export function unfinishedTraces(
  claims: readonly Claim[],
  application: Application,
  naming: Naming,
  flushMs: number,
): ReadonlySet<Trace> {
  const own = claims
    .flatMap(({ own: trace, exchange }) => {
      if (trace === undefined) return [];
      const assembly = assemble(trace, exchange.probe.spanId);
      const isAllThere = isWhole(assembly, ofRequest(application, exchange.probe.request), { naming });
      return [{ trace, assembly, isAllThere, sentAtMs: exchange.sentAtMs }];
    })
    .toSorted((a, b) => b.sentAtMs - a.sentAtMs);
  const edge = own.filter(({ isAllThere }) => !isAllThere);
  if (own[0]?.isAllThere !== false || edge.length === own.length) return new Set();
  const lastMs = own.reduce(
    (last, { trace }) => trace.spans.reduce((most, span) => Math.max(most, endMicros(span) / 1000), last),
    Number.NEGATIVE_INFINITY,
  );
  const isHeadless = ({ assembly }: (typeof own)[number]) => assembly.entries.length === 0;
  // A gateway that loses spans looks like one that has not sent (case `gateway-lost`), unless others have not sent either.
  const withHead = edge.every((one) => isHeadless(one) && !lacksBelow(one.assembly))
    ? 0
    : own.findIndex((one) => !isHeadless(one));
  const isEdge = (one: (typeof own)[number]) =>
    one.sentAtMs >= lastMs - flushMs - MARGIN_MS &&
    (isHeadless(one) ? own.indexOf(one) < withHead : lacksOtherHalf(one.assembly));
  return new Set(edge.every(isEdge) ? edge.map(({ trace }) => trace) : []);
}

/** A span names a parent that is not there, or an answered call has no SERVER span: more spans were made. */
function lacksOtherHalf(assembly: Assembly): boolean {
  return assembly.entries.length === 1 && (assembly.orphans.length > 0 || hasUnanswered(assembly));
}

/** The same of a trace without its beginning: its first span names a parent that is not there, and more is missing. */
function lacksBelow(assembly: Assembly): boolean {
  return assembly.orphans.length > 1 || hasUnanswered(assembly);
}

function hasUnanswered({ trace, childrenOf }: Assembly): boolean {
  return trace.spans.some(
    (span) =>
      span.kind === 'client' &&
      isProxySpan(span) &&
      httpStatus(span) !== 0 &&
      !isAnsweredByProxy(span) &&
      childrenOf.get(span)?.some(({ kind }) => kind !== 'client') !== true,
  );
}
