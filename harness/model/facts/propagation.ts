import { z } from 'zod';
import type { Data } from '../schema.ts';
import { UNSEEN_PLACES } from './places.ts';
import { count, fact, sharedCount, word, words } from './values.ts';

const HOP = { caller: word('Service that calls'), callee: word('Service that is called') };
/** The same of one call, or of those to several callees. */
const CALL = { ...HOP, callees: words('All services that it calls, where each of them is meant', 2).optional() };

/** How much of a finding its words rest on. */
const EXTENT = {
  checked: z
    .strictObject({ calls: count('calls that were looked up'), of: count('calls') })
    .describe('Only a part of the calls was looked up; absent: all were.')
    .optional(),
  rate: sharedCount('calls affected', 'calls').describe('Not every call is affected; absent: all are.').optional(),
};

/** HC5xx: what becomes of the trace context at a hop. */
export const propagationFact = z.discriminatedUnion('kind', [
  fact('same-trace', 'The call is in the trace of its request, under its caller.', CALL),
  fact('same-trace-id', 'The call carries the trace id of its request.', CALL),
  fact('whole-trace-id', 'The call carries all 128 bits of the trace id.', CALL),
  fact('own-context', 'The call carries the context of the request it belongs to.', CALL),
  fact('under-caller', "The call is directly under its caller's SERVER span.", CALL),
  fact('same-request-id', 'The call carries the x-request-id of its request.', CALL),
  fact('every-format', 'Every context format that the mesh speaks is passed on.', {}),
  fact('server-below', 'The SERVER span is below the call.', HOP),
  fact('context-harmed', 'What the call carries.', {
    how: z
      .enum(['context-dropped', 'trace-restarted', 'id-truncated', 'context-reused', 'parent-wrong', 'parent-phantom'])
      .describe('What became of the context, a word of the causes.'),
    requestId: z.enum(['kept', 'lost', 'unseen']).describe('What became of x-request-id; unseen: no span shows it.'),
    ...EXTENT,
  }),
  fact('other-request-id', 'The call carries another x-request-id, and the trace context of its request.', EXTENT),
  fact('format-lost', 'The context is lost in one format and kept in another.', {
    lost: word('Format that is lost'),
    kept: z.enum(['own', 'other']).describe('own: that of the mesh is kept.'),
    ...EXTENT,
  }),
  fact('server-elsewhere', 'The SERVER span begins another trace.', {
    callee: word('Service that is called'),
    ...EXTENT,
  }),
  fact('call-unseen', 'No span of the call was found.', {
    where: z
      .enum(UNSEEN_PLACES)
      .describe(
        'Where it was looked for. any-trace: no trace has it. marked-traces: no other trace with the marker has it. own-trace: others could not be searched. decided-anew: a new x-request-id made its proxy decide again.',
      ),
    ...EXTENT,
  }),
  fact('context-written', 'Each proxy puts its own span into the context that it sends.', {}),
  fact('context-untouched', 'Proxies send the context as it came in: both spans of their calls have one parent.', {
    callers: words('Services whose proxies do, and the gateway', 1),
  }),
  fact('copy-headers', 'Have the caller copy these headers of its request to the call.', {
    ...CALL,
    headers: words('The headers'),
    format: word('Context format of the mesh, where headers of another one may have come').optional(),
  }),
  fact('export-spans', 'Have the tracing library of the caller export its spans, or turn it off.', CALL),
  fact('keep-decision', 'Have the caller pass the sampling decision on as it came.', {
    ...CALL,
    header: word('Header that carries it; absent: the format is not known').optional(),
  }),
  fact('calls-not-seen', 'No trace shows any call of these hops, so that nothing is known of their headers.', {
    hops: z.array(z.strictObject(HOP)).min(1).describe('The hops.'),
  }),
  fact('no-call-linked', 'No call of an application was seen to be linked.', {}),
  fact('calls-linked', 'What was seen of the calls.', {
    linked: count('calls that are linked'),
    of: count('calls'),
    observable: count('headers that spans can show'),
    headers: count('headers'),
    formats: words('Context formats that the mesh carries'),
    notJudged: z
      .array(z.strictObject({ ...HOP, calls: count('those calls') }))
      .min(1)
      .describe('Calls below a break that were found nowhere; absent: none.')
      .optional(),
  }),
]);
export type PropagationFact = Data<typeof propagationFact>;
/** What can be received at a hop. */
export type HopReceived = Extract<
  PropagationFact,
  { kind: 'context-harmed' | 'other-request-id' | 'format-lost' | 'server-elsewhere' | 'call-unseen' }
>;
export type UnseenWhere = (typeof UNSEEN_PLACES)[number];
