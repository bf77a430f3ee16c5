import { answerOf } from '../diagnose/call-answer.ts';
import type { Banner } from '../model/application.ts';
import type { Exchange } from '../model/exchange.ts';
import { type CheckedHop, shownVersions, versionOf, wasServed } from '../model/expected.ts';
import type { Fact } from '../model/facts/facts.ts';
import type { EndedErrors } from '../model/facts/ingress.ts';
import { type Cause, type FindingRef, refTo, type Subject } from '../model/finding.ts';
import { ofRequest, rightStatuses, versionedServices } from '../model/of-request.ts';
import type { Outcome } from '../model/outcome.ts';
import { tag } from '../model/span.ts';
import { byStart } from '../model/trace.ts';
import { causesInRun } from './call-causes.ts';
import { hopSubject } from './calls.ts';
import { conclude } from './conclude.ts';
import { endedErrors } from './ended-errors.ts';
import { faultBehind, faultOnTheWayIn } from './excuses.ts';
import { foreignCalls } from './explanations.ts';
import { failedCall } from './failed-call.ts';
import { FindingCollector, type Note } from './finding-collector.ts';
import { downVersionBehind } from './never-answers.ts';
import { callIn, failingBelow, outagesOf } from './outages.ts';
import { remedyOf } from './remedies.ts';
import type { RunView, TraceView } from './run-view.ts';
import { type ByVersion, callingVersions } from './version-tally.ts';

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
  const ended = endedErrors(view.capture);
  if (answer === undefined) {
    collector.note({
      ...common,
      ...explained,
      code: 'HC101',
      subject: { kind: 'mesh' },
      causes: ['ingress-unreachable'],
      expected: { kind: 'an-answer' },
      received: { kind: 'no-answer', error: error?.message, ended },
      ...whenStarting(ended),
    });
    return false;
  }
  if (!rightStatuses(view.application, probe).includes(answer.status)) {
    collector.note({ ...common, ...explained, ...statusNote(exchange, answer, ended, trace, view) });
    return false;
  }
  if (!answer.page.whole) {
    collector.note({
      ...common,
      code: 'HC104',
      subject: { kind: 'mesh' },
      expected: { kind: 'whole-page', application: view.application.name },
      received: {
        kind: 'page-lacks',
        characters: answer.characters ?? answer.body.length,
        lacks: answer.page.lacks,
        ended,
      },
      ...whenStarting(ended),
    });
    return false;
  }
  for (const banner of answer.page.banners) noteBanner(banner, trace, view, common, collector);
  if (trace !== undefined) noteDisagreement(trace, view, common, collector);
  return answer.page.banners.length === 0;
}

/** An answer that the gateway gave because the entry service gave none, or the answer of the entry service itself. */
function statusNote(
  { probe }: Exchange,
  { status, headers }: NonNullable<Exchange['answer']>,
  ended: EndedErrors | undefined,
  trace: TraceView | undefined,
  view: RunView,
): Pick<Note, 'code' | 'subject' | 'causes' | 'expected' | 'received' | 'remedy'> {
  const { gateway, entry } = ofRequest(view.application, probe.request);
  const location = headers.find(([name]) => name === 'location')?.[1]?.split('?')[0];
  const outage = status < 500 ? undefined : outagesOf(view).get(`${gateway} ${entry}`);
  const call = outage === undefined || trace === undefined ? undefined : callIn(trace, entry, view);
  const causes = call === undefined ? (outage?.causes ?? []) : causesInRun(call.client, call.server, view);
  const answer = call === undefined ? outage?.answer : answerOf(call.client);
  const failure = outage?.failure;
  const failing = causes.length > 0 && { service: entry, answer, ...(failure !== undefined && { failure }) };
  return {
    code: 'HC102',
    subject: { kind: 'mesh' },
    causes,
    expected: { kind: 'http-status', status: rightStatuses(view.application, probe)[0] ?? 200 },
    received: { kind: 'http-status', status, location, ended, ...failing },
    ...remedyOf({ caller: gateway, callee: entry }, causes, { answer, failure }),
    ...whenStarting(ended),
  };
}

