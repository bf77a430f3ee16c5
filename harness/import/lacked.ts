import type { Application } from '../model/application.ts';
import { missingHops } from '../model/expected.ts';
import { httpStatus, isProxySpan, type Span } from '../model/span.ts';
import type { Assembly, Trace } from '../model/trace.ts';
import { isAnsweredByProxy } from '../model/unsent-call.ts';
import { identify, type Naming } from '../model/workload.ts';

/**
 * Names the things that a trace lacks because a proxy may not have sent their spans: hops, its `head`, or a `parent`. Empty: late
 * spans would not explain it.
 * @param options.shares SERVER spans have the ids of their calls: below a caller they show that the call's own span is missing
 */
export function lackedIn(
  assembly: Assembly,
  application: Application,
  { naming, shares }: { readonly naming: Naming; readonly shares: boolean },
): readonly string[] {
  const { entries, orphans } = assembly;
  if (entries.length > 1) return [];
  const hops = missingHops(assembly, application, { naming }).filter(
    ({ half, clientSpan, arrived, instead }) =>
      (arrived === undefined || shares) &&
      instead === undefined &&
      (half === 'client' || clientSpan === undefined || isAnswered(clientSpan)),
  );
  const missing = hops.map(({ half, caller, callee }) =>
    half === 'client' ? hopOf(caller, callee) : `answer ${hopOf(caller, callee)}`,
  );
  const lacked = entries.length === 0 ? ['head', ...missing] : missing;
  return lacked.length === 0 && orphans.length > 0 ? ['parent'] : lacked;
}

/** The call of the one service to the other, as {@link lackedIn} names it. */
export function hopOf(caller: string | undefined, callee: string | undefined): string {
  return `${caller} ${callee}`;
}

/** Calls that were answered by a proxy of which there is no span. */
export function unansweredIn({ trace, childrenOf }: Assembly): readonly Span[] {
  return trace.spans.filter(
    (span) =>
      span.kind === 'client' &&
      isProxySpan(span) &&
      isAnswered(span) &&
      childrenOf.get(span)?.some(({ kind }) => kind !== 'client') !== true,
  );
}

/** The callee answered, and not a proxy in its place. */
function isAnswered(call: Span): boolean {
  return httpStatus(call) !== 0 && !isAnsweredByProxy(call);
}

/** A proxy of one of these services took part, and every span that the trace begins with names a parent that is not there. */
export function isHeadless({ spans }: Trace, services: ReadonlySet<string>, naming: Naming): boolean {
  const ids = new Set(spans.map(({ id }) => id));
  return (
    spans.every(({ parentId }) => parentId !== undefined) &&
    spans.some(({ parentId }) => parentId !== undefined && !ids.has(parentId)) &&
    spans.some((span) => isProxySpan(span) && services.has(identify(span, naming)?.service ?? ''))
  );
}

/** A SERVER span has the id of its call (docs/facts/envoy.md#shared-span-context). */
export function sharesContext(spans: readonly Span[]): boolean {
  const clients = new Set(spans.flatMap(({ id, kind }) => (kind === 'client' ? [id] : [])));
  return spans.some(({ id, kind }) => kind === 'server' && clients.has(id));
}
