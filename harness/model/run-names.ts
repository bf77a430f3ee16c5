import type { Application } from './application.ts';
import type { Expectations, Sourced } from './capture.ts';
import { findGateway } from './gateway.ts';
import type { GatewayTrace } from './gateway-profile.ts';
import { learnProcesses } from './naming.ts';
import { isProxySpan } from './span.ts';
import { MARKER_TAGS, type MarkerTag, markerTagOf } from './tag-names.ts';
import type { Trace } from './trace.ts';
import { type UnknownName, unknownNamesIn } from './unknown-names.ts';
import { identify, type Naming } from './workload.ts';

/** How the names in one run's spans are read, as far as spans have come that tell. The judge looks again, at all of them. */
export class RunNames {
  readonly #definition: Application;
  readonly #expected: Pick<Expectations, 'services' | 'gateway'>;
  readonly #processes = new Map<string, string | undefined>();
  readonly #fullNames = new Map<string, Set<string>>();
  #gateway: Sourced<string> | undefined;
  #markerTag: MarkerTag | undefined;
  #unknown: readonly UnknownName[] = [];

  constructor(definition: Application, expected: Pick<Expectations, 'services' | 'gateway'>) {
    this.#definition = definition;
    this.#expected = expected;
  }

  /** With the gateway's name as it is in the spans; until one shows it, that of the definition. */
  get application(): Application {
    return this.#gateway === undefined ? this.#definition : { ...this.#definition, gateway: this.#gateway.value };
  }

  get naming(): Naming {
    const inferred = Object.fromEntries(this.#unknown.map(({ seen, expected }) => [seen, expected]));
    return { services: { ...inferred, ...this.#expected.services?.value }, processes: this.#processes };
  }

  /** undefined: no span has shown it yet. */
  get gateway(): Sourced<string> | undefined {
    return this.#gateway;
  }

  /** The tag to search for a marker; until a span of a proxy shows it, Envoy's own. */
  get markerTag(): MarkerTag {
    return this.#markerTag ?? MARKER_TAGS[0];
  }

  /** The names that the backend has for a service, by the spans that came. */
  fullNames(service: string): readonly string[] {
    return [...(this.#fullNames.get(service) ?? [])];
  }

  /** Takes services that these traces know by another name for the same, as the judge does (HC723). Once for all traces. */
  infer(traces: readonly Trace[]): readonly UnknownName[] {
    this.#unknown = [...this.#unknown, ...unknownNamesIn(traces, this.application, this.naming)];
    return this.#unknown;
  }

  learn(traces: readonly GatewayTrace[]): void {
    const spans = traces.map((trace) => trace.spans);
    for (const [process, maker] of learnProcesses(spans, this.naming.services)) {
      const other = this.#processes.has(process) && this.#processes.get(process) !== maker;
      this.#processes.set(process, other ? undefined : maker);
    }
    const { naming } = this;
    for (const span of spans.flat()) {
      if (isProxySpan(span)) this.#markerTag ??= markerTagOf(span.tags);
      const service = isProxySpan(span) ? identify(span, naming)?.service : undefined;
      if (service === undefined) continue;
      this.#fullNames.set(service, (this.#fullNames.get(service) ?? new Set()).add(span.service));
    }
    const { services, gateway } = this.#expected;
    this.#gateway ??= findGateway(traces, {
      application: this.#definition,
      naming,
      ...(services !== undefined && { configured: services }),
      ...(gateway !== undefined && { routed: gateway }),
    });
  }
}
