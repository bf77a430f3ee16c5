import type { ConfigurationIssue, Excuse } from '../../model/cluster.ts';
import { excusesOf } from '../expect/excuses.ts';
import { destinationRuleFor, rulesFor } from '../expect/rules.ts';
import { isService } from '../objects/hosts.ts';
import type { HttpRoute, VirtualService } from '../objects/mesh-objects.ts';
import { isReady, selects } from '../objects/pods.ts';
import { type ApplicationService, named, type Situation, servicesOf } from '../objects/situation.ts';

/** Routes of the application's services: weights, subsets, injected faults. */
export function routeIssues(situation: Situation): ConfigurationIssue[] {
  const { objects, application, namespace, mesh } = situation;
  const place = { namespace, rootNamespace: mesh.rootNamespace };
  const excuses = excusesOf(objects, application, place, mesh);
  return [
    ...servicesOf(situation).flatMap((service) => [
      ...rulesFor(objects, { name: service.name, ...place }).flatMap((rule) => [
        ...weightIssues(rule, service.name),
        ...subsetIssues(rule, service, situation),
      ]),
      ...emptySubsets(service, situation),
    ]),
    ...excuses.filter(({ kind }) => kind === 'errors').map(faultIssue),
  ];
}

/** Istio takes weights as proportions; the author of 80 and 10 meant something else. */
function weightIssues(rule: VirtualService, service: string): ConfigurationIssue[] {
  return rule.spec.http.flatMap(({ route }): ConfigurationIssue[] => {
    if (route.length < 2) return [];
    const weights = route.map(({ weight = 0 }) => weight);
    const sum = weights.reduce((total, weight) => total + weight, 0);
    if (sum === 100) return [];
    return [
      {
        code: 'HC805',
        severity: 'warning',
        subject: { kind: 'service', service },
        expected: 'weights that add up to 100',
        received: `${named('VirtualService', rule)}: ${weights.join(' + ')} = ${sum}`,
        remedy: `correct the weights: kubectl -n ${rule.metadata.namespace} edit virtualservice ${rule.metadata.name}`,
      },
    ];
  });
}

/** A route that leads to nothing answers 503: its subset is not defined, or has no ready pod. */
function subsetIssues(
  rule: VirtualService,
  { name, pods }: ApplicationService,
  situation: Situation,
): ConfigurationIssue[] {
  const { objects, namespace, mesh } = situation;
  const definition = destinationRuleFor(objects, { name, namespace, rootNamespace: mesh.rootNamespace });
  const subsets = new Set(rule.spec.http.flatMap((route) => routedSubsets(route, rule, name, namespace)));
  return [...subsets].flatMap((subset): ConfigurationIssue[] => {
    const labels = definition?.spec.subsets.find((one) => one.name === subset)?.labels;
    const issue = (received: string, remedy: string): ConfigurationIssue => ({
      code: 'HC806',
      severity: 'error',
      subject: { kind: 'service', service: name, versions: [labels?.version ?? subset] },
      expected: `a ready pod for subset ${subset}, to which ${named('VirtualService', rule)} routes`,
      received,
      remedy,
    });
    if (labels === undefined) {
      const where =
        definition === undefined ? 'no DestinationRule for it' : `not in ${named('DestinationRule', definition)}`;
      return [
        issue(`the subset is not defined: ${where}`, `define subset ${subset} in a DestinationRule for host ${name}`),
      ];
    }
    if (pods.some((pod) => isReady(pod) && selects(labels, pod.metadata.labels))) return [];
    const selector = Object.entries(labels)
      .map(([key, value]) => `${key}=${value}`)
      .join(',');
    return [issue(`no ready pod with labels ${selector}`, `kubectl -n ${namespace} get pods -l ${selector}`)];
  });
}

function routedSubsets({ route }: HttpRoute, rule: VirtualService, name: string, namespace: string): string[] {
  return route.flatMap(({ destination, weight }) => {
    const taken = route.length === 1 || (weight ?? 0) > 0;
    const own = isService(destination.host, rule.metadata.namespace, name, namespace);
    return taken && own && destination.subset !== undefined ? [destination.subset] : [];
  });
}

/** Defined and never to be met, though nothing routes there now. */
function emptySubsets(
  { name, service, pods }: ApplicationService,
  { objects, namespace, mesh }: Situation,
): ConfigurationIssue[] {
  const rule = service && destinationRuleFor(objects, { name, namespace, rootNamespace: mesh.rootNamespace });
  if (rule === undefined) return [];
  const routed = new Set(
    rulesFor(objects, { name, namespace, rootNamespace: mesh.rootNamespace }).flatMap((one) =>
      one.spec.http.flatMap((route) => routedSubsets(route, one, name, namespace)),
    ),
  );
  return rule.spec.subsets
    .filter(
      (subset) => !routed.has(subset.name) && !pods.some(({ metadata }) => selects(subset.labels, metadata.labels)),
    )
    .map((subset) => ({
      code: 'HC806',
      severity: 'info',
      subject: { kind: 'service', service: name, versions: [subset.labels.version ?? subset.name] },
      expected: `pods for subset ${subset.name} of ${named('DestinationRule', rule)}`,
      received: 'none, and no route leads to it',
      remedy: `remove the subset, or deploy that version: kubectl -n ${namespace} get pods`,
    }));
}

function faultIssue({ service, from }: Excuse): ConfigurationIssue {
  const [, namespace = '', name = ''] = /^VirtualService ([^/]+)\/([^:]+)/.exec(from) ?? [];
  return {
    code: 'HC810',
    severity: 'warning',
    subject: { kind: 'service', service },
    expected: 'no fault injection',
    received: from,
    remedy: `remove the fault when the experiment is over: kubectl -n ${namespace} edit virtualservice ${name}`,
  };
}
