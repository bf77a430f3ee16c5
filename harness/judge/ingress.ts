import { answerOf, causesOfCall } from '../diagnose/call-answer.ts';
import type { Banner } from '../model/application.ts';
import type { Exchange } from '../model/exchange.ts';
import { type CheckedHop, shownVersions, versionOf, wasServed } from '../model/expected.ts';
import type { FindingRef } from '../model/finding.ts';
import { ofRequest, rightStatuses } from '../model/of-request.ts';
import type { Outcome } from '../model/outcome.ts';
import { calledService, type Span, tag } from '../model/span.ts';
import { byStart } from '../model/trace.ts';
import { hopSubject } from './calls.ts';
import { conclude } from './conclude.ts';
import { faultBehind, faultOnTheWayIn } from './excuses.ts';
import { explanationOf, foreignCalls, slowBelow } from './explanations.ts';
import { FindingCollector } from './finding-collector.ts';
import type { RunView, TraceView } from './run-view.ts';

/** Every probe is answered 200 with a whole page, and page and trace agree on who made it. */
export function judgeIngress(view: RunView): Outcome {
  const { capture } = view;
  const collector = new FindingCollector(view);
  const traces = new Map(view.traces.map((trace) => [trace.exchange.probe.id, trace]));
  // A probe that was under way when the run was ended says nothing about the ingress.
  const exchanges = capture.exchanges.filter(({ error }) => error?.kind !== 'interrupted');
  let good = 0;
  for (const exchange of exchanges) {
    if (noteAnswer(exchange, traces.get(exchange.probe.id), view, exchanges.length, collector)) good += 1;
  }
  const findings = collector.findings();
  const observed = { kind: 'whole-pages', whole: good, of: exchanges.length } as const;
  return conclude('ingress', {
    observed,
    findings,
    reason: exchanges.length === 0 ? { kind: 'no-probe-answered' } : undefined,
  });
}

/** True when there is nothing wrong with the answer itself. */
function noteAnswer(
  exchange: Exchange,
  trace: TraceView | undefined,
  view: RunView,
  of: number,
  collector: FindingCollector,
): boolean {
  const { answer, error, probe } = exchange;
  const traceId = trace?.assembly.trace.id ?? probe.traceId;
  const common = { of, exchange, ...(traceId !== undefined && { traceId }) };
  const fault = faultOnTheWayIn(view, exchange);
  const explained = fault === undefined ? {} : { explainedBy: fault };
  if (answer === undefined) {
    collector.note({
      ...common,
      ...explained,
      code: 'HC101',
      subject: { kind: 'mesh' },
      causes: ['ingress-unreachable'],
      expected: { kind: 'an-answer' },
      received: { kind: 'no-answer', error: error?.message },
    });
    return false;
  }
  const statuses = rightStatuses(view.application, probe);
  if (!statuses.includes(answer.status)) {
    const location = answer.headers.find(([name]) => name === 'location')?.[1]?.split('?')[0];
    collector.note({
      ...common,
      ...explained,
      code: 'HC102',
      subject: { kind: 'mesh' },
      expected: { kind: 'http-status', status: statuses[0] ?? 200 },
      received: { kind: 'http-status', status: answer.status, location },
    });
    return false;
  }
  if (!answer.page.whole) {
    collector.note({
      ...common,
      code: 'HC104',
      subject: { kind: 'mesh' },
      expected: { kind: 'whole-page', application: view.application.name },
      received: { kind: 'page-lacks', characters: answer.characters ?? answer.body.length, lacks: answer.page.lacks },
    });
    return false;
  }
  for (const banner of answer.page.banners) noteBanner(banner, trace, view, common, collector);
  if (trace !== undefined) noteDisagreement(trace, view, common, collector);
  return answer.page.banners.length === 0;
}

type Common = { readonly of: number; readonly exchange: Exchange };

