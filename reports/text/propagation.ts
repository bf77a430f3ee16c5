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
  'same-trace': (fact) => `${callText(fact)} in the same trace, under ${fact.caller}`,
  'same-trace-id': (fact) => `${callText(fact)} with the trace id of its request`,
  'whole-trace-id': (fact) => `${callText(fact)} with all 128 bits of the trace id`,
  'own-context': (fact) => `${callText(fact)} with the context of the request it belongs to`,
  'under-caller': (fact) => `${callText(fact)} under the SERVER span of ${fact.caller}`,
  'same-request-id': (fact) => `${callText(fact)} with the x-request-id of its request`,
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
  'copy-headers': ({ caller, headers, format, ...call }) =>
    `make ${caller} copy ${headers.join(', ')} from the request it handles to ${ownCall(call)}, unchanged and never empty; snippets: docs/forwarding.md${format === undefined ? '' : `. If ${caller} copies them already, it received another format: have it copy ${OTHER_HEADERS[format] ?? 'the headers of every format'} too, or have the service before it send ${OWN_HEADERS[format] ?? format}`}`,
  'export-spans': ({ caller, ...call }) =>
    `give the tracing library of ${caller} an exporter to the trace backend of the mesh (OpenTelemetry: OTEL_TRACES_EXPORTER, OTEL_EXPORTER_OTLP_ENDPOINT), or turn it off and copy the tracing headers as they came to ${ownCall(call)}`,
  'keep-decision': ({ caller, header, ...call }) =>
    `make ${caller} copy ${header ?? 'the sampling decision'} to ${ownCall(call)} with the value that came: never 0, never empty. Send no trace id that is cut or blank. Leave out a header that did not come`,
  'calls-not-seen': ({ hops }) =>
    `no trace shows the call ${hops.map(({ caller, callee }) => `${caller} → ${callee}`).join(', ')}, so that nothing is known of its headers`,
  'no-call-linked': () => 'no call of an application was seen to be linked',
  'calls-linked': ({ linked, of, observable, headers, formats, notJudged = [] }) =>
    `${linked} of ${plural(of, 'call')} linked · ${observable} of ${headers} headers observable · carries ${formats.join(', ') || 'no known format'}${notJudged.map(({ caller, callee, calls }) => ` · not judged, below a break: ${plural(calls, 'call')} ${caller} → ${callee}`).join('')}`,
};

type Called = { readonly callee: string; readonly callees?: readonly string[] | undefined };

/** `the call to details`, `each call to details, reviews` */
export function callText({ callee, callees }: Called): string {
  return callees === undefined ? `the call to ${callee}` : `each call to ${callees.join(', ')}`;
}

function ownCall({ callee, callees }: Called): string {
  return callees === undefined ? `its call of ${callee}` : `each of its calls (${callees.join(', ')})`;
}

const OWN_HEADERS: Readonly<Record<string, string>> = {
  b3: 'the x-b3 headers',
  'b3-single': 'b3',
  w3c: 'traceparent',
};

/** Headers of the formats that a mesh of this format does not send by itself. */
const OTHER_HEADERS: Readonly<Record<string, string>> = {
  b3: 'b3 and traceparent',
  'b3-single': 'the x-b3 headers and traceparent',
  w3c: 'the x-b3 headers and b3',
};

/** ` (hopcheck looked up 6 of these 50 calls); on 50 of 72 calls (57.2–79.5 %)` */
function extentText({ checked, rate }: Pick<Harmed, 'checked' | 'rate'>): string {
  const looked =
    checked === undefined ? '' : ` (hopcheck looked up ${checked.calls} of these ${plural(checked.of, 'call')})`;
  return rate === undefined ? looked : `${looked}; on ${sharedCountText(rate, 'calls')}`;
}
