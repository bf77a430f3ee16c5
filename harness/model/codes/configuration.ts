import type { CodeDefinition } from './definition.ts';

/** HC8xx: what the mesh's own configuration says. */
export const CONFIGURATION_CODES = {
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
    title: 'the proxies are not configured to send spans anywhere',
    meaning:
      'Tracing is on by name, and no provider and no address is configured. Until Istio 1.21 an address was implicit, zipkin.istio-system:9411; since 1.22 it is not.',
    looks: 'The trace backend shows nothing but itself.',
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
    meaning: 'Istio takes weights as proportions, so the shares differ from the numbers.',
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
      'The gateway writes B3 and a service reads W3C, or the other way round: each begins a separate trace, although every application forwards its headers.',
    looks: 'A trace of the gateway alone, and others that begin at the application.',
    usualCauses: ['different tracing providers for the root namespace and the application namespace'],
    fix: 'Use one provider, or traceContextOption USE_B3_WITH_W3C_PROPAGATION.',
  },
  HC812: {
    promise: 'configuration',
    title: 'proxies are configured not to pass the trace context on',
    meaning:
      'A Telemetry resource with disableContextPropagation applies to the gateway or to a service of the application. Its proxies make spans, and leave the headers as they come in.',
    looks: 'Flat traces: each span is a child of the span that the client sent, or a trace by itself.',
    usualCauses: [
      'an application that creates its trace context itself, and a resource that applies to more than that one',
    ],
    fix: 'Remove disableContextPropagation from the named resource, or give it a selector.',
  },
} as const satisfies Record<string, CodeDefinition>;
