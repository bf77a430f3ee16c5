import { cellsOf, type SampledEvidence } from '../diagnose/cells.ts';
import type { HopDefect } from '../diagnose/diagnose.ts';
import { isCarriedTrial } from '../diagnose/request.ts';
import { forwardedHeaders } from '../formats/formats.ts';
import { callsFrom } from '../model/application.ts';
import { CODES } from '../model/codes.ts';
import { hopKey } from '../model/expected.ts';
import type { Outcome } from '../model/outcome.ts';
import type { ReportedHop } from '../model/report.ts';
import { binomialInterval, shareText } from '../stats/interval.ts';
import { hopSubject, plural } from './calls.ts';
import { conclude } from './conclude.ts';
import { FindingCollector } from './finding-collector.ts';
import { reportFormats } from './formats.ts';
import { countFacts, countHops } from './hops.ts';
import { type RunView, tracesToJudge } from './run-view.ts';

const LINK = 'docs/forwarding.md';

/** The context headers survive each hop, as far as the mesh can show it; and one x-request-id goes with the request. */
export function judgePropagation(view: RunView): Outcome {
  const promise = 'propagation';
  const collector = new FindingCollector(view);
  const traces = tracesToJudge(view);
  // The decision that changed is the business of the promise about sampling.
  const found = view.diagnosis.hopDefects.filter(({ code }) => code !== 'HC603');
  // Where the mesh's own format fares the same, there is nothing to say about one that was only tried.
  const own = new Set(found.filter((hopDefect) => !isTrial(hopDefect)).map(placeOf));
  const hopDefects = found.filter((hopDefect) => !isTrial(hopDefect) || !own.has(placeOf(hopDefect)));
  noteHopDefects(hopDefects, view, collector);
  const findings = collector.findings();
  const observed = observedText(view);
  const open = view.traces.filter(({ settled }) => settled.reason === 'deadline').length;
  const kept = view.diagnosis.facts.some(
    ({ context, hop }) => context === 'kept' && hop.caller !== view.application.gateway,
  );
  const reason =
    traces.length === 0
      ? 'no trace to judge'
      : open > 0
        ? `${plural(open, 'trace')} did not settle`
        : !kept
          ? 'no call of an application was seen to be linked'
          : undefined;
  return conclude(promise, { observed, findings, reason });
}

function noteHopDefects(hopDefects: readonly HopDefect[], view: RunView, collector: FindingCollector): void {
  if (hopDefects.length === 0) return;
  const counted = { own: countFacts(view, false), trials: countFacts(view, true), all: countFacts(view) };
  for (const alike of Map.groupBy(hopDefects, findingKey).values()) {
    const [first] = alike;
    const counts = first?.code === 'HC510' ? counted.all : first && isTrial(first) ? counted.trials : counted.own;
    const suffix = nowAndThen(alike, counts);
    for (const hopDefect of alike) noteHopDefect(hopDefect, suffix, counts, view, collector);
  }
}

function placeOf({ code, fact }: HopDefect): string {
  return `${code} ${hopKey(fact.hop)}`;
}

/** What becomes one finding, trials apart. */
function findingKey(hopDefect: HopDefect): string {
  const { code, fact } = hopDefect;
  return `${code} ${fact.hop.caller} ${fact.hop.callee} ${isTrial(hopDefect)}`;
}

/** Of a format that was only tried. What strips the context between two proxies strikes every format alike. */
function isTrial({ code, fact }: HopDefect): boolean {
  return code !== 'HC510' && isCarriedTrial(fact.request);
}

function noteHopDefect(
  hopDefect: HopDefect,
  suffix: string,
  of: ReadonlyMap<string, number>,
  view: RunView,
  collector: FindingCollector,
): void {
  const { fact, code, causes } = hopDefect;
  const { hop, request, call, elsewhere } = fact;
  const spans = [call?.span, hop.callerSpan].flatMap((span) => span ?? []);
  collector.note({
    code,
    // What the mesh itself speaks is not touched by it.
    ...(isTrial(hopDefect) && { severity: 'warning' as const }),
    subject: hopSubject(view.application, hop),
    causes,
    expected: EXPECTED[code],
    received: `${hopDefect.received}${suffix}`,
    of: of.get(hopKey(hop)) ?? 0,
    among: `${hop.callerVersion ?? ''}${isTrial(hopDefect) ? ' trial' : ''}`,
    exchange: request.exchange,
    traceId: request.assembly.trace.id,
    ...(elsewhere !== undefined && { otherTraces: [elsewhere] }),
    spans,
    remedy: remedyOf(hopDefect, view),
  });
}

/** Where not every request is affected, how large the share may be. */
function nowAndThen(alike: readonly HopDefect[], of: ReadonlyMap<string, number>): string {
  const hops = new Set(alike.map(({ fact }) => hopKey(fact.hop)));
  const all = [...hops].reduce((sum, key) => sum + (of.get(key) ?? 0), 0);
  if (alike.length >= all) return '';
  return `; ${alike.length * 2 > all ? 'most times' : 'now and then'}: ${shareText(alike.length, all)}`;
}

