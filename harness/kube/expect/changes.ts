import type { MeshChange } from '../../model/mesh-change.ts';
import type { Pod } from '../objects/objects.ts';
import { isFinished, revisionOf } from '../objects/pods.ts';
import { type Situation, servicesOf } from '../objects/situation.ts';
import { type Provider, providerOf } from './provider.ts';
import { tracingOf } from './telemetry.ts';

/** What is another in the mesh at the second reading: pods of application and gateway, and who gets their spans; pure. */
export function changesBetween(before: Situation, after: Situation): readonly MeshChange[] {
  return [...podChanges(before, after), ...tracingChanges(before, after)];
}

function podChanges(before: Situation, after: Situation): MeshChange[] {
  const first = podsByWorkload(before);
  const second = podsByWorkload(after);
  return [...new Set([...first.keys(), ...second.keys()])].toSorted().flatMap((key): MeshChange[] => {
    const [service = '', version = ''] = key.split(' ');
    const was = first.get(key) ?? [];
    const is = second.get(key) ?? [];
    const known = new Map(was.map((pod) => [idOf(pod), pod]));
    const there = new Map(is.map((pod) => [idOf(pod), pod]));
    const came = is.filter((pod) => !known.has(idOf(pod)));
    const ending = is.filter((pod) => isEnding(pod) && known.has(idOf(pod)) && !isEnding(known.get(idOf(pod))));
    const gone = [...was.filter((pod) => !there.has(idOf(pod))), ...ending];
    const restarted = is.filter((pod) => {
      const earlier = known.get(idOf(pod));
      return earlier !== undefined && restartsOf(pod) > restartsOf(earlier);
    });
    if (came.length + gone.length + restarted.length === 0) return [];
    const times = [...came.map(({ metadata }) => metadata.creationTimestamp), ...restarted.flatMap(startsOf)];
    const atMs = earliest(times);
    return [
      {
        kind: 'pods',
        service,
        ...(version !== '' && { version }),
        came: namesOf(came),
        gone: namesOf(gone),
        restarted: namesOf(restarted),
        ...(atMs !== undefined && { atMs }),
      },
    ];
  });
}

function podsByWorkload(situation: Situation): ReadonlyMap<string, readonly Pod[]> {
  const { gatewayPods, application } = situation;
  const all = [
    ...gatewayPods.map((pod) => ({ service: application.gateway, pod })),
    ...servicesOf(situation).flatMap(({ name, pods }) => pods.map((pod) => ({ service: name, pod }))),
  ].filter(({ pod }) => !isFinished(pod));
  const key = ({ service, pod }: (typeof all)[number]) =>
    `${service} ${service === application.gateway ? '' : (revisionOf(pod.metadata.labels) ?? '')}`;
  const grouped = Map.groupBy(all, key);
  return new Map([...grouped].map(([name, some]) => [name, some.map(({ pod }) => pod)]));
}

/** A StatefulSet gives a new pod the name of the one before. */
function idOf({ metadata }: Pod): string {
  return metadata.uid ?? `${metadata.namespace}/${metadata.name}`;
}

function isEnding(pod: Pod | undefined): boolean {
  return pod?.metadata.deletionTimestamp !== undefined;
}

function statusesOf({ status }: Pod) {
  return [...status.containerStatuses, ...status.initContainerStatuses];
}

function restartsOf(pod: Pod): number {
  return statusesOf(pod).reduce((sum, { restartCount }) => sum + restartCount, 0);
}

/** The latest start of a container of the pod. */
function startsOf(pod: Pod): string[] {
  const starts = statusesOf(pod).flatMap(({ state }) => state?.running?.startedAt ?? []);
  return starts.toSorted().slice(-1);
}

function namesOf(pods: readonly Pod[]): string[] {
  return pods.map(({ metadata }) => metadata.name).toSorted();
}

function earliest(times: readonly (string | undefined)[]): number | undefined {
  const known = times.flatMap((time) => {
    const ms = Date.parse(time ?? '');
    return Number.isNaN(ms) ? [] : [ms];
  });
  return known.length === 0 ? undefined : Math.min(...known);
}

/** Each other way of tracing once, whatever it applies to. */
function tracingChanges(before: Situation, after: Situation): MeshChange[] {
  const first = tracingByName(before);
  const changed = [...tracingByName(after)].flatMap(([name, now]) => {
    const was = first.get(name);
    return was === undefined || was.settings === now.settings ? [] : [{ before: was.provider, after: now.provider }];
  });
  const unique = [...new Map(changed.map((one) => [`${one.before} ${one.after}`, one])).values()];
  if (unique.length === 0) return [];
  const known = new Set(before.objects.telemetries.flatMap((one) => timesOf(one.metadata.managedFields)));
  const times = after.objects.telemetries.flatMap((one) => timesOf(one.metadata.managedFields));
  const atMs = earliest(times.filter((time) => !known.has(time)));
  return unique.map((one): MeshChange => ({ kind: 'tracing', ...one, ...(atMs !== undefined && { atMs }) }));
}

function timesOf(fields: readonly { readonly time?: string | undefined }[] = []): string[] {
  return fields.flatMap(({ time }) => time ?? []);
}

function tracingByName(situation: Situation): ReadonlyMap<string, { provider: string; settings: string }> {
  const { objects, mesh, namespace, application, gatewayPods } = situation;
  const of = (labels: Readonly<Record<string, string>>, inNamespace: string) => {
    const place = { namespace: inNamespace, labels, rootNamespace: mesh.rootNamespace };
    const modes = (['CLIENT', 'SERVER'] as const).map((mode) => tracingOf(objects.telemetries, { ...place, mode }));
    const [client = {}] = modes;
    return { provider: nameOf(providerOf(client, mesh)), settings: JSON.stringify(modes) };
  };
  const [gateway] = gatewayPods;
  return new Map([
    ...(gateway === undefined
      ? []
      : ([[application.gateway, of(gateway.metadata.labels, gateway.metadata.namespace)]] as const)),
    ...servicesOf(situation).flatMap(({ name, pods: [pod] }) =>
      pod === undefined ? [] : ([[name, of(pod.metadata.labels, namespace)]] as const),
    ),
  ]);
}

function nameOf(provider: Provider | undefined): string {
  if (provider?.kind === 'extension' || provider?.kind === 'unknown-name') return provider.name;
  return provider?.kind === 'legacy' ? provider.type : 'none';
}
