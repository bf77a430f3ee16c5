import { CODES, type FindingCode } from '../../harness/model/codes.ts';
import type { JudgedFinding, Subject } from '../../harness/model/finding.ts';
import { factText } from './fact-text.ts';

/** The names that a fix is made of. */
interface Names {
  /** `reviews v2, v3`: the service, or the caller of a hop, with the versions it is about. */
  readonly who: string;
  /** The same without versions. */
  readonly service: string;
  /** `ratings`, `details and reviews`; empty where the finding is of no call. */
  readonly callee: string;
  /** `version=v3` behind a comma, for a selector of pods; empty where it is of more than one version. */
  readonly version: string;
  readonly versions: string;
}

/**
 * What to do, with the names of this finding: service, versions, caller, callee, and the command that shows them. The
 * fact of the finding where it has one, else the row of its code here, else the general text of its code, which its page
 * has as well. Labels `app` and `version` are those that Istio asks for.
 */
export function fixText(finding: JudgedFinding): string {
  const { code, facts } = finding;
  if (facts.remedy !== undefined) return factText(facts.remedy);
  const names = namesOf(finding);
  if (names === undefined) return ofFact(finding) ?? CODES[code].fix;
  const ofCall = names.callee === '' ? undefined : OF_CALL[code]?.(names);
  return ofCall ?? OF_SERVICE[code]?.(names) ?? CODES[code].fix;
}

/** Of one call, or of the calls of one caller. */
const OF_CALL: Readonly<Partial<Record<FindingCode, (names: Names) => string>>> = {
  HC103: ({ callee }) => `Open the linked trace and follow the hop to ${callee}: ${podsOf(callee)}.`,
  HC302: ({ who, callee }) =>
    `Look at the first of the causes. not-captured: declare the port of the Service ${callee} as HTTP, and look for excluded ports. Otherwise make ${who} copy the trace headers of the request it handles to its call to ${callee}.`,
  HC303: ({ callee }) =>
    `Status 503 with UH: start ${callee}, or correct the selector of its Service. Status 503 with UF: start its application. Status 200: give ${callee} a sidecar (${podsOf(callee)} shows a container istio-proxy), or correct the tracing address of that sidecar (istioctl proxy-config bootstrap).`,
  HC304: ({ who, callee }) =>
    `Add the call of ${who} to ${callee} to the application definition, or find the code of ${who} that makes it.`,
  HC305: ({ who, callee }) =>
    `The first call failed with 503: restore ${callee}. With 0 or the flag DC: make ${callee} faster, or have ${who} wait longer. It was answered 200: remove the loop or the second call from ${who}.`,
  HC307: ({ who, callee }) =>
    `Remove the rule that injects faults into calls of ${who} to ${callee}, or expect its effect. This command finds it: kubectl get virtualservice -A -o yaml | grep -A5 fault:`,
  HC310: ({ who, callee }) =>
    `Send a request that makes ${who} call ${callee}, or remove the call from the definition.`,
  HC311: ({ service, callee }) =>
    `Remove "pending: true" from the call ${service} → ${callee} in the application definition, or run hopcheck learn --accept with its name.`,
  HC406: ({ who, callee }) =>
    `Look at ${who}: do its calls to ${callee} go through its sidecar, and does it send on the id that it received?`,
  HC407: ({ who, callee }) =>
    `Check the selector of the Service ${callee} (${podsOf(callee)}); then whether ${who} uses one set of headers for several calls at once.`,
  HC408: ({ who, callee }) =>
    `Have ${who} send the tracing headers of the request that it handles on to ${callee}, byte for byte, on every call.`,
  HC502: ({ who, callee }) =>
    `Configure the propagator of the tracing library in ${who} for the format of the mesh, and let it continue the context of the request on its calls to ${callee}.`,
  HC503: ({ who, callee }) =>
    `Have ${who} send the trace id on to ${callee} as text, all 32 digits, or turn on 128-bit ids in its tracing library.`,
  HC504: ({ who, callee }) =>
    `Have ${who} take the headers from the request that it handles, anew for each call to ${callee}. Look for headers that are kept in a variable, a client or a thread that several requests share.`,
  HC509: ({ who, callee }) =>
    `Configure both formats in the propagator of ${who}, for its calls to ${callee} (OpenTelemetry: OTEL_PROPAGATORS=tracecontext,baggage,b3multi).`,
  HC510: ({ who, callee }) =>
    `Look at what lies between the pods of ${who} and ${callee}, such as another proxy or an egress gateway; allow the tracing headers there.`,
};

