// Over 250 lines: one way into a cluster, from the kubeconfig to the URLs that a run needs.
import { ConfigError } from '../../config/config-error.ts';
import type { Application } from '../../model/application.ts';
import type { Expectations, Incident, Sourced } from '../../model/capture.ts';
import type { Clock } from '../../model/clock.ts';
import type { ClusterFacts } from '../../model/cluster.ts';
import type { MeshChange } from '../../model/mesh-change.ts';
import { type AccessInput, type KubeAccess, readAccess } from '../api/access.ts';
import { KubeError, type KubeFailure } from '../api/kube-error.ts';
import { checkPermissions } from '../api/permissions.ts';
import { createKubeReader, type KubeReader } from '../api/reader.ts';
import { capturedServices } from '../contradict/workloads.ts';
import type { Choice } from '../discover/choice.ts';
import { withRoutedEntry } from '../discover/routed-entry.ts';
import { waysTo } from '../discover/ways.ts';
import { changesBetween } from '../expect/changes.ts';
import type { Said } from '../expect/telemetry.ts';
import { meshConfigMapNames, USUAL_ROOT_NAMESPACE } from '../objects/mesh.ts';
import { isReady } from '../objects/pods.ts';
import { servicesOf } from '../objects/situation.ts';
import { backendAuth, type SecretName } from './backend-auth.ts';
import { type Dialed, dial } from './dial.ts';
import { type DiscoveredOptions, discoveredIn, foundIn, type Reached } from './discovered.ts';
import { type ClusterPlan, type PlacedPlan, planCluster } from './plan-cluster.ts';
import { type Picks, readCluster, rereadCluster } from './read-cluster.ts';
import { type ClusterStart, startOf } from './start.ts';
import { Walk } from './walk.ts';

export interface OpenClusterInput extends AccessInput {
  readonly application: Application;
  readonly picks: Picks;
  /** `--kube-namespaces`. */
  readonly namespaces?: readonly string[];
  /** `--kube-mesh-namespace`; default istio-system. */
  readonly meshNamespace?: string;
  /** Where the trace backend's credentials are. */
  readonly secret?: SecretName;
  /** The ingress or the trace backend that a person has given: not looked for, and not dialled. */
  readonly given: { readonly ingress: boolean; readonly traceBackend: boolean };
  /** For one call, ms. */
  readonly timeoutMs: number;
  readonly clock: Clock;
  readonly signal: AbortSignal;
}

/** A cluster that was read and, where it could be, reached; its port-forwards last until it is closed. */
export interface OpenCluster extends AsyncDisposable {
  readonly facts: ClusterFacts;
  /** Why no run is possible; absent: all that a run needs is there. */
  readonly stopped?: Incident;
  /** A missing part that may come by itself, as after a deploy, for a run that waits; absent: nothing of that kind. */
  readonly coming?: string;
  /** Values for options that were not given. */
  readonly discovered: DiscoveredOptions;
  /** For an application that is yet to be learnt; absent: its namespace was not found. */
  readonly start?: ClusterStart;
  readonly expectations: Pick<Expectations, 'gatewayProfile' | 'gateway' | 'loadBalancing' | 'excuses'>;
  /** Reads again what may have changed since; undefined: it could not be read. */
  readonly changesSince: () => Promise<readonly MeshChange[] | undefined>;
  /** Why a connection to the ingress or the backend failed since then, where the port-forward knows more than the socket. */
  readonly reasonSince: { readonly ingress: ReasonSince; readonly traceBackend: ReasonSince };
}

export type ReasonSince = (ms: number) => string | undefined;

/**
 * The walk-through, checked: reads the cluster, finds application, ingress and trace backend, and opens a way to them.
 * The state of the world is in the result. An option that a person must change is thrown.
 * A signal that aborts ends it; what was read until then is the result.
 * @throws ConfigError for an invalid kubeconfig or context, and for several candidates of which one must be picked.
 */
