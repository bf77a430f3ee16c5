import { onceOfKind } from '../diagnose/alike.ts';
import { hopKey } from '../model/expected.ts';
import { calledService, isProxySpan, type Span, tag } from '../model/span.ts';
import { identify } from '../model/workload.ts';
import type { RunView, TraceView } from './run-view.ts';
import { BEFORE_PROVIDER_MS, type SeenChange } from './seen-change.ts';

/**
 * A change of the tracing provider, as spans show it (docs/facts/istio.md#changing-the-provider): inbound listeners go on
 * with the old tracer for some seconds, all else begins with the new one. So SERVER spans of a request are in one trace and
 * its calls in another, with one x-request-id, and earlier requests were whole.
 */
export function providerChangeIn(view: RunView, aheadMs: number): readonly SeenChange[] {
  const split = [
    ...view.traces.filter((trace) => isSplit(trace, view)).map(({ exchange }) => exchange.sentAtMs),
    ...episodesIn(view),
  ];
  if (split.length === 0) return [];
  const atMs = Math.min(...split);
  const isWhole = onceOfKind(
    ({ hops, assembly }: TraceView) => hops.every(({ half }) => half === undefined) && assembly.orphans.length === 0,
  );
  const wasWhole = view.traces.some((trace) => trace.exchange.sentAtMs < atMs && isWhole(trace));
  return wasWhole ? [{ fact: { what: 'provider', atMs: atMs + aheadMs }, fromMs: atMs - BEFORE_PROVIDER_MS }] : [];
}

/** An order of requests that chance gives more rarely than this is a time in which something was different. */
const BY_CHANCE = 0.01;

/**
 * Calls between two proxies of which the SERVER span begins another trace (HC510) for some time, with whole requests
 * before and after it. Nothing that lies between two proxies comes and goes. A change of their configuration does: proxies
 * take it one after the other, and meanwhile some write the new format, which others do not read yet.
 * @returns when the requests in it were sent
 */
function episodesIn({ diagnosis, traces }: RunView): readonly number[] {
  const stripped = diagnosis.hopDefects.filter(({ code, fact }) => code === 'HC510' && fact.request.isPart !== true);
  return [...Map.groupBy(stripped, ({ fact }) => hopKey(fact.hop))].flatMap(([key, defects]) => {
    const harmed = new Set(defects.map(({ fact }) => fact.request.exchange.probe.id));
    const crosses = onceOfKind(({ hops }: TraceView) => hops.some((hop) => hopKey(hop) === key));
    const calls = traces
      .filter(crosses)
      .map(({ exchange }) => ({ sentAtMs: exchange.sentAtMs, isHarmed: harmed.has(exchange.probe.id) }))
      .toSorted((a, b) => a.sentAtMs - b.sentAtMs);
    const from = calls.findIndex(({ isHarmed }) => isHarmed);
    const to = calls.findLastIndex(({ isHarmed }) => isHarmed);
    const episode = calls.slice(from, to + 1);
    const isBetween = from > 0 && to < calls.length - 1 && episode.every(({ isHarmed }) => isHarmed);
    if (!isBetween || inOneRun(episode.length, calls.length) >= BY_CHANCE) return [];
    return episode.map(({ sentAtMs }) => sentAtMs);
  });
}

/** The probability that `some` of `all` that are picked by chance lie in one run: (all − some + 1) / C(all, some). */
function inOneRun(some: number, all: number): number {
  let ways = 1;
  for (let one = 1; one <= some; one += 1) ways = (ways * (all - some + one)) / one;
  return (all - some + 1) / ways;
}

/** One trace has the SERVER spans of sidecars, the other one calls that lead to these. */
function isSplit(trace: TraceView, view: RunView): boolean {
  const fragments = view.fragments.get(trace.exchange.probe.id);
  if (fragments === undefined) return false;
  const own = trace.assembly.trace.spans;
  return fragments.some(
    ({ spans }) => sameRequest(own, spans) && (isSplitBetween(own, spans, view) || isSplitBetween(spans, own, view)),
  );
}

function isSplitBetween(servers: readonly Span[], clients: readonly Span[], view: RunView): boolean {
  const ofSidecars = (spans: readonly Span[]) =>
    spans.filter((span) => isProxySpan(span) && identify(span, view.naming)?.service !== view.application.gateway);
  const received = ofSidecars(servers);
  const called = ofSidecars(clients);
  if (received.length === 0 || called.length === 0) return false;
  if (received.some(({ kind }) => kind !== 'server') || called.some(({ kind }) => kind !== 'client')) return false;
  const names = new Set(received.map((span) => identify(span, view.naming)?.service));
  return called.some((span) => names.has(calledService(span) ?? ''));
}

/** The digit of Envoy's decision is not a part of it (docs/facts/envoy.md#decision). */
function sameRequest(some: readonly Span[], others: readonly Span[]): boolean {
  const ids = (spans: readonly Span[]) =>
    spans.flatMap((span) => {
      const id = tag(span, 'guid:x-request-id');
      return id === undefined ? [] : [`${id.slice(0, 14)}${id.slice(15)}`];
    });
  const known = new Set(ids(some));
  return ids(others).some((id) => known.has(id));
}
