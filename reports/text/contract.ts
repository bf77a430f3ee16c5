import type { CONTRACT_PLACES, ContractFact } from '../../harness/model/facts/contract.ts';
import { plural } from '../../harness/model/numbers.ts';
import { SNIPPETS } from '../../harness/model/snippets.ts';
import type { Texts } from './texts.ts';

type Wrong = Extract<
  ContractFact,
  { kind: 'headers-lost' | 'headers-changed' | 'headers-invented' | 'headers-foreign' }
>;
type Detail = Wrong['headers'][number];
type Run = Extract<ContractFact, { kind: 'contract-run' }>;

const HOWS: Readonly<Record<string, string>> = {
  truncated: 'cut',
  're-cased': 'in another case',
  'one-of-several': 'only one of several',
  emptied: 'empty',
  'parent-as-span': 'the parent span id in its place',
  'other-trace': 'another trace id',
  'other-span': 'another span id',
  'same-span': 'no new span',
  'sampled-changed': 'another sampling decision',
  unreadable: 'not well formed',
  'malformed-kept': 'passed on although it is not well formed',
  'other-value': 'another value',
};

const PLACES: Readonly<Record<(typeof CONTRACT_PLACES)[number], string>> = {
  'kept-connection': ', only on connections that had carried a call before',
  retry: ', only when the service tries again after an error',
  redirect: ', only when the service follows a redirect',
  'after-answer': ', only on calls that come after the answer',
  'in-flight': ', only while many requests are in flight',
};

export const CONTRACT_TEXTS: Texts<ContractFact> = {
  'headers-forwarded': ({ callee, headers, how }) =>
    how === 'tracer'
      ? `the call to ${callee} with ${headers.join(', ')} of the same trace and decision, with a new span id`
      : `the call to ${callee} with ${headers.join(', ')} as the request has ${headers.length === 1 ? 'it' : 'them'}`,
  'nothing-added': ({ callee }) => `the call to ${callee} with no tracing header that the request does not have`,
  'headers-lost': (fact) => `${fact.headers.map(named).join(', ')} missing${extent(fact)}`,
  'headers-changed': (fact) => `${fact.headers.map(changed).join('; ')}${extent(fact)}`,
  'headers-invented': (fact) => `${fact.headers.map(valued).join(', ')} added${extent(fact)}`,
  'headers-foreign': (fact) => `${fact.headers.map(named).join(', ')} of another request${extent(fact)}${sets(fact)}`,
  'spans-unexported': ({ calls, of, exported }) =>
    `${calls} of ${plural(of, 'call')} with a parent that was not exported; ${plural(exported, 'span')} exported`,
  'span-unlinked': ({ calls, of }) =>
    `${calls} of ${plural(of, 'call')} whose exported spans are not below the span id that the request carried`,
  'header-not-tried': () => 'no call was seen of a request that carried it',
  'header-missing': ({ calls, of }) => `missing from ${calls} of ${plural(of, 'call')}`,
  'header-wrong': ({ calls, of }) => `not as it should be on ${calls} of ${plural(of, 'call')}`,
  'header-passed': ({ calls, how }) => `${how === 'tracer' ? 'continued' : 'passed on'} with ${plural(calls, 'call')}`,
  'forward-headers': ({ caller, callee, headers, stack }) => {
    const how = stack === undefined ? '' : ` with ${SNIPPETS[stack].library} in ${SNIPPETS[stack].language}`;
    return `make ${caller} copy ${headers.join(', ')} from the request it handles to its call of ${callee}; code${how}: docs/forwarding.md`;
  },
  'service-there': ({ url }) => `a service at ${url}`,
  'service-gone': ({ url, reason }) => `no answer from ${url}: ${reason}`,
  'service-silent-port': ({ url, waitedMs }) =>
    `the service was started and did not listen at ${url} within ${seconds(waitedMs)}`,
  'service-ended': ({ code, signal }) =>
    `the service ended before it listened (${signal === undefined ? `exit code ${code ?? 'unknown'}` : signal})`,
  'service-not-started': ({ reason }) => `the command of --start could not be started: ${reason}`,
  'service-port-taken': ({ url }) => `something else listens at ${url} before the service is started`,
  'calls-upstream': ({ upstreams }) => `calls to ${upstreams.join(', ')}`,
  'no-upstream-called': ({ requests, status }) =>
    `no upstream called in ${plural(requests, 'request')}${status === undefined ? '' : `, most answered with status ${status}`}; a service that calls none has no header to forward`,
  'upstream-uncalled': ({ upstream, address, called }) =>
    `no call to ${upstream}, for which hopcheck listens at ${address}${called.length === 0 ? '' : `; the service called ${called.join(', ')}`}`,
  'own-error': ({ status, requests, of }) => `status ${status} on ${requests} of ${plural(of, 'request')}`,
  'answers-well': () => 'an answer without an error, as its upstreams give one',
  'known-upstream': () => 'calls to the named upstreams only',
  'unknown-upstream': ({ host, calls }) => `${plural(calls, 'call')} to ${host}, which is not a named upstream`,
  'plain-upstream': () => 'a call without TLS',
  'tls-upstream': ({ upstream }) => `the service greets ${upstream} with TLS, and the stub cannot read it`,
  'contract-sent': ({ protocol, requests, calls, isolation }) =>
    `${plural(requests, 'request')} over ${protocol}${isolation === 0 ? '' : `, ${isolation} of them many at a time`}; ${plural(calls, 'call')} of upstreams`,
  'contract-run': runText,
};

