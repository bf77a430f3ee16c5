import type { Application } from '../model/application.ts';
import { strayCalls } from '../model/call-place.ts';
import { isWhole } from '../model/expected.ts';
import { MARGIN_MS } from '../model/limits.ts';
import { ofRequest } from '../model/of-request.ts';
import { onceOf } from '../model/once-of.ts';
import { calledService, endMicros, isProxySpan, type Span } from '../model/span.ts';
import { type Assembly, assemble, type Trace } from '../model/trace.ts';
import { identify, type Naming } from '../model/workload.ts';
import type { DumpForms } from './dump-forms.ts';
import type { Claim } from './dump-index.ts';
import { hopOf, isHeadless, lackedIn, sharesContext, unansweredIn } from './lacked.ts';

/** So likely may it be at most that lacking traces lie at the end of a dump by accident: else it was saved too early. */
const MOST_BY_ACCIDENT = 0.1;
/** The same of one thing that traces lack, and of a dump in which older ones lack something too: there is more to try. */
const MOST_BY_ACCIDENT_OF_MANY = 0.025;

/** What is known of a dump. */
interface Dump {
  readonly claims: readonly Claim[];
  /** Traces that belong to no request. */
  readonly others: readonly Trace[];
  /** Requests of which another trace has a part: their own trace waits for nothing. */
  readonly parted: ReadonlySet<string>;
  readonly application: Application;
  readonly naming: Naming;
  readonly forms: DumpForms;
  /** How long a proxy holds spans. */
  readonly flushMs: number;
}

/** A trace of a request. */
interface Own {
  readonly trace: Trace;
  readonly exchange: Claim['exchange'];
}

/** A trace in the order of a dump. */
interface Placed {
  readonly trace: Trace;
  readonly sentAtMs: number;
  /** Absent: no span of it shows which request it is of. */
  readonly own?: Own;
  readonly isWhole: boolean;
}

/**
 * The traces at the edge of a dump: where only traces among its newest are not whole, they were saved before all
 * proxies had sent their spans (case `saved-too-early` of fixtures/cases). Each is younger than the time that a proxy may
 * hold spans, counted back from the dump's last span; whole ones may lie between them, of requests that did not pass
 * the proxy that had not sent. What older traces lack too is something else, and no sign of the edge.
 *
 * Two things show the edge. That traces lack something only among the newest, where spans that get lost would hardly lie
 * so ({@link byAccident}). Or, of a few traces, that each of these shows a span that was made and is not there.
 */
export function unfinishedTraces(dump: Dump): ReadonlySet<Trace> {
  const { claims, forms, naming, parted } = dump;
  const own = claims.flatMap(({ own: trace, exchange }): Own[] => (trace === undefined ? [] : [{ trace, exchange }]));
  const isAllThere = askPerRequest(dump, (assembly, of) => isWhole(assembly, of, { naming }));
  const placed = own
    .map((one): Placed => {
      return { trace: one.trace, sentAtMs: one.exchange.sentAtMs, own: one, isWhole: isAllThere(one) };
    })
    .toSorted(newestFirst);
  if (placed.every((one) => one.isWhole)) return new Set();
  const lastMs = placed.reduce(
    (last, { trace }) => trace.spans.reduce((most, span) => Math.max(most, endMicros(span) / 1000), last),
    Number.NEGATIVE_INFINITY,
  );
  const isYoung = ({ sentAtMs }: Placed) => sentAtMs >= lastMs - dump.flushMs - MARGIN_MS;
  if (!placed.some((one) => !one.isWhole && isYoung(one))) return new Set();
  const isSharing = forms.once(({ spans }) => sharesContext(spans));
  const shares = own.some(({ trace }) => isSharing(trace));
  const lackedOf = askPerRequest(dump, (assembly, of) => lackedIn(assembly, of, { naming, shares }));
  const lackedBy = ({ own: one, isWhole }: Placed) => (isWhole ? [] : one === undefined ? ['head'] : lackedOf(one));
  const all = [...placed, ...headlessOf(dump)].toSorted(newestFirst);
  const usual = new Set([...all.filter((one) => !isYoung(one)).flatMap(lackedBy), ...replayedIn(all, naming)]);
  const unusual = (one: Placed) => lackedBy(one).filter((what) => !usual.has(what));
  const isParted = ({ own: one }: Placed) => one !== undefined && parted.has(one.exchange.probe.id);
  const waiting = all.filter((one) => isYoung(one) && !isParted(one) && unusual(one).length > 0);
  const most = usual.size === 0 ? MOST_BY_ACCIDENT : MOST_BY_ACCIDENT_OF_MANY;
  if (isAtEdge(waiting, all, unusual, most)) return new Set(waiting.map(({ trace }) => trace));
  return fewAtEdge(placed, isYoung, naming);
}

function newestFirst(a: Placed, b: Placed): number {
  return b.sentAtMs - a.sentAtMs;
}

/** Traces of the application of which the first spans are not there. */
function headlessOf({ others, application, naming, forms }: Dump): readonly Placed[] {
  const services = new Set(application.services.map(({ name }) => name));
  const isOne = forms.once((trace) => isHeadless(trace, services, naming));
  return others.filter(isOne).map((trace): Placed => {
    const sentAtMs = trace.spans.reduce(
      (first, span) => Math.min(first, span.startMicros / 1000),
      Number.POSITIVE_INFINITY,
    );
    return { trace, sentAtMs, isWhole: false };
  });
}

