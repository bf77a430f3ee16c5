import type { ConfigurationIssue } from '../../model/cluster.ts';
import type { Deployment, Pod, Service, ServicePort } from '../objects/objects.ts';
import { isReady, revisionOf, selects, sidecarOf } from '../objects/pods.ts';
import { named, type Situation, servicesOf } from '../objects/situation.ts';

/** Ports, pods and Deployments of the application. */
export function workloadIssues(situation: Situation): ConfigurationIssue[] {
  return servicesOf(situation).flatMap(({ name, service, pods }) => [
    ...(service?.spec.ports ?? []).flatMap((port) => portIssue(port, name, situation.namespace)),
    ...(situation.ambient ? [] : sidecarIssues(name, pods, situation.namespace)),
    ...(service === undefined ? [] : readinessIssues(service, situation)),
    ...(service === undefined ? [] : idleIssues(service, pods, situation)),
  ]);
}

const HTTP = /^(http|http2|grpc|grpc-web)(-|$)/;
/** Istio then takes the bytes as they are, and makes no spans (docs/facts/istio.md#ports-and-protocols). */
const OPAQUE = /^(tcp|tls|https|mongo|mysql|redis|udp)(-|$)/;

function portIssue({ name, port, appProtocol }: ServicePort, service: string, namespace: string): ConfigurationIssue[] {
  const declared = appProtocol ?? name;
  if (HTTP.test(declared) || /^kubernetes\.io\/(h2c|ws)/.test(declared)) return [];
  const opaque = OPAQUE.test(declared);
  return [
    {
      code: 'HC807',
      severity: opaque ? 'error' : 'warning',
      subject: { kind: 'service', service },
      expected: `port ${port} of Service ${namespace}/${service} named http-… or with appProtocol http`,
      received: opaque
        ? `declared ${declared}: no spans are made of it`
        : `${declared || 'no name'}: its protocol is guessed from the bytes`,
      remedy: `name the port http: kubectl -n ${namespace} edit service ${service}`,
    },
  ];
}

/** Annotations of a pod that lead traffic past its sidecar (istio.io, Resource Annotations). */
const PAST_SIDECAR = /^traffic\.sidecar\.istio\.io\/(exclude|include)/;

/**
 * The services whose calls proxies see, by the configuration: those that they receive and those that they make
 * (docs/facts/istio.md#ports-and-protocols). A service that no pod runs is not one of them.
 */
export function capturedServices(situation: Situation): readonly string[] {
  if (situation.ambient) return [];
  return servicesOf(situation).flatMap(({ name, service, pods }) => {
    const ports = service?.spec.ports ?? [];
    const areHttp = ports.length > 0 && ports.every((port) => portIssue(port, name, situation.namespace).length === 0);
    const areSeen = pods.length > 0 && pods.every((pod) => sidecarOf(pod) === 'ready' && !isLedPast(pod));
    return areHttp && areSeen ? [name] : [];
  });
}

function isLedPast({ metadata: { annotations } }: Pod): boolean {
  return Object.keys(annotations).some((name) => PAST_SIDECAR.test(name));
}

function sidecarIssues(service: string, pods: readonly Pod[], namespace: string): ConfigurationIssue[] {
  const without = pods.filter((pod) => sidecarOf(pod) !== 'ready' && isReady(pod));
  if (without.length === 0) return [];
  const versions = [...new Set(without.flatMap(({ metadata }) => revisionOf(metadata.labels) ?? []))].toSorted();
  return [
    {
      code: 'HC808',
      severity: 'error',
      subject: { kind: 'service', service, ...(versions.length > 0 && { versions }) },
      expected: 'a ready istio-proxy in every pod',
      received: `${without.length} of ${pods.length} pods have none: ${without
        .map(({ metadata }) => metadata.name)
        .slice(0, 3)
        .join(', ')}`,
      remedy: `kubectl label namespace ${namespace} istio-injection=enabled --overwrite && kubectl -n ${namespace} rollout restart deployment`,
    },
  ];
}

function deploymentsOf({ spec: { selector } }: Service, { objects, namespace }: Situation): readonly Deployment[] {
  return objects.deployments.filter(
    (deployment) =>
      deployment.metadata.namespace === namespace && selects(selector, deployment.spec.template.metadata.labels),
  );
}

/** A version of the application without replicas and without a pod: perhaps on purpose, but the run does not test it. */
function idleIssues(service: Service, pods: readonly Pod[], situation: Situation): ConfigurationIssue[] {
  const { name } = service.metadata;
  const declared = situation.application.services.find((one) => one.name === name)?.versions ?? [];
  const running = new Set(pods.filter(isReady).map(({ metadata }) => revisionOf(metadata.labels)));
  return deploymentsOf(service, situation).flatMap((deployment): ConfigurationIssue[] => {
    const version = revisionOf(deployment.spec.template.metadata.labels);
    if (deployment.spec.replicas > 0 || version === undefined) return [];
    if (!declared.includes(version) || running.has(version)) return [];
    const { namespace, name: deployed } = deployment.metadata;
    return [
      {
        code: 'HC205',
        severity: 'warning',
        subject: { kind: 'service', service: name, versions: [version] },
        expected: `a pod of each version of ${name}`,
        received: `${named('Deployment', deployment)} has 0 replicas`,
        remedy: `kubectl -n ${namespace} scale deployment ${deployed} --replicas=1`,
      },
    ];
  });
}

/** A version that is wanted and not ready is not being tested. */
function readinessIssues(service: Service, situation: Situation): ConfigurationIssue[] {
  const { namespace } = situation;
  const { name } = service.metadata;
  return deploymentsOf(service, situation)
    .filter(({ spec, status }) => status.readyReplicas < spec.replicas)
    .map((deployment) => {
      const { spec, status } = deployment;
      const version = revisionOf(spec.template.metadata.labels);
      return {
        code: 'HC809',
        severity: status.readyReplicas === 0 ? 'error' : 'warning',
        subject: { kind: 'service', service: name, ...(version !== undefined && { versions: [version] }) },
        expected: `${spec.replicas} ready pods of ${named('Deployment', deployment)}`,
        received: `${status.readyReplicas}`,
        remedy: `kubectl -n ${namespace} rollout status deployment ${deployment.metadata.name}`,
      };
    });
}