export async function openCluster(input: OpenClusterInput): Promise<OpenCluster> {
  const access = readAccess(input);
  const { timeoutMs, clock, signal } = input;
  const reader = createKubeReader(access, { timeoutMs, clock, signal });
  const walk = new Walk();
  try {
    return await open(input, access, reader, walk);
  } catch (error) {
    if (signal.aborted) return closed(access, walk);
    if (!(error instanceof KubeError)) throw error;
    walk.fail(error.kind === 'forbidden' ? 'permitted' : 'api', error.message, error.hint);
    return closed(access, walk, error);
  }
}

async function open(input: OpenClusterInput, access: KubeAccess, reader: KubeReader, walk: Walk): Promise<OpenCluster> {
  const { picks, meshNamespace = USUAL_ROOT_NAMESPACE, given } = input;
  const permissions = await checkPermissions({
    reader,
    access,
    meshNamespace,
    configMaps: meshConfigMapNames(undefined),
    ...(input.namespaces !== undefined && { namespaces: input.namespaces }),
    ...(input.secret !== undefined && { secret: input.secret }),
  });
  walk.answers(access);
  if (!walk.permitted(permissions.missing)) return closed(access, walk);
  const where = permissions.namespaces === undefined ? {} : { namespaces: permissions.namespaces };
  const reading = { reader, application: input.application, meshNamespace, picks, ...where };
  const read = await readCluster(reading);
  const application = withRoutedEntry(
    input.application,
    read.objects,
    read.app.found === 'one' ? read.app.value : undefined,
  );
  const plan = planCluster(read, application, picks);
  const changesSince = async () => {
    const again = await ifReadable(() => rereadCluster(reading, read), input.signal);
    const after = again && planCluster(again, application, picks).placed;
    return plan.placed && after && changesBetween(plan.placed.situation, after.situation);
  };
  pickOne(plan, given);
  walk.plan(plan, application, given);
  const dialed: { ingress?: Dialed; traceBackend?: Dialed } = {};
  const opened = { access, walk, plan, dialed, where, changesSince };
  try {
    const ingress = plan.placed?.ingress;
    if (walk.goesOn && !given.ingress && ingress?.found === 'one') {
      const { backing, addresses } = ingress.value;
      const ways = waysTo(backing, { inside: access.inside, nodePorts: true, addresses });
      const reached = await dial(ways, { ...input, access, reader });
      walk.reached('ingress', reached, backing);
      if (reached !== undefined) dialed.ingress = reached;
    }
    if (walk.goesOn && !given.traceBackend && plan.tracing.found === 'one') {
      const { backing } = plan.tracing.value;
      const ways = waysTo(backing, { inside: access.inside, nodePorts: false });
      const reached = await dial(ways, { ...input, access, reader });
      walk.reached('tracing', reached, backing);
      if (reached !== undefined) dialed.traceBackend = reached;
    }
    const auth = input.secret === undefined || given.traceBackend ? {} : await backendAuth(reader, input.secret);
    return result(opened, auth);
  } catch (error) {
    if (error instanceof KubeError) {
      walk.fail(dialed.ingress === undefined && !given.ingress ? 'ingress' : 'tracing', error.message, error.hint);
      return result(opened, {}, error);
    }
    await closeAll(dialed);
    throw error;
  }
}

interface Opened {
  readonly access: KubeAccess;
  readonly walk: Walk;
  readonly plan: ClusterPlan;
  readonly dialed: Reached;
  readonly where: Pick<ClusterFacts, 'namespaces'>;
  readonly changesSince: OpenCluster['changesSince'];
}

/** A cluster that cannot be read any more after a run takes nothing from the run. */
async function ifReadable<T>(read: () => Promise<T>, signal: AbortSignal): Promise<T | undefined> {
  try {
    return await read();
  } catch (error) {
    if (error instanceof KubeError || signal.aborted) return undefined;
    throw error;
  }
}

