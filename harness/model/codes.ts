// Over 250 lines: one table, a row a code, read as a whole; docs/codes/*.md are generated from it.
import type { PromiseId, Tag } from './outcome.ts';

/** What a code means, for its page in docs/codes and for hints. Codes are never reused. */
export interface CodeDefinition {
  readonly promise: PromiseId;
  /** The finding in a few words. */
  readonly title: string;
  /** What the share of a finding counts; `time`: how often it happened. Absent: it is or it is not. */
  readonly counts?: 'probe' | 'trace' | 'call' | 'attempt' | 'span' | 'time';
  readonly meaning: string;
  /** How it looks in Jaeger (or in the answer). */
  readonly looks: string;
  readonly usualCauses: readonly string[];
  readonly fix: string;
  /** Absent: those of its promise. */
  readonly tags?: readonly Tag[];
}

export const CODES = {
  HC101: {
    promise: 'ingress',
    title: 'a probe got no answer',
    counts: 'probe',
    meaning:
      'The connection to the ingress failed, was reset, or no complete answer came within the timeout, after preflight had reached it.',
    looks: 'Often no trace at all; or a trace whose gateway span has status 0.',
    usualCauses: [
      'the gateway restarted or was scaled down during the run',
      'a firewall or load balancer drops connections',
      'an upstream is slower than --timeout',
    ],
    fix: "Send the printed curl; look at the gateway's log for the time of the probe.",
  },
  HC102: {
    promise: 'ingress',
    title: 'the ingress answered with another status',
    counts: 'probe',
    meaning:
      'A probe was answered with a status other than 200. Redirects are not followed, because the trace would be of another request.',
    looks:
      'The gateway span carries the same http.status_code; response_flags say why (NR no route, UH no healthy upstream, UF connection failed).',
    usualCauses: [
      'no route for this host and path (404)',
      'the entry service is down (503)',
      'the ingress wants another Host header or TLS (301, 404)',
    ],
    fix: 'Check the route (VirtualService or HTTPRoute) and the Host header: --host.',
  },
  HC103: {
    promise: 'ingress',
    title: 'the page shows an error although the status is 200',
    counts: 'probe',
    meaning: 'The application answered 200 and says inside the page that one of its services is unavailable.',
    looks: 'The hop to that service has http.status_code 5xx or 0, or has no SERVER span.',
    usualCauses: [
      'the named service is down or has no endpoint',
      "it is slower than its caller's timeout",
      'a fault-injection rule is active',
    ],
    fix: 'Open the linked trace and follow the hop to the named service.',
  },
  HC104: {
    promise: 'ingress',
    title: "the answer is not the application's page",
    counts: 'probe',
    meaning: "The status is 200, but the application's reader does not find its page, or not all of it.",
    looks: 'The trace may be whole: the page is what is wrong.',
    usualCauses: [
      'another application is routed here',
      'a login page or proxy answers in between',
      'the answer has neither a content length nor a last chunk, so nothing shows that all of it came',
    ],
    fix: 'Open the URL in a browser; check that the ingress URL and path are those of the application.',
  },
  HC105: {
    promise: 'ingress',
    title: 'page and trace disagree about who made the answer',
    counts: 'probe',
    meaning: "The page names one version or pod, the trace's last successful SERVER span of that service another.",
    looks: 'istio.canonical_revision or node_id of the SERVER span differ from the page.',
    usualCauses: [
      'a cache in front of the application',
      'workload labels (version) that do not match the image',
      'the trace belongs to another request (context reused)',
    ],
    fix: "Compare the pod's labels with its image; look for a cache between ingress and application.",
  },
  HC201: {
    promise: 'load-balancing',
    title: 'a version was never served',
    counts: 'attempt',
    meaning: 'Among all attempts not one was served by this version. The probability of that by chance is given.',
    looks: 'No SERVER span of the service carries this istio.canonical_revision.',
    usualCauses: [
      'its pods are not ready or not in the Service',
      'a route pins the traffic to other versions',
      'its weight is 0',
    ],
    fix: 'kubectl get endpoints for the service; look for a VirtualService or HTTPRoute that names its subsets.',
  },
  HC202: {
    promise: 'load-balancing',
    title: "a version's share is off",
    counts: 'attempt',
    meaning:
      'The counts of the versions are too improbable for the expected shares (exact multinomial test; fewer than 1 false alarm in 300 000 runs), and the interval of the named versions lies outside their expected share ± --share-tolerance. An error where the shares were configured or found in the mesh, a warning where the application only assumes them. docs/statistics.md says how far off a share must be to be found.',
    looks:
      'SERVER spans of the service carry one istio.canonical_revision far more often, or more seldom, than they should.',
    usualCauses: [
      'a route (VirtualService, HTTPRoute) gives the versions other weights',
      'the versions have different numbers of ready pods',
      'a version is slow or fails, and least-request or outlier detection avoids it',
      'locality-aware or sticky load balancing',
    ],
    fix: 'Compare the weights of the route and the ready endpoints of each version with --shares.',
  },
  HC203: {
    promise: 'load-balancing',
    title: 'a version was served that is not expected',
    counts: 'attempt',
    meaning: 'An attempt was served by a version that is not among the expected shares, or has weight 0 there.',
    looks: 'A SERVER span carries another istio.canonical_revision.',
    usualCauses: ['an old deployment is still in the Service', 'the expected shares are out of date'],
    fix: 'Remove the deployment from the Service, or add the version to --shares.',
  },
  HC204: {
    promise: 'load-balancing',
    title: 'the turns of a round robin are not even',
    counts: 'attempt',
    meaning:
      'Said only where the run is the only traffic (--exclusive) and the number of worker threads of the calling proxies is known (--workers): each worker gives turns in rotation, so that after any number of requests two pods are at most as many turns apart as there are workers. Here they are farther apart.',
    looks: 'SERVER spans of the service: one pod has more of them than the others.',
    usualCauses: [
      "the policy is not ROUND_ROBIN: Istio's default is LEAST_REQUEST since 1.14",
      'the calling proxies have more workers, or there are more pods of them, than --workers says',
      'somebody else sends requests during the run',
    ],
    fix: 'Look at the trafficPolicy of the DestinationRule (loadBalancer.simple), and at the concurrency of the calling proxies.',
  },
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
    fix: 'Search Jaeger for the service in the minute of the run: spans in another trace mean dropped headers, none mean no sidecar or no reporting.',
  },
  HC302: {
    promise: 'trace-shape',
    title: 'a hop is missing: the caller made no traced call',
    counts: 'trace',
    meaning: "The caller's SERVER span is there and the CLIENT span of the call it must make is not.",
    looks: 'The trace ends at the caller. The call itself may be found as another trace.',
    usualCauses: [
      'the caller does not pass the trace context on',
      "the caller's sidecar does not capture outbound traffic",
      'the caller failed before it made the call',
    ],
    fix: 'Make the caller copy the trace headers of the request it handles to this call.',
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
    ],
    fix: "Look at the CLIENT span's status; then at the callee's sidecar (istioctl proxy-config bootstrap) and its tracing address.",
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
    fix: 'Add the call to the application definition, or find out who makes it.',
  },
  HC305: {
    promise: 'trace-shape',
    title: 'a call was repeated',
    counts: 'trace',
    meaning: 'The same call was made more than once under one SERVER span.',
    looks: 'Sibling CLIENT spans with the same upstream_cluster.',
    usualCauses: ['the application retried a failed call', 'a retry policy of the mesh', 'a loop in the application'],
    fix: 'Look at the status of the first of the calls.',
  },
  HC306: {
    promise: 'trace-shape',
    title: 'a service leaves no spans of its own',
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
    fix: 'kubectl get pod for the service: is istio-proxy among its containers? Then the statistics of that proxy: reports_dropped, reports_skipped_no_cluster.',
  },
  HC307: {
    promise: 'trace-shape',
    title: 'a fault rule struck',
    counts: 'trace',
    meaning: 'Envoy itself aborted or delayed a call because a fault-injection rule told it to.',
    looks: 'response_flags FI (aborted) or DI (delayed) on the span.',
    usualCauses: ['a VirtualService or HTTPRoute with fault', 'an experiment that was not cleaned up'],
    fix: 'kubectl get virtualservice -A -o yaml | grep -A5 fault: and remove the rule, or expect it.',
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
    fix: "Look at the collector's metrics for dropped, refused and failed spans, and at the storage behind it; between OpenTelemetry collectors at otelcol_exporter_send_failed_spans.",
  },
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
    fix: "Look which service each entry span is of; that service's caller lost the parent.",
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
    fix: 'Find who should have made the missing span: the service between the orphan and the spans above it.',
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
  },
  HC404: {
    promise: 'parentage',
    title: 'two spans share id and kind',
    counts: 'trace',
    meaning:
      'Two spans of one kind have the same id. (A CLIENT and a SERVER with one id are shared span context, and right.)',
    looks: 'Jaeger silently shows one of them, or both under one id.',
    usualCauses: ['a span was stored twice', 'an application reuses the context of another request'],
    fix: 'Compare their start times: equal means stored twice, different means reused.',
  },
  HC405: {
    promise: 'parentage',
    title: 'spans form a cycle',
    counts: 'trace',
    meaning: 'Following the parents leads back to where one started.',
    looks: "Jaeger's view leaves these spans out altogether.",
    usualCauses: ['broken id generation', 'a backend that mixes traces'],
    fix: 'Read the trace raw and look at the ids.',
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
  },
  HC408: {
    promise: 'parentage',
    title: 'inbound and outbound of one sidecar are not joined',
    counts: 'trace',
    meaning:
      'A CLIENT proxy span hangs below a span that is not the SERVER span of its own sidecar: the application did not pass on the span id it received.',
    looks: "The tree is flat: the call is a sibling of the caller's SERVER span instead of its child.",
    usualCauses: [
      'the application forwards the id of the original request or of its parent',
      'it reuses the headers of another request',
    ],
    fix: 'Forward the headers of the request being handled, byte for byte, on every call.',
  },
  HC501: {
    promise: 'propagation',
    title: 'the trace context is dropped at a hop',
    counts: 'call',
    meaning:
      'The caller received the trace context and made its call without it, so the call started a trace of its own, or none.',
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
      'The call carries another trace id than the request, while its span id, or a span of its own tracer, shows that the context was read.',
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
    title: 'the call names a parent that nobody reported',
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
  HC601: {
    promise: 'sampling',
    title: 'a forced-on probe was not traced',
    counts: 'probe',
    meaning: "The probe asked for its trace in the mesh's own format, and left no span.",
    looks: 'The trace id is unknown.',
    usualCauses: [
      'the gateway does not trace, or its client_sampling is below 100',
      'the gateway reads another context format',
      'spans are lost on the way to the backend',
    ],
    fix: 'Check the Telemetry resource and provider of the gateway; try --format.',
  },
  HC602: {
    promise: 'sampling',
    title: 'a forced-off probe was traced',
    counts: 'probe',
    meaning: 'The probe carried the decision not to sample, and spans of it were found.',
    looks: 'A trace with spans of the services below the one that lost the decision.',
    usualCauses: [
      'an application does not forward x-b3-sampled',
      'an application sets the decision itself',
      'a proxy in front of the gateway overrides it',
    ],
    fix: 'Look at the topmost service in the trace: its caller lost the decision.',
  },
  HC603: {
    promise: 'sampling',
    title: 'a forced-on probe was traced in part',
    counts: 'call',
    meaning: 'The decision to sample reached some proxies and not others.',
    looks: 'A smaller trace in which every parent is there.',
    usualCauses: [
      'an application sends sampled 0, or x-b3-sampled without a value',
      'an application sends a context that cannot be read (an id or a traceparent blank or damaged): Envoy then makes no span',
      'with the OpenTelemetry driver: an application drops x-request-id below 100 %',
    ],
    fix: 'The last service in the trace is where the decision was lost: look at the tracing headers of its outgoing call.',
  },
  HC604: {
    promise: 'sampling-rate',
    title: 'the sampling rate is off',
    counts: 'probe',
    meaning:
      'Of the probes that leave the decision to the mesh, so many or so few were traced that the configured rate (--sampling, or what the cluster says) cannot be the true one: it lies outside the exact binomial interval, which in a healthy mesh happens in fewer than 1 of 300 000 runs. At 100 % one probe without a trace is enough, at 0 % one with a trace. docs/statistics.md says how far off a rate must be to be found.',
    looks: 'Traces with the user agents of those probes: far more of them, or far fewer, than they should be.',
    usualCauses: [
      'the rate is configured elsewhere (Telemetry beats meshConfig, and that of the gateway decides)',
      'the gateway was not restarted: a rate in an annotation or in meshConfig.defaultConfig is read at start',
      'the gateway uses another provider, with a sampler of its own',
      'too few: spans of the gateway are lost, or a proxy in front of it decides',
    ],
    fix: 'Compare the Telemetry resources of root and gateway namespace with meshConfig, and both with what the gateway has: istioctl proxy-config listener <its pod> -o json, randomSampling. Or say the rate you mean: --sampling.',
  },
  HC606: {
    promise: 'sampling',
    tags: ['statistics'],
    title: 'share of undecided probes that were traced',
    counts: 'probe',
    meaning:
      'Information, where no rate is configured: how many of the probes without context the mesh traced on its own, with the exact interval (95 %).',
    looks: 'Traces with the user agents of those probes.',
    usualCauses: ["the mesh's sampling rate"],
    fix: 'State the rate you expect: --sampling.',
  },
  HC701: {
    promise: 'environment',
    title: 'the trace backend is not reachable',
    counts: 'time',
    meaning: 'No connection to the query API, or none any more.',
    looks: 'Nothing can be read.',
    usualCauses: ['wrong host or port', 'the backend is down', 'a port-forward has ended'],
    fix: 'Open the URL in a browser; in a cluster: kubectl -n istio-system port-forward svc/tracing 16686:80.',
  },
  HC702: {
    promise: 'environment',
    title: "this is not Jaeger's query API",
    counts: 'time',
    meaning: "Something answered, with HTML or other content, where JSON of Jaeger's API was expected.",
    looks: "Jaeger's own UI answers unknown paths with its HTML page and status 200.",
    usualCauses: [
      "the base path is missing or wrong (Istio's addon uses /jaeger)",
      'the URL is that of another service',
      'a login page is in between',
    ],
    fix: 'Give the query URL with its base path: --jaeger http://host:16686/jaeger.',
  },
  HC703: {
    promise: 'environment',
    title: 'the trace backend refuses access',
    counts: 'time',
    meaning: 'It answered 401 or 403.',
    looks: 'The UI asks for a login.',
    usualCauses: ['credentials missing or wrong', 'a tenant header is missing'],
    fix: 'Give credentials: --jaeger-token, --jaeger-user with --jaeger-password, or --jaeger-header.',
  },
  HC704: {
    promise: 'environment',
    title: 'an answer of the trace backend does not fit',
    counts: 'time',
    meaning: 'The answer is JSON and not of the documented shape, or is cut. Where it does not fit is given.',
    looks: 'The trace may not open in the UI either.',
    usualCauses: [
      'a proxy cut or changed the answer',
      'a backend that is only like Jaeger',
      'a version newer than hopcheck knows',
    ],
    fix: 'Run again; if it stays, open an issue with the printed place.',
  },
  HC705: {
    promise: 'environment',
    title: 'traces did not settle in time',
    counts: 'probe',
    meaning: 'When the run had to end, some traces could still have changed, so nothing is claimed about them.',
    looks: 'Traces that are still growing, or that have not come.',
    usualCauses: [
      'the backend is slow or behind',
      "the proxies' flush interval is longer than configured",
      '--settle-timeout is too short',
      'imported traces: the dump has no trace of a request and is not said to be complete, or a trace ends where a backend cuts',
    ],
    fix: 'Raise --settle-timeout, or state the flush interval: --flush-interval. Of a dump, save every trace and import it with --complete.',
  },
  HC706: {
    promise: 'environment',
    title: 'search by marker is not possible',
    meaning: 'This backend cannot be searched by tag with the API it speaks; only probes that carry an id are judged.',
    looks: 'Nothing is wrong in the UI.',
    usualCauses: ['a Jaeger without the legacy search', 'no spans of the entry service yet'],
    fix: 'Nothing to do; checks that need the search are left out and say so.',
  },
  HC707: {
    promise: 'environment',
    title: 'clocks are apart',
    meaning:
      "The mesh's clock and this machine's differ. Search windows are widened by it; nothing else depends on it.",
    looks: 'Traces appear at another time than they were sent.',
    usualCauses: ['no time synchronisation on a node or here'],
    fix: 'Synchronise the clocks (chrony, ntp).',
  },
  HC708: {
    promise: 'environment',
    title: 'the ingress is not reachable',
    counts: 'time',
    meaning: 'Not one request of preflight was answered, so nothing was tested.',
    looks: 'No traces.',
    usualCauses: [
      'wrong host or port',
      'the gateway is down',
      'DNS does not know the name',
      'the certificate is not trusted',
    ],
    fix: 'Send the request by hand: curl -v <ingress URL>; for a private CA: --ingress-ca.',
  },
  HC709: {
    promise: 'environment',
    title: 'no forced-on probe left a single span',
    counts: 'time',
    meaning:
      'The ingress answers and the backend answers, and no span of any forced-on probe arrived: the two do not belong together, or the mesh does not trace.',
    looks: "The entry service is not among Jaeger's services, or shows no recent traces.",
    usualCauses: [
      'tracing is not configured (since Istio 1.22 there is no default provider)',
      'this Jaeger belongs to another mesh',
      'the collector refuses spans',
      'the ingress is not an Envoy',
    ],
    fix: "Check meshConfig.extensionProviders and a Telemetry resource with tracing; look for reports_dropped in the gateway's stats.",
  },
  HC710: {
    promise: 'environment',
    title: "a span's service cannot be identified",
    counts: 'trace',
    meaning: 'Neither Istio tags nor node_id nor a service name say who made it.',
    looks: 'Jaeger shows unknown_service or an empty name.',
    usualCauses: ['a proxy without node id', 'a collector that drops the service name'],
    fix: 'Map it: "services": { "<name as reported>": "<short name>" } in hopcheck.config.json.',
  },
  HC711: {
    promise: 'environment',
    title: 'the capture is cut',
    meaning:
      'The file ends before its end record: the run was killed, or the file was cut. What is there is shown; what is missing is not guessed.',
    looks: '—',
    usualCauses: ['the process was killed', 'the disk was full', 'the file was copied while being written'],
    fix: 'Run it again, and give it the time it needs to end.',
  },
  HC712: {
    promise: 'environment',
    title: 'the trace backend answers with errors',
    counts: 'time',
    meaning: 'It answered with 5xx or another unexpected status, again and again.',
    looks: 'The UI shows errors too.',
    usualCauses: ['its storage is down or overloaded', 'a limit of the storage'],
    fix: "Look at the backend's log.",
  },
  HC713: {
    promise: 'environment',
    title: 'an answer of the trace backend is too large',
    counts: 'time',
    meaning: 'The body is over the limit and was refused rather than loaded.',
    looks: 'A trace of very many spans, or a search that returned very large traces.',
    usualCauses: ['one trace id is reused by all requests', 'a foreign trace with the same id'],
    fix: 'Look at the trace in the UI; raise --max-body if this is right.',
  },
  HC714: {
    promise: 'environment',
    title: 'a check crashed',
    meaning: 'A promise could not be judged because of a bug in hopcheck.',
    looks: '—',
    usualCauses: ['our bug'],
    fix: 'Open an issue and attach the capture.',
  },
  HC715: {
    promise: 'environment',
    title: 'the run was interrupted',
    meaning: 'It was ended from outside before everything was collected.',
    looks: '—',
    usualCauses: ['Ctrl-C', 'a job timeout'],
    fix: 'Run it again, and give it the time it needs to end.',
  },
  HC716: {
    promise: 'environment',
    title: 'spans arrived later than the flush interval',
    meaning:
      'Information: some span took longer from its end to its arrival than configured, and every wait was made longer accordingly.',
    looks: 'Traces that grow late.',
    usualCauses: ['a longer flush interval in the proxies', 'a collector with queues', 'a busy backend'],
    fix: 'State the interval: --flush-interval.',
  },
  HC717: {
    promise: 'environment',
    title: 'the clock of a service is apart',
    counts: 'trace',
    meaning:
      'Information: spans of this service lie outside of the calls that they answer. Links are judged by ids, so nothing is accused of it.',
    looks: 'A SERVER span that starts before the CLIENT span above it, or ends after it.',
    usualCauses: ['the clock of the node is not synchronised'],
    fix: 'Check time synchronisation (chrony, ntpd) on the node of that service.',
  },
  HC718: {
    promise: 'environment',
    title: 'the backend has given up spans',
    counts: 'time',
    meaning:
      'Spans that were there at one read are not there any more: the trace of preflight, the oldest of the run, is read again where a trace is not whole. The backend keeps too few traces, or was restarted and keeps them in memory. What is missing then says nothing about the mesh, and traces that are not whole are not judged.',
    looks:
      'A search for the first minutes of the run finds nothing, or traces of a few spans; later requests are there.',
    usualCauses: [
      'in-memory storage with a small --memory.max-traces (or max_traces)',
      'the backend was restarted during the run',
      'a retention job ran',
    ],
    fix: 'Raise the number of traces that the backend keeps, or send fewer probes at a lower --rate while it is busy; then run again.',
  },
  HC719: {
    promise: 'environment',
    title: 'the backend tells spans twice',
    counts: 'trace',
    meaning:
      'Spans came in two or more copies that agree in everything that identifies them. They are counted once, so nothing is accused of it.',
    looks: 'The same span id twice, with the same start and duration; Jaeger hides one of them in its own view.',
    usualCauses: ['a report was sent again after a timeout', 'two collectors or two exporters write to one storage'],
    fix: 'Nothing, unless storage is dear: look for a second exporter, or for retries in the collector.',
  },
  HC720: {
    promise: 'environment',
    title: 'the cluster is not ready for a run',
    counts: 'time',
    meaning:
      'A step of the walk-through failed that everything after it depends on, e.g. the application is not installed, no pod has a sidecar, or no trace backend was found. The run ended there.',
    looks: 'No probe was sent.',
    usualCauses: [
      'the namespace is not labelled for injection',
      'the deployment has not finished',
      'no Jaeger is installed',
    ],
    fix: 'Run the printed command, then hopcheck again; hopcheck doctor --kube shows all steps.',
  },
  HC721: {
    promise: 'environment',
    title: 'the cluster does not permit what the run needs',
    counts: 'time',
    meaning:
      'RBAC refuses rights that the run would use. All of them are named, with the smallest Role that grants them.',
    looks: 'No probe was sent.',
    usualCauses: [
      'the service account has no Role of hopcheck',
      'the run looks into another namespace than the Role is for',
    ],
    fix: 'Apply the printed Role and bind it to the subject that hopcheck runs as.',
  },
  HC722: {
    promise: 'environment',
    title: 'the Kubernetes API could not be asked',
    counts: 'time',
    meaning:
      'The API server is not reachable, its certificate is not trusted, it does not accept the credentials, or it answers with errors.',
    looks: 'No probe was sent.',
    usualCauses: ['the wrong context', 'an expired login', 'a VPN that is not connected'],
    fix: 'Try the same with kubectl; check --kube-context and --kubeconfig.',
  },
  HC801: {
    promise: 'configuration',
    title: 'a tracing provider is named that does not exist',
    meaning:
      'A Telemetry resource, or defaultProviders, names a provider that meshConfig.extensionProviders does not define. Istio then makes no spans and says nothing.',
    looks: 'No spans of the workloads concerned, or none at all.',
    usualCauses: ['a typing error', 'a provider that an upgrade or another revision does not have'],
    fix: 'Define the provider, or name one that is defined: kubectl -n istio-system get configmap istio -o yaml.',
  },
  HC802: {
    promise: 'configuration',
    title: 'nothing tells the proxies where to send spans',
    meaning:
      'Tracing is on by name, and no provider and no address is configured. Until Istio 1.21 an address was implicit, zipkin.istio-system:9411; since 1.22 it is not.',
    looks: 'Jaeger shows nothing but itself.',
    usualCauses: [
      'an upgrade to 1.22 or newer',
      'a provider that no Telemetry resource uses',
      'enableTracing is false',
    ],
    fix: 'Define an extensionProvider and a Telemetry resource in the root namespace that names it.',
  },
  HC803: {
    promise: 'configuration',
    title: 'span reporting is switched off for a part of the mesh',
    meaning:
      'A Telemetry resource with disableSpanReporting applies to the gateway or to a service of the application.',
    looks: 'Its spans are missing from every trace.',
    usualCauses: ['a leftover of an experiment', 'a cost measure for one namespace'],
    fix: 'Remove disableSpanReporting from the named resource.',
  },
  HC804: {
    promise: 'configuration',
    title: 'proxies cannot report to the collector as it is configured',
    meaning:
      "The provider's Service or port does not exist, or the port of an OTLP gRPC receiver is not declared as gRPC, so that Envoy speaks HTTP/1.1 to it.",
    looks: 'No spans at all; tracing stats of the proxies show failed exports.',
    usualCauses: ['a collector installed under another name', 'a chart whose port is named otlp instead of grpc-otlp'],
    fix: 'Correct the provider, or name the port grpc-… (or set appProtocol: grpc).',
  },
  HC805: {
    promise: 'configuration',
    title: 'the weights of a route do not add up to 100',
    meaning: 'Istio takes weights as proportions, so the shares are others than the numbers say.',
    looks: 'Versions are served in the proportions of the weights.',
    usualCauses: ['one weight was edited and the other was not'],
    fix: 'Correct the weights in the named VirtualService.',
  },
  HC806: {
    promise: 'configuration',
    title: 'a route leads to a subset without pods',
    meaning:
      'Calls that take the route are answered 503, because the subset is not defined or no ready pod has its labels.',
    looks:
      'CLIENT spans with http.status_code 503 and response_flags NC (no such cluster) or UH (no healthy upstream).',
    usualCauses: ['the version is not deployed, or not ready', 'labels that differ', 'no DestinationRule'],
    fix: 'Deploy the version, define the subset, or change the route.',
  },
  HC807: {
    promise: 'configuration',
    title: 'a Service port is not declared as HTTP',
    meaning:
      'Istio chooses the protocol by the name of the port or its appProtocol. Declared as TCP there are no spans; undeclared it is guessed from the bytes.',
    looks: 'The service has no SERVER spans, or calls of it no CLIENT spans.',
    usualCauses: ['a port without a name', 'a port named after the application'],
    fix: 'Name the port http, or http-…; or set appProtocol: http.',
  },
  HC808: {
    promise: 'configuration',
    title: 'a pod has no ready sidecar',
    meaning: 'The pod serves without an Istio proxy, so that its spans are missing and its calls leave the mesh.',
    looks: "The caller's CLIENT span has no child; the service has no span.",
    usualCauses: [
      'the pod is older than the label of the namespace',
      'sidecar.istio.io/inject: "false"',
      'the injector failed',
    ],
    fix: 'Label the namespace and restart the deployments: kubectl rollout restart deployment.',
  },
  HC809: {
    promise: 'configuration',
    title: 'a workload is not ready',
    meaning:
      'A Deployment of the application has fewer ready pods than it wants. Without a ready one its version is not tested by this run.',
    looks: 'The version is never served.',
    usualCauses: ['a rollout that is not finished', 'an image that cannot be pulled', 'too little memory'],
    fix: 'Wait for the rollout: kubectl rollout status deployment; look at the events of its pods.',
  },
  HC810: {
    promise: 'configuration',
    title: 'faults are injected on purpose',
    meaning:
      'A VirtualService injects delays or errors into calls that probes cause. Errors of that service are excused by it.',
    looks: 'CLIENT spans with response_flags FI or DI.',
    usualCauses: ['an experiment that is going on', 'one that was forgotten'],
    fix: 'Remove the fault when the experiment is over.',
  },
  HC811: {
    promise: 'configuration',
    title: 'gateway and application speak different context formats',
    meaning:
      'The gateway writes B3 and a service reads W3C, or the other way round: each begins a trace of its own, although every application forwards its headers.',
    looks: 'A trace of the gateway alone, and others that begin at the application.',
    usualCauses: ['different tracing providers for the root namespace and the application namespace'],
    fix: 'Use one provider, or traceContextOption USE_B3_WITH_W3C_PROPAGATION.',
  },
} as const satisfies Record<string, CodeDefinition>;

/** `HC302`; the union is derived from the table. */
export type FindingCode = keyof typeof CODES;
