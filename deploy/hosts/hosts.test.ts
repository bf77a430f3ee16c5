// Over 250 lines: a small client per host, each beside the manifest that it reads.
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { AnalysisTemplate } from '@kubernetes-models/argo-rollouts/argoproj.io/v1alpha1/AnalysisTemplate';
import { PrometheusRule } from '@kubernetes-models/prometheus-operator/monitoring.coreos.com/v1/PrometheusRule';
import { ServiceMonitor } from '@kubernetes-models/prometheus-operator/monitoring.coreos.com/v1/ServiceMonitor';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { z } from 'zod';
import { callMain } from '../../harness/cli/testing/call-main.ts';
import { routesOf } from '../../harness/watch/routes.ts';
import { type RunningServer, serve } from '../../harness/watch/server.ts';
import { runsOf, simulatedWatch } from '../../harness/watch/testing.ts';
import { renderWatchMetrics } from '../../reports/watch-metrics.ts';
import { type Call, type HostJob, type HostPod, hostObject } from './testing.ts';

type Verdict = 'pass' | 'fail' | 'inconclusive';
/** States of a watch that a host can meet. */
const STATES = ['none', 'pass', 'fail', 'inconclusive', 'stale'] as const;

let server: RunningServer | undefined;
afterEach(async () => {
  await server?.[Symbol.asyncDispose]();
  server = undefined;
});

/** A watch in that state, behind the address that the manifests name. */
async function watchIn(state: (typeof STATES)[number]): Promise<Call> {
  const verdict: Verdict = state === 'none' || state === 'stale' ? 'pass' : state;
  const { watch, clock } = simulatedWatch([verdict]);
  if (state !== 'none') await runsOf(watch, 1);
  if (state === 'stale') await clock.sleep(3_600_000);
  server = await serve({ host: '127.0.0.1', port: 0 }, routesOf({ watch, clock, deadlineMs: 300_000 }));
  const { origin } = server;
  return (url, init) => {
    const { origin: named, pathname, search } = new URL(url);
    expect(named).toBe('http://hopcheck-watch.hopcheck:8484');
    return fetch(`${origin}${pathname}${search}`, init);
  };
}

describe('Argo Rollouts, web', () => {
  interface Metric {
    readonly successCondition: string;
    readonly failureCondition: string;
    readonly provider: {
      readonly web: { readonly url: string; readonly jsonPath: string; readonly timeoutSeconds: number };
    };
  }
  const template = () => hostObject<{ spec: { metrics: readonly [Metric] } }>('argo-rollouts/analysis-web.yaml');

  it('is an AnalysisTemplate by the schema of its CRD', () => {
    expect(() => new AnalysisTemplate(template() as never).validate()).not.toThrow();
    const { metrics, ...rest } = template().spec;
    const broken = { ...template(), spec: { ...rest, metrics: metrics.map(({ provider }) => ({ provider })) } };
    expect(() => new AnalysisTemplate(broken as never).validate()).toThrow(/name/);
  });

  /** As metricproviders/webmetric does: a status outside of 2xx, no JSON and no value are errors; conditions compare text. */
  async function measure(call: Call): Promise<string> {
    const [{ successCondition, failureCondition, provider }] = template().spec.metrics;
    const response = await call(provider.web.url);
    if (!response.ok) return 'Error';
    const [, field = ''] = /^\{\$\.(\w+)\}$/.exec(provider.web.jsonPath) ?? [];
    const result = ((await response.json()) as Record<string, unknown>)[field];
    if (typeof result !== 'string') return 'Error';
    const holds = (condition: string) => /^result == "(\w+)"$/.exec(condition)?.[1] === result;
    return holds(successCondition) ? 'Successful' : holds(failureCondition) ? 'Failed' : 'Inconclusive';
  }

  it.each([
    { state: 'pass', measured: 'Successful' },
    { state: 'fail', measured: 'Failed' },
    { state: 'inconclusive', measured: 'Inconclusive' },
    { state: 'stale', measured: 'Inconclusive' },
    { state: 'none', measured: 'Inconclusive' },
  ] as const)('measures $measured where the watch has $state', async ({ state, measured }) => {
    expect(await measure(await watchIn(state))).toBe(measured);
  });

  it('waits longer than an interval and a run of the watch that is deployed', () => {
    const minutes = (text: string | undefined) => Number(/(\d+)m$/.exec(text ?? '')?.[1]);
    const { spec } = hostObject<{ spec: { template: { spec: HostPod } } }>('watch/deployment.yaml');
    const args = spec.template.spec.containers[0]?.args ?? [];
    const option = (name: string) => minutes(args.find((arg) => arg.startsWith(`--${name}=`)));
    const [metric] = template().spec.metrics as unknown as readonly [{ initialDelay: string }];
    expect(minutes(metric.initialDelay)).toBeGreaterThan(option('every') + option('total-timeout'));
  });
});

