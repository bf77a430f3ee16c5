import { FleetError } from './fleet-error.ts';

export interface JobInput {
  /** Of all objects. Default `hopcheck-fleet`. */
  readonly name: string;
  readonly namespace: string;
  readonly image: string;
  /** How many processes collect: the completion indexes. */
  readonly units: number;
  /** Pods at the same time, at most. */
  readonly parallel: number;
  /** Time of one part with all its waiting, ms; its pod has two minutes more. */
  readonly totalTimeoutMs: number;
  /** Files of the plan by name, the plan itself as `fleet.yaml` among them. */
  readonly files: Readonly<Record<string, string>>;
  readonly to: JobTarget;
  /** A target names a context: the pods read a kubeconfig from the Secret `<name>-kubeconfig`. */
  readonly needsKubeconfig: boolean;
}

/** How the captures come back: a volume claim that several nodes may write to, a server that takes PUT, or the pods' logs. */
export type JobTarget =
  | { readonly by: 'claim'; readonly claim: string }
  | { readonly by: 'put'; readonly url: string }
  | { readonly by: 'log' };

export interface KubernetesObject {
  readonly apiVersion: string;
  readonly kind: string;
  readonly metadata: {
    readonly name: string;
    readonly namespace: string;
    readonly labels: Readonly<Record<string, string>>;
  };
  readonly [field: string]: unknown;
}

/** What a ConfigMap holds at most, bytes (Kubernetes, `MaxSecretSize`). */
const CONFIG_MAP_BYTES = 1024 * 1024;

/**
 * The plan as a ConfigMap, and an Indexed Job with a pod for each part. A pod completes its index once its capture is
 * written, whatever that shows, so a target that is broken stops no other: no `maxFailedIndexes`. One that could not collect
 * (2) is tried once more. Wrong use (64) would be wrong at every index and ends the Job. A pod that its node gave up counts
 * for nothing: that rule comes first. Captures on a claim can be judged in the cluster too: by a second Job, which is
 * suspended until its user lets it run.
 * @throws FleetError where the plan is too large for a ConfigMap
 */
export function jobObjects(input: JobInput): readonly KubernetesObject[] {
  const { name, namespace, files, to } = input;
  const bytes = Object.values(files).reduce((sum, text) => sum + new TextEncoder().encode(text).length, 0);
  if (bytes > CONFIG_MAP_BYTES)
    throw new FleetError(
      `the plan and its applications have ${bytes} bytes, and a ConfigMap holds ${CONFIG_MAP_BYTES}; expected less: split the plan into several`,
    );
  const metadata = (suffix = '') => ({ name: `${name}${suffix}`, namespace, labels: LABELS });
  const plan = { apiVersion: 'v1', kind: 'ConfigMap', metadata: metadata('-plan'), data: files };
  const collect = { apiVersion: 'batch/v1', kind: 'Job', metadata: metadata(), spec: collectSpec(input) };
  const merge = { apiVersion: 'batch/v1', kind: 'Job', metadata: metadata('-merge'), spec: mergeSpec(input) };
  return to.by === 'claim' ? [plan, collect, merge] : [plan, collect];
}

const LABELS = { 'app.kubernetes.io/name': 'hopcheck', 'app.kubernetes.io/component': 'fleet' } as const;

function collectSpec(input: JobInput): object {
  const { units, parallel, to, totalTimeoutMs } = input;
  const where = { claim: CAPTURES, put: to.by === 'put' ? to.url : '', log: 'log' }[to.by];
  return {
    completionMode: 'Indexed',
    completions: units,
    parallelism: Math.min(parallel, units),
    backoffLimitPerIndex: 1,
    podFailurePolicy: {
      rules: [
        { action: 'Ignore', onPodConditions: [{ type: 'DisruptionTarget', status: 'True' }] },
        { action: 'FailJob', onExitCodes: { containerName: 'hopcheck', operator: 'In', values: [64] } },
      ],
    },
    ttlSecondsAfterFinished: 86_400,
    template: podTemplate(input, ['--index', '--to', where], {
      activeDeadlineSeconds: Math.ceil(totalTimeoutMs / 1000) + 120,
    }),
  };
}

function mergeSpec(input: JobInput): object {
  return {
    suspend: true,
    backoffLimit: 0,
    podFailurePolicy: {
      rules: [{ action: 'Ignore', onPodConditions: [{ type: 'DisruptionTarget', status: 'True' }] }],
    },
    ttlSecondsAfterFinished: 86_400,
    template: podTemplate(input, ['--collect', CAPTURES, '--out', `${CAPTURES}/report`], {}),
  };
}

const CAPTURES = '/captures';

/** As that of the gate (deploy/overlays/gate/job.yaml). */
function podTemplate(
  { name, image, parallel, to, needsKubeconfig }: JobInput,
  args: readonly string[],
  more: object,
): object {
  const captures = to.by === 'claim' ? [{ name: 'captures', persistentVolumeClaim: { claimName: to.claim } }] : [];
  const kubeconfig = needsKubeconfig ? [{ name: 'kubeconfig', secret: { secretName: `${name}-kubeconfig` } }] : [];
  return {
    metadata: {
      labels: { ...LABELS, 'sidecar.istio.io/inject': 'false', 'istio.io/dataplane-mode': 'none' },
      annotations: { 'sidecar.istio.io/inject': 'false' },
    },
    spec: {
      ...more,
      serviceAccountName: 'hopcheck',
      automountServiceAccountToken: true,
      enableServiceLinks: false,
      restartPolicy: 'Never',
      terminationGracePeriodSeconds: 60,
      securityContext: {
        runAsNonRoot: true,
        runAsUser: 1000,
        runAsGroup: 1000,
        fsGroup: 1000,
        seccompProfile: { type: 'RuntimeDefault' },
      },
      containers: [
        {
          name: 'hopcheck',
          image,
          args: ['fleet', '--plan', '/plan/fleet.yaml', '--parallel', String(parallel), ...args],
          workingDir: '/plan',
          ...(needsKubeconfig && { env: [{ name: 'HOPCHECK_KUBECONFIG', value: '/kubeconfig/config' }] }),
          // Secrets for ingress and trace backend, by the names of the options: HOPCHECK_TRACES_TOKEN.
          envFrom: [{ secretRef: { name, optional: true } }],
          securityContext: {
            allowPrivilegeEscalation: false,
            readOnlyRootFilesystem: true,
            capabilities: { drop: ['ALL'] },
          },
          resources: { requests: { cpu: '200m', memory: '192Mi' }, limits: { memory: '512Mi' } },
          terminationMessagePolicy: 'FallbackToLogsOnError',
          volumeMounts: [
            { name: 'plan', mountPath: '/plan', readOnly: true },
            { name: 'tmp', mountPath: '/tmp' },
            ...captures.map(({ name: volume }) => ({ name: volume, mountPath: CAPTURES })),
            ...kubeconfig.map(({ name: volume }) => ({ name: volume, mountPath: '/kubeconfig', readOnly: true })),
          ],
        },
      ],
      volumes: [
        { name: 'plan', configMap: { name: `${name}-plan` } },
        { name: 'tmp', emptyDir: {} },
        ...captures,
        ...kubeconfig,
      ],
    },
  };
}
