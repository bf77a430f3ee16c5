import { ConfigError } from '../config/config-error.ts';
import type { ConfigInput } from '../config/config-input.ts';
import { KUBE_OPTIONS, RUN_OPTIONS } from '../config/options.ts';
import { isGiven, resolveOptions, resolveSettings } from '../config/resolve.ts';
import type { Settings } from '../config/settings.ts';
import type { OpenCluster, OpenClusterInput } from '../kube/connect/open-cluster.ts';
import type { Application } from '../model/application.ts';
import type { Clock } from '../model/clock.ts';
import type { ProgressEvent } from '../model/progress.ts';
import { openWhenReady } from './open-when-ready.ts';

/** Where a run goes, all of it known. */
export interface Target extends AsyncDisposable {
  readonly settings: Settings;
  /** With `--kube`; its port-forwards last until the target is disposed of. */
  readonly cluster?: OpenCluster;
  /** What of `--wait` it took, ms. */
  readonly waitedMs: number;
}

export interface Opening {
  readonly clock: Clock;
  /** Default true: `--wait` is obeyed. */
  readonly waits?: boolean;
  readonly onProgress?: (event: ProgressEvent) => void;
  /** Ends reading and waiting: the cluster is then as far as it was read. */
  readonly signal: AbortSignal;
}

/**
 * Reads the options and, with `--kube`, the cluster: values found there stand in for options that were not given. A
 * cluster that is not ready is not an error: `--wait` waits for it, and else the run has its reason not to begin, and
 * is reported like any other.
 * @throws ConfigError
 */
export async function openTarget(input: ConfigInput, application: Application, opening: Opening): Promise<Target> {
  const { clock } = opening;
  const startedAtMs = clock.now();
  const cluster = await openClusterOf(input, application, opening);
  if (cluster === undefined)
    return { settings: resolveSettings(input), waitedMs: 0, [Symbol.asyncDispose]: async () => undefined };
  const waitedMs = clock.now() - startedAtMs;
  try {
    const settings = resolveSettings({ ...input, discovered: { ...PLACEHOLDERS, ...cluster.discovered } });
    return { settings, cluster, waitedMs, [Symbol.asyncDispose]: () => cluster[Symbol.asyncDispose]() };
  } catch (error) {
    await cluster[Symbol.asyncDispose]();
    throw error;
  }
}

/**
 * The cluster that the options name, read and reached; undefined without `--kube`.
 * @throws ConfigError
 */
async function openClusterOf(
  input: ConfigInput,
  application: Application,
  { clock, waits = true, onProgress, signal }: Opening,
): Promise<OpenCluster | undefined> {
  // All of them, so that a wrong one is reported before the cluster is asked anything.
  const { parsed, problems } = resolveOptions({ ...input, discovered: PLACEHOLDERS }, [
    ...KUBE_OPTIONS,
    ...RUN_OPTIONS,
  ]);
  const kube = problems.filter(({ option }) => KUBE_OPTIONS.some((name) => option === `--${name}`));
  if (kube.length > 0) throw new ConfigError(kube);
  if (parsed.kube?.value !== true) {
    if (!isGiven('kube', input)) refuseIdle(input);
    return undefined;
  }
  if (problems.length > 0) throw new ConfigError(problems);
  // Loading the Kubernetes client takes as long as the rest of hopcheck.
  const { openCluster } = await import('../kube/connect/open-cluster.ts');
  const id = (value: { readonly namespace: string; readonly name: string } | undefined) =>
    value === undefined ? undefined : `${value.namespace}/${value.name}`;
  const picks = {
    app: parsed['kube-app']?.value,
    ingress: id(parsed['kube-ingress']?.value),
    tracing: id(parsed['kube-tracing']?.value),
    host: parsed.host?.value,
  };
  const options = {
    kubeconfig: parsed.kubeconfig?.value,
    context: parsed['kube-context']?.value,
    namespaces: parsed['kube-namespaces']?.value,
    meshNamespace: parsed['kube-mesh-namespace']?.value,
    secret: parsed['kube-traces-secret']?.value,
  };
  const opening: OpenClusterInput = {
    ...withoutAbsent(options),
    picks: withoutAbsent(picks),
    env: input.env,
    application,
    given: { ingress: isGiven('ingress', input), traceBackend: isGiven('traces', input) },
    timeoutMs: parsed['kube-timeout']?.value ?? 10_000,
    clock,
    signal,
  };
  const open = () => {
    onProgress?.({ phase: 'preflight', waitingFor: 'the Kubernetes API to answer' });
    return openCluster(opening);
  };
  const waitMs = waits ? (parsed.wait?.value ?? 0) : 0;
  return openWhenReady(open, { waitMs, clock, signal, ...(onProgress !== undefined && { onProgress }) });
}

/** Who names a context means a cluster; to go elsewhere without a word would be the worst answer. */
function refuseIdle(input: ConfigInput): void {
  const { configuration } = resolveOptions(input, KUBE_OPTIONS);
  // The list also has the proxies, whatever was asked for.
  const idle = configuration.filter(({ name, source }) => source !== 'default' && isKubeOption(name));
  if (idle.length === 0) return;
  throw new ConfigError(
    idle.map(({ name, value, source, from }) => ({
      option: `--${name}`,
      value,
      source: `${source} ${from}`,
      expected: '--kube beside it, because no cluster is read without it',
      example: `--kube --${name} ${value}`,
    })),
  );
}

function isKubeOption(name: string): boolean {
  return KUBE_OPTIONS.some((option) => option === name);
}

/** A run that cannot begin, or was ended before, has a report all the same, and that names where it would have gone. `.invalid` leads nowhere (RFC 2606). */
const PLACEHOLDERS = {
  ingress: { value: 'http://ingress.not-found.invalid', from: 'nothing was found' },
  traces: { value: 'http://trace-backend.not-found.invalid', from: 'nothing was found' },
};

function withoutAbsent<T extends object>(values: T): { [Key in keyof T]?: NonNullable<T[Key]> } {
  return Object.fromEntries(Object.entries(values).filter(([, value]) => value !== undefined)) as {
    [Key in keyof T]?: NonNullable<T[Key]>;
  };
}
