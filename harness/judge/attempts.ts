import { onceOfKind } from '../diagnose/alike.ts';
import type { Application, PageFacts } from '../model/application.ts';
import type { Exchange } from '../model/exchange.ts';
import { wasServed } from '../model/expected.ts';
import { ofRequest, servicesFrom } from '../model/of-request.ts';
import { calledService } from '../model/span.ts';
import { byStart } from '../model/trace.ts';
import type { Workload } from '../model/workload.ts';
import type { RunView, TraceView } from './run-view.ts';
import { spansOf } from './view-traces.ts';

/** One request to the versioned service: a turn that its balancer gave to a pod. */
export interface Attempt {
  /** Who answered; absent where neither span nor page says. */
  readonly version?: string;
  readonly pod?: string;
  /** Number of the part that sent its probe; absent: the run has one. */
  readonly part?: number;
  /** The application answered below 500. One that did not had its turn, and counts for no share. */
  readonly served: boolean;
  /** Of the CLIENT span that made it; absent where only the page is known. */
  readonly call?: { readonly caller: string; readonly startMicros: number };
}

export interface Attempts {
  /** In order of the probes; within one, by start. */
  readonly made: readonly Attempt[];
  /** At least one is known from a span. */
  readonly fromSpans: boolean;
  /** Calls of the service without an answer, and probes without an answer: turns that may have been taken. */
  readonly unseen: number;
  /** Several processes sent probes at the same time: each took turns between those of the others. */
  readonly isInterleaved: boolean;
}

/** As they were sent: a capture has them as they were answered, and a slow page does not change the order of turns. */
export function inProbeOrder(exchanges: readonly Exchange[]): readonly Exchange[] {
  const byNumber = new Intl.Collator('en', { numeric: true });
  return exchanges.toSorted((a, b) => a.sentAtMs - b.sentAtMs || byNumber.compare(a.probe.id, b.probe.id));
}

/**
 * The attempts of a run: SERVER spans of the versioned service (a retry is a separate attempt); for a probe without
 * such a span, what its page says.
 */
export function attemptsOf({ application, capture, traces, naming }: RunView, service: string): Attempts {
  const isFirst = application.versioned?.service === service;
  const byProbe = new Map(traces.map((trace) => [trace.exchange.probe.id, trace]));
  const unansweredIn = onceOfKind((trace: TraceView) => unanswered(trace, service, application.gateway, naming.homes));
  const placesIn = onceOfKind((trace: TraceView) => placesOf(trace, service));
  const made: Attempt[] = [];
  let fromSpans = false;
  let unseen = 0;
  for (const { probe, answer } of inProbeOrder(capture.exchanges)) {
    const trace = byProbe.get(probe.id);
    if (!isReached(service, ofRequest(application, probe.request, capture.run.startedAt))) continue;
    const page = shownOf(service, isFirst, answer?.page);
    const seen = trace === undefined ? [] : attemptsIn(trace, placesIn(trace), page);
    fromSpans ||= seen.length > 0;
    unseen += trace === undefined ? 0 : unansweredIn(trace);
    const ofPart = probe.part === undefined ? {} : { part: probe.part };
    if (seen.length > 0) made.push(...seen.map((attempt) => ({ ...attempt, ...ofPart })));
    else if (answer === undefined) unseen += 1;
    // Of a further service that the answer does not show there is nothing to count.
    else if (isFirst || page !== undefined) made.push({ ...known(page?.version, page?.pod), ...ofPart, served: true });
  }
  return { made, fromSpans, unseen, isInterleaved: isInterleaved(capture.exchanges) };
}

/** A part that begins before another one has ended. */
function isInterleaved(exchanges: readonly Exchange[]): boolean {
  const parts = [...Map.groupBy(exchanges, ({ probe }) => probe.part ?? 0).values()].map((own) => ({
    firstMs: own.reduce((first, { sentAtMs }) => Math.min(first, sentAtMs), Number.POSITIVE_INFINITY),
    lastMs: own.reduce((last, { answeredAtMs }) => Math.max(last, answeredAtMs), 0),
  }));
  const ordered = parts.toSorted((a, b) => a.firstMs - b.firstMs);
  return ordered.some(({ firstMs }, at) => firstMs < (ordered[at - 1]?.lastMs ?? 0));
}

function isReached(service: string, application: Application): boolean {
  return servicesFrom(application, application.entry).includes(service);
}

/** The version and pod of a service, by the answer. */
function shownOf(service: string, isFirst: boolean, page: PageFacts | undefined): Shown | undefined {
  if (isFirst) return page;
  return page?.further !== undefined && Object.hasOwn(page.further, service) ? page.further[service] : undefined;
}

type Shown = Pick<PageFacts, 'version' | 'pod'>;

/** Where the spans of an attempt lie among those of its trace, and what does not depend on its time. */
interface AttemptPlace {
  readonly workload: Workload | undefined;
  readonly served: boolean;
  /** The pod that called, and the place of its CLIENT span. */
  readonly call?: { readonly caller: string; readonly at: number };
}

function placesOf({ made, makers, assembly }: TraceView, service: string): readonly AttemptPlace[] {
  const copies = new Set(assembly.duplicates);
  return made
    .filter(({ span, workload }) => span.kind === 'server' && workload?.service === service && !copies.has(span))
    .toSorted((a, b) => byStart(a.span, b.span))
    .map(({ span, workload }): AttemptPlace => {
      const client = assembly.parentOf.get(span);
      const caller = client?.kind === 'client' ? makers.get(client)?.pod : undefined;
      return {
        workload,
        served: wasServed(span),
        ...(client !== undefined &&
          caller !== undefined && { call: { caller, at: assembly.trace.spans.indexOf(client) } }),
      };
    });
}

function attemptsIn(trace: TraceView, places: readonly AttemptPlace[], page: Shown | undefined): Attempt[] {
  return places.map(({ workload, served, call }): Attempt => {
    const client = call && spansOf(trace)[call.at];
    return {
      ...known(workload?.version ?? page?.version, workload?.pod),
      served,
      ...(call !== undefined &&
        client !== undefined && { call: { caller: call.caller, startMicros: client.startMicros } }),
    };
  });
}

/** Calls of the service below which nothing is: no endpoint, no connection. */
function unanswered(
  { made, assembly }: TraceView,
  service: string,
  gateway: string,
  homes: RunView['naming']['homes'],
): number {
  return made.filter(
    ({ span, workload }) =>
      span.kind === 'client' &&
      workload?.service !== gateway &&
      calledService(span, homes) === service &&
      !assembly.childrenOf.has(span),
  ).length;
}

function known(version: string | undefined, pod: string | undefined): Pick<Attempt, 'version' | 'pod'> {
  return { ...(version !== undefined && { version }), ...(pod !== undefined && { pod }) };
}
