// Over 250 lines: one table, one entry per option, read as a whole; docs/options.md and the configuration schema are
// made from it.
import { z } from 'zod';
import { CONTEXT_FORMATS, MOST_UNDECIDED } from '../model/exchange.ts';
import { AUTO_RATE } from '../model/limits.ts';
import { orList } from '../model/or-list.ts';
import { limit } from './limit.ts';
import { failOn, selection } from './policy-values.ts';
import { toleration } from './toleration.ts';
import {
  anyNumber,
  decimal,
  duration,
  header,
  host,
  objectId,
  objectName,
  objectNames,
  resolution,
  serverName,
  shares,
  size,
  url,
  webPage,
  wholeNumber,
} from './values.ts';
import { agreement, bearerToken, budget, listenAddress } from './watch-values.ts';

/** The headings under which help lists the options, in their order. */
export const OPTION_GROUPS = {
  ingress: 'The ingress:',
  backend: 'The trace backend, such as Jaeger (each option also as --jaeger…):',
  mesh: 'Expectations of the mesh:',
  sending: 'What is sent:',
  waiting: 'How long to wait:',
  kube: 'In a Kubernetes cluster:',
  policy: 'What counts:',
  output: 'What is written:',
  watch: 'When it runs, and what it serves:',
} as const;

export type OptionGroup = keyof typeof OPTION_GROUPS;

/** One option, declared once: its flag, its variable and its key in the file follow from its name. */
export interface OptionDefinition {
  /** `settle-timeout`: flag `--settle-timeout`, variable `HOPCHECK_SETTLE_TIMEOUT`, key `settleTimeout`. */
  readonly name: string;
  /** What stands for the value in the flag; absent: a switch. */
  readonly value?: string;
  /** An earlier name, accepted everywhere: as a flag, as a variable and in the file. */
  readonly alias?: string;
  readonly schema: z.ZodType;
  /** As text; absent: none. */
  readonly default?: string;
  readonly required?: true;
  readonly doc: string;
  /** In words, for messages. */
  readonly expected: string;
  readonly example: string;
  /** Never shown: not in messages, captures or reports. */
  readonly secret?: true;
  /** May be given more than once. */
  readonly repeatable?: true;
  /** One variable may hold several, with commas or lines between. */
  readonly separated?: true;
  /** Its heading in help; absent: it is in the file only. */
  readonly group?: OptionGroup;
}

const URL_WORDS = 'an http or https URL without query and fragment';
const toggle = z.union([z.boolean(), z.stringbool()]);