describe('Flagger', () => {
  // Written from the documentation of Flagger (usage/webhooks) and the fields that it names, not its CRD.
  const canary = z.object({
    apiVersion: z.literal('flagger.app/v1beta1'),
    kind: z.literal('Canary'),
    metadata: z.object({ name: z.string(), namespace: z.string() }),
    spec: z.strictObject({
      targetRef: z.strictObject({ apiVersion: z.string(), kind: z.string(), name: z.string() }),
      service: z.object({ port: z.number() }),
      analysis: z.strictObject({
        interval: z.string().regex(/^[0-9]+(m|s)/),
        threshold: z.number(),
        stepWeight: z.number(),
        maxWeight: z.number(),
        webhooks: z.array(
          z.strictObject({
            name: z.string(),
            type: z.enum([
              'confirm-rollout',
              'pre-rollout',
              'rollout',
              'confirm-promotion',
              'post-rollout',
              'rollback',
            ]),
            url: z.url(),
            timeout: z.string().regex(/^[0-9]+(m|s)/),
          }),
        ),
      }),
    }),
  });
  const webhooks = () => canary.parse(hostObject('flagger/canary-webhooks.yaml')).spec.analysis.webhooks;

  /** As pkg/controller/webhook.go does: posts JSON, and takes a status over 202 for a failure. */
  async function callHook(type: string, call: Call): Promise<boolean> {
    const { url } = webhooks().find((webhook) => webhook.type === type)!;
    const body = JSON.stringify({
      name: 'reviews',
      namespace: 'default',
      phase: 'Progressing',
      checksum: '1',
      metadata: {},
    });
    const response = await call(url, { method: 'POST', headers: { 'content-type': 'application/json' }, body });
    return response.status <= 202;
  }

  it.each([
    { state: 'pass', promotes: true, rollsBack: false },
    { state: 'fail', promotes: false, rollsBack: true },
    { state: 'inconclusive', promotes: false, rollsBack: false },
    { state: 'stale', promotes: false, rollsBack: false },
    { state: 'none', promotes: false, rollsBack: false },
  ] as const)(
    'promotes: $promotes, rolls back: $rollsBack, where the watch has $state',
    async ({ state, ...expected }) => {
      const call = await watchIn(state);
      expect({
        promotes: await callHook('confirm-promotion', call),
        rollsBack: await callHook('rollback', call),
      }).toEqual(expected);
    },
  );
});

describe('Jobs that run hopcheck themselves', () => {
  const jobs = {
    'argo-rollouts/analysis-job.yaml': () =>
      hostObject<{ spec: { metrics: readonly [{ provider: { job: { spec: HostJob } } }] } }>(
        'argo-rollouts/analysis-job.yaml',
      ).spec.metrics[0].provider.job.spec,
    'helm/hopcheck-test.yaml': () => hostObject<{ spec: HostJob }>('helm/hopcheck-test.yaml').spec,
  };

  it('the one of Argo is an AnalysisTemplate by the schema of its CRD', () => {
    expect(() => new AnalysisTemplate(hostObject('argo-rollouts/analysis-job.yaml')).validate()).not.toThrow();
  });

  it('the one of Helm is a test hook', () => {
    const { metadata } = hostObject<{ metadata: { annotations: Record<string, string> } }>('helm/hopcheck-test.yaml');
    expect(metadata.annotations).toEqual({
      'helm.sh/hook': 'test',
      'helm.sh/hook-delete-policy': 'before-hook-creation',
    });
  });

  it.each(Object.entries(jobs))('%s runs once, and leaves the verdict in the termination message', (_, read) => {
    const { backoffLimit, activeDeadlineSeconds, template } = read();
    const [container] = template.spec.containers;
    expect({ backoffLimit, restartPolicy: template.spec.restartPolicy }).toEqual({
      backoffLimit: 0,
      restartPolicy: 'Never',
    });
    expect(container).toMatchObject({
      terminationMessagePath: '/dev/termination-log',
      terminationMessagePolicy: 'FallbackToLogsOnError',
      args: expect.arrayContaining(['run', '--report=line=/dev/termination-log']),
    });
    expect(template.metadata.labels['sidecar.istio.io/inject']).toBe('false');
    const [, minutes] = /--total-timeout=(\d+)m/.exec(container?.args.join(' ') ?? '') ?? [];
    expect(activeDeadlineSeconds).toBeGreaterThan(60 * Number(minutes));
  });
});

it('Kuberhealthy: the check has the fields that its documentation names', () => {
  // Written from the documentation of Kuberhealthy 3 and its example, not its CRD.
  const check = z.object({
    apiVersion: z.literal('kuberhealthy.github.io/v2'),
    kind: z.literal('HealthCheck'),
    metadata: z.strictObject({ name: z.string(), namespace: z.string() }),
    spec: z.strictObject({
      singleRunOnly: z.boolean(),
      runInterval: z.string().regex(/^\d+[smh]$/),
      timeout: z.string().regex(/^\d+[smh]$/),
      podSpec: z.strictObject({ spec: z.looseObject({ restartPolicy: z.literal('Never') }) }),
    }),
  });
  const { spec } = check.parse(hostObject('kuberhealthy/health-check.yaml'));
  const pod = spec.podSpec.spec as unknown as HostPod;
  expect(pod.containers[0]?.args).toEqual(['run', '--kuberhealthy', '--total-timeout=9m']);
  expect(spec.timeout).toBe('10m');
});