function named({ name, form }: Detail): string {
  return form === undefined ? name : `${name} (${form})`;
}

function valued({ name, got, form }: Detail): string {
  return `${name}${got === undefined ? '' : `: ${got}`}${form === undefined ? '' : ` (request with ${form})`}`;
}

function changed({ name, how, sent, got, form }: Detail): string {
  const values = sent === undefined || got === undefined ? '' : `, ${got} for ${sent}`;
  return `${name}: ${HOWS[how ?? ''] ?? how ?? 'changed'}${values}${form === undefined ? '' : ` (${form})`}`;
}

function extent({ share: { calls, of }, where }: Wrong): string {
  const many = calls === of ? ` on all ${of} calls that had to carry it` : ` on ${calls} of ${plural(of, 'call')}`;
  return `${of <= 1 ? '' : many}${where === undefined ? '' : PLACES[where]}`;
}

/** Which request got which ids is known only where there is one of each. */
function sets({
  missing,
  doubled,
  missingCount = 0,
  doubledCount = 0,
}: Extract<Wrong, { kind: 'headers-foreign' }>): string {
  if (missing === undefined || doubled === undefined) return '';
  const [one] = missing;
  const [other] = doubled;
  if (missingCount === 1 && doubledCount === 1) return `: the call of ${one} carried the ids of ${other}`;
  const more = (names: readonly string[], count: number) =>
    `${names.join(', ')}${count > names.length ? `, … (${count})` : ''}`;
  return `: the ids of ${more(missing, missingCount)} are missing, those of ${more(doubled, doubledCount)} came too often`;
}

const TROUBLES = { error: 'error', close: 'closed connection', hold: 'silence' } as const;

/** In docs/contract.md#known-stacks in full. */
const NOTES: Readonly<Record<string, string>> = {
  'b3-single': 'B3 sent on as the single header b3 (OTEL_PROPAGATORS=b3multi changes that)',
  'b3-reinjected': 'B3 written anew without x-b3-parentspanid',
  'deferred-to-0': 'an open sampling decision sent on as x-b3-sampled: 0',
};

const KINDS = {
  'pass-through': 'copies headers',
  tracer: 'has a tracer',
  both: 'copies some formats and has a tracer for others',
} as const;

function runText({ calls, service, late, troubles, notes, exported }: Run): string {
  if (calls === 0) return 'nothing was sent on';
  const parts = [
    `the service ${KINDS[service]}`,
    ...(late === 0 ? [] : [`${plural(late, 'call')} after the answer`]),
    ...troubles.map(troubleText),
    ...(exported === undefined ? [] : [exported ? 'spans exported' : 'no span exported']),
    ...notes.flatMap((note) => NOTES[note] ?? []),
    ...(notes.length === 0 ? [] : ['see docs/contract.md#known-stacks']),
  ];
  return parts.join(' · ');
}

/** `details, reviews: error, no retry seen` */
function troubleText({ upstreams, trouble, retries, gaveUpMs }: Run['troubles'][number]): string {
  const name = upstreams.join(', ');
  if (trouble === 'redirect') return `redirect of ${name} ${retries === 0 ? 'not followed' : 'followed'}`;
  const waits =
    gaveUpMs === undefined ? ' (the service waits longer)' : ` (the service gives up after ${seconds(gaveUpMs)})`;
  const seen = retries === 0 ? 'no retry seen' : plural(retries, 'retry', 'retries');
  return `${TROUBLES[trouble]} of ${name}${trouble === 'hold' ? waits : ''}: ${seen}`;
}

function seconds(ms: number): string {
  return ms < 1000 ? `${Math.round(ms)} ms` : `${(ms / 1000).toFixed(1)} s`;
}