/** Calls that lie in the trace of an earlier request, whose context they carry: the requests that lack them wait for nothing. */
function replayedIn(all: readonly Placed[], naming: Naming): readonly string[] {
  return all
    .filter(({ trace }) => isReplayed(trace))
    .flatMap(({ trace }) =>
      strayCalls(trace).map((span) => hopOf(identify(span, naming)?.service, calledService(span, naming.homes))),
    );
}

/** A call began when the first span of the trace had ended. */
function isReplayed({ spans }: Trace): boolean {
  const first = spans.reduce<Span | undefined>(
    (one, span) => (one === undefined || span.startMicros < one.startMicros ? span : one),
    undefined,
  );
  return spans.some(
    ({ kind, startMicros }) => kind === 'client' && first !== undefined && startMicros > endMicros(first),
  );
}

/** Asks once of all traces that the form of the trace and the request make alike. */
function askPerRequest<Answer>(
  { application, forms }: Dump,
  ask: (assembly: Assembly, of: Application) => Answer,
): (one: Own) => Answer {
  const byRequest = new Map<string | undefined, (one: Own) => Answer>();
  return (one) => {
    const { request } = one.exchange.probe;
    const of = ofRequest(application, request);
    const known =
      byRequest.get(request) ??
      onceOf(
        ({ trace, exchange }: Own) => forms.of(trace.spans, exchange.probe.spanId),
        ({ trace, exchange }) => ask(assemble(trace, exchange.probe.spanId), of),
      );
    byRequest.set(request, known);
    return known(one);
  };
}

/** The traces that lack something are the newest, and not by accident. */
function isAtEdge(
  waiting: readonly Placed[],
  all: readonly Placed[],
  lackedBy: (one: Placed) => readonly string[],
  most: number,
): boolean {
  if (waiting.length === 0) return false;
  const rank = new Map(all.map((one, at) => [one, at + 1]));
  const oldest = (some: readonly Placed[]) => some.reduce((last, one) => Math.max(last, rank.get(one) ?? 0), 0);
  if (byAccident(waiting.length, oldest(waiting), all.length) <= most) return true;
  return [...new Set(waiting.flatMap(lackedBy))].some((what) => {
    const some = waiting.filter((one) => lackedBy(one).includes(what));
    return byAccident(some.length, oldest(some), all.length) <= MOST_BY_ACCIDENT_OF_MANY;
  });
}

/** How likely it is that some of all traces, picked at random, lie among so many newest. */
function byAccident(some: number, newest: number, all: number): number {
  let likelihood = 1;
  for (let nth = 0; nth < some; nth += 1) likelihood *= (newest - nth) / (all - nth);
  return likelihood;
}

/**
 * The same of a dump that is too small for its order to show anything: the newest is not whole, no older one lacks
 * anything, each of those that do shows that more spans were made, and of whom they lack spans other traces have some.
 */
function fewAtEdge(placed: readonly Placed[], isYoung: (one: Placed) => boolean, naming: Naming): ReadonlySet<Trace> {
  const broken = placed.filter((one) => !one.isWhole);
  if (broken[0] !== placed[0] || broken.length === placed.length || !broken.every(isYoung)) return new Set();
  const edge = broken.flatMap(({ trace, own }) =>
    own === undefined ? [] : [{ trace, assembly: assemble(trace, own.exchange.probe.spanId) }],
  );
  const headless = new Set(edge.flatMap(({ trace, assembly }) => (assembly.entries.length === 0 ? [trace] : [])));
  // A gateway that loses spans looks like one that has not sent (case `gateway-lost`), unless others have not sent either.
  const withHead = edge.every(({ trace, assembly }) => headless.has(trace) && !lacksBelow(assembly))
    ? 0
    : placed.findIndex(({ trace }) => !headless.has(trace));
  const beforeHead = new Set(placed.slice(0, Math.max(withHead, 0)).map(({ trace }) => trace));
  const isEdge = ({ trace, assembly }: (typeof edge)[number]) =>
    headless.has(trace) ? beforeHead.has(trace) : lacksOtherHalf(assembly);
  if (!edge.every(isEdge)) return new Set();
  const lacking = new Set(
    edge.flatMap(({ assembly }) => unansweredIn(assembly).map((span) => calledService(span, naming.homes))),
  );
  const edges = new Set(edge.map(({ trace }) => trace));
  for (const { trace } of placed) {
    if (lacking.size === 0) break;
    if (edges.has(trace)) continue;
    for (const span of trace.spans) if (isServer(span)) lacking.delete(identify(span, naming)?.service);
  }
  return lacking.size === 0 ? edges : new Set();
}

function isServer(span: Span): boolean {
  return span.kind === 'server' && isProxySpan(span);
}

/** A span names a parent that is not there, or an answered call has no SERVER span: more spans were made. */
function lacksOtherHalf(assembly: Assembly): boolean {
  return assembly.entries.length === 1 && (assembly.orphans.length > 0 || unansweredIn(assembly).length > 0);
}

/** The same of a trace without its beginning: its first span names a parent that is not there, and more is missing. */
function lacksBelow(assembly: Assembly): boolean {
  return assembly.orphans.length > 1 || unansweredIn(assembly).length > 0;
}