/** The one table (docs/architecture.md#one-table-of-options). */
export const OPTIONS = {
  ingress: {
    value: '<url>',
    schema: url,
    required: true,
    group: 'ingress',
    doc: 'where the ingress gateway is: scheme, host and port',
    expected: 'an http or https URL without path, query and fragment',
    example: '--ingress http://127.0.0.1:8080',
  },
  host: {
    value: '<name>',
    schema: host,
    group: 'ingress',
    doc: "Host header for the ingress, where it is not the URL's",
    expected: 'a host name, with or without port',
    example: '--host shop.example',
  },
  'ingress-header': {
    value: '<header>',
    schema: header,
    secret: true,
    repeatable: true,
    group: 'ingress',
    doc: 'a header for every request to the ingress',
    expected: 'Name: value',
    example: "--ingress-header 'Authorization: Bearer abc123'",
  },
  'ingress-ca': {
    value: '<path>',
    schema: z.string(),
    group: 'ingress',
    doc: 'PEM file of a CA to trust for the ingress',
    expected: 'a readable PEM file',
    example: '--ingress-ca ca.pem',
  },
  'ingress-sni': {
    value: '<name>',
    schema: serverName,
    group: 'ingress',
    doc: "TLS server name for the ingress, for SNI and the certificate; without it the Host header's, else the URL's",
    expected: 'a host name without port',
    example: '--ingress-sni shop.example',
  },
  'ingress-cert': {
    value: '<path>',
    schema: z.string(),
    group: 'ingress',
    doc: 'PEM file of a client certificate for the ingress, its chain after it',
    expected: 'a readable PEM file',
    example: '--ingress-cert client.pem',
  },
  'ingress-key': {
    value: '<path>',
    schema: z.string(),
    group: 'ingress',
    doc: 'PEM file of the private key of --ingress-cert, if that file does not hold it',
    expected: 'a readable PEM file',
    example: '--ingress-key client.key',
  },
  'ingress-insecure': {
    schema: toggle,
    default: 'false',
    group: 'ingress',
    doc: 'do not verify the certificate of the ingress',
    expected: 'true or false',
    example: '--ingress-insecure',
  },
  traces: {
    alias: 'jaeger',
    value: '<url>',
    schema: url,
    required: true,
    group: 'backend',
    doc: 'query URL of the trace backend, with or without its base path',
    expected: URL_WORDS,
    example: '--traces http://127.0.0.1:16686/jaeger',
  },
  'traces-header': {
    alias: 'jaeger-header',
    value: '<header>',
    schema: header,
    secret: true,
    repeatable: true,
    group: 'backend',
    doc: 'a header for every request to the trace backend',
    expected: 'Name: value',
    example: "--traces-header 'X-Scope-OrgID: tenant'",
  },
  'traces-user': {
    alias: 'jaeger-user',
    value: '<name>',
    schema: z.string().min(1),
    group: 'backend',
    doc: 'user name for basic authentication at the trace backend',
    expected: 'a name',
    example: '--traces-user ci',
  },
  'traces-password': {
    alias: 'jaeger-password',
    value: '<password>',
    schema: z.string().min(1),
    secret: true,
    group: 'backend',
    doc: 'password for basic authentication at the trace backend; better in HOPCHECK_TRACES_PASSWORD',
    expected: 'a password',
    example: 'HOPCHECK_TRACES_PASSWORD=…',
  },
  'traces-token': {
    alias: 'jaeger-token',
    value: '<token>',
    schema: z.string().regex(/^[!-~]+$/),
    secret: true,
    group: 'backend',
    doc: 'bearer token for the trace backend; better in HOPCHECK_TRACES_TOKEN',
    expected: 'a token without spaces',
    example: 'HOPCHECK_TRACES_TOKEN=…',
  },
  'traces-ca': {
    alias: 'jaeger-ca',
    value: '<path>',
    schema: z.string(),
    group: 'backend',
    doc: 'PEM file of a CA to trust for the trace backend',
    expected: 'a readable PEM file',
    example: '--traces-ca ca.pem',
  },
  'traces-insecure': {
    alias: 'jaeger-insecure',
    schema: toggle,
    default: 'false',
    group: 'backend',
    doc: 'do not verify the certificate of the trace backend',
    expected: 'true or false',
    example: '--traces-insecure',
  },
  resolve: {
    value: '<host:port:address>',
    schema: resolution,
    repeatable: true,
    group: 'ingress',
    doc: 'dial this address in place of that host and port of --ingress or --traces; the certificate is still checked for the host',
    expected: '<host>:<port>:<address>, the address an IP address or a name, IPv6 in brackets',
    example: '--resolve shop.example:443:10.0.0.7',
  },
  format: {
    value: '<format>',
    schema: z.enum(['auto', ...CONTEXT_FORMATS]),
    default: 'auto',
    group: 'mesh',
    doc: 'trace context format of the mesh; auto: found out before the run',
    expected: orList(['auto', ...CONTEXT_FORMATS]),
    example: '--format w3c',
  },
  'gateway-profile': {
    value: '<spans>',
    schema: z.enum(['auto', '1', '2']).transform((text) => (text === 'auto' ? 'auto' : text === '1' ? 1 : 2)),
    default: 'auto',
    group: 'mesh',
    doc: 'number of spans that the gateway makes for a request; auto: found out before the run',
    expected: 'auto, 1 or 2',
    example: '--gateway-profile 2',
  },
  application: {
    value: '<path>',
    schema: z.union([z.string().min(1), z.record(z.string(), z.unknown())]),
    group: 'mesh',
    doc: 'file that defines the application to check (docs/application.md); without it the built-in one',
    expected: 'a file of YAML, JSON or TypeScript; in the configuration file also the definition itself',
    example: '--application shop.yaml',
  },
  shares: {
    value: '<shares>',
    schema: shares,
    group: 'mesh',
    doc: 'expected shares of the versions; without it equal ones are assumed',
    expected: '<service>=<version>:<weight>,… with one weight over 0',
    example: '--shares orders=v1:80,v2:20',
  },
  'share-tolerance': {
    value: '<points>',
    ...anyNumber(0, 50),
    default: '10',
    group: 'mesh',
    doc: "how far a version's share may differ from the expected one before it counts as wrong, in percentage points",
    example: '--share-tolerance 5',
  },
  exclusive: {
    schema: toggle,
    default: 'false',
    group: 'mesh',
    doc: 'no other client sends requests during the run; with --workers, the turns of a round robin are counted',
    expected: 'true or false',
    example: '--exclusive',
  },
  workers: {
    value: '<number>',
    ...wholeNumber(1, 10_000),
    group: 'mesh',
    doc: 'worker threads of the proxies that call the versioned service, all pods together: each keeps a separate rotation',
    example: '--workers 2',
  },
  sampling: {
    value: '<percent>',
    ...anyNumber(0, 100),
    group: 'mesh',
    doc: 'sampling rate of the mesh, in percent: the share of requests that it traces where the client leaves that open',
    example: '--sampling 100',
  },
  probes: {
    value: '<number>',
    ...wholeNumber(1, 10_000),
    default: '60',
    group: 'sending',
    doc: 'requests that ask for a trace (forced-on probes); the plan adds a few of other kinds',
    example: '--probes 60',
  },
  undecided: {
    value: '<number>',
    ...wholeNumber(1, MOST_UNDECIDED),
    group: 'sending',
    doc: 'probes that leave the sampling decision to the mesh; default: one per six forced-on probes, 20 at most',
    example: '--undecided 140',
  },
  confirm: {
    value: '<number>',
    ...wholeNumber(1, 10_000),
    group: 'sending',
    doc: 'with --max: send this many more forced-on probes, once, where a limit cannot be decided without them',
    example: '--confirm 300',
  },
  rate: {
    value: '<number>',
    schema: z.union([z.literal('auto'), decimal(0.1, 1000)]),
    default: '20',
    group: 'sending',
    doc: `most probes per second; auto: ${AUTO_RATE.from}, rising to ${AUTO_RATE.most} while the ingress answers as fast and fails as rarely as at the start`,
    expected: 'auto or a number from 0.1 to 1000',
    example: '--rate 20',
  },
  concurrency: {
    value: '<number>',
    ...wholeNumber(1, 256),
    default: '8',
    group: 'sending',
    doc: 'most probes under way at the same time',
    example: '--concurrency 8',
  },
  timeout: {
    value: '<time>',
    schema: duration,
    default: '10s',
    group: 'sending',
    doc: 'time for one request',
    expected: 'a time up to 24h with its unit (ms, s, m, h)',
    example: '--timeout 10s',
  },
  'settle-timeout': {
    value: '<time>',
    schema: duration,
    default: '60s',
    group: 'waiting',
    doc: 'time from the last answer to giving up on traces',
    expected: 'a time up to 24h with its unit (ms, s, m, h)',
    example: '--settle-timeout 60s',
  },
  'total-timeout': {
    value: '<time>',
    schema: duration,
    default: '15m',
    group: 'waiting',
    doc: 'time for the whole run, --wait included; what was collected is judged as interrupted',
    expected: 'a time up to 24h with its unit (ms, s, m, h)',
    example: '--total-timeout 5m',
  },
  'flush-interval': {
    value: '<time>',
    schema: duration,
    default: '5s',
    group: 'mesh',
    doc: "how long a proxy may hold a span before it sends it; the default is Envoy's",
    expected: 'a time up to 24h with its unit (ms, s, m, h)',
    example: '--flush-interval 5s',
  },
  'max-body': {
    value: '<size>',
    schema: size,
    default: '32MiB',
    group: 'sending',
    doc: 'largest answer that is read',
    expected: 'a size up to 1GiB',
    example: '--max-body 32MiB',
  },
  wait: {
    value: '<time>',
    schema: duration,
    group: 'waiting',
    doc: 'wait up to this long for the cluster, whole pages from the ingress, the trace backend and the services to come up; does not wait for the run to pass',
    expected: 'a time up to 24h with its unit (ms, s, m, h)',
    example: '--wait 5m',
  },
  only: {
    value: '<what[=reason]>',
    schema: selection,
    repeatable: true,
    group: 'policy',
    doc: 'judge only this promise, code or tag (smoke, context, statistics)',
    expected: 'a promise, code or tag',
    example: '--only smoke',
  },
  skip: {
    value: '<what[=reason]>',
    schema: selection,
    repeatable: true,
    group: 'policy',
    doc: 'leave out this promise, code or tag',
    expected: 'a promise, code or tag',
    example: "--skip statistics='too few probes'",
  },
  tolerate: {
    value: '<code[:subject]=reason>',
    schema: toleration,
    repeatable: true,
    group: 'policy',
    doc: 'this finding is shown with the reason and does not fail the run; with "until 2027-01-31" at its end, up to that day (UTC)',
    expected: '<code>=<reason> or <code>:<subject>=<reason>, in a file also { code, subject, until, reason, owner }',
    example: "--tolerate 'HC302:front->orders=fixed in the next release until 2027-01-31'",
  },
  max: {
    value: '<code=percent>',
    schema: limit,
    repeatable: true,
    group: 'policy',
    doc: 'this finding fails the run only where its share is certainly above the limit (95 % interval); below it is a warning, else the run is inconclusive',
    expected: '<code>=<percent>%',
    example: '--max HC507=1%',
  },
  baseline: {
    value: '<path>',
    schema: z.string().min(1),
    group: 'policy',
    doc: 'an earlier JSON report: says which findings are new, worse, known or gone',
    expected: 'a report written by --report json',
    example: '--baseline before.json',
  },
  'fail-on': {
    value: '<what>',
    schema: failOn,
    group: 'policy',
    default: 'error',
    doc: 'what fails the run: error, warning (warnings too), new (only errors that are new or worse than --baseline), stale (also a toleration that fits nothing)',
    expected: 'error, warning, new or stale, several with commas between',
    example: '--fail-on warning',
  },
  report: {
    value: '<format[=path]>',
    schema: z.string().min(1),
    repeatable: true,
    separated: true,
    group: 'output',
    doc: 'a report: a format, to standard output, or with =path to a file',
    expected: 'a format, with or without =path',
    example: '--report json=report.json',
  },
  'report-url': {
    value: '<url>',
    schema: webPage,
    group: 'output',
    doc: 'URL at which you publish the HTML report; the JUnit report links to its findings',
    expected: 'an http or https URL without fragment',
    example: '--report-url https://ci.example/job/7/artifact/report.html',
  },
  'write-baseline': {
    value: '<path>',
    schema: z.string().min(1),
    group: 'output',
    doc: 'write the JSON report that later runs take with --baseline; writes nothing where the run is inconclusive, or finds something new or worse',
    expected: 'a path that can be written',
    example: '--write-baseline before.json',
  },
  capture: {
    value: '<path>',
    schema: z.string().min(1),
    group: 'output',
    doc: 'keep everything the run saw in this file; hopcheck judge reads it',
    expected: 'a path that can be written',
    example: '--capture run.capture',
  },
  kuberhealthy: {
    schema: toggle,
    group: 'output',
    doc: 'also report to Kuberhealthy, in a pod of its check: Kuberhealthy sets KH_REPORTING_URL and KH_RUN_UUID',
    expected: 'true or false',
    example: '--kuberhealthy',
  },
  verbose: {
    schema: toggle,
    group: 'output',
    doc: 'also print what was observed for promises that hold',
    expected: 'true or false',
    example: '--verbose',
  },
  short: {
    schema: toggle,
    group: 'output',
    doc: 'only findings and failing promises, one line each',
    expected: 'true or false',
    example: '--short',
  },
  quiet: {
    schema: toggle,
    group: 'output',
    doc: 'only the verdict',
    expected: 'true or false',
    example: '--quiet',
  },
  kube: {
    schema: toggle,
    default: 'false',
    group: 'kube',
    doc: 'find ingress, trace backend and expectations in a Kubernetes cluster',
    expected: 'true or false',
    example: '--kube',
  },
  'kube-context': {
    value: '<name>',
    schema: z.string().min(1),
    group: 'kube',
    doc: 'context of the kubeconfig; without it the current one',
    expected: 'a context of the kubeconfig',
    example: '--kube-context kind-demo',
  },
  kubeconfig: {
    value: '<path>',
    schema: z.string().min(1),
    group: 'kube',
    doc: "kubeconfig file; without it KUBECONFIG, ~/.kube/config, or the pod's service account",
    expected: 'a readable kubeconfig',
    example: '--kubeconfig ~/.kube/config',
  },
  'kube-app': {
    value: '<namespace>',
    schema: objectName,
    group: 'kube',
    doc: 'namespace of the application, where several have it',
    expected: 'a namespace',
    example: '--kube-app default',
  },
  'kube-ingress': {
    value: '<ns/name>',
    schema: objectId,
    group: 'kube',
    doc: 'Service of the ingress gateway, where several lead to the application',
    expected: 'a namespace and a Service, with a slash between',
    example: '--kube-ingress istio-system/istio-ingressgateway',
  },
  'kube-tracing': {
    value: '<ns/name>',
    schema: objectId,
    group: 'kube',
    doc: "Service of the trace backend's query API, where several look like it or it is named otherwise",
    expected: 'a namespace and a Service, with a slash between',
    example: '--kube-tracing istio-system/tracing',
  },
  'kube-namespaces': {
    value: '<names>',
    schema: objectNames,
    group: 'kube',
    doc: "namespaces to look in; without it all, or, where that is not permitted, the context's and the mesh's",
    expected: 'names of namespaces, with commas between',
    example: '--kube-namespaces default,istio-system',
  },
  'kube-mesh-namespace': {
    value: '<namespace>',
    schema: objectName,
    default: 'istio-system',
    group: 'kube',
    doc: 'namespace of the control plane and its configuration',
    expected: 'a namespace',
    example: '--kube-mesh-namespace istio-system',
  },
  'kube-traces-secret': {
    alias: 'kube-jaeger-secret',
    value: '<ns/name>',
    schema: objectId,
    group: 'kube',
    doc: 'Secret with the keys username and password, or token, for the trace backend',
    expected: 'a namespace and a Secret, with a slash between',
    example: '--kube-traces-secret istio-system/jaeger-login',
  },
  'kube-timeout': {
    value: '<time>',
    schema: duration,
    default: '10s',
    group: 'kube',
    doc: 'time for one call of the Kubernetes API',
    expected: 'a time up to 24h with its unit (ms, s, m, h)',
    example: '--kube-timeout 10s',
  },
  every: {
    value: '<time>',
    schema: duration,
    default: '15m',
    group: 'watch',
    doc: 'time between the starts of two runs of hopcheck watch',
    expected: 'a time up to 24h with its unit (ms, s, m, h)',
    example: '--every 15m',
  },
  budget: {
    value: '<rate>',
    schema: budget,
    default: '2rps',
    group: 'watch',
    doc: 'requests to the ingress that hopcheck watch sends at most, on average and within a run',
    expected: 'a number with rps, rpm or rph, from 6rpm to 1000rps',
    example: '--budget 2rps',
  },
  listen: {
    value: '<address:port>',
    schema: listenAddress,
    default: '127.0.0.1:8484',
    group: 'watch',
    doc: 'where hopcheck watch serves /verdict, /gate, /metrics, /healthz, /run and /report; port 0 takes any that is free',
    expected: '<address>:<port>, the address an IP address or localhost, IPv6 in brackets',
    example: '--listen 0.0.0.0:8484',
  },
  keep: {
    value: '<number>',
    ...wholeNumber(1, 1000),
    default: '20',
    group: 'watch',
    doc: 'runs whose reports hopcheck watch keeps, in memory and in --watch-folder',
    example: '--keep 20',
  },
  agree: {
    value: '<n/m>',
    schema: agreement,
    default: '2/3',
    group: 'watch',
    doc: 'hopcheck watch raises an alert when so many of the last runs agree',
    expected: '<runs>/<of the last runs>, up to 100',
    example: '--agree 2/3',
  },
  'stale-after': {
    value: '<time>',
    schema: duration,
    group: 'watch',
    doc: 'age, from the start of its run, at which a verdict no longer counts; default: two intervals and --total-timeout',
    expected: 'a time up to 24h with its unit (ms, s, m, h)',
    example: '--stale-after 45m',
  },
  'watch-folder': {
    value: '<path>',
    schema: z.string().min(1),
    default: 'hopcheck-watch',
    group: 'watch',
    doc: 'folder for the JSON report of each run that is kept, and the capture of each that did not pass',
    expected: 'a path that can be written',
    example: '--watch-folder /results',
  },
  'watch-token': {
    value: '<token>',
    schema: bearerToken,
    secret: true,
    group: 'watch',
    doc: 'bearer token that opens /run and /report; better in HOPCHECK_WATCH_TOKEN or --watch-token-file',
    expected: 'a token of 16 characters or more, without spaces',
    example: 'HOPCHECK_WATCH_TOKEN=…',
  },
  'watch-token-file': {
    value: '<path>',
    schema: z.string().min(1),
    group: 'watch',
    doc: 'file with that token; without a token /run and /report are closed',
    expected: 'a readable file with a token of 16 characters or more, without spaces',
    example: '--watch-token-file /etc/hopcheck/token',
  },
  services: {
    value: '<map>',
    schema: z.record(z.string(), z.string()),
    doc: 'names in spans → names in the application, where they differ (docs/names.md); in the file only',
    expected: 'an object of names',
    example: '{"services": {"orders-svc.prod": "orders"}}',
  },
} as const satisfies Record<string, Omit<OptionDefinition, 'name'>>;

