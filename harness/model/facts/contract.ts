import { z } from 'zod';
import { CONTRACT_PROTOCOLS, SERVICE_KINDS, TROUBLES } from '../contract.ts';
import type { Data } from '../schema.ts';
import { STACKS } from '../snippets.ts';
import { count, fact, ms, word, words, yes } from './values.ts';

const HOP = { caller: word('Service that calls'), callee: word('Upstream that is called') };

/** Which calls alone are wrong. */
export const CONTRACT_PLACES = ['kept-connection', 'retry', 'redirect', 'after-answer', 'in-flight'] as const;

const headerDetail = z.strictObject({
  name: word('The header'),
  form: word('The first value form in which it was seen, in words').optional(),
  how: z
    .string()
    .describe('In which way it was changed, one word of a list that may grow; absent: not changed.')
    .optional(),
  sent: word('As sent; empty: not sent').optional(),
  got: word('As received; absent: not received').optional(),
  calls: count('calls that show it'),
});

const affected = z.strictObject({ calls: count('calls affected'), of: count('calls') });

/** One service under test by `hopcheck contract`: what it sends on, and whether it could be tested. */
export const contractFact = z.discriminatedUnion('kind', [
  fact('headers-forwarded', 'The call carries these headers of its request.', {
    ...HOP,
    headers: words('The headers', 1),
    how: z.enum(SERVICE_KINDS).describe('pass-through: unchanged. tracer: the same trace with a new span.'),
  }),
  fact('nothing-added', 'The call carries no tracing header that its request does not have.', HOP),
  fact('headers-lost', 'Headers are missing from the call.', {
    headers: z.array(headerDetail).min(1).describe('The headers.'),
    share: affected.describe('On how many calls.'),
    where: z.enum(CONTRACT_PLACES).describe('Only such calls are affected; absent: any.').optional(),
  }),
  fact('headers-changed', 'Headers of the call differ from those of the request.', {
    headers: z.array(headerDetail).min(1).describe('The headers.'),
    share: affected.describe('On how many calls.'),
    where: z.enum(CONTRACT_PLACES).describe('Only such calls are affected; absent: any.').optional(),
  }),
  fact('headers-invented', 'The call carries headers that the request does not have.', {
    headers: z.array(headerDetail).min(1).describe('The headers.'),
    share: affected.describe('On how many calls.'),
    where: z.enum(CONTRACT_PLACES).describe('Only such calls are affected; absent: any.').optional(),
  }),
  fact('headers-foreign', 'The call carries headers of another request.', {
    headers: z.array(headerDetail).min(1).describe('The headers.'),
    share: affected.describe('On how many calls.'),
    where: z.enum(CONTRACT_PLACES).describe('Only such calls are affected; absent: any.').optional(),
    missing: words('At most five requests whose ids are missing').optional(),
    doubled: words('At most five requests whose ids came too often').optional(),
    missingCount: count('requests whose ids are missing').optional(),
    doubledCount: count('requests whose ids came too often').optional(),
  }),
  fact('spans-unexported', 'Calls name a parent that the service did not export.', {
    calls: count('those calls'),
    of: count('calls'),
    exported: count('spans that it exported'),
  }),
  fact('span-unlinked', 'The exported span of the request is not below the context that the request carried.', {
    calls: count('those calls'),
    of: count('calls'),
  }),
  fact('header-not-tried', 'No call was seen of a request that carried the header.', {}),
  fact('header-missing', 'The header is missing from calls.', {
    calls: count('those calls'),
    of: count('calls of requests that carried it'),
  }),
  fact('header-wrong', 'The header is not as it may be.', {
    calls: count('those calls'),
    of: count('calls that have it, or should'),
  }),
  fact('header-passed', 'The header arrived with every call.', {
    calls: count('those calls'),
    how: z.enum(SERVICE_KINDS).describe('pass-through: as it was. tracer: continued.'),
  }),
  fact('forward-headers', 'Have the service copy these headers.', {
    ...HOP,
    headers: words('The headers', 1),
    stack: z.enum(STACKS).describe('Language and library of the service; absent: nothing shows it.').optional(),
  }),
  fact('service-there', 'The service answers.', { url: word('Its URL') }),
  fact('service-gone', 'The service does not answer.', { url: word('Its URL'), reason: word('Why') }),
  fact('service-silent-port', 'The service was started and does not listen.', {
    url: word('Its URL'),
    waitedMs: ms('that hopcheck waited'),
  }),
  fact('service-ended', 'The service ended before it listened.', {
    code: z.int().describe('Its exit code, a number of 0 to 255.').optional(),
    signal: word('The signal that ended it').optional(),
  }),
  fact('service-not-started', 'The command could not be started.', { reason: word('Why') }),
  fact('service-port-taken', 'Something else listens where the service should.', { url: word('The URL') }),
  fact('calls-upstream', 'The service calls its upstreams.', { upstreams: words('The upstreams', 1) }),
  fact('no-upstream-called', 'The service sent nothing on.', {
    requests: count('requests that it answered'),
    status: z.int().describe('The most common status of its answers, a number of HTTP.').optional(),
  }),
  fact('upstream-uncalled', 'An upstream was never called.', {
    upstream: word('The upstream'),
    address: word('Where hopcheck listens for it'),
    called: words('Upstreams that were called'),
  }),
  fact('own-error', 'The service answers with an error by itself.', {
    status: z.int().describe('The most common status of its answers, a number of HTTP.'),
    requests: count('requests answered with it'),
    of: count('requests'),
  }),
  fact('answers-well', 'The service answers without an error.', {}),
  fact('known-upstream', 'The service calls only the upstreams that were named.', {}),
  fact('unknown-upstream', 'The service calls a host that is not one of the upstreams.', {
    host: word('The host'),
    calls: count('those calls'),
  }),
  fact('plain-upstream', 'The service calls its upstreams without TLS.', {}),
  fact('tls-upstream', 'The service greets an upstream with TLS.', { upstream: word('The upstream') }),
  fact('contract-sent', 'What was sent and received.', {
    protocol: z.enum(CONTRACT_PROTOCOLS).describe('How hopcheck called the service.'),
    requests: count('requests'),
    calls: count('calls of upstreams'),
    isolation: count('of those requests that were sent many at a time'),
  }),
  fact('contract-run', 'What the service does with a context.', {
    calls: count('calls of upstreams'),
    service: z.enum([...SERVICE_KINDS, 'both']).describe('both: it copies one format and has a tracer for another.'),
    late: count('calls that came after the answer'),
    troubles: z
      .array(
        z.strictObject({
          upstreams: words('The upstreams', 1),
          trouble: z.enum(TROUBLES).describe('What it did to the first call.'),
          retries: count('calls that followed'),
          gaveUpMs: ms('that the service waited; absent: longer than hopcheck did, or no waiting').optional(),
        }),
      )
      .describe('Upstreams that did not answer, and what the service did.'),
    notes: words('Known habits of libraries that were seen, a word each'),
    exported: yes('Spans were received from the service').optional(),
  }),
]);
export type ContractFact = Data<typeof contractFact>;