/** Errors that began with the run and ended in it need no other advice than to wait. */
function whenStarting(ended: EndedErrors | undefined): { readonly remedy?: Fact } {
  return ended?.starting === true ? { remedy: { kind: 'wait-for-start' } } : {};
}

type Common = { readonly of: number; readonly exchange: Exchange };

function noteBanner(
  banner: Banner,
  trace: TraceView | undefined,
  view: RunView,
  common: Common,
  collector: FindingCollector,
): void {
  const { application } = view;
  const { exchange } = common;
  const { service, caller } = failedCall(banner, exchange, trace, view);
  const outage = outagesOf(view).get(`${caller} ${service}`);
  const call = trace === undefined ? undefined : callIn(trace, service, view);
  // A call that is not in the trace has no span to name the version; the page may.
  const version = call?.version ?? versionOf({ service: caller }, application, shownVersions(exchange.answer?.page));
  const hop = { caller, callee: service, ...(version !== undefined && { callerVersion: version }) };
  // A probe that was not to be traced shows the same page as those that were.
  const causes = call === undefined ? (outage?.causes ?? []) : causesInRun(call.client, call.server, view);
  const answer = call === undefined ? outage?.answer : answerOf(call.client);
  const ended = endedErrors(view.capture);
  // Without a span of the call nothing is known of its reason.
  const known = call === undefined && causes.length === 0 ? undefined : causes;
  const explainedBy =
    faultBehind(view, service, known) ??
    injectedAt(hop, causes, view) ??
    heldUpBy(service, causes, view) ??
    downVersionBehind(outage, view);
  const failure = outage?.failure;
  const byVersion = pagesByVersion(hop, view);
  collector.note({
    ...common,
    ...(explainedBy !== undefined && { explainedBy }),
    code: 'HC103',
    subject: withCallee(hopSubject(application, hop), failure?.calleeVersions),
    ...(byVersion !== undefined && { byVersion }),
    causes,
    expected: { kind: 'page-without-errors' },
    received: { kind: 'error-banner', text: banner.text, answer, ended, ...(failure !== undefined && { failure }) },
    ...remedyOf(hop, causes, { answer, failure }),
    ...whenStarting(ended),
    ...(call !== undefined && { spans: [call.client] }),
  });
}

/** Names the versions of the callee that fail, where they differ from the others. */
function withCallee(subject: Subject, calleeVersions: readonly string[] | undefined): Subject {
  return calleeVersions === undefined || subject.kind !== 'hop' ? subject : { ...subject, calleeVersions };
}

/** A fault rule that ends or delays calls of this hop is the cause of what pages show of it. */
function injectedAt(
  hop: Pick<CheckedHop, 'caller' | 'callee'>,
  causes: readonly Cause[],
  { application }: RunView,
): FindingRef | undefined {
  return causes.includes('fault-injected') ? refTo('HC307', hopSubject(application, hop)) : undefined;
}

/** A call further down that the service waits for; one that answered with an error did not wait. */
function heldUpBy(service: string, causes: readonly Cause[], view: RunView): FindingRef | undefined {
  const isLate = causes.every((cause) => cause === 'callee-slow' || cause === 'fault-injected');
  return isLate ? failingBelow(service, view) : undefined;
}

/** Pages by the version of the caller that they name, where the caller is a service whose versions pages name. */
function pagesByVersion(
  { caller, callee, callerVersion }: { caller: string; callee: string; callerVersion?: string },
  { application, capture }: RunView,
): ByVersion | undefined {
  const versions = callingVersions(application, caller, callee);
  if (versions === undefined || versionedServices(application).every(({ service }) => service !== caller))
    return undefined;
  const shown = capture.exchanges.map(({ answer }) =>
    versionOf({ service: caller }, application, shownVersions(answer?.page)),
  );
  const of = (version: string) => shown.filter((one) => one === version).length;
  return { ...(callerVersion !== undefined && { version: callerVersion }), versions, of };
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
