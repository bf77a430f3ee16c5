import type { CodeDefinition } from './definition.ts';

/** HC5xx: what a service passes on. */
export const PROPAGATION_CODES = {
  HC501: {
    promise: 'propagation',
    title: 'the trace context is dropped at a hop',
    counts: 'call',
    meaning:
      'The caller received the trace context and made its call without it, so the call started a new trace, or none.',
    looks:
      'Two traces of one request: the first ends at the SERVER span of the caller, the second begins with its CLIENT span. Each looks healthy alone.',
    usualCauses: [
      'the application does not copy the tracing headers to this call',
      'an HTTP client that is made anew for this call, without the headers',
      'the headers are forwarded under another format than the mesh speaks',
      'a thread pool or queue between request and call loses them',
    ],
    fix: 'Copy the tracing headers of the request to the call. docs/forwarding.md has snippets for Node, Python, Java, Go and Ruby.',
  },
  HC502: {
    promise: 'propagation',
    title: 'the application starts a new trace',
    counts: 'call',
    meaning:
      'The call carries another trace id than the request, while its span id, or a span of its tracer, shows that the context was read.',
    looks:
      'The second trace begins with a CLIENT span whose parent is a span of the first trace, or is a root of the tracing library of the application.',
    usualCauses: [
      'a tracing library that starts a root span for each outgoing call',
      'a library configured for another propagation format',
    ],
    fix: 'Configure the propagator of the library for the format of the mesh, and let it continue the incoming context.',
  },
  HC503: {
    promise: 'propagation',
    title: 'the trace id is cut to 64 bit',
    counts: 'call',
    meaning: 'The call carries only the lower 64 bits of the trace id.',
    looks: 'The second trace has an id whose upper half is zero and whose lower half is that of the first.',
    usualCauses: ['an old tracing library with 64-bit ids', 'a header parsed as a 64-bit number'],
    fix: 'Pass the id on as text, or turn on 128-bit ids in the library.',
  },
  HC504: {
    promise: 'propagation',
    title: 'the context of another request is sent',
    counts: 'call',
    meaning: 'The call carries the context of a request that came earlier, so its spans hang in the trace of that one.',
    looks: 'One trace with many times the expected spans, several user_agent values and one x-request-id.',
    usualCauses: [
      'headers kept in a global or in a shared HTTP client',
      'default headers set once on a connection pool',
      'a context that leaks between requests handled by one worker',
    ],
    fix: 'Take the headers from the request being handled, at each call.',
  },
  HC505: {
    promise: 'propagation',
    title: 'the call is linked to the wrong parent',
    counts: 'call',
    meaning:
      'The call is in the right trace, and its parent is a span further up, not the request that the caller handled.',
    looks: 'Siblings where there should be a child: the CLIENT span hangs beside the SERVER span it belongs to.',
    usualCauses: [
      'the application sends x-b3-parentspanid as x-b3-spanid',
      'it sends a span id that it remembered from the caller',
    ],
    fix: 'Send x-b3-spanid (or traceparent) as it was received. docs/forwarding.md has snippets for Node, Python, Java, Go and Ruby.',
  },
  HC506: {
    promise: 'propagation',
    title: 'the call names a parent that was never exported',
    counts: 'call',
    meaning:
      'The call is in the right trace below a span that is not in it: the tracing library of the application makes spans and does not report them.',
    looks: 'Missing parent on CLIENT spans of one service, whose SERVER span is there.',
    usualCauses: [
      'a tracing library without exporter, or with one that cannot reach its collector',
      'a library that samples by itself',
    ],
    fix: 'Give the library an exporter to the same backend, or turn it off and only copy the headers. docs/forwarding.md has snippets for Node, Python, Java, Go and Ruby.',
  },
  HC507: {
    promise: 'propagation',
    title: 'x-request-id is dropped at a hop',
    counts: 'call',
    meaning:
      'The call carries another x-request-id than the request: logs can no longer be joined, and on a mesh that samples below 100 % Envoy decides anew.',
    looks: 'guid:x-request-id differs between the SERVER span of the caller and its CLIENT span.',
    usualCauses: ['the application copies the trace headers and forgets x-request-id'],
    fix: 'Copy x-request-id to the call. docs/forwarding.md has snippets for Node, Python, Java, Go and Ruby.',
  },
  HC509: {
    promise: 'propagation',
    title: 'a context format is lost that the mesh speaks',
    counts: 'call',
    meaning:
      'The mesh continues this format, another format of the same run passes the hop, and this one does not: the application does not speak it.',
    looks: 'Traces of probes with one format are whole, with the other they end at this hop.',
    usualCauses: ['the library of the application reads one format only'],
    fix: 'Configure both formats in the propagator of the application.',
  },
  HC510: {
    promise: 'propagation',
    title: 'the context is stripped between two proxies',
    counts: 'call',
    meaning: 'The sidecar of the caller sent the context, and that of the callee did not receive it.',
    looks: 'The CLIENT span of the caller is in the trace, the SERVER span of the callee begins another one.',
    usualCauses: [
      'a proxy or gateway between the two that removes unknown headers',
      'an EnvoyFilter or VirtualService with headers.request.remove',
      'a load balancer that ends the connection and makes a new request',
    ],
    fix: 'Look at what lies between the two pods; allow the tracing headers there.',
  },
  HC511: {
    promise: 'propagation',
    title: 'proxies make spans and do not pass the trace context on',
    counts: 'trace',
    meaning:
      'Both spans of a call are there, and both have the same parent: the proxy of the caller has sent the context as it came in, and did not put its own span in. The spans do not show whether applications forward the headers.',
    looks:
      'A flat trace: each span is a child of the span that the client sent. Requests without a context leave traces of one span each.',
    usualCauses: ['disableContextPropagation in a Telemetry resource (Istio 1.30 or newer)'],
    fix: 'Remove disableContextPropagation: kubectl get telemetry -A -o yaml.',
  },
} as const satisfies Record<string, CodeDefinition>;
