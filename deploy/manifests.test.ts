import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import type { KubeObject } from '../fixtures/kube/object.ts';
import { walkthrough } from '../fixtures/kube/walkthrough.ts';
import { callMain } from '../harness/cli/testing/call-main.ts';
import { OPTION_NAMES, variableOf } from '../harness/config/options.ts';
import { jobSpec, OVERLAYS, only, plainFile, plainHeader, plainObjects } from './testing.ts';

/** Milliseconds of `--name=5m` among a pod's arguments. */
function minutes(args: readonly string[], name: string): number {
  const [, count] =
    args.map((arg) => new RegExp(`^--${name}=(\\d+)m$`).exec(arg)).find((match) => match !== null) ?? [];
  return Number(count ?? 0);
}

describe.each(OVERLAYS)('the manifests of %s', (overlay) => {
  const objects = plainObjects(overlay);
  const job = jobSpec(overlay);
  const { metadata, spec } = job.template;
  const [container = { args: [] }] = spec.containers;

  it('are built from the sources as they are now', () => {
    expect(readFileSync(plainFile(overlay), 'utf8').startsWith(plainHeader(overlay))).toBe(true);
  });

  it('run one container that cannot change its node', () => {
    expect(spec.containers).toHaveLength(1);
    expect(spec.securityContext).toMatchObject({ runAsNonRoot: true, seccompProfile: { type: 'RuntimeDefault' } });
    expect(container.securityContext).toEqual({
      allowPrivilegeEscalation: false,
      readOnlyRootFilesystem: true,
      capabilities: { drop: ['ALL'] },
    });
    const amount = expect.stringMatching(/^\d+(m|Mi)$/);
    expect(container.resources).toEqual({ requests: { cpu: amount, memory: amount }, limits: { memory: amount } });
  });

  it('keep sidecars and ambient mode away from the pod', () => {
    expect(metadata.labels).toMatchObject({ 'sidecar.istio.io/inject': 'false', 'istio.io/dataplane-mode': 'none' });
    expect(metadata.annotations).toEqual({ 'sidecar.istio.io/inject': 'false' });
  });

  it('give the token only to the pod that calls the API', () => {
    expect(only(objects, 'ServiceAccount').automountServiceAccountToken).toBe(false);
    expect(spec.automountServiceAccountToken).toBe(true);
    expect(objects.filter(({ kind }) => kind === 'Secret' || kind.startsWith('Cluster'))).toEqual([]);
  });

  it('run the pod once, and take its exit code as the result', () => {
    expect(job.backoffLimit).toBe(0);
    expect(spec.restartPolicy).toBe('Never');
  });

  it('let the run reach its own time limit before that of the Job', () => {
    const ownSeconds = 60 * minutes(container.args, 'total-timeout');
    // Half of it is enough for a run with Envoy's flush, and for all that can make it long.
    expect(60 * minutes(container.args, 'wait')).toBeLessThanOrEqual(ownSeconds / 2);
    expect(ownSeconds).toBeGreaterThanOrEqual(600);
    expect(job.activeDeadlineSeconds).toBeGreaterThan(ownSeconds + Number(spec.terminationGracePeriodSeconds));
  });

  it('call hopcheck with options that it has', async () => {
    const { exitCode, stdout: help } = await callMain([container.args[0] ?? '', '--help']);
    expect(exitCode).toBe(0);
    for (const arg of container.args.slice(1)) expect(help).toContain(` ${arg.replace(/=.*/, '')} `);
  });

  it('set only options that exist', () => {
    const { data = {} } = only(objects, 'ConfigMap') as { data?: Readonly<Record<string, string>> };
    const known = OPTION_NAMES.map(variableOf);
    expect(Object.keys(data).filter((name) => !known.includes(name))).toEqual([]);
    expect(data).toMatchObject({ HOPCHECK_KUBE: 'true', HOPCHECK_KUBE_NAMESPACES: 'default,istio-system' });
  });

  it('write only into folders that are mounted', () => {
    const written = container.args.flatMap((arg) => /=(\/[^=]*)$/.exec(arg)?.[1] ?? []);
    expect(written).toHaveLength(4);
    const mounts = container.volumeMounts as readonly { mountPath: string }[];
    for (const path of written) expect(mounts.some(({ mountPath }) => path.startsWith(`${mountPath}/`))).toBe(true);
  });

  it.each([
    ['as Istio installs it', walkthrough()],
    ['with the trace backend of the walk-through', walkthrough({ tracing: { layout: 'sls' } })],
    ['of the Gateway API', walkthrough({ routes: 'gateway-api' })],
  ])('may call the gateway and the trace backend of a mesh %s', (_, mesh) => {
    const dialled = ports(mesh, /^(istio-ingressgateway|bookinfo-gateway-istio|tracing|tracing-on-sls-query)$/);
    expect(dialled.length).toBeGreaterThanOrEqual(2);
    for (const to of dialled)
      expect({ to, permitted: mayCall(only(objects, 'NetworkPolicy'), to) }).toEqual({ to, permitted: true });
  });

  it('may call nothing else in the mesh', () => {
    expect(
      ports(walkthrough(), /^(productpage|istiod)$/).map((to) => mayCall(only(objects, 'NetworkPolicy'), to)),
    ).toEqual([false, false]);
    expect(mayCall(only(objects, 'NetworkPolicy'), { namespace: 'elsewhere', port: 8080 })).toBe(false);
    expect((only(objects, 'NetworkPolicy').spec as PolicySpec).ingress).toBeUndefined();
  });
});

