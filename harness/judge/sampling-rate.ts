import { DECIDING_HEADERS } from '../formats/formats.ts';
import type { Sourced } from '../model/capture.ts';
import { MOST_UNDECIDED } from '../model/exchange.ts';
import { type FindingRef, refTo } from '../model/finding.ts';
import { byChance, percent } from '../model/numbers.ts';
import type { Outcome } from '../model/outcome.ts';
import type { RateSensitivity } from '../model/sensitivity.ts';
import { binomialInterval, intervalText, shareText } from '../stats/interval.ts';
import { testRate } from '../stats/rate-test.ts';
import { POWER } from '../stats/share-power.ts';
import { plural } from './calls.ts';
import { conclude } from './conclude.ts';
import { FindingCollector } from './finding-collector.ts';
import type { RunView } from './run-view.ts';
import { rateSensitivityOf } from './sensitivity.ts';
import { type Group, probesOf } from './sent.ts';

/** More searches than these may take a backend longer than a run waits by default. */
const MANY = 1000;

/** Headers that decide for the mesh, or may: a request that carries one is not undecided. */
const DECIDING = new Set(['x-client-trace-id', 'x-envoy-force-trace', 'x-request-id', ...DECIDING_HEADERS]);

/**
 * The mesh traces the configured share of the probes that carry no decision of their own. The gateway decides, at random
 * and for each request anew, because it makes a new x-request-id for whoever comes from outside, and both drivers go by that
 * below 100 % (docs/facts/envoy.md#version-order, #headers-seen); what is lost below it takes nothing from the share.
 * Fails wherever the exact test rejects, however few the probes: its false alarms are at most α. Where it does not, it
 * holds only with enough probes to tell the rate from half of it and from twice it, and is `skipped` else, with their
 * number.
 */
export function judgeSamplingRate(view: RunView): Outcome {
  const promise = 'sampling-rate';
  const given = view.capture.expectations.samplingPercent;
  if (given === undefined)
    return {
      promise,
      status: 'skipped',
      observed: 'no rate',
      reason: 'no rate is configured (--sampling)',
      findings: [],
    };
  const group = openProbes(view);
  const { closed, open } = group;
  const traced = closed.filter(({ trace }) => trace !== undefined).length;
  const reach = rateSensitivityOf(closed.length + open, given.value / 100);
  const observed = observedText(traced, group, reach);
  const blind = whyBlind(view, group);
  if (blind !== undefined) return { promise, ...blind, observed, findings: [] };
  const collector = new FindingCollector(view);
  noteOff(view, group, given, collector);
  const findings = collector.findings();
  const reason = open > 0 ? `${plural(open, 'probe')} did not settle` : undefined;
  const outcome = conclude(promise, { observed, findings, reason });
  if (outcome.status !== 'pass' || reach.enough) return outcome;
  return { promise, status: 'skipped', observed, reason: tooFew(closed.length, reach, given), findings };
}

/** Undecided probes whose own headers decide nothing. */
function openProbes(view: RunView): Group {
  const { closed, open } = probesOf(view, 'undecided');
  const isOpen = ({ probe }: (typeof closed)[number]['exchange']) =>
    !probe.headers.some(([name]) => DECIDING.has(name.toLowerCase()));
  return { closed: closed.filter(({ exchange }) => isOpen(exchange)), open };
}

