import { z } from 'zod';
import type { Data } from '../schema.ts';
import { count, fact, SOURCE, share, word } from './values.ts';

/** The ways in which the ids of a call may be other ones, words of the causes. */
export const CHANGED_IDS = [
  'trace-restarted',
  'id-truncated',
  'context-reused',
  'parent-wrong',
  'parent-phantom',
] as const;

/** What a cell of the propagation matrix rests on, and what the status of a context format does. */
export const matrixFact = z.discriminatedUnion('kind', [
  fact('header-unmarked', 'The header leaves no mark on any span.', {}),
  fact('turned-before', 'A caller before this one may have turned it into other headers.', {}),
  fact('header-not-carried', 'No probe carried it in a form that this mesh reads.', {}),
  fact('hop-not-crossed', 'No probe crossed this hop.', {}),
  fact('format-unknown', 'The context format of the mesh is not known.', {}),
  fact('header-unread', 'The mesh reads other headers, and passes this one through untouched.', {
    speaks: word('What it reads, e.g. B3'),
  }),
  fact('context-not-written', 'Proxies make spans and do not write their own into the context.', {}),
  fact('request-id-unseen', 'No span of the hop shows x-request-id on both sides.', {}),
  fact('request-id-changed', 'Calls carry another x-request-id.', {
    calls: count('those calls'),
    of: count('calls that were found'),
  }),
  fact('request-id-same', 'The x-request-id is the same on both sides.', { calls: count('calls that were found') }),
  fact('calls-not-found', 'No call of the hop was found.', { requests: count('requests that crossed it') }),
  fact('calls-in-new-traces', 'Calls start a new trace.', {
    calls: count('those calls'),
    of: count('calls that were found'),
  }),
  fact('calls-with-other-ids', 'Calls carry other ids.', {
    how: z.enum(CHANGED_IDS).describe('What became of the ids, a word of the causes.'),
    calls: count('those calls'),
    of: count('calls that were found'),
  }),
  fact('calls-in-place', 'Calls are below the request they belong to.', { calls: count('those calls') }),
  fact('trace-id-not-passed', 'Without the trace id, what a forced-off probe leaves cannot be found.', {}),
  fact('forced-off-traced', 'Forced-off probes left spans from here on.', {
    probes: count('those probes'),
    of: count('forced-off probes that crossed the hop'),
  }),
  fact('forced-off-untraced', 'No forced-off probe left a span here.', {
    probes: count('forced-off probes that crossed the hop'),
  }),
  fact('forced-off-too-few', 'Too few forced-off probes crossed the hop to show a loss.', {
    probes: count('those probes'),
    ownRate: share('Share of its requests that the mesh traces by itself, at least'),
    chance: share('Probability that they show a loss'),
  }),
  fact('format-source', 'Where the format comes from.', SOURCE),
  fact('ids-taken', 'Probes came under the id that they carried.', { probes: count('those probes') }),
  fact('ids-taken-in-part', 'Some probes came under the id that they carried.', {
    probes: count('those probes'),
    of: count('probes that carried the format'),
  }),
  fact('ids-not-taken', 'No trace came under an id that was carried, and others cannot be searched.', {}),
  fact('trials-not-found', 'No trace of the probes that carried the format was found.', {}),
  fact('context-replaced', 'The gateway passes the format through untouched, and makes another context.', {}),
]);
export type MatrixFact = Data<typeof matrixFact>;
