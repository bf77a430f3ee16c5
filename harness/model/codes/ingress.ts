import type { CodeDefinition } from './definition.ts';

/** HC1xx: what the ingress answers. */
export const INGRESS_CODES = {
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
    fix: "Send the printed curl. Look at the gateway's log for that time: kubectl -n istio-system logs deploy/istio-ingressgateway --since 10m.",
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
    fix: 'Check the route (kubectl get virtualservice -A, or httproute) and the Host header that it asks for: --host.',
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
    fix: 'Open the linked trace and follow the hop to the named service. See with kubectl get pods whether it runs, and in its log why it fails.',
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
} as const satisfies Record<string, CodeDefinition>;
