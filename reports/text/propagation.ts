import type { PropagationFact } from '../../harness/model/facts/propagation.ts';
import { plural } from '../../harness/model/numbers.ts';
import type { Texts } from './texts.ts';
import { sharedCountText } from './values.ts';

type Harmed = Extract<PropagationFact, { kind: 'context-harmed' }>;

const HARM: Readonly<Record<Harmed['how'], string>> = {
  'context-dropped': 'it starts a new trace',
  'trace-restarted': 'it is in another trace, and not at its start',
  'id-truncated': 'it carries only the lower 64 bits of the trace id',
  'context-reused': 'it is in the trace of another request',
  'parent-wrong': 'it is in the trace, beside its caller instead of under it',
  'parent-phantom': 'it is in the trace, under a span that never arrived',
};

/** Where the call is in another trace because ids were lost, x-request-id says how much was. */
const TELLS_REQUEST_ID: ReadonlySet<Harmed['how']> = new Set(['context-dropped', 'trace-restarted', 'id-truncated']);

/** Where a call was looked for and not found. */
export const UNSEEN = {
  'any-trace': 'no span of the call in any trace',
  'marked-traces': 'no span of the call in this trace, nor in another trace of this probe',
  'own-trace': 'no span of the call in this trace; other traces could not be searched',
  'decided-anew': 'no span of the call: with a new x-request-id its proxy decided again whether to trace it',
} as const;

export const PROPAGATION_TEXTS: Texts<PropagationFact> = {
  'same-trace': ({ caller, callee }) => `the call to ${callee} in the same trace, under ${caller}`,
  'same-trace-id': ({ callee }) => `the call to ${callee} with the trace id of its request`,
  'whole-trace-id': ({ callee }) => `the call to ${callee} with all 128 bits of the trace id`,
  'own-context': ({ callee }) => `the call to ${callee} with the context of the request it belongs to`,
  'under-caller': ({ caller, callee }) => `the call to ${callee} under the SERVER span of ${caller}`,
  'same-request-id': ({ callee }) => `the call to ${callee} with the x-request-id of its request`,
  'every-format': () => 'every context format that the mesh speaks, passed on',
  'server-below': ({ callee }) => `the SERVER span of ${callee} below the call to it`,
  'context-harmed': (fact) => {
    const requestId = TELLS_REQUEST_ID.has(fact.how) ? fact.requestId : 'unseen';
    const id = { kept: '; x-request-id is passed on', lost: '; x-request-id is lost as well', unseen: '' }[requestId];
    return `${HARM[fact.how]}${id}${extentText(fact)}`;
  },
  'other-request-id': (fact) => `another x-request-id; the trace context is passed on${extentText(fact)}`,
  'format-lost': (fact) =>
    `lost on probes with ${fact.lost}, kept on those with ${fact.kept === 'own' ? 'the format of the mesh' : 'another format'}${extentText(fact)}`,
  'server-elsewhere': (fact) => `the SERVER span of ${fact.callee} starts another trace${extentText(fact)}`,
  'call-unseen': (fact) => `${UNSEEN[fact.where]}${extentText(fact)}`,
  'context-written': () => 'each call with the span of its caller as parent',
  'context-untouched': ({ callers }) =>
    `the calls of ${callers.join(', ')} with the context that came in: both spans of a call have the same parent`,
  'copy-headers': ({ caller, callee, headers }) =>
    `make ${caller} copy ${headers.join(', ')} of the request it handles to its call of ${callee}; snippets: docs/forwarding.md`,
  'calls-not-seen': ({ hops }) =>
    `no trace shows the call ${hops.map(({ caller, callee }) => `${caller} → ${callee}`).join(', ')}, so that nothing is known of its headers`,
  'no-call-linked': () => 'no call of an application was seen to be linked',
  'calls-linked': ({ linked, of, observable, headers, formats }) =>
    `${linked} of ${plural(of, 'call')} linked · ${observable} of ${headers} headers observable · carries ${formats.join(', ') || 'no known format'}`,
};

/** ` (checked on 6 of 50); on 50 of 72 calls (57.2–79.5 %)` */
function extentText({ checked, rate }: Pick<Harmed, 'checked' | 'rate'>): string {
  const looked = checked === undefined ? '' : ` (checked on ${checked.calls} of ${checked.of})`;
  return rate === undefined ? looked : `${looked}; on ${sharedCountText(rate, 'calls')}`;
}
