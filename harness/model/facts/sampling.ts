import { z } from 'zod';
import type { Data } from '../schema.ts';
import { count, fact, INTERVAL, SOURCE, share, sharedCount, spanKind, word, words } from './values.ts';

const traced = z.strictObject({ traced: count('probes that were traced'), of: count('probes that were answered') });

/** HC6xx: what becomes of sampling decisions, and of the rate. */
export const samplingFact = z.discriminatedUnion('kind', [
  fact('trace-of-probe', 'The trace has the id that the probe carried.', {
    format: word('Context format of the probe'),
  }),
  fact('trace-of-other-id', 'The trace has an id of the mesh.', {}),
  fact('context-stripped', 'The trace has an id of the mesh, whatever format the probe carried.', {}),
  fact('context-not-ours', 'The trace has an id and a parent that hopcheck did not send.', {}),
  fact('find-in-front', 'Find what stands in front of the gateway, and have it pass the context on.', {}),
  fact('find-format', 'Find the format that the gateway reads, or what removes the context in front of it.', {
    format: word('Format that did not come through'),
  }),
  fact('untraced', 'The probe left no span, and later probes did.', {}),
  fact('gateway-format', 'Have hopcheck use the format that the gateway reads.', {
    format: word('Format that it does not read'),
  }),
  fact('call-traced', 'The call is traced, as its request is.', {
    caller: word('Service that calls'),
    callee: word('Service that is called'),
    callees: words('All services that it calls, where each of them is meant', 2).optional(),
  }),
  fact('traced-through-gateway', 'The services behind the gateway are traced, as the call to it is.', {
    gateway: word('Gateway that is called'),
    caller: word('Service that calls it'),
  }),
  fact('ends-at-gateway', 'The call of the gateway is traced, and nothing of the gateway or behind it is.', {
    gateway: word('Gateway that is called'),
    caller: word('Service that calls it'),
  }),
  fact('keep-decision-at-gateway', 'Have the gateway keep the decision that came with the call.', {
    gateway: word('Gateway that is called'),
    caller: word('Service that calls it'),
    callee: word(
      'Service that the call is for; absent: all behind the gateway, which another gateway calls',
    ).optional(),
    vetoes: z
      .boolean()
      .describe(
        "The tracer of the mesh goes by a decision that each proxy makes from x-request-id; false: by the header's.",
      ),
  }),
  fact('no-span-wanted', 'A probe that carried sampled 0 leaves no span.', {}),
  fact('spans-left', 'It left spans.', {
    spans: count('those spans'),
    first: spanKind('the first of them'),
    service: word('Service that made the first'),
  }),
  fact('any-share', 'Any share is right: no rate is configured.', {}),
  fact('undecided-traced', 'Undecided probes that were traced.', {
    traced: sharedCount('probes traced', 'undecided probes').describe('So many of so many.'),
  }),
  fact('expected-rate', 'The configured share of undecided requests is traced.', {
    rate: share('The share'),
    ...SOURCE,
  }),
  fact('rate-seen', 'What share was traced.', {
    rate: share('The share'),
    ...INTERVAL,
    chance: share('Probability of that by chance'),
  }),
  fact('no-decided-probe', 'No probe with a decision has a trace that stopped changing.', {}),
  fact('no-rate', 'No rate is configured.', {}),
  fact('no-rate-known', 'There is no rate to compare with.', {}),
  fact('undecided-not-found', 'Undecided probes cannot be found.', {
    reason: word('Why the backend cannot be searched; absent: not known').optional(),
  }),
  fact('header-decides', 'A header of the user goes with every probe, and decides for the mesh.', {
    header: word('The header'),
  }),
  fact('tail-sampled', 'A collector seems to keep only some of the traces (HC724).', {}),
  fact('no-undecided-answered', 'No undecided probe was answered.', {}),
  fact('gateway-silent', 'The gateway sends no spans, by which undecided probes are found.', {
    gateway: word('The gateway'),
  }),
  fact('too-few-probes', 'So few undecided probes cannot tell the rate from others.', {
    probes: count('undecided probes'),
    needed: count('undecided probes that distinguish them; absent: more than a run sends').optional(),
    most: count('undecided probes that a run sends at most'),
    rate: share('The configured rate'),
    from: word('Where it comes from'),
    others: z.array(share('A rate')).describe('Rates that it must be distinguished from.'),
    power: share('Share of runs that distinguish them'),
  }),
  fact('decisions-seen', 'Probes that were traced, by what they asked for.', {
    forcedOn: traced.describe('Forced on.'),
    underOtherIds: count('probes whose trace has another id than they carried').optional(),
    inPart: count('forced-on probes whose trace ends early'),
    forcedOff: traced.describe('Forced off; absent: none was sent.').optional(),
    undecided: traced.describe('Undecided; absent: none was judged.').optional(),
  }),
  fact('rate-observed', 'Undecided probes that were traced, and which rates would be found.', {
    traced: sharedCount('probes traced', 'undecided probes').describe('So many of so many.'),
    open: count('probes whose trace did not stop changing'),
    below: share('Largest rate below the configured one that would be found').optional(),
    above: share('Smallest rate above the configured one that would be found').optional(),
  }),
]);
export type SamplingFact = Data<typeof samplingFact>;