export type OptionName = keyof typeof OPTIONS;

export const OPTION_NAMES = Object.keys(OPTIONS) as OptionName[];
/** The options of some groups. */
export function optionsOf(groups: readonly OptionGroup[]): readonly OptionName[] {
  return groups.flatMap((group) => OPTION_NAMES.filter((name) => optionDefinition(name).group === group));
}

/** What counts; the others say how a run is done. */
export const POLICY_OPTIONS = optionsOf(['policy']);
/** What is written, and where. */
export const OUTPUT_OPTIONS = optionsOf(['output']);
/** Where in a cluster things are. */
export const KUBE_OPTIONS = optionsOf(['kube']);
/** What a dump is held to, and where it came from. */
export const IMPORT_OPTIONS = [
  ...(['ingress', 'traces', 'format', 'gateway-profile', 'application'] as const),
  ...(['shares', 'share-tolerance', 'sampling', 'services'] as const),
] satisfies readonly OptionName[];
/** How a run is done. */
export const RUN_GROUPS = [
  'ingress',
  'backend',
  'mesh',
  'sending',
  'waiting',
] as const satisfies readonly OptionGroup[];
/** When a watch runs, and what it serves. */
export const WATCH_OPTIONS = optionsOf(['watch']);
const OTHER_GROUPS: readonly (OptionGroup | undefined)[] = ['kube', 'policy', 'output', 'watch'];
export const RUN_OPTIONS = OPTION_NAMES.filter((name) => !OTHER_GROUPS.includes(optionDefinition(name).group));

