import { z } from 'zod';
import type { Data } from '../schema.ts';
import { MARKER_TAGS } from '../tag-names.ts';
import { count, fact, ms, word, words, yes } from './values.ts';

const names = z
  .array(z.strictObject({ seen: word('Name in the spans'), expected: word("The application's name for it") }))
  .min(1)
  .describe('Services that spans know by another name.');

/** What an import brought. */
const imported = z.strictObject({
  traces: count('traces in the dump'),
  files: count('files read'),
  complete: yes('The dump is declared complete'),
  listed: yes('With a list of requests'),
  requests: count('requests, listed or found'),
  foreign: count('traces that belong to no request'),
  searched: z
    .strictObject({
      services: count('services that were searched'),
      from: word('Start of the time that was searched, ISO 8601 in UTC'),
      to: word('End of that time'),
      limit: count('traces of one service at most'),
      cut: words('Services of which the limit left traces out'),
    })
    .describe('Only of import --from.')
    .optional(),
});

const meshChangeFact = z.strictObject({
  what: z
    .enum(['replaced', 'restarted', 'came', 'gone', 'provider'])
    .describe('replaced: pods ended and others came. restarted: a container of a pod was started again.'),
  service: word('Service of the pods; absent: tracing as a whole').optional(),
  version: word('Its version; absent: not known').optional(),
  atMs: ms('from 1970 to the change, by the clock of the mesh; absent: not known').optional(),
  before: word('Tracing provider before; absent: not known').optional(),
  after: word('Tracing provider after; absent: not known').optional(),
});

/** HC7xx: whether the check was able to run. */
export const environmentFact = z.discriminatedUnion('kind', [
  fact('no-trouble', 'Nothing goes wrong between hopcheck and the world.', {}),
  fact('end-record', 'The capture ends with its end record.', {}),
  fact('planned-probes', 'All planned probes are sent and their traces read.', { probes: count('planned probes') }),
  fact('ended-after', 'The run ended early.', {
    by: z.enum(['cut', 'interrupted']).describe('cut: the capture ends here. interrupted: ended from outside.'),
    probes: count('probes until then'),
    traces: count('traces until then'),
  }),
  fact('trace-at-rest', 'The trace has stopped changing.', {}),
  fact('open-trace', 'The trace was still changing when waiting ended.', {
    spans: count('spans until then'),
    forgotten: yes('The backend gave up spans, so that more may have been there'),
  }),
  fact('trace-in-dump', 'The dump has the trace, or is declared complete.', {}),
  fact('not-in-dump', 'The trace is not in the dump, and may be elsewhere.', {}),
  fact('whole-trace', 'The trace is whole.', {}),
  fact('saved-too-early', 'The trace is one of the newest of the dump, and only these are not whole.', {
    spans: count('spans'),
  }),
  fact('save-later', 'Save the dump again, later.', {}),
  fact('perhaps-cut', 'The trace has exactly as many spans as some backends return at most.', {
    spans: count('spans'),
  }),
  fact('import-complete', 'Save every trace, and import it as complete.', {}),
  fact('save-whole-trace', 'Save the trace from a backend that returns all of it.', {}),
  fact('span-identity', 'A span names its service.', {}),
  fact('no-span-identity', 'A span does not name its service.', {
    service: word('Service name as reported'),
    operation: word('Operation as reported'),
  }),
  fact('each-span-once', 'The backend returns each span once.', {}),
  fact('copied-spans', 'The backend returns spans twice.', {
    copies: count('copies'),
    spans: count('spans, copies included'),
  }),
  fact('search-by-tag', 'The backend can search by tag.', {}),
  fact('no-search-by-tag', 'The backend cannot search by tag.', {
    reason: word('As preflight found it; absent: not known').optional(),
  }),
  fact('same-clock', 'The clock of the mesh is that of this machine.', {
    uncertaintyMs: ms('by which the measurement may be wrong'),
  }),
  fact('clock-offset', 'The clock of the mesh is apart from that of this machine.', {
    aheadMs: ms('by which it is ahead; negative: behind'),
  }),
  fact('spans-in-time', 'Spans arrive within the flush interval.', { flushMs: ms('that a proxy may hold a span') }),
  fact('late-span', 'A span took longer.', {
    lagMs: ms('from the end of the span to the read that brought it, at least'),
  }),
  fact(
    'slow-way',
    'All spans of a service took longer than a flush explains: with the flush, some take longer than it.',
    {
      service: word('As its spans name it'),
      wayMs: ms('that each of them took, at least'),
    },
  ),
  fact('clock-of-services', 'The clock of the gateway is that of the services behind it.', {}),
  fact('gateway-clock', 'The clock of the gateway is apart from that of every service behind it.', {
    aheadMs: ms('by which it is ahead; negative: behind'),
    services: count('services behind it'),
  }),
  fact('spans-inside-calls', 'SERVER spans lie inside of the calls that they answer.', {}),
  fact('service-clock', 'The clock of the service is apart from that of the gateway.', {
    aheadMs: ms('by which it is ahead; negative: behind'),
    gateway: word('The gateway'),
  }),
  fact('other-names', 'Spans know services by another name.', { names }),
  fact('map-names', 'Find out whether both names mean the same, and map them.', { names }),
  fact('every-trace', 'The backend has a trace of every forced-on probe.', {}),
  fact('traces-kept', 'The backend has whole traces of some forced-on probes, and not one span of the others.', {
    kept: count('forced-on probes with a whole trace'),
    of: count('forced-on probes'),
    earliestMs: ms('from an answer to the first span of its trace, the least of all'),
  }),
  fact('keep-probes', 'Add a policy to the tail sampling of the collector that keeps the traces of probes.', {
    tag: z.enum(MARKER_TAGS).describe('Tag by which proxies carry the marker of a probe.'),
  }),
  fact('same-mesh', 'The mesh is the same from the first request to the last trace.', {}),
  fact('mesh-changes', 'Changes of the mesh during the run.', {
    changes: z.array(meshChangeFact).min(1).describe('The changes, in order of time.'),
    errors: count('answers that showed an error and are explained by it'),
    of: count('answers'),
  }),
  fact('mesh-changed', 'The mesh changed, and everything that was found follows from that.', {}),
  fact('no-probe-sent', 'No probe was sent.', {}),
  fact('no-request-listed', 'The list of an import names no request.', {}),
  fact('no-gateway-span', 'No trace of the dump has a span of the gateway for the page.', {
    traces: count('traces in the dump'),
    gateway: word('Name of the gateway that was looked for'),
    path: word('Path of the page'),
    others: yes('Other gateways were looked for too'),
  }),
  fact('run-observed', 'What the run had to work with.', {
    api: word('Interface of the trace backend; absent: none was agreed on').optional(),
    imported: imported.describe('Only of an import.').optional(),
    format: word('Context format of the mesh; absent: not known').optional(),
    gatewaySpans: count('spans that the gateway makes of a request').optional(),
    gateway: word('Name of the gateway, where it is not that of the definition').optional(),
    settled: count('traces that stopped changing'),
    probes: count('probes'),
    backendCalls: count('calls of the trace backend'),
  }),
]);
export type EnvironmentFact = Data<typeof environmentFact>;
export type ImportedFact = Data<typeof imported>;
export type MeshChangeFact = Data<typeof meshChangeFact>;
