import { oneOfEach } from '../diagnose/alike.ts';
import { DECIDING_HEADERS } from '../formats/formats.ts';
import type { Sourced } from '../model/capture.ts';
import { MOST_UNDECIDED } from '../model/exchange.ts';
import type { Fact } from '../model/facts/facts.ts';
import { type FindingRef, refTo } from '../model/finding.ts';
import { rounded } from '../model/numbers.ts';
import type { Outcome } from '../model/outcome.ts';
import type { RateSensitivity } from '../model/sensitivity.ts';
import { ALPHA } from '../stats/alpha.ts';
import { binomialInterval } from '../stats/interval.ts';
import { testRate } from '../stats/rate-test.ts';
import { POWER } from '../stats/share-power.ts';
import { confidenceOf, targetsOf } from './among-targets.ts';
import { conclude } from './conclude.ts';
import { FindingCollector } from './finding-collector.ts';
import type { RunView } from './run-view.ts';
import { rateSensitivityOf } from './sensitivity.ts';
import { type Group, probesOf } from './sent.ts';
import { sharedCountOf } from './shared-count.ts';
import { openProbesFact } from './still-open.ts';
import { tailSamplingIn } from './tail-sampling.ts';

/** Headers that decide for the mesh, or may: a request that carries one is not undecided. */
const DECIDING = new Set(['x-client-trace-id', 'x-envoy-force-trace', 'x-request-id', ...DECIDING_HEADERS]);

/**
 * The mesh traces the configured share of the probes that carry no decision. The gateway decides, at random
 * and for each request anew, because it makes a new x-request-id for every request from outside, and both drivers go by
 * that below 100 % (docs/facts/envoy.md#version-order, #headers-seen); what is lost below it takes nothing from the
 * share. Fails wherever the exact test rejects, however few the probes: its false alarms are at most α. Where it does
 * not, it holds only with enough probes to tell the rate from half of it and from twice it, and is `skipped` else, with
 * their number.
 */
export function judgeSamplingRate(view: RunView): Outcome {
  const promise = 'sampling-rate';
  const given = view.capture.expectations.samplingPercent;
  if (given === undefined)
    return {
      promise,
      status: 'skipped',
      facts: { observed: { kind: 'no-rate-known' }, reason: { kind: 'no-rate' } },
      findings: [],
    };
  const group = openProbes(view);
  const { closed, open } = group;
  const traced = closed.filter(({ trace }) => trace !== undefined).length;
  const { expectations } = view.capture;
  const reach = rateSensitivityOf(closed.length + open, given.value / 100, targetsOf(expectations));
  const observed: Fact = {
    kind: 'rate-observed',
    traced: sharedCountOf(traced, closed.length, confidenceOf(expectations)),
    open,
    below: reach.below,
    above: reach.above,
  };
  const blind = whyBlind(view, group);
  if (blind !== undefined)
    return { promise, status: blind.status, facts: { observed, reason: blind.reason }, findings: [] };
  const collector = new FindingCollector(view);
  noteOff(view, group, given, collector);
  const findings = collector.findings();
  const reason: Fact | undefined = openProbesFact(open, view);
  const outcome = conclude(promise, { observed, findings, reason });
  if (outcome.status !== 'pass' || reach.enough) return outcome;
  return { promise, status: 'skipped', facts: { observed, reason: tooFew(closed.length, reach, given) }, findings };
}

/** Undecided probes whose own headers decide nothing. */
function openProbes(view: RunView): Group {
  const { closed, open } = probesOf(view, 'undecided');
  const isOpen = ({ probe }: (typeof closed)[number]['exchange']) =>
    !probe.headers.some(([name]) => DECIDING.has(name.toLowerCase()));
  return { closed: closed.filter(({ exchange }) => isOpen(exchange)), open };
}

function whyBlind(
  view: RunView,
  { closed, open }: Group,
): { readonly status: Outcome['status']; readonly reason: Fact } | undefined {
  const { capture, application, traces } = view;
  const { markerSearch, markerSearchReason } = capture.preflight;
  if (markerSearch === 'not-supported')
    return { status: 'not-supported', reason: { kind: 'undecided-not-found', reason: markerSearchReason } };
  const [decides] = (capture.run.ingressHeaders ?? []).flatMap(([name]) =>
    DECIDING.has(name.toLowerCase()) ? [name] : [],
  );
  if (decides !== undefined) return { status: 'skipped', reason: { kind: 'header-decides', header: decides } };
  if (tailSamplingIn(view) !== undefined) return { status: 'inconclusive', reason: { kind: 'tail-sampled' } };
  if (closed.length + open === 0) return { status: 'inconclusive', reason: { kind: 'no-undecided-answered' } };
  const seesGateway = oneOfEach(traces).some(({ made }) =>
    made.some(({ workload }) => workload?.service === application.gateway),
  );
  if (traces.length > 0 && !seesGateway)
    return { status: 'skipped', reason: { kind: 'gateway-silent', gateway: application.gateway } };
  return undefined;
}

function noteOff(view: RunView, { closed, open }: Group, given: Sourced<number>, collector: FindingCollector): void {
  const rate = given.value / 100;
  const total = closed.length + open;
  const hit = closed.filter(({ trace }) => trace !== undefined);
  // Whatever comes of those that did not settle.
  const { expectations } = view.capture;
  const alpha = ALPHA.samplingRate / targetsOf(expectations);
  const tests = [hit.length, hit.length + open].map((hits) => testRate(hits, total, rate, alpha));
  const low = hit.length + open < rate * total;
  // On one side either way: between all of them and none of them lies the rate itself.
  if (!tests.every(({ off }) => off) || (!low && hit.length <= rate * total)) return;
  // Best one without further headers, so that the command that repeats it is short.
  const [shown] = closed
    .filter(({ trace }) => (trace === undefined) === low)
    .toSorted((a, b) => a.exchange.probe.headers.length - b.exchange.probe.headers.length);
  const chance = Math.max(...tests.map(({ pValue }) => pValue));
  const interval = binomialInterval(hit.length, closed.length, confidenceOf(expectations));
  const traceId = shown?.trace?.assembly.trace.id;
  const explainedBy = low ? nothingTraced(view) : undefined;
  collector.note({
    code: 'HC604',
    subject: { kind: 'mesh' },
    causes: ['sampling-rate-off'],
    expected: { kind: 'expected-rate', rate, source: given.source, from: given.from },
    received: {
      kind: 'rate-seen',
      rate: rounded(hit.length / closed.length),
      low: rounded(interval.low),
      high: rounded(interval.high),
      chance,
    },
    of: closed.length,
    affected: hit.length,
    ...(shown !== undefined && { exchange: shown.exchange }),
    ...(traceId !== undefined && { traceId }),
    ...(explainedBy !== undefined && { explainedBy }),
  });
}

/** Where not even forced-on probes are traced, the others need no separate cause. */
function nothingTraced(view: RunView): FindingRef | undefined {
  const { closed } = probesOf(view, 'forced-on');
  if (closed.length === 0 || closed.some(({ trace }) => trace !== undefined)) return undefined;
  return refTo('HC601', { kind: 'mesh' });
}

function tooFew(probes: number, { needed, tells }: RateSensitivity, { value, from }: Sourced<number>): Fact {
  const rate = value / 100;
  return { kind: 'too-few-probes', probes, needed, most: MOST_UNDECIDED, rate, from, others: tells, power: POWER };
}