/** For a single call, so no configuration can hold them: flags only, each with an example of what to do instead. */
export const FLAGS_ONLY: Readonly<Record<string, string>> = {
  config: '--config hopcheck.config.yaml',
  'dry-run': '--dry-run',
  color: 'NO_COLOR=1',
  'no-color': 'NO_COLOR=1',
  curl: '--curl',
  port: '--port 18080',
  for: "--for 'hopcheck run'",
  json: '--json',
  out: '--out run.capture',
  'no-out': '--no-out',
  requests: '--requests sent.json',
  complete: '--complete',
  from: '--from http://127.0.0.1:16686',
  since: '--since 2h',
  until: '--until 1h',
  limit: '--limit 1000',
  judge: '--judge',
  get: '--get /api/home',
  post: '--post /api/orders',
  untraced: '--untraced redis',
  external: '--external rates.example.com',
  name: '--name shop',
  check: '--check',
  accept: "--accept 'shop->stock'",
  shard: '--shard 1/4',
  target: '--target shop',
  plan: '--plan fleet.yaml',
  parallel: '--parallel 8',
  index: '--index 0',
  to: '--to captures',
  emit: '--emit job.yaml',
  collect: '--collect captures',
};

export function optionDefinition(name: OptionName): OptionDefinition {
  return { name, ...OPTIONS[name] };
}

export function variableOf(name: string): string {
  return `HOPCHECK_${name.toUpperCase().replaceAll('-', '_')}`;
}

/** Commander's key for the flag, and the key in the file. */
export function keyOf(name: string): string {
  return name.replace(/-([a-z])/g, (_, letter: string) => letter.toUpperCase());
}

/** The names of an option, today's first. */
export function namesOf(name: OptionName): readonly string[] {
  const { alias } = optionDefinition(name);
  return alias === undefined ? [name] : [name, alias];
}