function noteBanner(
  { service: blamed, text }: Banner,
  trace: TraceView | undefined,
  view: RunView,
  common: Common,
  collector: FindingCollector,
): void {
  const { request } = common.exchange.probe;
  const application = ofRequest(view.application, request);
  // Of an error that the answer gives to no other service the trace may show whose it is; of a probe without a trace, those
  // of the same request.
  const alike =
    trace === undefined ? view.traces.filter(({ exchange }) => exchange.probe.request === request) : [trace];
  const failed = blamed === application.entry ? alike.map(failedService).find((one) => one !== undefined) : undefined;
  const service = failed ?? blamed;
  const callers = application.calls.filter(({ callee }) => callee === service);
  const caller = callers[0]?.caller ?? (service === application.entry ? application.gateway : application.entry);
  const call = trace === undefined ? undefined : lastCallTo(service, trace);
  // A call that is not in the trace has no span to name the version; the page may.
  const shown = shownVersions(common.exchange.answer?.page);
  const version = call?.version ?? versionOf({ service: caller }, view.application, shown);
  // A probe that was not to be traced shows the same page as those that were.
  const like = trace === undefined ? view.traces : [trace];
  const causes = call === undefined ? undefined : causesOfCall(call.client, call.server);
  const explainedBy =
    faultBehind(view, service, causes) ??
    like
      .flatMap(({ hops, exchange }) => hops.map((hop) => ({ hop, probe: exchange.probe.id })))
      .filter(({ hop }) => hop.caller === caller && hop.callee === service)
      .map(({ hop, probe }) => missingServer(hop, probe, view))
      .find((found) => found !== undefined) ??
    slowBelow(service, view);
  collector.note({
    ...common,
    ...(explainedBy !== undefined && { explainedBy }),
    code: 'HC103',
    subject: hopSubject(view.application, {
      caller,
      callee: service,
      ...(version !== undefined && { callerVersion: version }),
    }),
    causes: causes ?? [],
    expected: { kind: 'page-without-errors' },
    received: { kind: 'error-banner', text, answer: call && answerOf(call.client) },
    ...(call !== undefined && { spans: [call.client] }),
  });
}

/** Whose call failed furthest down: the calls above it failed because of it. */
function failedService({ made, assembly, application }: TraceView): string | undefined {
  const failed = made.filter(
    ({ span, workload }) =>
      span.kind === 'client' && workload?.service !== application.gateway && causesOfCall(span).length > 0,
  );
  const above = new Set<Span>();
  for (const { span } of failed) {
    let parent = assembly.parentOf.get(span);
    for (let steps = 0; parent !== undefined && steps < assembly.trace.spans.length; steps += 1) {
      above.add(parent);
      parent = assembly.parentOf.get(parent);
    }
  }
  const deepest = failed.map(({ span }) => span).filter((span) => !above.has(span));
  const [last] = deepest.toSorted(byStart).slice(-1);
  return last && calledService(last);
}

/** Where nobody answered the call, trace shape names that, and the banner is what a user sees of it. */
function missingServer(hop: CheckedHop, probe: string, view: RunView): FindingRef | undefined {
  if (hop.half !== 'server' || hop.clientSpan === undefined || causesOfCall(hop.clientSpan).length === 0)
    return undefined;
  return (
    explanationOf(hop, probe, view) ?? {
      promise: 'trace-shape',
      code: 'HC303',
      subject: hopSubject(view.application, hop),
    }
  );
}

function lastCallTo(
  service: string,
  { made, assembly, makers }: TraceView,
): { client: Span; server?: Span; version?: string } | undefined {
  const clients = made.filter(({ span }) => span.kind === 'client' && calledService(span) === service);
  const last = clients
    .map(({ span }) => span)
    .toSorted(byStart)
    .at(-1);
  if (last === undefined) return undefined;
  const server = assembly.childrenOf.get(last)?.find(({ kind }) => kind === 'server');
  const version = makers.get(last)?.version;
  return { client: last, ...(server !== undefined && { server }), ...(version !== undefined && { version }) };
}

/** Retries make several SERVER spans; the page is of the last one that was answered. */
function noteDisagreement(trace: TraceView, view: RunView, common: Common, collector: FindingCollector): void {
  const { version, pod, further = {} } = common.exchange.answer?.page ?? {};
  const service = view.application.versioned?.service;
  if (service !== undefined && version !== undefined)
    noteOther(service, { version, ...(pod !== undefined && { pod }) }, trace, view, common, collector);
  for (const [name, shown] of Object.entries(further)) noteOther(name, shown, trace, view, common, collector);
}

function noteOther(
  service: string,
  page: { readonly version: string; readonly pod?: string | undefined },
  trace: TraceView,
  view: RunView,
  common: Common,
  collector: FindingCollector,
): void {
  const served = trace.made.filter(
    ({ span, workload }) => span.kind === 'server' && workload?.service === service && wasServed(span),
  );
  const last = served.toSorted((a, b) => byStart(a.span, b.span)).at(-1);
  if (last?.workload === undefined) return;
  const { version, pod } = last.workload;
  const versionDiffers = version !== undefined && version !== page.version;
  const podDiffers =
    page.pod !== undefined && pod !== undefined && tag(last.span, 'node_id') !== undefined && pod !== page.pod;
  if (!versionDiffers && !podDiffers) return;
  const reused = foreignCalls(trace, view);
  collector.note({
    ...common,
    code: 'HC105',
    subject: { kind: 'service', service },
    expected: { kind: 'made-by', name: page.pod ?? page.version, by: 'page' },
    received: { kind: 'made-by', name: (podDiffers ? pod : version) ?? '', by: 'trace' },
    spans: [last.span],
    ...(reused !== undefined && { explainedBy: reused }),
  });
}
