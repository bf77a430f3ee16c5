import { z } from 'zod';
import type { Data } from '../schema.ts';
import { UNSEEN_PLACES } from './places.ts';
import { callAnswer, callFailure, count, fact, share, spanKind, word, words, yes } from './values.ts';

/** Of one call, or of those to several callees. */
const CALL = {
  caller: word('Service that calls'),
  callee: word('Service that is called'),
  callees: words('All services that it calls, where each of them is meant', 2).optional(),
};

const CALL_NATURES = [
  'application',
  'outside',
  'other-way',
  'other-installation',
  'of-gateway',
  'of-proxy',
  'to-gateway',
] as const;
/** What makes an unexpected call, or where it leads. */
export type CallNature = (typeof CALL_NATURES)[number];

const FAILED_BY = z.enum(['application', 'sidecar', 'proxy', 'caller', 'client', 'refusal']);
export type FailedBy = z.output<typeof FAILED_BY>;

/** Why the spans of a service are not there. */
export const SILENCE_CAUSES = ['sidecar-absent', 'sidecar-not-reporting', 'tracing-off', 'spans-lost'] as const;

/** HC3xx: what is in a trace. */
export const traceShapeFact = z.discriminatedUnion('kind', [
  fact('call-in-trace', 'The trace has the call.', {
    ...CALL,
  }),
  fact('no-call', 'The trace does not have the call.', {}),
  fact('call-not-captured', 'No trace shows the call, and no span shows that the mesh sees calls to the callee.', {
    ...CALL,
    where: z.enum(UNSEEN_PLACES).describe('Where it was looked for, as in call-unseen.'),
    shown: z
      .int()
      .positive()
      .optional()
      .describe('Number of answers that show a version of the callee: the call was made.'),
  }),
  fact('arrived-uncaptured', 'The SERVER span of the callee is directly below that of the caller.', {
    ...CALL,
  }),
  fact('arrived-unseen', 'A call that the callee makes is directly below the SERVER span of the caller.', {
    caller: word('Service that calls'),
    callee: word('Service that is called'),
  }),
  fact('capture-call', 'Have the mesh see the call.', {
    ...CALL,
    side: z.enum(['caller', 'callee']).describe('Whose proxy does not see it.'),
  }),
  fact('run-to-the-end', 'Have the run search for the call under other trace ids, which it does last.', {
    caller: word('Service that calls'),
    callee: word('Service that is called'),
  }),
  fact('report-spans', 'Have the proxy of the service make and report its spans.', {
    service: word('Service without spans'),
    causes: z.array(z.enum(SILENCE_CAUSES)).min(1).describe('What may be wrong, the likeliest first.'),
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
  fact('call-other-way', 'A call that names something else, and that the callee answers, in the same trace.', {
    callee: word('What the call names'),
    service: word('Service that answers it'),
  }),
  fact('call-to-installation', 'A call to the entry of another installation of the application.', {
    callee: word('Its entry, with the namespace'),
  }),
  fact('call-beside', 'The call of a proxy itself, or a call to a gateway.', {
    caller: word('Service, or gateway, whose proxy makes it'),
    callee: word('Service that is called'),
    nature: z
      .enum(['of-gateway', 'of-proxy', 'to-gateway'])
      .describe(
        'of-gateway: the gateway makes it. of-proxy: the sidecar does by itself. to-gateway: a gateway answers it.',
      ),
  }),
  fact('tolerate-call', 'Tolerate the call where it is wanted, else find out what makes it.', {
    subject: word('Subject of the finding, as --tolerate takes it'),
    nature: z
      .enum(['outside', 'other-way', 'other-installation', 'of-gateway', 'of-proxy', 'to-gateway', 'gateway-in-front'])
      .describe('What kind of call it is. gateway-in-front: spans of another gateway.'),
  }),
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
  fact('call-tried', 'The proxy of the caller tried the call several times, and the last try was answered.', {
    caller: word('Service that calls'),
    answers: z.array(callAnswer).min(2).describe('How each try was answered.'),
  }),
  fact('call-answered', 'The call is answered below 500.', { callee: word('Service that is called') }),
  fact('call-accepted', 'The call is not refused.', { callee: word('Service that is called') }),
  fact('call-failed', 'The call is answered with an error, or not at all.', {
    answer: callAnswer.describe('How the call was answered.'),
    by: FAILED_BY.describe(
      'application: the callee itself. sidecar: that of the callee, in its place. proxy: that of the caller, which reached nothing. caller: it gave up. client: the one that called the gateway went away. refusal: the callee, or a rule of the mesh, refuses it.',
    ),
  }),
  fact('look-at-callee', 'Find out why the callee fails.', {
    caller: word('Service that calls'),
    callee: word('Service that is called'),
    by: FAILED_BY.describe('As in call-failed.'),
  }),
  fact('untouched-call', 'No fault injection rule touches the call.', {}),
  fact('fault-injected', 'A fault injection rule touched the call.', {
    effect: z.enum(['aborted', 'delayed']).describe('What it did.'),
    answer: callAnswer.describe('How the call was answered.'),
  }),
  fact('answering-spans', 'The service makes a span for each call that it answers.', { service: word('The service') }),
  fact('service-silent', 'An answered call has no SERVER span.', {
    evidence: z
      .enum(['other-traces', 'one-address', 'callees-below-call', 'callees-orphaned', 'none'])
      .describe(
        'other-traces: the service has spans there. one-address: only calls to this address lack theirs, and all of them. callees-below-call: what it calls is directly below the call to it. callees-orphaned: what it calls has a parent that did not come. none: nothing more to tell by.',
      ),
    searched: yes('Other traces were searched'),
    address: word('Address that all of these calls went to; absent: not known, or several').optional(),
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
