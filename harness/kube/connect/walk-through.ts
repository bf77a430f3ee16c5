import type { Application } from '../../model/application.ts';
import type { Step } from '../../model/cluster.ts';
import { type Right, rightInWords, roleFor } from '../api/rights.ts';
import type { Choice } from '../discover/choice.ts';
import { isReady, revisionOf, sidecarOf } from '../objects/pods.ts';
import { type ApplicationService, type Situation, servicesOf } from '../objects/situation.ts';

type StepOf = Omit<Step, 'id' | 'title'>;

const ok = (detail: string): StepOf => ({ status: 'ok', detail });
const failed = (detail: string, fix: string): StepOf => ({ status: 'failed', detail, fix });
const warning = (detail: string, fix: string): StepOf => ({ status: 'warning', detail, fix });
/** For what an earlier step has shown to be pointless. */
export const NOT_CHECKED: StepOf = { status: 'not-checked', detail: 'an earlier step failed' };

export function permittedStep(missing: readonly Right[]): StepOf {
  if (missing.length === 0) return ok('all rights that are used');
  return failed(
    `not permitted: ${missing.map(rightInWords).join(', ')}`,
    `kubectl apply -f - <<'EOF'\n${roleFor(missing)}EOF\n# and bind it to the subject that hopcheck runs as: kubectl auth whoami`,
  );
}

/** The namespace is labelled for injection, by label or revision, or for ambient mode. */
export function injectionStep(situation: Situation): StepOf {
  const { objects, namespace, ambient } = situation;
  const labels = objects.namespaces.find(({ metadata }) => metadata.name === namespace)?.metadata.labels ?? {};
  const label = `kubectl label namespace ${namespace} istio-injection=enabled --overwrite && kubectl -n ${namespace} rollout restart deployment`;
  if (ambient)
    return ok(`${namespace} is in ambient mode: ztunnel makes no spans, so calls between workloads are not observable`);
  if (labels['istio-injection'] === 'enabled') return ok(`${namespace}: istio-injection=enabled`);
  if (labels['istio.io/rev'] !== undefined && labels['istio-injection'] === undefined)
    return ok(`${namespace}: istio.io/rev=${labels['istio.io/rev']}`);
  const pods = servicesOf(situation).flatMap((service) => service.pods);
  const injected = pods.length > 0 && pods.every((pod) => sidecarOf(pod) !== 'none');
  const seen =
    labels['istio-injection'] === undefined
      ? 'is not labelled'
      : `is labelled istio-injection=${labels['istio-injection']}`;
  return injected
    ? warning(`${namespace} ${seen}, but every pod has a sidecar: the next one will have none`, label)
    : failed(`${namespace} ${seen}, and its pods have no sidecars`, label);
}

/** The application's Services and workloads are there, ready, and with sidecars. */
export function workloadsStep(situation: Situation): StepOf {
  const { namespace, application, ambient } = situation;
  const services = servicesOf(situation);
  const missing = services.filter(({ service }) => service === undefined).map(({ name }) => name);
  if (missing.length > 0)
    return failed(`no Service ${missing.join(', ')} in ${namespace}`, installFix(application, namespace));
  const down = services.filter(({ pods }) => !pods.some(isReady)).map(({ name }) => name);
  if (down.length > 0)
    return failed(
      `no ready pod behind ${down.join(', ')}`,
      `kubectl -n ${namespace} get pods; kubectl -n ${namespace} rollout status deployment`,
    );
  const restart = `kubectl -n ${namespace} rollout restart deployment`;
  const bare = ambient ? [] : services.filter(({ pods }) => pods.every((pod) => sidecarOf(pod) === 'none'));
  if (bare.length === services.length) return failed('no pod has a sidecar', restart);
  const notes = [
    ...bare.map(({ name }) => `${name} has no sidecars`),
    ...versionsMissing(application, services),
    ...services.flatMap(({ name, pods }) => unready(name, pods)),
  ];
  const workloads = services.reduce((sum, service) => sum + versionsOf(service).size, 0);
  const counted = `${services.length} Services, ${workloads} workloads in ${namespace}`;
  if (notes.length > 0)
    return warning(`${counted}: ${notes.join('; ')}`, `kubectl -n ${namespace} get pods; ${restart}`);
  return ok(`${counted}, all ready${ambient ? '' : ' with sidecars'}`);
}

export function applicationStep(choice: Choice<string>, application: Application): StepOf {
  if (choice.found === 'none') return failed(choice.looked, installFix(application, 'default'));
  return choice.found === 'one' ? ok(choice.why) : NOT_CHECKED;
}

export function routesStep(choice: Choice<unknown>, namespace: string, application: Application): StepOf {
  if (choice.found === 'one') return ok(choice.why);
  if (choice.found === 'several') return NOT_CHECKED;
  return failed(
    choice.looked,
    application.install?.routes ?? `kubectl -n ${namespace} get gateway,virtualservice,httproute`,
  );
}

export function tracingStep(choice: Choice<unknown>): StepOf {
  if (choice.found === 'one') return ok(choice.why);
  if (choice.found === 'several') return NOT_CHECKED;
  return failed(
    choice.looked,
    'kubectl apply -f samples/addons/jaeger.yaml (in the folder of the Istio release); or say where it is: --kube-tracing NAMESPACE/NAME',
  );
}

function installFix({ install }: Application, namespace: string): string {
  return install?.workloads ?? `kubectl -n ${namespace} get services,deployments`;
}

function versionsOf({ pods }: ApplicationService): Set<string> {
  return new Set(pods.map(({ metadata }) => revisionOf(metadata.labels) ?? ''));
}

function versionsMissing(application: Application, services: readonly ApplicationService[]): string[] {
  return services.flatMap((service) => {
    const wanted = application.services.find(({ name }) => name === service.name)?.versions ?? [];
    const there = versionsOf(service);
    const missing = wanted.filter((version) => !there.has(version));
    return missing.length === 0 ? [] : [`${service.name} ${missing.join(', ')} is not deployed`];
  });
}

function unready(name: string, pods: ApplicationService['pods']): string[] {
  const waiting = pods.filter((pod) => !isReady(pod));
  if (waiting.length === 0) return [];
  const versions = [...new Set(waiting.flatMap(({ metadata }) => revisionOf(metadata.labels) ?? []))];
  return [`${[name, ...versions].join(' ')}: ${waiting.length} of ${pods.length} pods not ready`];
}
