// Over 250 lines: one promise, with its notes beside each other.
import { cellsOf, type SampledEvidence } from '../diagnose/cells.ts';
import type { HopDefect } from '../diagnose/diagnose.ts';
import { callOf } from '../diagnose/hop-fact.ts';
import { isCarriedTrial } from '../diagnose/request.ts';
import { forwardedHeaders } from '../formats/formats.ts';
import { callsFrom } from '../model/application.ts';
import { hopKey, shownVersions, versionOf } from '../model/expected.ts';
import type { Fact } from '../model/facts/facts.ts';
import { ofRequest } from '../model/of-request.ts';
import type { Outcome } from '../model/outcome.ts';
import type { JudgedHop } from '../model/report.ts';
import { binomialInterval } from '../stats/interval.ts';
import { confidenceOf } from './among-targets.ts';
import { hopSubject } from './calls.ts';
import { conclude } from './conclude.ts';
import { FindingCollector } from './finding-collector.ts';
import { reportFormats } from './formats.ts';
import { countFacts, countHops } from './hops.ts';
import { noteUntouched } from './note-untouched.ts';
import { type RunView, tracesToJudge } from './run-view.ts';
import { sharedCountOf } from './shared-count.ts';
import { openTraces } from './still-open.ts';
import { unjudgedHops } from './unjudged.ts';
import { untouchedContext } from './untouched-context.ts';
import { byVersionOf, VersionTally } from './version-tally.ts';

/** The context headers survive each hop, as far as the mesh can show it; and one x-request-id goes with the request. */
export function judgePropagation(view: RunView): Outcome {
  const promise = 'propagation';
  const collector = new FindingCollector(view);
  const traces = tracesToJudge(view);
  // The decision that changed is the business of the promise about sampling. Probes that try a format count for it alone.
  const found = view.diagnosis.hopDefects.filter(
    (hopDefect) =>
      hopDefect.code !== 'HC603' && (hopDefect.fact.request.exchange.probe.trial !== true || isTrial(hopDefect)),
  );
  // Where the mesh's own format fares the same, there is nothing to say about one that was only tried.
  const own = new Set(found.filter((hopDefect) => !isTrial(hopDefect)).map(placeOf));
  const hopDefects = found.filter((hopDefect) => !isTrial(hopDefect) || !own.has(placeOf(hopDefect)));
  noteHopDefects(hopDefects, view, collector);
  noteUntouched(view, collector);
  const findings = collector.findings();
  const observed = observedOf(view);
  const kept = [...view.diagnosis.facts.counted()].some(
    ({ fact: { context, hop } }) => context === 'kept' && hop.caller !== view.application.gateway,
  );
  const reason: Fact | undefined =
    openTraces(view) ??
    (traces.length === 0 ? { kind: 'no-trace' } : !kept ? { kind: 'no-call-linked' } : unseenHops(view));
  return conclude(promise, { observed, findings, reason });
}

/** Hops that no request showed: nothing seen is neither a pass nor a fault (docs/architecture.md#rule-10). */
function unseenHops({ diagnosis }: RunView): Fact | undefined {
  const hops = diagnosis.uncaptured.map(({ fact: { hop } }) => ({ caller: hop.caller, callee: hop.callee }));
  const each = [...new Map(hops.map((hop) => [`${hop.caller} ${hop.callee}`, hop])).values()];
  return each.length === 0 ? undefined : { kind: 'calls-not-seen', hops: each };
}

