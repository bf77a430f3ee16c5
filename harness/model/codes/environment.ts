// Over 250 lines: a row per code, and the family with the most codes.
import { count, word, words } from '../facts/values.ts';
import { type CodeDefinition, kind } from './definition.ts';

/** HC7xx: whether the run could decide. */
export const ENVIRONMENT_CODES = {
  HC701: {
    promise: 'environment',
    title: 'the trace backend is not reachable',
    counts: 'time',
    meaning: 'hopcheck cannot connect to the query API, or has lost the connection.',
    looks: 'Nothing can be read.',
    usualCauses: ['wrong host or port', 'the backend is down', 'a port-forward has ended'],
    fix: 'Open the URL in a browser; in a cluster: kubectl -n istio-system port-forward svc/tracing 16686:80.',
  },
  HC702: {
    promise: 'environment',
    title: 'this is not the query API of a trace backend',
    counts: 'time',
    meaning: 'Something answered, with HTML or other content, where JSON of a query API was expected.',
    looks: "Jaeger's own UI answers unknown paths with its HTML page and status 200.",
    usualCauses: [
      "the base path is missing or wrong (Istio's addon uses /jaeger)",
      'the URL is that of another service',
      'a login page is in between',
    ],
    fix: 'Give the query URL with its base path: --traces http://host:16686/jaeger.',
  },
  HC703: {
    promise: 'environment',
    title: 'the trace backend refuses access',
    counts: 'time',
    meaning: 'It answered 401 or 403.',
    looks: 'The UI asks for a login.',
    usualCauses: ['credentials missing or wrong', 'a tenant header is missing'],
    fix: 'Give credentials: --traces-token, --traces-user with --traces-password, or --traces-header.',
  },
  HC704: {
    promise: 'environment',
    title: 'an answer of the trace backend does not fit',
    counts: 'time',
    meaning: 'The answer is JSON and not of the documented shape, or is cut. Where it does not fit is given.',
    looks: 'The trace may not open in the UI either.',
    usualCauses: [
      'a proxy cut or changed the answer',
      'a backend whose API only resembles one that hopcheck reads',
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
      'imported traces: the dump has no trace of a request and was imported without --complete, or a trace ends where a backend cuts',
    ],
    fix: 'Raise --settle-timeout, or state the flush interval: --flush-interval. Of a dump, save every trace and import it with --complete.',
  },
  HC706: {
    promise: 'environment',
    title: 'search by marker is not possible',
    meaning: 'This backend cannot be searched by tag with the API it speaks; only probes that carry an id are judged.',
    looks: 'Nothing is wrong in the UI.',
    usualCauses: ['a Jaeger without the legacy search', 'no spans of the entry service yet'],
    fix: 'Nothing to do for this run: checks that need the search are left out and say so. docs/backends.md shows which backends can search.',
  },
  HC707: {
    promise: 'environment',
    title: 'clocks are apart',
    meaning:
      "The mesh's clock and this machine's differ. Search windows are widened by it; nothing else depends on it.",
    looks: 'Traces appear at another time than they were sent.',
    usualCauses: ['no time synchronisation on a node or here'],
    fix: 'Synchronise the clocks (chrony, ntp) of this machine and the nodes of the mesh.',
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
    looks: 'The entry service is not among the services of the trace backend, or shows no recent traces.',
    usualCauses: [
      'tracing is not configured (since Istio 1.22 there is no default provider)',
      'the trace backend belongs to another mesh',
      'the collector refuses spans',
      'on a new mesh: a collector holds spans for longer than two flushes, or keeps few traces (run with --wait 2m)',
      'the ingress is not an Envoy',
    ],
    fix: "Check meshConfig.extensionProviders (kubectl -n istio-system get configmap istio -o yaml) and the Telemetry resources (kubectl get telemetry -A -o yaml); look for reports_dropped in the gateway's stats.",
  },
  HC710: {
    promise: 'environment',
    title: "a span's service cannot be identified",
    counts: 'trace',
    meaning: 'Neither Istio tags nor node_id nor a service name say who made it.',
    looks: 'The trace shows unknown_service or an empty name.',
    usualCauses: ['a proxy without node id', 'a collector that drops the service name'],
    fix: 'Map it: "services": { "<name as reported>": "<short name>" } in hopcheck.config.json.',
  },
  HC711: {
    promise: 'environment',
    title: 'the capture is cut',
    meaning:
      'The file ends before its end record: the run was killed, or the file was cut. The report shows the part that is there, and guesses nothing about the rest. A run that was killed leaves its capture in the folder of --capture, as .run.capture.<process>.part.',
    looks: '—',
    usualCauses: ['the process was killed', 'the disk was full', 'the file was copied while being written'],
    fix: 'Run it again and let it end by itself. Keep the disk of --capture from being full, and the process from being killed.',
  },
  HC712: {
    promise: 'environment',
    title: 'the trace backend answers with errors',
    counts: 'time',
    meaning: 'It answered with 5xx or another unexpected status, again and again.',
    looks: 'The UI shows errors too.',
    usualCauses: ['its storage is down or overloaded', 'a limit of the storage'],
    fix: 'Look at the log of the trace backend; in a cluster: kubectl -n istio-system logs deploy/jaeger --since 10m.',
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
    fix: 'Run it again and let it end by itself. Where --total-timeout ended it, set that higher.',
  },
  HC716: {
    promise: 'environment',
    title: 'spans arrived later than the flush interval',
    meaning:
      'Information: some span took longer from its end to its arrival than configured. Or every span of a service took longer than the margin: some spans also wait for a flush, and these take longer than configured. Every wait was made longer accordingly.',
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
    title: 'the trace backend no longer returns spans it had returned before',
    counts: 'time',
    meaning:
      'Spans that were there at one read are not there any more: the trace of preflight, the oldest of the run, is read again where a trace is not whole. The backend keeps too few traces, or was restarted and keeps them in memory. A missing span then says nothing about the mesh, and traces that are not whole are not judged.',
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
    title: 'the backend returns spans twice',
    counts: 'trace',
    meaning:
      'Spans came in two or more copies that agree in everything that identifies them. They are counted once, so nothing is accused of it.',
    looks: 'The same span id twice, with the same start and duration; Jaeger hides one of them in its own view.',
    usualCauses: ['a report was sent again after a timeout', 'two collectors or two exporters write to one storage'],
    fix: 'Nothing, unless storage is expensive: look for a second exporter, or for retries in the collector.',
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
      'no trace backend is installed',
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
    fix: 'Apply the printed Role (kubectl apply -f -) and bind it to the subject that hopcheck runs as.',
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
  HC723: {
    promise: 'environment',
    title: 'a service goes by another name in spans',
    counts: 'trace',
    meaning:
      'Every call that names the service in its upstream_cluster is answered by a span of a name that the application does not have, and no span has the name of the service. They are probably the same. It could also be that the Service leads to the pods of another application, so the run does not decide it. Everything else is judged as if they were the same. A second gateway, in traces without a span of the first, is reported in the same way.',
    looks:
      'The operation of the SERVER span names the service (details.default.svc.cluster.local:9080/*), and the trace backend files it under another name.',
    usualCauses: [
      'the labels of the workload (app, app.kubernetes.io/name, service.istio.io/canonical-name) differ from the name of its Service',
      'a collector that renames services',
      'the selector of the Service matches the pods of another application',
      'several gateways with different names lead to the application',
    ],
    fix: 'If they are the same, map the name that spans have to that of the application: "services": { "<name in spans>": "<short name>" } in hopcheck.config.json. If not, correct the selector of the Service.',
  },
  HC724: {
    promise: 'environment',
    title: 'tail sampling suspected',
    counts: 'probe',
    meaning:
      'Some forced-on probes left whole traces, seconds after their answers, and the others left not one span. The order is random, and no trace is there in part. A collector between the proxies and the backend seems to keep only some of the traces (tail sampling). It asks no probe what it wants, so the run cannot tell which of its traces are missing for another reason. The traces that were kept are judged as always.',
    looks:
      'Traces that arrive 10 s or 30 s after their requests, each in one piece; the trace ids of the other probes are unknown.',
    usualCauses: [
      'a tail_sampling processor in an OpenTelemetry collector, or the sampling of a tracing vendor',
      'the gateway traces only a part of the requests that ask for it (client_sampling below 100), and spans are late for another reason',
    ],
    fix: "Add a policy that keeps the traces of probes: name hopcheck, type string_attribute, key user_agent, values ['^hopcheck-'], enabled_regex_matching true. docs/facts/collector.md has the YAML. Or send the spans of the mesh under test to a backend without tail sampling.",
  },
  HC725: {
    promise: 'environment',
    title: 'the mesh changed while it was tested',
    meaning:
      'Pods were replaced or started again, or the tracing provider was changed, between the first request of the run and its last trace. With --kube the cluster is read before and after. Without it, spans show pods that come and go, and requests whose SERVER spans are in another trace than their calls. The effects of the change are not decided. Every other failure stays a failure.',
    looks:
      'Calls answered 503, retries, lost spans and shares that are off, from one moment on, and all of the service that changed. After a change of the provider: SERVER spans in a second trace with the same x-request-id.',
    usualCauses: ['a rollout', 'an autoscaler', 'a node that is drained', 'a change of a Telemetry resource'],
    fix: 'Run it again when the mesh is at rest: kubectl rollout status deployment. After a deploy: --wait.',
  },
  HC726: {
    promise: 'environment',
    title: 'a part of the run is missing',
    counts: 'time',
    meaning:
      'Several processes shared the plan (hopcheck run --shard), and the captures of some of them are not here. The parts that are here are judged. A fault that they show counts, and nothing passes.',
    looks: 'The report names the numbers of the missing parts.',
    usualCauses: [
      'a process could not collect (exit 2), or its pod was ended',
      'the capture was not copied, or its log was cut',
      'a part was judged alone with hopcheck judge',
    ],
    fix: 'Look into the log of that part, run it again with the same --shard, and merge all captures.',
    kinds: [
      kind('all-parts', 'Every part of the run is here.', 'all {parts part}', { parts: count('parts of the run') }),
      kind('parts-missing', 'Some parts of the run are not here.', 'part {missing} of {of} missing', {
        missing: words('Numbers of the missing parts', 1),
        of: count('parts of the run'),
      }),
    ],
  },
  HC727: {
    promise: 'environment',
    title: 'the parts of the run do not fit together',
    counts: 'time',
    meaning:
      'The captures of a run that several processes shared differ in something that must be the same for all of them, such as the expectations, the application or the context format that preflight found. Their counts cannot be added up.',
    looks: 'The report names the part, and in what it differs from the first one.',
    usualCauses: [
      'the parts were configured differently',
      'the mesh was configured anew between two parts',
      'captures of two runs were mixed up',
    ],
    fix: 'Run all parts again with the same configuration: --shard 1/N to N/N.',
    kinds: [
      kind('equal-parts', 'All parts are alike.', 'parts of one configuration', {}),
      kind('part-differs', 'A part differs from the first one.', 'part {part} has another {in}', {
        part: word('Number of the part'),
        in: words('In what it differs', 1),
      }),
    ],
  },
} as const satisfies Record<string, CodeDefinition>;