/** Of one service. */
const OF_SERVICE: Readonly<Partial<Record<FindingCode, (names: Names) => string>>> = {
  HC105: ({ service }) =>
    `Compare the labels of the pods of ${service} with their images (${podsOf(service)} -o wide -L version); look for a cache between ingress and application.`,
  HC201: ({ service, versions, version }) =>
    `Check that ${service} ${versions} has ready pods: ${podsOf(service)}${version}. Then look for a route that leaves ${versions} out: kubectl get virtualservice,destinationrule -A (or httproute).`,
  HC202: ({ service }) =>
    `Compare the weights of the route to ${service} (kubectl get virtualservice -A -o yaml) and its ready pods (${podsOf(service)} -L version) with --shares.`,
  HC203: ({ service, versions, version }) =>
    `Take the pods of ${service} ${versions} out of the Service (${podsOf(service)}${version}), or add ${versions} to --shares.`,
  HC204: ({ service }) =>
    `Look at the trafficPolicy of the DestinationRule for ${service} (loadBalancer.simple): kubectl get destinationrule -A -o yaml. Then look at the concurrency of the proxies that call ${service}.`,
  HC205: ({ service, versions }) =>
    `Scale the Deployment of ${service} ${versions} up (kubectl get deployment -A), or set the expected versions: --shares.`,
  HC301: ({ service }) =>
    `Search the trace backend for ${service} in the minute of the run. Spans in another trace: have the caller of ${service} copy the trace headers. No spans: give its pods a sidecar, or turn their reporting on (${podsOf(service)} shows a container istio-proxy).`,
  HC401: ({ service }) =>
    `Look which service calls ${service}: that caller lost the parent. Have it pass the trace headers on to ${service}.`,
  HC402: ({ service }) =>
    `Find who should have made the span that ${service} names as its parent: the service between this span and the spans above it.`,
  HC403: ({ service }) =>
    `Look at the B3 headers that ${service} sends: x-b3-spanid and x-b3-parentspanid must differ.`,
  HC404: ({ service }) =>
    `Compare the start times of the two spans of ${service}: equal means stored twice, different means that ${service} used one id twice.`,
  HC405: ({ service }) => `Read the trace raw and look at the ids of the spans of ${service}.`,
  HC707: ({ service }) =>
    `Synchronise the clocks (chrony, ntpd) of this machine and of the nodes of ${service}: ${podsOf(service)} -o wide.`,
  HC717: ({ service }) =>
    `Check time synchronisation (chrony, ntpd) on the nodes of ${service}: ${podsOf(service)} -o wide.`,
};

function ofFact({ code, facts: { expected, received } }: JudgedFinding): string | undefined {
  if (code === 'HC716' && received.kind === 'late-span' && received.lagMs > 0) return flushFix(received.lagMs);
  if (code === 'HC716' && received.kind === 'slow-way' && expected.kind === 'spans-in-time')
    return flushFix(expected.flushMs + received.wayMs);
  if (code === 'HC710' && received.kind === 'no-span-identity' && received.service !== '')
    return `Map it: "services": { "${received.service}": "<short name>" } in hopcheck.config.json.`;
  return undefined;
}

function flushFix(ms: number): string {
  return `State the interval, rounded up to whole seconds: --flush-interval ${Math.ceil(ms / 1000)}s.`;
}

/** The command that lists the pods of a service; of all where the name is not one that may stand in a command. */
function podsOf(service: string): string {
  return isLabel(service) ? `kubectl get pod -A -l app=${service}` : 'kubectl get pod -A';
}

/** A value that Kubernetes lets a label have. Names come from spans, so that a command must not take any. */
function isLabel(name: string): boolean {
  return /^[A-Za-z0-9](?:[\w.-]{0,61}[A-Za-z0-9])?$/.test(name);
}

function namesOf({ subject, callees = [] }: JudgedFinding): Names | undefined {
  if (subject.kind !== 'hop' && subject.kind !== 'service') return undefined;
  const service = subject.kind === 'hop' ? subject.caller : subject.service;
  const versions = (subject.kind === 'hop' ? subject.callerVersions : subject.versions) ?? [];
  const [only, ...more] = versions;
  return {
    service,
    who: [service, versions.join(', ')].filter((word) => word !== '').join(' '),
    callee: calleeOf(
      subject,
      callees.map(({ callee }) => callee),
    ),
    versions: versions.join(', '),
    version: only === undefined || more.length > 0 || !isLabel(only) || !isLabel(service) ? '' : `,version=${only}`,
  };
}

function calleeOf(subject: Subject, several: readonly string[]): string {
  if (subject.kind === 'hop') return subject.callee;
  return several.join(' and ');
}