it('the gate and the smoke check run the same pod, apart from its times and the folder it writes to', () => {
  const [gate, smoke] = OVERLAYS.map((overlay) => {
    const template = JSON.stringify(jobSpec(overlay).template).replaceAll(overlay, 'OVERLAY');
    return template.replaceAll(/"--(wait|total-timeout)=[^"]*",?/g, '');
  });
  expect(gate).toBe(smoke);
});

it('the smoke check ends before the next one begins, and never runs twice at once', () => {
  const spec = only(plainObjects('smoke'), 'CronJob').spec as Record<string, unknown>;
  const [, every] = /^\*\/(\d+) \* \* \* \*$/.exec(String(spec.schedule)) ?? [];
  expect(jobSpec('smoke').activeDeadlineSeconds).toBeLessThan(60 * Number(every));
  expect(spec).toMatchObject({ concurrencyPolicy: 'Forbid', successfulJobsHistoryLimit: 1, failedJobsHistoryLimit: 3 });
});

interface Port {
  readonly namespace: string;
  readonly port: number;
}

/** The ports of pods behind the plain HTTP ports of some Services. */
function ports(objects: readonly KubeObject[], names: RegExp): readonly Port[] {
  return objects
    .filter(({ kind, metadata }) => kind === 'Service' && names.test(metadata.name))
    .flatMap(({ metadata: { namespace = '' }, spec }) =>
      (spec as { ports: readonly { name: string; targetPort: number }[] }).ports
        .filter(({ name }) => name !== 'status-port')
        .map(({ targetPort }) => ({ namespace, port: targetPort })),
    );
}

interface PolicySpec {
  readonly ingress?: unknown;
  readonly egress: readonly {
    readonly to?: readonly {
      readonly namespaceSelector: { readonly matchExpressions?: readonly { values: readonly string[] }[] };
    }[];
    readonly ports: readonly { readonly port: number }[];
  }[];
}

function mayCall({ spec }: KubeObject, { namespace, port }: Port): boolean {
  return (spec as PolicySpec).egress.some(
    ({ to, ports: open }) =>
      open.some((each) => each.port === port) &&
      (to?.some(({ namespaceSelector }) => namespaceSelector.matchExpressions?.[0]?.values.includes(namespace)) ??
        false),
  );
}