function whyBlind(view: RunView, { closed, open }: Group): Pick<Outcome, 'status' | 'reason'> | undefined {
  const { capture, application, traces } = view;
  const { markerSearch, markerSearchReason } = capture.preflight;
  if (markerSearch === 'not-supported')
    return {
      status: 'not-supported',
      reason: `undecided probes cannot be looked for: ${markerSearchReason ?? 'no search by marker'}`,
    };
  const [decides] = (capture.run.ingressHeaders ?? []).flatMap(([name]) =>
    DECIDING.has(name.toLowerCase()) ? [name] : [],
  );
  if (decides !== undefined)
    return { status: 'skipped', reason: `--ingress-header ${decides} goes with every probe, and decides for the mesh` };
  if (closed.length + open === 0) return { status: 'inconclusive', reason: 'no undecided probe was answered' };
  const seesGateway = traces.some(({ made }) => made.some(({ workload }) => workload?.service === application.gateway));
  if (traces.length > 0 && !seesGateway)
    return {
      status: 'skipped',
      reason: `${application.gateway} leaves no spans, and undecided probes are found by them`,
    };
  return undefined;
}

function noteOff(view: RunView, { closed, open }: Group, given: Sourced<number>, collector: FindingCollector): void {
  const rate = given.value / 100;
  const total = closed.length + open;
  const hit = closed.filter(({ trace }) => trace !== undefined);
  // Whatever comes of those that did not settle.
  const tests = [testRate(hit.length, total, rate), testRate(hit.length + open, total, rate)];
  const low = hit.length + open < rate * total;
  // On one side either way: between all of them and none of them lies the rate itself.
  if (!tests.every(({ off }) => off) || (!low && hit.length <= rate * total)) return;
  // Best one without a header of its own, so that the command that repeats it is short.
  const [shown] = closed
    .filter(({ trace }) => (trace === undefined) === low)
    .toSorted((a, b) => a.exchange.probe.headers.length - b.exchange.probe.headers.length);
  const chance = Math.max(...tests.map(({ pValue }) => pValue));
  const traceId = shown?.trace?.assembly.trace.id;
  const explainedBy = low ? nothingTraced(view) : undefined;
  collector.note({
    code: 'HC604',
    subject: { kind: 'mesh' },
    causes: ['sampling-rate-off'],
    expected: `${percent(rate)} of undecided requests traced (${given.source}, ${given.from})`,
    received: `${percent(hit.length / closed.length)} (${intervalText(binomialInterval(hit.length, closed.length))}); by chance that happens ${byChance(chance)}`,
    of: closed.length,
    affected: hit.length,
    ...(shown !== undefined && { exchange: shown.exchange }),
    ...(traceId !== undefined && { traceId }),
    ...(explainedBy !== undefined && { explainedBy }),
  });
}

/** Where not even forced-on probes are traced, that no other is needs no cause of its own. */
function nothingTraced(view: RunView): FindingRef | undefined {
  const { closed } = probesOf(view, 'forced-on');
  if (closed.length === 0 || closed.some(({ trace }) => trace !== undefined)) return undefined;
  return refTo('HC601', { kind: 'mesh' });
}

function tooFew(probes: number, { needed, tells }: RateSensitivity, { value, from }: Sourced<number>): string {
  const others = tells.map(percent).join(' and ');
  const task = `to tell ${percent(value / 100)} (${from}) from ${others} in ${percent(POWER)} of runs`;
  return needed === undefined
    ? `no run is long enough ${task}: more than ${MOST_UNDECIDED} undecided probes`
    : `${plural(probes, 'undecided probe')} ${probes === 1 ? 'is' : 'are'} too few ${task}: --undecided ${needed} is enough${needed > MANY ? ' (each costs a search: with --settle-timeout 5m)' : ''}`;
}

/** `5 of 10 (18.7–81.3 %) undecided probes traced, a rate ≤ 1 % or ≥ 99 % would be found` */
function observedText(traced: number, { closed, open }: Group, { below, above }: RateSensitivity): string {
  const bounds = [
    ...(below === undefined ? [] : [`≤ ${percent(below)}`]),
    ...(above === undefined ? [] : [`≥ ${percent(above)}`]),
  ].join(' or ');
  const rest = open === 0 ? '' : `, ${open} not settled`;
  return `undecided probes traced: ${shareText(traced, closed.length)}${rest}${bounds === '' ? '' : `, a rate ${bounds} would be found`}`;
}
