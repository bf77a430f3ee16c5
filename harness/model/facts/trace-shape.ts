import { z } from 'zod';
import type { Data } from '../schema.ts';
import { UNSEEN_PLACES } from './places.ts';
import { callAnswer, callFailure, count, fact, share, spanKind, word, words, yes } from './values.ts';

/** HC3xx: what is in a trace. */
export const traceShapeFact = z.discriminatedUnion('kind', [
  fact('call-in-trace', 'The trace has the call.', {
    caller: word('Service that calls'),
    callee: word('Service that is called'),
  }),
  fact('no-call', 'The trace does not have the call.', {}),
  fact('call-not-captured', 'No trace shows the call, and nothing shows that the mesh sees calls to the callee.', {
    caller: word('Service that calls'),
    callee: word('Service that is called'),
    where: z.enum(UNSEEN_PLACES).describe('Where it was looked for, as in call-unseen.'),
  }),
  fact('arrived-uncaptured', 'The SERVER span of the callee is directly below that of the caller.', {
    caller: word('Service that calls'),
    callee: word('Service that is called'),
  }),
  fact('capture-call', 'Have the mesh see the call.', {
    caller: word('Service that calls'),
    callee: word('Service that is called'),
    side: z.enum(['caller', 'callee']).describe('Whose proxy does not see it.'),
  }),
  fact('server-span', 'The call has a SERVER span below it.', { callee: word('Service that is called') }),
  fact('no-server-span', 'The call has no SERVER span below it.', {
    answer: callAnswer.describe('How the call was answered; absent: its span is missing too.').optional(),
    failure: callFailure.describe('How long such calls took; absent: it did not fail.').optional(),
  }),
  fact('gateway-spans', 'The gateway makes that many spans of a request.', {
    spans: count('spans'),
    from: word('Where the expected number comes from').optional(),
  }),
  fact('spans-of', 'These services have spans.', { services: words('The services', 1) }),
  fact('no-span-anywhere', 'No trace has a span of the service.', {}),
  fact('known-services', 'Spans belong to these services.', { services: words('The services', 1) }),
  fact('span-seen', 'A span.', { span: spanKind('the span'), service: word('Service, else pod, that made it') }),
  fact('calls-to', 'The service calls only these.', {
    caller: word('The service'),
    callees: words('Services that it calls; empty: none'),
  }),
  fact('call-to', 'A call to this service.', { callee: word('The service') }),
  fact('call-outside', 'A call to a host outside the cluster.', { callee: word('The host') }),
  fact('direct-call', 'The caller calls the callee directly.', {
    caller: word('Service that calls'),
    callee: word('Service that is called'),
  }),
  fact('call-through', 'The call came through a gateway, in the same trace.', {
    callee: word('Service that is called'),
    gateway: word('The gateway'),
  }),
  fact('one-call', 'The call is made once.', {}),
  fact('repeated-call', 'The call was made several times.', {
    answers: z.array(callAnswer).min(2).describe('How each of them was answered.'),
  }),
  fact('untouched-call', 'No fault injection rule touches the call.', {}),
  fact('fault-injected', 'A fault injection rule touched the call.', {
    effect: z.enum(['aborted', 'delayed']).describe('What it did.'),
    answer: callAnswer.describe('How the call was answered.'),
  }),
  fact('answering-spans', 'The service makes a span for each call that it answers.', { service: word('The service') }),
  fact('service-silent', 'An answered call has no SERVER span.', {
    evidence: z
      .enum(['other-traces', 'callees-below-call', 'callees-orphaned', 'none'])
      .describe(
        'other-traces: the service has spans there. callees-below-call: what it calls is directly below the call to it. callees-orphaned: what it calls has a parent that did not come. none: nothing more to tell by.',
      ),
    searched: yes('Other traces were searched'),
  }),
  fact('every-span', 'Every span of the service is there.', { service: word('The service') }),
  fact('missing-parents', 'Spans are named as parents and not there.', { spans: count('those spans') }),
  fact('all-proxy-spans', 'Every span that the proxies make is there.', {}),
  fact('spans-lost', 'Spans of several services are missing now and then.', {
    services: words('The services'),
    share: share('Share of all spans that is missing, at least'),
  }),
  fact('spans-unclear', 'A hop is missing where a span does not name its service.', { traces: count('those traces') }),
  fact('traces-seen', 'What the traces have in them.', {
    traces: count('traces judged'),
    wholeHops: count('hops that are in every trace that should have them'),
    hops: count('hops expected'),
    sizes: z
      .array(z.strictObject({ traces: count('traces of that size'), spans: count('spans') }))
      .describe('Traces by their number of spans.'),
  }),
]);
export type TraceShapeFact = Data<typeof traceShapeFact>;
