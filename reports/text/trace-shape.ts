import type { SILENCE_CAUSES, TraceShapeFact } from '../../harness/model/facts/trace-shape.ts';
import { percent, plural } from '../../harness/model/numbers.ts';
import { UNSEEN } from './propagation.ts';
import type { Texts } from './texts.ts';
import { answerText, callText, spanText } from './values.ts';

/** What to do about each reason for missing spans. */
const REPORT_SPANS: Readonly<Record<(typeof SILENCE_CAUSES)[number], (service: string) => string>> = {
  'sidecar-absent': (service) =>
    `give the pods of ${service} a sidecar where kubectl get pod shows no container istio-proxy: label the namespace istio-injection=enabled and restart them`,
  'sidecar-not-reporting': (service) =>
    `let the proxy of ${service} reach the collector: its statistics reports_dropped and reports_skipped_no_cluster count what it could not send`,
  'tracing-off': (service) =>
    `turn tracing on for ${service}: look for disableSpanReporting in kubectl get telemetry -A -o yaml`,
  'spans-lost': (service) =>
    `stop the loss of spans between ${service} and the trace backend: look at reports_dropped of its proxy, then at the collector's metrics for dropped and refused spans`,
};

export const TRACE_SHAPE_TEXTS: Texts<TraceShapeFact> = {
  'call-in-trace': ({ caller, callee, callees }) =>
    `a call of ${caller} to ${callees?.join(' and one to ') ?? callee} in the trace`,
  'no-call': () => 'no such call in the trace',
  'call-not-captured': ({ where, callee, callees, shown }) => {
    const made =
      shown === undefined || callees !== undefined
        ? ''
        : `. ${plural(shown, 'answer')} ${shown === 1 ? 'shows' : 'show'} a version of ${callee}: the call was made`;
    if (where !== 'own-trace') return `${UNSEEN[where]}, and no span of the callee either${made}`;
    const calls = callees === undefined ? `the call or of ${callee}` : `the calls, of ${callees.join(' or of ')}`;
    return `no span of ${calls} in this trace; other traces were not searched${made}`;
  },
  'arrived-uncaptured': ({ caller, callee, callees }) =>
    `the SERVER ${callees === undefined ? `span of ${callee}` : `spans of ${callees.join(' and ')}`} directly below that of ${caller}: the context arrived, and the proxy of ${caller} made no span of ${callees === undefined ? 'the call' : 'the calls'}`,
  'arrived-unseen': ({ caller, callee }) =>
    `a call that ${callee} makes directly below the SERVER span of ${caller}: the context arrived, and neither proxy made a span of the call`,
  'capture-call': ({ caller, callee, callees, side }) =>
    side === 'caller'
      ? `make the proxy of ${caller} handle ${callees === undefined ? 'the call' : 'its calls'} as HTTP: look for excludeOutboundPorts and includeOutboundIPRanges in its annotations, and for a port name of the ${callees === undefined ? `Service ${callee}` : `Services ${callees.join(', ')}`} that does not begin with http or grpc`
      : `declare the port of the Service ${callee} as HTTP (a name that begins with http or grpc, or appProtocol), and look for excludeInboundPorts and excludeOutboundPorts in the annotations of ${caller} and ${callee}`,
  'run-to-the-end': ({ caller, callee }) =>
    `run hopcheck again, to its end: only then it looks for the calls of ${caller} to ${callee} under other trace ids, which shows whether ${caller} drops the headers or the mesh does not see the calls`,
  'report-spans': ({ service, causes }) => causes.map((cause) => REPORT_SPANS[cause](service)).join('. Else '),
  'server-span': ({ callee }) => `a SERVER span of ${callee} below the call`,
  'no-server-span': ({ answer, failure }) => (answer === undefined ? 'none' : `none; ${callText(answer, failure)}`),
  'gateway-spans': ({ spans, from }) => `${plural(spans, 'gateway span')}${from === undefined ? '' : ` (${from})`}`,
  'spans-of': ({ services }) => services.map((service) => `spans of ${service}`).join(', '),
  'no-span-anywhere': () => 'no span in any trace',
  'known-services': ({ services }) => `services ${services.join(', ')}`,
  'span-seen': ({ span, service }) => spanText(span, service),
  'calls-to': ({ caller, callees }) =>
    callees.length === 0 ? `no call of ${caller}` : `calls of ${caller} to ${callees.join(', ')}`,
  'call-to': ({ callee }) => `a call to ${callee}`,
  'call-outside': ({ callee }) =>
    callee.endsWith('Cluster')
      ? `a call to an address that no Service and no ServiceEntry has (${callee})`
      : `a call to ${callee}, a host outside the cluster`,
  'call-other-way': ({ callee, service }) =>
    `a call to ${callee} that ${service} answers, in the same trace: the context is passed on`,
  'call-to-installation': ({ callee }) => `a call to ${callee}, in another namespace`,
  'call-beside': ({ caller, callee, nature }) =>
    nature === 'to-gateway'
      ? `a call to ${callee}, a gateway`
      : `a call to ${callee} that the proxy of ${caller} makes by itself`,
  'tolerate-call': ({ subject, nature }) => `${USUAL[nature]}: ${tolerateText(subject)}`,
  'direct-call': ({ caller, callee }) => `a direct call of ${caller} to ${callee}`,
  'call-through': ({ callee, gateway }) =>
    `a call to ${callee} through ${gateway}, in the same trace: the context is passed on`,
  'one-call': () => 'one call',
  'repeated-call': ({ answers }) =>
    `${plural(answers.length, 'call')}: ${answers.map((answer) => answerText(answer)).join('; ')}`,
  'call-tried': ({ caller, answers }) =>
    `${plural(answers.length, 'try', 'tries')} of one call by the proxy of ${caller}: ${answers.map((answer) => answerText(answer)).join('; then ')}`,
  'call-answered': ({ callee }) => `an answer of ${callee} below 500`,
  'call-accepted': ({ callee }) => `an answer of ${callee} that is not a refusal`,
  'call-failed': ({ answer, by }) => {
    const words = callText(answer);
    if (by === 'client') return `${words}: the client of the gateway went away before the application gave up`;
    return by === 'sidecar' ? `${words}, by the sidecar of the callee in place of its application` : words;
  },
  'look-at-callee': ({ caller, callee, by }) => {
    switch (by) {
      case 'sidecar':
        return `start the application of ${callee}: its sidecar answers and cannot connect to it (kubectl get pod, and the log of its container)`;
      case 'application':
        return `look in the log of ${callee} at the time of the trace: the application itself answers with the error`;
      case 'proxy':
        return `look for pods of ${callee} that are ready: kubectl get endpoints ${callee}`;
      case 'client':
        return `nothing, where people close pages; where it is often, find out why ${callee} answers so late`;
      case 'refusal':
        return `find out who refuses it: an AuthorizationPolicy or RequestAuthentication (kubectl get authorizationpolicy,requestauthentication -A), a rate limit, or ${callee} itself (its log). Where it is wanted, add ${tolerateOption('HC309', `${caller}->${callee}`)}`;
      case 'caller':
        return `find out why ${callee} answers so late, or have ${caller} wait longer`;
    }
  },
  'untouched-call': () => 'a call that no fault injection rule touches',
  'fault-injected': ({ effect, answer }) =>
    `${effect} by a fault injection rule; ${callText({ ...answer, flags: answer.flags.filter(isOther) })}`,
  'answering-spans': ({ service }) => `spans of ${service} for the calls that it answers`,
  'service-silent': ({ evidence, searched, address }) => {
    const where = address === undefined ? '' : ` (all of them went to ${address})`;
    switch (evidence) {
      case 'other-traces':
        return 'no SERVER span in this trace, although others have one';
      case 'one-address':
        return `no SERVER span of any call that went to ${address ?? 'one address'}, and one of each call that went elsewhere`;
      case 'callees-below-call':
        return `no span; the calls that it makes are directly below the call to it${where}`;
      case 'callees-orphaned':
        return 'no span; the calls that it makes name a parent that did not arrive';
      case 'none':
        return searched
          ? `no span in any trace, although the call is answered${where}`
          : 'no span in this trace, although the call is answered; other traces could not be searched';
    }
  },
  'every-span': ({ service }) => `every span of ${service}`,
  'missing-parents': ({ spans }) => `${plural(spans, 'span')} named as a parent, and not in the trace`,
  'all-proxy-spans': () => 'every span that the proxies make',
  'spans-lost': ({ services, share }) =>
    `spans of ${services.join(', ')} are missing now and then, at least ${percent(share)} of all`,
  'spans-unclear': ({ traces }) => `${plural(traces, 'trace')} with a missing hop and a span that cannot be identified`,
  'traces-seen': ({ traces, wholeHops, hops, sizes }) =>
    [
      plural(traces, 'trace'),
      ...(hops === 0 ? [] : [`${wholeHops} of ${plural(hops, 'hop')} in every trace`]),
      ...sizes.map((size) => `${size.traces} × ${plural(size.spans, 'span')}`),
    ].join(' · '),
};

const USUAL = {
  'other-way': 'a call by address, or by another name of the Service, is normal where the application is set up so',
  'other-installation': 'a gateway may lead to several installations of an application',
  outside: 'a call that leaves the cluster is normal where the application needs it',
  'of-gateway': 'a gateway asks an authorisation service (ext_authz) or a rate limit, or mirrors requests',
  'of-proxy': 'a sidecar asks an authorisation service (ext_authz) or a rate limit, or mirrors requests',
  'to-gateway': 'an egress gateway is normal on the way out of the mesh',
  'gateway-in-front': 'a second gateway in front of the first, or behind the application, is normal',
} as const;

function tolerateText(subject: string): string {
  return `where it is wanted, add ${tolerateOption('HC304', subject)}; where it is not, find out what makes it`;
}

/** An option to copy; names that a shell would not take as they are stay out of it. */
function tolerateOption(code: string, subject: string): string {
  return /^[\w.>-]+$/.test(subject) ? `--tolerate '${code}:${subject}=wanted'` : `--tolerate '${code}=wanted'`;
}

/** A flag that says more than that a rule was applied. */
function isOther(flag: string): boolean {
  return flag !== 'FI' && flag !== 'DI';
}
