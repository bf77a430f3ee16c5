import { word } from '../facts/values.ts';
import { type CodeDefinition, kind } from './definition.ts';

/** HC4xx: how the spans of a trace hang together. */
export const PARENTAGE_CODES = {
  HC401: {
    promise: 'parentage',
    title: 'not exactly one entry span',
    counts: 'trace',
    meaning:
      'A trace begins with one span: one without parent, or below the parent the probe carried. Here there are more, or none.',
    looks: 'Several roots in one trace, or a tree with no top.',
    usualCauses: [
      'an application keeps the trace id and loses the span id',
      'another request was joined to this trace',
      'the gateway did not report',
    ],
    fix: 'See in the linked trace which service each entry span is of. Its caller lost the span id: have it copy x-b3-spanid (or traceparent) to this call as it came.',
  },
  HC402: {
    promise: 'parentage',
    title: "a span's parent is not in the trace",
    counts: 'trace',
    meaning: 'The span names a parent that is nowhere in the trace, after waiting long enough for it.',
    looks: 'Jaeger warns "invalid parent span IDs" and shows the span at the top level.',
    usualCauses: [
      'the sidecar in between does not report',
      "the application's own tracer made a span it never reported",
      'the trace id was changed and the span id kept',
    ],
    fix: 'Find the service between the span without a parent and the spans above it. Check that its pods have a ready istio-proxy (kubectl get pod). If they have, give the tracing library of its application an exporter, or turn that library off.',
    kinds: [
      kind('parent-absent', 'No span of the trace has that id.', 'no span with that id', {}),
      kind(
        'parent-in-front',
        'No span of the dump has that id: a client sent it, or something in front of the gateway.',
        'no span with that id: the context comes from a client, or from something in front of the gateway that does not report',
        {},
      ),
      kind(
        'find-outer-parent',
        'Find what stands in front of the gateway, and have it report or pass the context on.',
        'find what stands in front of the gateway (a load balancer, another proxy, a client with a tracer): have it send its spans to this backend, or remove the trace context from the requests that it passes on',
        {},
      ),
    ],
  },
  HC403: {
    promise: 'parentage',
    title: 'a span is its own parent',
    counts: 'trace',
    meaning:
      'Parent id and span id are equal, and there is no other half with that id (shared span context) that could be meant.',
    looks: 'Jaeger shows it as a root.',
    usualCauses: ['an application sends its parent id as its own', 'broken id generation'],
    fix: 'Look at the B3 headers the application sends: x-b3-spanid and x-b3-parentspanid must differ.',
    kinds: [kind('other-parent', 'The parent is another span.', 'a parent other than itself', {})],
  },
  HC404: {
    promise: 'parentage',
    title: 'two spans share id and kind',
    counts: 'trace',
    meaning:
      'Two spans of one kind have the same id. (A CLIENT and a SERVER with one id are shared span context, and right.)',
    looks: 'Jaeger silently shows one of them, or both under one id.',
    usualCauses: ['a span was stored twice', 'an application reuses the context of another request'],
    fix: 'Compare their start times. Equal: the span was stored twice, so look for a second exporter or for retries in the collector. Different: have the caller take the headers from the request that it handles, anew for each call.',
    kinds: [kind('duplicate-span', 'Two spans or more have it.', 'two or more', {})],
  },
  HC405: {
    promise: 'parentage',
    title: 'spans form a cycle',
    counts: 'trace',
    meaning: 'Following the parents leads back to the first span.',
    looks: "Jaeger's view leaves these spans out altogether.",
    usualCauses: ['broken id generation', 'a backend that mixes traces'],
    fix: 'Read the trace as JSON in the trace backend, and see which service made the spans whose parents lead in a circle. Update the tracing library of that service, or turn it off.',
    kinds: [kind('parents-to-entry', 'Parents lead to the entry span.', 'parents that lead to the entry span', {})],
  },
  HC406: {
    promise: 'parentage',
    title: 'kinds do not alternate between proxy spans',
    counts: 'trace',
    meaning:
      'Below a SERVER proxy span come CLIENT proxy spans of the same proxy, below a CLIENT the SERVER of the callee. Here two of a kind follow each other.',
    looks: 'A SERVER directly below a SERVER, or a CLIENT below a CLIENT.',
    usualCauses: [
      'an application sends an id from further up',
      'a sidecar in between makes no span',
      'outbound traffic bypasses the sidecar',
    ],
    fix: 'Look at the caller: does its outbound traffic go through its sidecar, and does it forward the id it received?',
  },
  HC407: {
    promise: 'parentage',
    title: 'a SERVER span is under the wrong CLIENT',
    counts: 'trace',
    meaning: 'The CLIENT span names one service in upstream_cluster, and the SERVER span below it is of another.',
    looks: 'upstream_cluster of the parent and the service of the child differ.',
    usualCauses: ['an application reuses the context of another call', 'a Service selects the wrong pods'],
    fix: "Check the Service's selector; then whether the caller uses one set of headers for several calls at once.",
    kinds: [
      kind(
        'server-of',
        'The SERVER span below a call is of the service called.',
        'a SERVER span of {service} below the call to it',
        {
          service: word('The service called'),
        },
      ),
      kind('server-of-other', 'It is of another service.', 'one of {service}', { service: word('The other service') }),
    ],
  },
  HC408: {
    promise: 'parentage',
    title: 'inbound and outbound of one sidecar are not joined',
    counts: 'trace',
    meaning:
      'A CLIENT proxy span hangs below a span that is not the SERVER span of the same sidecar: the application did not pass on the span id it received.',
    looks: "The tree is flat: the call is a sibling of the caller's SERVER span instead of its child.",
    usualCauses: [
      'the application forwards the id of the original request or of its parent',
      'it reuses the headers of another request',
    ],
    fix: 'Forward the headers of the request being handled, byte for byte, on every call.',
    kinds: [
      kind(
        'own-server-above',
        'The SERVER span of the same pod is above the call.',
        'the SERVER span of {maker} above the call',
        {
          maker: word('Pod, else service, that makes the call'),
        },
      ),
    ],
  },
} as const satisfies Record<string, CodeDefinition>;
