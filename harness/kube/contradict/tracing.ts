import type { ConfigurationIssue } from '../../model/cluster.ts';
import type { Subject } from '../../model/finding.ts';
import { collectorOf, formatOf, isDual, type Provider, providerOf } from '../expect/provider.ts';
import { tracingOf, type WorkloadTracing } from '../expect/telemetry.ts';
import { type Situation, servicesOf } from '../objects/situation.ts';

/** One workload's tracing, as the gateway or a service has it. */
interface Traced {
  readonly subject: Subject;
  readonly name: string;
  readonly namespace: string;
  readonly client: WorkloadTracing;
  readonly server: WorkloadTracing;
  readonly provider: Provider | undefined;
}

/** Tracing as it is configured: a provider that exists, one format, and no workload switched off. */
export function tracingIssues(situation: Situation): ConfigurationIssue[] {
  const traced = everybody(situation);
  return [...providerIssues(traced), ...switchIssues(traced, situation), ...formatIssues(traced)];
}

/** The collectors that the application's proxies report to, each once. */
export function collectors(situation: Situation): readonly NonNullable<ReturnType<typeof collectorOf>>[] {
  const all = everybody(situation).flatMap(({ provider }) => collectorOf(provider) ?? []);
  return [...new Map(all.map((one) => [`${one.host}:${one.port}`, one])).values()];
}

function everybody(situation: Situation): Traced[] {
  const { objects, mesh, namespace, application, gatewayPods } = situation;
  const traced = (name: string, subject: Subject, labels: Readonly<Record<string, string>>, inNamespace: string) => {
    const place = { namespace: inNamespace, labels, rootNamespace: mesh.rootNamespace };
    const client = tracingOf(objects.telemetries, { ...place, mode: 'CLIENT' });
    const server = tracingOf(objects.telemetries, { ...place, mode: 'SERVER' });
    return { name, subject, namespace: inNamespace, client, server, provider: providerOf(client, mesh) };
  };
  const [gateway] = gatewayPods;
  return [
    ...(gateway === undefined
      ? []
      : [traced(application.gateway, { kind: 'mesh' }, gateway.metadata.labels, gateway.metadata.namespace)]),
    ...servicesOf(situation).flatMap(({ name, pods }) =>
      [...Map.groupBy(pods, ({ metadata }) => JSON.stringify(metadata.labels)).values()].flatMap(([pod]) =>
        pod === undefined ? [] : [traced(name, { kind: 'service', service: name }, pod.metadata.labels, namespace)],
      ),
    ),
  ];
}

/** A wrong provider is wrong for all workloads that use it: one issue, of the mesh. */
function providerIssues(traced: readonly Traced[]): ConfigurationIssue[] {
  const issues = new Map<string, ConfigurationIssue>();
  for (const { provider } of traced) {
    if (provider?.kind === 'unknown-name') {
      issues.set(provider.from, {
        code: 'HC801',
        severity: 'error',
        subject: { kind: 'mesh' },
        expected: `meshConfig.extensionProviders with one named ${provider.name}`,
        received: `${provider.from}, and there is none of that name`,
        remedy: `define ${provider.name} under meshConfig.extensionProviders, or name one that is: kubectl -n istio-system get configmap istio -o yaml`,
      });
    }
    if (provider?.kind === 'none') {
      issues.set(provider.from, {
        code: 'HC802',
        severity: 'error',
        subject: { kind: 'mesh' },
        expected: 'a tracing provider, or defaultConfig.tracing.zipkin.address',
        received: provider.from,
        remedy:
          'define an extensionProvider and name it in a Telemetry resource of the root namespace (Istio, "Distributed tracing", "Telemetry API")',
      });
    }
  }
  return [...issues.values()];
}

/** Switches of a Telemetry resource that keep traces from being whole: each is one issue, whatever it applies to. */
const SWITCHES = [
  {
    code: 'HC803',
    field: 'disabled',
    name: 'disableSpanReporting',
    expected: (services: string) => `spans of ${services} are reported`,
  },
  {
    code: 'HC812',
    field: 'unpropagated',
    name: 'disableContextPropagation',
    expected: (services: string) => `the proxies of ${services} pass the trace context on`,
  },
] as const;

function switchIssues(traced: readonly Traced[], { namespace }: Situation): ConfigurationIssue[] {
  return SWITCHES.flatMap(({ code, field, name, expected }) => {
    const set = traced.flatMap(({ subject, name: service, client, server }) =>
      (['CLIENT', 'SERVER'] as const).flatMap((mode) => {
        const said = (mode === 'CLIENT' ? client : server)[field];
        return said?.value === true ? [{ from: said.from, subject, service, mode }] : [];
      }),
    );
    return [...Map.groupBy(set, ({ from }) => from)].flatMap(([from, uses]): ConfigurationIssue[] => {
      const services = [...new Set(uses.map(({ service }) => service))];
      const modes = [...new Set(uses.map(({ mode }) => mode))];
      const [first] = uses;
      if (first === undefined) return [];
      const [, where = namespace, resource = ''] = /^Telemetry ([^/]+)\/([^:]+)/.exec(from) ?? [];
      const direction =
        modes.length > 1 ? '' : `, for requests that they ${modes[0] === 'CLIENT' ? 'send' : 'receive'} only`;
      return [
        {
          code,
          severity: 'error',
          subject: services.length === 1 ? first.subject : { kind: 'mesh' },
          expected: expected(services.join(', ')),
          received: `${from}${direction}`,
          remedy: `remove ${name}: kubectl -n ${where} edit telemetry ${resource}`,
          services,
          ...(modes.length === 1 && { modes }),
        },
      ];
    });
  });
}

/** The gateway writes the format that the others must read. */
function formatIssues(traced: readonly Traced[]): ConfigurationIssue[] {
  const [gateway, ...others] = traced;
  const written = formatOf(gateway?.provider);
  if (gateway === undefined || gateway.subject.kind !== 'mesh' || written === undefined || isDual(gateway.provider))
    return [];
  const issues = others.flatMap((one): ConfigurationIssue[] => {
    const read = formatOf(one.provider);
    if (read === undefined || read === written || isDual(one.provider)) return [];
    return [
      {
        code: 'HC811',
        severity: 'error',
        subject: one.subject,
        expected: `${written}, which the gateway writes (${fromOf(gateway.provider)})`,
        received: `${read} (${fromOf(one.provider)})`,
        remedy:
          'give gateway and application the same provider, or one with traceContextOption USE_B3_WITH_W3C_PROPAGATION',
      },
    ];
  });
  return [...new Map(issues.map((issue) => [JSON.stringify(issue.subject), issue])).values()];
}

function fromOf(provider: Provider | undefined): string {
  return provider?.from ?? 'not known';
}
