import type { SamplingFact } from '../../harness/model/facts/sampling.ts';
import { byChance, percent, plural } from '../../harness/model/numbers.ts';
import { boundsText } from './load-balancing.ts';
import { callText } from './propagation.ts';
import type { Texts } from './texts.ts';
import { intervalText, sharedCountText, sourceText, spanText } from './values.ts';

/** More searches than these may take a backend longer than a run waits by default. */
const MANY = 1000;

type AtGateway = Extract<SamplingFact, { kind: 'keep-decision-at-gateway' }>;
type TooFew = Extract<SamplingFact, { kind: 'too-few-probes' }>;

export const SAMPLING_TEXTS: Texts<SamplingFact> = {
  'trace-of-probe': ({ format }) => `a trace under the id the probe carried (${format})`,
  'trace-of-other-id': () => 'a trace under an id that the mesh made',
  'context-stripped': () =>
    'a trace under an id that the mesh made, in every format tried: something in front of the gateway removes the trace context',
  'context-not-ours': () =>
    'a trace under an id and a parent that hopcheck did not send: something in front of the gateway replaces the trace context',
  'find-in-front': () =>
    'find what stands in front of the gateway (a load balancer, another proxy), and have it pass x-b3-* and traceparent on',
  'find-format': ({ format }) =>
    `try another --format: either the gateway does not read ${format}, or something in front of it removes the trace context`,
  untraced: () => 'no span, although later probes arrived',
  'gateway-format': ({ format }) =>
    `remove --format to detect it automatically, or set it to the format the gateway uses: it traces these requests, and does not read ${format}`,
  'call-traced': ({ caller, ...call }) => `${callText(call)} of ${caller} traced, as its request was`,
  'traced-through-gateway': ({ gateway, caller }) =>
    `${gateway}, and the services behind it, traced in each request of which the call of ${caller} is`,
  'ends-at-gateway': ({ gateway, caller }) =>
    `the trace ends at ${gateway}: the call of ${caller} carried the decision to trace, and neither ${gateway} nor a service behind it has a span`,
  'keep-decision-at-gateway': keepAtGateway,
  'no-span-wanted': () => 'no span: the probe carried sampled 0',
  'spans-left': ({ spans, first, service }) =>
    `${plural(spans, 'span')}, the first of them ${spanText(first, service)}`,
  'any-share': () => 'any share: no rate is configured (--sampling)',
  'undecided-traced': ({ traced }) => `undecided probes traced: ${sharedCountText(traced)}`,
  'expected-rate': ({ rate, ...source }) => `${percent(rate)} of undecided requests traced ${sourceText(source)}`,
  'rate-seen': ({ rate, chance, ...interval }) =>
    `${percent(rate)} (${intervalText(interval)}); by chance this happens ${byChance(chance)}`,
  'no-decided-probe': () => 'no probe with a decision settled in time',
  'no-rate': () => 'no rate is configured (--sampling)',
  'no-rate-known': () => 'no rate',
  'undecided-not-found': ({ reason }) => `undecided probes cannot be searched: ${reason ?? 'no search by marker'}`,
  'header-decides': ({ header }) => `--ingress-header ${header} goes with every probe, and decides for the mesh`,
  'tail-sampled': () => 'a collector seems to keep only some of the traces (HC724)',
  'no-undecided-answered': () => 'no undecided probe was answered',
  'gateway-silent': ({ gateway }) => `${gateway} sends no spans, and undecided probes are found by them`,
  'too-few-probes': tooFewText,
  'decisions-seen': ({ forcedOn, underOtherIds = 0, inPart, forcedOff, undecided }) =>
    [
      `forced on: ${forcedOn.traced} of ${forcedOn.of} traced${inPart === 0 ? '' : `, ${inPart} in part`}`,
      ...(forcedOff === undefined ? [] : [`forced off: ${forcedOff.traced} of ${forcedOff.of} traced`]),
      undecided === undefined ? 'undecided: not judged' : `undecided: ${undecided.traced} of ${undecided.of} traced`,
      ...(underOtherIds === 0 ? [] : [`${underOtherIds} of them under other ids than they carried`]),
    ].join(' · '),
  'rate-observed': ({ traced, open, ...bounds }) => {
    const found = boundsText(bounds);
    return `undecided probes traced: ${sharedCountText(traced)}${open === 0 ? '' : `, ${open} not settled`}${found === '' ? '' : `, a rate ${found} would be found`}`;
  },
};

function keepAtGateway({ gateway, caller, callee, vetoes }: AtGateway): string {
  if (!vetoes)
    return `look for what removes the trace context between ${caller} and ${gateway}, and compare the tracing provider of ${gateway} with that of the mesh`;
  const again = `${gateway} replaces x-request-id and then decides again by its own sampling rate (Envoy 1.39 and newer, OpenTelemetry)`;
  const always = `set the rate of ${gateway} to 100 % (randomSamplingPercentage in a Telemetry resource for it alone)`;
  // All that it gets comes from the other gateway, with a decision.
  if (callee === undefined) return `${again}: ${always}; what ${caller} does not trace stays untraced`;
  return `${again}: have ${caller} call ${callee} by its own Service, or copy x-client-trace-id to this call, which forces the traces of hopcheck only; or ${always}, which traces every request from outside`;
}

function tooFewText({ probes, needed, most, rate, from, others, power }: TooFew): string {
  const task = `to tell ${percent(rate)} (${from}) from ${others.map(percent).join(' and ')} in ${percent(power)} of runs`;
  if (needed === undefined) return `no run is long enough ${task}: it takes more than ${most} undecided probes`;
  const long = needed > MANY ? ' (each costs a search: add --settle-timeout 5m)' : '';
  return `${plural(probes, 'undecided probe')} ${probes === 1 ? 'is' : 'are'} too few ${task}: --undecided ${needed} is enough${long}`;
}