const EXPECTED: Readonly<Record<HopDefect['code'], string>> = {
  HC501: 'the call below the request it belongs to',
  HC502: 'the trace id of the request',
  HC503: 'the trace id of the request, all 128 bits',
  HC504: "the request's own context",
  HC505: 'the call below the SERVER span of its caller',
  HC506: 'the call below the SERVER span of its caller',
  HC507: 'the x-request-id of the request',
  HC509: 'every format that the mesh speaks passed on',
  HC510: 'the SERVER span below the call',
  HC603: 'the call traced, as the request was',
};

function remedyOf({ code, fact: { hop } }: HopDefect, { capture }: RunView): string {
  if (code === 'HC501' || code === 'HC505') {
    const headers = forwardedHeaders(capture.preflight.format?.value).join(', ');
    return `make ${hop.caller} copy x-request-id, ${headers} of the request it handles to its call of ${hop.callee}; snippets: ${LINK}`;
  }
  if (code === 'HC507') return `make ${hop.caller} copy x-request-id to its call of ${hop.callee}; snippets: ${LINK}`;
  return CODES[code].fix;
}

/** Each hop with the traces it was expected and seen in, and its row of the propagation matrix. The same view is reported once. */
export function reportHops(view: RunView): readonly ReportedHop[] {
  const before = reported.get(view);
  if (before !== undefined) return before;
  const rows = rowsOf(view);
  reported.set(view, rows);
  return rows;
}

const reported = new WeakMap<RunView, readonly ReportedHop[]>();

function rowsOf(view: RunView): readonly ReportedHop[] {
  const byHop = Map.groupBy(view.diagnosis.facts, ({ hop }) => `${hop.caller} ${hop.callee}`);
  const format = view.capture.preflight.format?.value;
  const carried = new Set(
    view.capture.exchanges.flatMap(({ probe }) => (probe.format === 'none' ? [] : [probe.format])),
  );
  const matrix = { application: view.application, carried, ...(format !== undefined && { format }) };
  return countHops(view).map((row) => {
    const facts = byHop.get(`${row.caller} ${row.callee}`) ?? [];
    // What the gateway sends is no application's doing; its spans show no header either.
    if (row.caller === view.application.gateway) return row;
    return { ...row, headers: cellsOf(facts, sampledEvidence(row, view), matrix) };
  });
}

function sampledEvidence({ caller, callee }: ReportedHop, view: RunView): SampledEvidence {
  const { application, capture, settled } = view;
  const traced = new Map(view.traces.map((trace) => [trace.exchange.probe.id, trace]));
  let crossed = 0;
  let leaked = 0;
  for (const { probe, answer } of capture.exchanges) {
    if (probe.purpose !== 'forced-off' || answer === undefined) continue;
    const reason = settled.get(probe.id)?.reason;
    const version = application.versioned?.service === caller ? answer.page.version : undefined;
    if (reason === undefined || reason === 'deadline') continue;
    if (!callsFrom(application, caller, version).some((call) => call.callee === callee)) continue;
    crossed += 1;
    const trace = traced.get(probe.id);
    const begins = trace?.made.some(
      ({ span, workload }) =>
        span.kind === 'client' && workload?.service === caller && !trace.assembly.parentOf.has(span),
    );
    if (begins === true) leaked += 1;
  }
  return { crossed, leaked, ownRate: ownRate(view) };
}

/** What the mesh traces of its own will, at least: configured, else by the undecided probes (95 %). */
export function ownRate({ capture, traces, settled }: RunView): number {
  const configured = capture.expectations.samplingPercent?.value;
  if (configured !== undefined) return configured / 100;
  const undecided = capture.exchanges.filter(
    ({ probe, answer }) => probe.purpose === 'undecided' && answer !== undefined && settled.has(probe.id),
  );
  const withTrace = new Set(traces.map(({ exchange }) => exchange.probe.id));
  const traced = undecided.filter(({ probe }) => withTrace.has(probe.id)).length;
  // One side of it: 95 %.
  return binomialInterval(traced, undecided.length, 0.9).low;
}

function observedText(view: RunView): string {
  const rows = reportHops(view).filter(({ headers }) => Object.keys(headers).length > 0);
  const facts = view.diagnosis.facts.filter(
    ({ hop, request }) => hop.caller !== view.application.gateway && !isCarriedTrial(request),
  );
  const kept = facts.filter(({ context }) => context === 'kept').length;
  const observable = new Set(
    rows.flatMap(({ headers }) =>
      Object.entries(headers).flatMap(([name, { cell }]) => (cell === 'not-observable' ? [] : [name])),
    ),
  );
  const all = new Set(rows.flatMap(({ headers }) => Object.keys(headers)));
  const formats = reportFormats(view).flatMap(({ format, status }) =>
    status === 'own' || status === 'carried' ? [format] : [],
  );
  return `${kept} of ${plural(facts.length, 'call')} linked · ${observable.size} of ${all.size} headers observable · carries ${formats.join(', ') || 'no known format'}`;
}
