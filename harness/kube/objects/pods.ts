import type { Pod, Service, ServicePort } from './objects.ts';

/** Labels match a selector; an empty selector matches nothing, as for a Service (Kubernetes, ServiceSpec.selector). */
export function selects(selector: Readonly<Record<string, string>>, labels: Readonly<Record<string, string>>): boolean {
  const wanted = Object.entries(selector);
  return wanted.length > 0 && wanted.every(([name, value]) => labels[name] === value);
}

/** The pods behind a Service, ready or not. */
export function podsOf({ metadata, spec }: Service, pods: readonly Pod[]): readonly Pod[] {
  return pods.filter(
    (pod) => pod.metadata.namespace === metadata.namespace && selects(spec.selector, pod.metadata.labels),
  );
}

/** Ready to serve: the pod's own condition says so, and it is not on its way out. */
export function isReady({ metadata, status }: Pod): boolean {
  return (
    metadata.deletionTimestamp === undefined &&
    status.conditions.some((condition) => condition.type === 'Ready' && condition.status === 'True')
  );
}

/** Finished pods, such as those of a Job, do not belong to the application. */
export function isFinished({ status }: Pod): boolean {
  return status.phase === 'Succeeded' || status.phase === 'Failed';
}

/** The container port that a Service's port leads to in this pod; undefined: it has no port of that name. */
export function containerPort({ port, targetPort = port }: ServicePort, { spec }: Pod): number | undefined {
  if (typeof targetPort === 'number') return targetPort;
  return spec.containers.flatMap(({ ports }) => ports).find(({ name }) => name === targetPort)?.containerPort;
}

/**
 * As Istio distinguishes revisions (istio.canonical_revision): its own label, else `app.kubernetes.io/version`, else
 * `version`.
 */
export function revisionOf(labels: Readonly<Record<string, string>>): string | undefined {
  return labels['service.istio.io/canonical-revision'] ?? labels['app.kubernetes.io/version'] ?? labels.version;
}

/** As Istio names the service of a pod (istio.canonical_service): its own label, else two usual ones, else the workload. */
export function canonicalNameOf({ metadata: { name, labels } }: Pod): string {
  return (
    labels['service.istio.io/canonical-name'] ??
    labels['app.kubernetes.io/name'] ??
    labels.app ??
    name.replace(/-[a-z0-9]{6,10}-[a-z0-9]{4,6}$/, '')
  );
}

const PROXY = 'istio-proxy';

/** `none`: the pod has no Istio proxy. Native sidecars are init containers that go on running (Kubernetes 1.29). */
export function sidecarOf({ spec, status }: Pod): 'none' | 'ready' | 'not-ready' {
  const native = spec.initContainers.some(({ name, restartPolicy }) => name === PROXY && restartPolicy === 'Always');
  if (!native && !spec.containers.some(({ name }) => name === PROXY)) return 'none';
  const statuses = native ? status.initContainerStatuses : status.containerStatuses;
  return statuses.some(({ name, ready }) => name === PROXY && ready) ? 'ready' : 'not-ready';
}

/** The image of the pod's Istio proxy. */
export function proxyImage({ spec }: Pod): string | undefined {
  return [...spec.containers, ...spec.initContainers].find(({ name }) => name === PROXY)?.image;
}
