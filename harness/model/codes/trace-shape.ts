import { word } from '../facts/values.ts';
import { type CodeDefinition, kind } from './definition.ts';

/** HC3xx: which services and hops are in a trace. */
export const TRACE_SHAPE_CODES = {
  HC301: {
    promise: 'trace-shape',
    title: 'a service is missing from the traces',
    counts: 'trace',
    meaning: 'The service must take part in every such trace and has not a single span in them.',
    looks: 'The service does not appear in the trace.',
    usualCauses: [
      'its caller dropped the trace context: its spans are in another trace',
      'it has no sidecar, or the sidecar cannot report',
      'its caller could not reach it',
    ],
    fix: 'Search the trace backend for the service in the minute of the run. Spans in another trace: have its caller copy the trace headers. No spans: give it a sidecar, or turn its reporting on.',
  },
  HC302: {
    promise: 'trace-shape',
    title: 'a hop is missing: the trace has no span of the call',
    counts: 'trace',
    meaning: "The caller's SERVER span is there and the CLIENT span of the call it must make is not.",
    looks: 'The trace ends at the caller. The call itself may be found as another trace.',
    usualCauses: [
      'the caller does not pass the trace context on',
      'the mesh does not capture the call: the port is not declared as HTTP, or it is excluded',
      'the caller failed before it made the call',
      'now and then: the answer comes from a cache, and the call is not made',
    ],
    fix: 'Look at the first of the causes. not-captured: declare the port of the callee as HTTP, and look for excluded ports. Otherwise make the caller copy the trace headers of the request it handles to this call.',
  },
  HC303: {
    promise: 'trace-shape',
    title: "half a hop is missing: no SERVER span below the caller's CLIENT span",
    counts: 'trace',
    meaning: "The call left the caller's sidecar and the callee's sidecar left no span of it in this trace.",
    looks:
      'A CLIENT span without a child. Its status and response_flags tell more: 503 UH no endpoint, 200 no sidecar or no reporting.',
    usualCauses: [
      'the callee has no endpoint or is down',
      'the callee has no sidecar',
      'its sidecar does not report, or not to this backend',
      "the caller's own proxy refuses the call: a rate limit, an authorisation service (call-refused, a warning)",
    ],
    fix: 'Status 503 with UH: start the callee, or correct the selector of its Service. Status 503 with UF: start its application. Status 200: give it a sidecar (kubectl get pod shows a container istio-proxy), or correct the tracing address of that sidecar (istioctl proxy-config bootstrap).',
  },
  HC304: {
    promise: 'trace-shape',
    title: 'an unexpected call',
    counts: 'trace',
    meaning: 'A span shows a call, or a service, that is not in the application definition.',
    looks: 'A CLIENT span names another upstream_cluster, or a SERVER span is of another service.',
    usualCauses: [
      'the application has changed',
      'a version makes a call that it should not make',
      'a foreign request was joined to this trace',
    ],
    fix: 'Where the call is right, add it to the application definition: hopcheck learn proposes it. Where it is not, look at the last deploy of its caller.',
  },
  HC305: {
    promise: 'trace-shape',
    title: 'a call was repeated',
    counts: 'trace',
    meaning: 'The same call was made more than once under one SERVER span.',
    looks: 'Sibling CLIENT spans with the same upstream_cluster.',
    usualCauses: ['the application retried a failed call', 'a retry policy of the mesh', 'a loop in the application'],
    fix: 'The first call failed with 503: restore the callee. With 0 or the flag DC: make the callee faster, or have the caller wait longer. It was answered 200: remove the loop or the second call from the caller.',
  },
  HC306: {
    promise: 'trace-shape',
    title: 'a service sends no spans',
    counts: 'trace',
    meaning:
      'Calls to this service are answered, and spans that its own proxy should have made are not there, while others of the same trace are.',
    looks:
      'A CLIENT span of the caller without a SERVER span below it; or spans of the services it calls whose parent is missing.',
    usualCauses: [
      'its pods run without a sidecar',
      'its sidecar does not report: wrong collector address, refused or dropped reports',
      'tracing is turned off for this workload by a Telemetry resource',
      'now and then: spans are lost on the way or in the collector',
    ],
    fix: 'Give its pods a sidecar where kubectl get pod shows no container istio-proxy. Else let the proxy reach the collector: its statistics reports_dropped and reports_skipped_no_cluster count what it could not send. Else turn tracing on: look for disableSpanReporting in the Telemetry resources.',
  },
  HC307: {
    promise: 'trace-shape',
    title: 'an Istio fault injection rule touched a call',
    counts: 'trace',
    meaning: 'Envoy itself aborted or delayed a call because of a fault-injection rule.',
    looks: 'response_flags FI (aborted) or DI (delayed) on the span.',
    usualCauses: ['a VirtualService or HTTPRoute with fault', 'an experiment that was not cleaned up'],
    fix: 'Remove the rule, or expect its effect. This command finds it: kubectl get virtualservice -A -o yaml | grep -A5 fault:',
  },
  HC308: {
    promise: 'trace-shape',
    title: 'spans get lost',
    counts: 'span',
    meaning:
      'Spans of three services or more are missing, each now and then, and the services that made them are seen in other traces. Something that all spans pass loses a part of them.',
    looks:
      'Traces with a gap here and there, never at the same place: a CLIENT without its SERVER, a span whose parent did not come.',
    usualCauses: [
      'the collector drops spans: its queue is full, or it is short of memory',
      'the storage refuses or throttles writes',
      'a sampler or filter in a collector on the way looks at single spans',
    ],
    fix: "Look at the collector's metrics for dropped, refused and failed spans (of OpenTelemetry's: otelcol_exporter_send_failed_spans), and at the storage behind it.",
  },
  HC309: {
    promise: 'trace-shape',
    title: 'a call fails, as its spans show',
    counts: 'trace',
    meaning:
      'Both spans of the call are there, and it was answered with an error, or not at all, or it was refused. A refusal is a warning, and an error where the caller fails with it. Only traces are held to this of which no answer could show the error: those of a dump without a list of requests, and those of a request whose definition has no `errors`. Elsewhere HC102 and HC103 name what a user saw.',
    looks:
      'http.status_code 5xx or 0 on the CLIENT span, 401, 403, 407 or 429 where it is refused, or of gRPC a grpc.status_code of 2, 4, 8 or 12 to 15; response_flags say why (UF no connection, DC given up).',
    usualCauses: [
      'the application of the callee does not run, and its sidecar answers in its place (callee-down)',
      'the application closes the connection instead of answering (callee-closed)',
      'the application answers with an error (callee-error)',
      'the callee is slower than its caller waits (callee-slow)',
      'the caller ends the call before it can be answered (caller-cancelled)',
      'the callee, or a policy of the mesh, refuses the call (call-refused)',
    ],
    fix: 'Look at the callee: is it ready, what does its log say at the time of the trace?',
  },
  HC310: {
    promise: 'trace-shape',
    title: 'a pending call was not seen',
    counts: 'trace',
    meaning:
      'The application definition declares the call as pending, and no trace of its caller shows it. It is a warning until a run sees the call.',
    looks: 'The trace has the SERVER span of the caller, and no CLIENT span of this call.',
    usualCauses: [
      'the call is not made yet, or by none of the requests that were sent',
      'the caller makes it and does not pass the trace context on',
      'the definition is wrong',
    ],
    fix: 'Send a request that makes the call, or remove it from the definition.',
    kinds: [kind('call-pending', 'The call is pending, and no trace has it.', 'no such call: it is pending', {})],
  },
  HC311: {
    promise: 'trace-shape',
    title: 'a pending call was seen',
    counts: 'trace',
    meaning:
      'The application definition declares the call as pending, and this run shows it. In this run it is binding like any other call, and it should be binding in the next one.',
    looks: 'Nothing is wrong.',
    usualCauses: ['the call is made now'],
    fix: 'Remove "pending: true" from the call in the application definition, or run hopcheck learn --accept with its name.',
    kinds: [
      kind(
        'call-bound',
        'The call is in the definition without pending.',
        'the call to {callee} without pending: true',
        {
          callee: word('Service that is called'),
        },
      ),
    ],
  },
} as const satisfies Record<string, CodeDefinition>;
