import type { CodeDefinition } from './definition.ts';

/** HC2xx: which version serves how often. */
export const LOAD_BALANCING_CODES = {
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
    fix: 'Check that the version has ready pods: kubectl get pods -A -l version=<version>. Then look for a VirtualService or HTTPRoute that names its subsets.',
  },
  HC202: {
    promise: 'load-balancing',
    title: "a version's share is off",
    counts: 'attempt',
    meaning:
      'The counts of the versions are too improbable for the expected shares (exact multinomial test; fewer than 1 false alarm in 300 000 runs), and the interval of the named versions lies outside their expected share ± --share-tolerance. An error where the shares were configured or found in the mesh, a warning where the application only assumes them. docs/statistics.md says how far off a share must be to be found.',
    looks:
      'SERVER spans of the service carry one istio.canonical_revision far more often, or more rarely, than they should.',
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
      'This is judged only where the run is the only traffic (--exclusive) and the number of worker threads of the calling proxies is known (--workers): each worker gives turns in rotation, so that after any number of requests two pods are at most as many turns apart as there are workers. Here they are farther apart.',
    looks: 'SERVER spans of the service: one pod has more of them than the others.',
    usualCauses: [
      "the policy is not ROUND_ROBIN: Istio's default is LEAST_REQUEST since 1.14",
      'the calling proxies have more workers, or there are more pods of them, than --workers says',
      'another client sends requests during the run',
    ],
    fix: 'Look at the trafficPolicy of the DestinationRule (loadBalancer.simple), and at the concurrency of the calling proxies.',
  },
  HC205: {
    promise: 'load-balancing',
    title: 'a version has no replicas',
    meaning:
      'The application has this version, its Deployment is there, and it is scaled to 0. The others share its part, and the run says nothing about it.',
    looks:
      'No span and no page of the version. The other versions have the shares that fit their numbers of ready pods.',
    usualCauses: ['scaled down on purpose', 'an autoscaler or a rollback left it at 0'],
    fix: 'Scale the Deployment up, or set the expected versions: --shares.',
  },
} as const satisfies Record<string, CodeDefinition>;
