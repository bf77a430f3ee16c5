import type { CodeDefinition } from './definition.ts';

/** HC6xx: which requests are traced. */
export const SAMPLING_CODES = {
  HC601: {
    promise: 'sampling',
    title: 'a forced-on probe was not traced',
    counts: 'probe',
    meaning: "The probe asked for its trace in the mesh's own format, and left no span.",
    looks: 'The trace id is unknown.',
    usualCauses: [
      'the gateway does not trace, or its client_sampling is below 100',
      'the gateway reads another context format',
      'something in front of the gateway removes or replaces the trace context, or decides against tracing',
      'spans are lost on the way to the backend',
    ],
    fix: 'Check the Telemetry resource and provider of the gateway (kubectl get telemetry -A -o yaml); try --format b3, then --format w3c.',
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
    fix: 'The caller of the topmost service in the trace lost the decision: have it copy x-b3-sampled, traceparent and x-request-id to its calls.',
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
      'with the OpenTelemetry driver of Envoy 1.39 or newer, below 100 %: a call goes through a second gateway, or comes back through the first one, which replaces x-request-id and decides again',
    ],
    fix: 'The last service in the trace lost the decision: have it copy x-b3-sampled and traceparent to its calls as they came, neither 0 nor empty.',
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
      'the gateway uses another provider, with its own sampler',
      'too few: spans of the gateway are lost, or a proxy in front of it decides',
    ],
    fix: 'Compare the Telemetry resources of root and gateway namespace with meshConfig, and both with what the gateway has: istioctl proxy-config listener <its pod> -o json, randomSampling. Or set the rate that you expect: --sampling.',
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
} as const satisfies Record<string, CodeDefinition>;