function noteHopDefects(hopDefects: readonly HopDefect[], view: RunView, collector: FindingCollector): void {
  if (hopDefects.length === 0) return;
  const counted = { own: countFacts(view, false), trials: countFacts(view, true) };
  for (const alike of Map.groupBy(hopDefects, findingKey).values()) {
    const [first] = alike;
    const counts = first && isTrial(first) ? counted.trials : counted.own;
    const extent = extentOf(alike, counts, view);
    for (const hopDefect of alike) noteHopDefect(hopDefect, extent, counts, view, collector);
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
  extent: Extent,
  of: ReadonlyMap<string, number>,
  view: RunView,
  collector: FindingCollector,
): void {
  const { fact, code, causes } = hopDefect;
  const { hop, request, elsewhere } = fact;
  const call = callOf(fact);
  const spans = [call?.span, hop.callerSpan].flatMap((span) => span ?? []);
  const byVersion = byVersionOf(view.application, hop, of);
  collector.note({
    code,
    // What the mesh itself speaks is not touched by it.
    ...(isTrial(hopDefect) && { severity: 'warning' as const }),
    subject: hopSubject(view.application, hop),
    causes,
    expected: expectedOf(hopDefect),
    received: { ...hopDefect.received, ...extent },
    of: of.get(hopKey(hop)) ?? 0,
    ...(byVersion !== undefined && { byVersion }),
    among: `${hop.callerVersion ?? ''}${isTrial(hopDefect) ? ' trial' : ''}`,
    exchange: request.exchange,
    traceId: request.assembly.trace.id,
    ...(elsewhere !== undefined && { otherTraces: [elsewhere] }),
    spans,
    ...remedyOf(hopDefect, view),
  });
}

/** How much of a finding its words rest on. */
type Extent = Pick<HopDefect['received'], 'checked' | 'rate'>;

/** Where not every call was looked up, how many were; and where not every call is affected, how large the share may be. */
function extentOf(
  alike: readonly HopDefect[],
  of: ReadonlyMap<string, number>,
  { application, capture }: RunView,
): Extent {
  const calls = alike.filter(({ checked }) => checked).length;
  const hops = new Set(alike.map(({ fact }) => hopKey(fact.hop)));
  const versions = new VersionTally();
  for (const { fact } of alike) {
    const byVersion = byVersionOf(application, fact.hop, of);
    if (byVersion !== undefined) versions.add(byVersion, fact.request.exchange.probe.id);
  }
  const all = versions.of() ?? [...hops].reduce((sum, key) => sum + (of.get(key) ?? 0), 0);
  return {
    ...(calls < alike.length && { checked: { calls, of: alike.length } }),
    ...(alike.length < all && { rate: sharedCountOf(alike.length, all, confidenceOf(capture.expectations)) }),
  };
}

function expectedOf({ code, fact: { hop } }: HopDefect): Fact {
  const kind = EXPECTED[code];
  return kind === 'every-format' ? { kind } : { kind, caller: hop.caller, callee: hop.callee };
}

const EXPECTED = {
  HC501: 'same-trace',
  HC502: 'same-trace-id',
  HC503: 'whole-trace-id',
  HC504: 'own-context',
  HC505: 'under-caller',
  HC506: 'under-caller',
  HC507: 'same-request-id',
  HC509: 'every-format',
  HC510: 'server-below',
  HC603: 'call-traced',
} as const satisfies Record<HopDefect['code'], Fact['kind']>;

function remedyOf(
  { code, causes, fact: { hop } }: HopDefect,
  { capture, application }: RunView,
): { readonly remedy?: Fact } {
  const { caller, callee } = hop;
  if (code === 'HC506') return { remedy: { kind: 'export-spans', caller, callee } };
  if (code !== 'HC501' && code !== 'HC505' && code !== 'HC507') return {};
  const context = code === 'HC507' ? [] : forwardedHeaders(capture.preflight.format?.value);
  const headers = ['x-request-id', ...context];
  // The gateway sends the mesh's own format to the entry; further down another service may have changed it.
  const format =
    causes.includes('format-mismatch') && caller !== application.entry ? capture.preflight.format?.value : undefined;
  return { remedy: { kind: 'copy-headers', caller, callee, headers, ...(format !== undefined && { format }) } };
}

/** Each hop with the traces it was expected and seen in, and its row of the propagation matrix. The same view is reported once. */
export function reportHops(view: RunView): readonly JudgedHop[] {
  const before = reported.get(view);
  if (before !== undefined) return before;
  const rows = rowsOf(view);
  reported.set(view, rows);
  return rows;
}

const reported = new WeakMap<RunView, readonly JudgedHop[]>();

function rowsOf(view: RunView): readonly JudgedHop[] {
  const byHop = Map.groupBy(view.diagnosis.facts.counted(), ({ fact: { hop } }) => `${hop.caller} ${hop.callee}`);
  const format = view.capture.preflight.format?.value;
  const carried = new Set(
    view.capture.exchanges.flatMap(({ probe }) => (probe.format === 'none' ? [] : [probe.format])),
  );
  const matrix = { application: view.application, carried, ...(format !== undefined && { format }) };
  return countHops(view).map((row) => {
    const facts = byHop.get(`${row.caller} ${row.callee}`) ?? [];
    // No application makes the calls of the gateway; its spans show no header either.
    if (row.caller === view.application.gateway) return row;
    const unjudged = unjudgedHops(view).find(({ caller, callee }) => caller === row.caller && callee === row.callee);
    const notJudged = unjudged === undefined ? {} : { notJudged: unjudged.calls };
    const headers = cellsOf(facts, sampledEvidence(row, view), matrix);
    const hidden = untouchedContext(view)?.callers.has(row.caller) === true;
    return { ...row, ...notJudged, headers: hidden ? withoutHarm(headers) : headers };
  });
}

/** Where proxies do not write the context, what they read of it says nothing about the application before them. */
function withoutHarm(headers: JudgedHop['headers']): JudgedHop['headers'] {
  const hidden = { cell: 'not-observable', facts: { why: { kind: 'context-not-written' } } } as const;
  return Object.fromEntries(
    Object.entries(headers).map(([name, cell]) => [
      name,
      cell.cell === 'lost' || cell.cell === 'changed' ? hidden : cell,
    ]),
  );
}

function sampledEvidence({ caller, callee }: JudgedHop, view: RunView): SampledEvidence {
  const { application, capture, settled } = view;
  const off = capture.exchanges.filter(({ probe }) => probe.purpose === 'forced-off');
  const traced = new Map(off.length === 0 ? [] : view.traces.map((trace) => [trace.exchange.probe.id, trace] as const));
  let crossed = 0;
  let leaked = 0;
  for (const { probe, answer } of off) {
    if (answer === undefined) continue;
    const reason = settled.get(probe.id)?.reason;
    const shown = ofRequest(application, probe.request, capture.run.startedAt);
    const version = versionOf({ service: caller }, application, shownVersions(answer.page));
    if (reason === undefined || reason === 'deadline') continue;
    const calls = callsFrom(shown, caller, version);
    if (!calls.some((call) => call.callee === callee && call.optional !== true)) continue;
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

/** The share that the mesh traces by itself, at least: configured, else by the undecided probes (95 %). */
export function ownRate({ capture, traces, settled }: RunView): number {
  const configured = capture.expectations.samplingPercent?.value;
  if (configured !== undefined) return configured / 100;
  const undecided = capture.exchanges.filter(
    ({ probe, answer }) => probe.purpose === 'undecided' && answer !== undefined && settled.has(probe.id),
  );
  if (undecided.length === 0) return binomialInterval(0, 0, 0.9).low;
  const withTrace = new Set(traces.map(({ exchange }) => exchange.probe.id));
  const traced = undecided.filter(({ probe }) => withTrace.has(probe.id)).length;
  // One side of it: 95 %.
  return binomialInterval(traced, undecided.length, 0.9).low;
}

function observedOf(view: RunView): Fact {
  const rows = reportHops(view).filter(({ headers }) => Object.keys(headers).length > 0);
  let linked = 0;
  let of = 0;
  for (const { fact, calls } of view.diagnosis.facts.counted()) {
    if (fact.hop.caller === view.application.gateway || fact.request.exchange.probe.trial === true) continue;
    of += calls;
    if (fact.context === 'kept') linked += calls;
  }
  const observable = new Set(
    rows.flatMap(({ headers }) =>
      Object.entries(headers).flatMap(([name, { cell }]) => (cell === 'not-observable' ? [] : [name])),
    ),
  );
  const all = new Set(rows.flatMap(({ headers }) => Object.keys(headers)));
  const formats = reportFormats(view).flatMap(({ format, status }) =>
    status === 'own' || status === 'carried' ? [format] : [],
  );
  const unjudged = unjudgedHops(view);
  return {
    kind: 'calls-linked',
    linked,
    of,
    observable: observable.size,
    headers: all.size,
    formats,
    notJudged: unjudged.length === 0 ? undefined : unjudged,
  };
}