it.each([
  'watch/deployment.yaml',
  'argo-rollouts/analysis-job.yaml',
  'helm/hopcheck-test.yaml',
  'kuberhealthy/health-check.yaml',
])('%s calls hopcheck with options that it has, and cannot change its node', async (path) => {
  const text = readFileSync(join(import.meta.dirname, path), 'utf8');
  const [command = '', ...args] = [...text.matchAll(/^ *- (run|watch|--[a-z].*)$/gm)].map(([, arg = '']) => arg);
  const { exitCode, stdout: help } = await callMain([command, '--help']);
  expect({ exitCode, some: args.length > 0 }).toEqual({ exitCode: 0, some: true });
  for (const arg of args) expect(help).toContain(` ${arg.replace(/=.*/, '')} `);
  for (const wanted of ['runAsNonRoot: true', 'readOnlyRootFilesystem: true', 'drop: ["ALL"]'])
    expect(text).toContain(wanted);
});

describe('Prometheus and Grafana', () => {
  let names: ReadonlySet<string>;
  beforeEach(async () => {
    const { watch } = simulatedWatch(['fail']);
    await runsOf(watch, 3);
    const text = renderWatchMetrics(watch.state(), 'fail', watch.reports().at(-1)?.report, 'text');
    names = new Set([...text.matchAll(/^(hopcheck_\w+)/gm)].map(([, name = '']) => name));
  });
  const unknown = (expression: string) =>
    [...expression.matchAll(/hopcheck_\w+/g)].map(([name]) => name).filter((name) => !names.has(name));

  it('the ServiceMonitor is one by the schema of its CRD, and finds the Service', () => {
    const monitor = hostObject<{ spec: { selector: { matchLabels: object }; endpoints: readonly { port: string }[] } }>(
      'prometheus/service-monitor.yaml',
    );
    expect(() => new ServiceMonitor(monitor as never).validate()).not.toThrow();
    const service = hostObject<{ metadata: { labels: object }; spec: { ports: readonly { name: string }[] } }>(
      'watch/service.yaml',
    );
    expect(service.metadata.labels).toMatchObject(monitor.spec.selector.matchLabels);
    expect(service.spec.ports.map(({ name }) => name)).toEqual(monitor.spec.endpoints.map(({ port }) => port));
  });

  it('the rules are some by the schema of their CRD, and ask for metrics that there are', () => {
    const rules = hostObject<{
      spec: {
        groups: readonly { rules: readonly { expr: string; alert?: string; annotations?: { summary: string } }[] }[];
      };
    }>('prometheus/rules.yaml');
    expect(() => new PrometheusRule(rules as never).validate()).not.toThrow();
    const all = rules.spec.groups.flatMap((group) => group.rules);
    expect(all.flatMap(({ expr }) => unknown(expr))).toEqual([]);
    const alerts = all.filter(({ alert }) => alert !== undefined);
    expect(alerts.map(({ alert }) => alert)).toEqual([
      'HopcheckSilent',
      'TracesDoNotHold',
      'HopcheckCannotDecide',
      'HopcheckRunsHang',
    ]);
    for (const { annotations } of alerts) expect(annotations?.summary).toBeTruthy();
  });

  it('the dashboard asks for metrics that there are, in panels that do not overlap', () => {
    const dashboard = z
      .looseObject({
        uid: z.string().max(40),
        title: z.string(),
        schemaVersion: z.number(),
        panels: z.array(
          z.looseObject({
            id: z.number(),
            title: z.string(),
            type: z.enum(['stat', 'table', 'state-timeline', 'timeseries']),
            gridPos: z.strictObject({ x: z.number(), y: z.number(), w: z.number(), h: z.number() }),
            targets: z.array(z.looseObject({ refId: z.string(), expr: z.string() })).min(1),
          }),
        ),
      })
      .parse(JSON.parse(readFileSync(join(import.meta.dirname, 'prometheus/dashboard.json'), 'utf8')));
    const { panels } = dashboard;
    expect(panels.flatMap(({ targets }) => targets.flatMap(({ expr }) => unknown(expr)))).toEqual([]);
    expect(new Set(panels.map(({ id }) => id)).size).toBe(panels.length);
    const cells = panels.flatMap(({ gridPos: { x, y, w, h } }) =>
      Array.from({ length: w * h }, (_, index) => `${x + (index % w)},${y + Math.floor(index / w)}`),
    );
    expect(new Set(cells).size).toBe(cells.length);
    expect(panels.every(({ gridPos: { x, w } }) => x + w <= 24)).toBe(true);
  });
});