function result(
  { access, walk, plan, dialed, where, changesSince }: Opened,
  auth: DiscoveredOptions,
  error?: KubeError,
): OpenCluster {
  const { placed, mesh, dataPlane } = plan;
  const expectations = placed?.expectations;
  const stopped = walk.stopped(error);
  const coming = comingIn(stopped, error, placed);
  return {
    facts: {
      context: access.context,
      ...where,
      ...(mesh.version !== undefined && { istio: mesh.version }),
      dataPlane,
      found: foundIn(plan, dialed),
      steps: walk.steps,
      issues: placed?.issues ?? [],
      ...(placed !== undefined && { captured: capturedServices(placed.situation) }),
    },
    ...(stopped !== undefined && { stopped }),
    ...(coming !== undefined && { coming }),
    discovered: { ...discoveredIn(plan, dialed), ...auth },
    ...(placed !== undefined && { start: startOf(placed.situation) }),
    expectations: {
      ...(expectations !== undefined && { excuses: expectations.excuses }),
      ...(expectations?.gatewayProfile !== undefined && { gatewayProfile: sourced(expectations.gatewayProfile) }),
      ...(expectations?.gateway !== undefined && { gateway: sourced(expectations.gateway) }),
      ...(expectations?.loadBalancing !== undefined && { loadBalancing: sourced(expectations.loadBalancing) }),
    },
    changesSince,
    reasonSince: {
      ingress: (ms) => dialed.ingress?.forward?.reasonSince(ms),
      traceBackend: (ms) => dialed.traceBackend?.forward?.reasonSince(ms),
    },
    [Symbol.asyncDispose]: () => closeAll(dialed),
  };
}

/** Nothing was reached. */
function closed(access: KubeAccess, walk: Walk, error?: KubeError): OpenCluster {
  const stopped = walk.stopped(error);
  const coming = comingIn(stopped, error);
  const none = () => undefined;
  return {
    facts: { context: access.context, dataPlane: 'unknown', found: [], steps: walk.steps, issues: [] },
    ...(stopped !== undefined && { stopped }),
    ...(coming !== undefined && { coming }),
    discovered: {},
    expectations: {},
    changesSince: async () => undefined,
    reasonSince: { ingress: none, traceBackend: none },
    [Symbol.asyncDispose]: async () => undefined,
  };
}

/** Failures that pass by themselves; `not-found` is a Service without a ready pod. */
const PASSING: ReadonlySet<KubeFailure> = new Set(['unreachable', 'timeout', 'throttled', 'server', 'not-found']);

/**
 * The part that is not ready and may become so. A run could go on without some parts, but would judge a half-made
 * deploy.
 */
function comingIn(stopped: Incident | undefined, error?: KubeError, placed?: PlacedPlan): string | undefined {
  if (stopped !== undefined) {
    const passing = error === undefined ? stopped.code === 'HC720' : PASSING.has(error.kind);
    return passing ? `the cluster to be ready (${stopped.message})` : undefined;
  }
  const services = placed === undefined ? [] : servicesOf(placed.situation);
  const waiting = services.flatMap(({ pods }) => pods.filter((pod) => !isReady(pod)));
  return waiting.length === 0
    ? undefined
    : `pods to be ready: ${waiting.map(({ metadata }) => metadata.name).join(', ')}`;
}

async function closeAll({ ingress, traceBackend }: Reached): Promise<void> {
  await Promise.all([ingress?.forward?.close(), traceBackend?.forward?.close()]);
}

/** @throws ConfigError listing each place where a person must say which one is meant. */
function pickOne({ app, placed, tracing }: ClusterPlan, given: OpenClusterInput['given']): void {
  const open: [string, Choice<unknown>][] = [
    ['application', app],
    ...(placed === undefined || given.ingress ? [] : [['ingress', placed.ingress] as [string, Choice<unknown>]]),
    ...(given.traceBackend ? [] : [['trace backend', tracing] as [string, Choice<unknown>]]),
  ];
  const problems = open.flatMap(([what, choice]) => {
    if (choice.found !== 'several') return [];
    const [first] = choice.options;
    const listed = choice.options.map(({ id, why }) => `${id} (${why})`).join('; ');
    const flag = first?.flag ?? '';
    return [{ option: flag, expected: `which ${what} is meant: ${listed}`, example: `${flag} ${first?.id ?? ''}` }];
  });
  if (problems.length > 0) throw new ConfigError(problems);
}

function sourced<T>({ value, from }: Said<T>): Sourced<T> {
  return { value, source: 'discovered', from };
}
