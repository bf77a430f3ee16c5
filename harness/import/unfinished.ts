import type { Application } from '../model/application.ts';
import { isWhole } from '../model/expected.ts';
import type { SpanId } from '../model/ids.ts';
import { MARGIN_MS } from '../model/limits.ts';
import { ofRequest } from '../model/of-request.ts';
import { endMicros, httpStatus, isProxySpan, type Span } from '../model/span.ts';
import { assemble, type Trace } from '../model/trace.ts';
import type { TraceForm } from '../model/trace-form.ts';
import { isAnsweredByProxy } from '../model/unsent-call.ts';
import type { Naming } from '../model/workload.ts';
import type { DumpForms } from './dump-forms.ts';
import type { Claim } from './dump-index.ts';

/**
 * The traces at the edge of a dump: where its newest traces, and only these, are not whole, they were saved before all
 * proxies had sent their spans (case `saved-too-early` of fixtures/cases). Each is younger than the time that a proxy may
 * hold spans, counted back from the dump's last span. Where an older trace is not whole either, something else is wrong.
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
  const known = new Map<string, Map<TraceForm, boolean>>();
  const isAllThere = ({ trace, exchange: { probe } }: (typeof own)[number]) => {
    const form = forms.of(trace, probe.spanId);
    const ofRequests = known.get(probe.request ?? '') ?? new Map<TraceForm, boolean>();
    known.set(probe.request ?? '', ofRequests);
    const before = form && ofRequests.get(form);
    if (before !== undefined) return before;
    const whole = isWhole(assemble(trace, probe.spanId), ofRequest(application, probe.request), { naming });
    if (form !== undefined) ofRequests.set(form, whole);
    return whole;
  };
  const firstWhole = own.findIndex(isAllThere);
  if (firstWhole <= 0 || !own.slice(firstWhole).every(isAllThere)) return new Set();
  const lastMs = own.reduce(
    (last, { trace }) => trace.spans.reduce((most, span) => Math.max(most, endMicros(span) / 1000), last),
    Number.NEGATIVE_INFINITY,
  );
  const edge = own.slice(0, firstWhole);
  const isAwaited = ({ trace, exchange }: (typeof own)[number]) =>
    exchange.sentAtMs >= lastMs - flushMs - MARGIN_MS && lacksOtherHalf(trace, exchange.probe.spanId);
  return new Set(edge.every(isAwaited) ? edge.map(({ trace }) => trace) : []);
}

/**
 * A span names a parent that is not there, or an answered call has no SERVER span: more spans were made. Not where the
 * gateway's are missing and all others came: a gateway that loses spans looks like that (case `gateway-lost`).
 */
function lacksOtherHalf(trace: Trace, carriedParent: SpanId | undefined): boolean {
  const { entries, orphans, childrenOf } = assemble(trace, carriedParent);
  const isUnanswered = (span: Span) =>
    span.kind === 'client' &&
    isProxySpan(span) &&
    httpStatus(span) !== 0 &&
    !isAnsweredByProxy(span) &&
    childrenOf.get(span)?.some(({ kind }) => kind !== 'client') !== true;
  return entries.length === 1 && (orphans.length > 0 || trace.spans.some(isUnanswered));
}
