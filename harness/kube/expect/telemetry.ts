import type { Telemetry } from '../objects/mesh-objects.ts';
import { selects } from '../objects/pods.ts';

/** A value and the object that says it. */
export interface Said<T> {
  readonly value: T;
  readonly from: string;
}

/** The effect of all Telemetry resources on one workload; absent: none of them concerns it. */
export interface WorkloadTracing {
  readonly provider?: Said<string>;
  readonly sampling?: Said<number>;
  readonly disabled?: Said<boolean>;
  /** Proxies make spans and change no header. */
  readonly unpropagated?: Said<boolean>;
}

export interface WorkloadPlace {
  readonly namespace: string;
  readonly labels: Readonly<Record<string, string>>;
  readonly rootNamespace: string;
  /** Whose spans: a gateway's and a caller's are CLIENT (Istio, pilot/pkg/networking/core/tracing.go). */
  readonly mode: 'CLIENT' | 'SERVER';
}

/**
 * Root namespace, then the workload's namespace, then its own selector: each field of the narrower one goes before the
 * wider one's, and what it leaves out is inherited (Istio, Telemetry API, "hierarchy").
 */
export function tracingOf(telemetries: readonly Telemetry[], place: WorkloadPlace): WorkloadTracing {
  const levels = [
    telemetries.filter((one) => isWide(one) && one.metadata.namespace === place.rootNamespace),
    telemetries.filter(
      (one) => isWide(one) && one.metadata.namespace === place.namespace && place.namespace !== place.rootNamespace,
    ),
    telemetries.filter(
      ({ metadata, spec }) =>
        metadata.namespace === place.namespace &&
        spec.selector !== undefined &&
        selects(spec.selector.matchLabels, place.labels),
    ),
  ];
  return Object.assign({}, ...levels.flat().map((one) => saidBy(one, place.mode)));
}

/** For every workload of its namespace: no selector, and not attached to one object. */
function isWide({ spec }: Telemetry): boolean {
  const selector = Object.keys(spec.selector?.matchLabels ?? {}).length > 0;
  return !selector && spec.targetRef === undefined && (spec.targetRefs ?? []).length === 0;
}

function saidBy({ metadata, spec }: Telemetry, mode: WorkloadPlace['mode']): WorkloadTracing {
  const from = `Telemetry ${metadata.namespace}/${metadata.name}`;
  let said: WorkloadTracing = {};
  for (const one of spec.tracing) {
    const { match, providers = [], randomSamplingPercentage, disableSpanReporting, disableContextPropagation } = one;
    const forMode = match?.mode ?? 'CLIENT_AND_SERVER';
    if (forMode !== 'CLIENT_AND_SERVER' && forMode !== mode) continue;
    const [provider] = providers;
    said = {
      ...said,
      ...(provider !== undefined && { provider: { value: provider.name, from: `${from}: provider ${provider.name}` } }),
      ...(randomSamplingPercentage !== undefined && {
        sampling: {
          value: randomSamplingPercentage,
          from: `${from}: randomSamplingPercentage ${randomSamplingPercentage}`,
        },
      }),
      ...(disableSpanReporting !== undefined && {
        disabled: { value: disableSpanReporting, from: `${from}: disableSpanReporting ${disableSpanReporting}` },
      }),
      ...(disableContextPropagation !== undefined && {
        unpropagated: {
          value: disableContextPropagation,
          from: `${from}: disableContextPropagation ${disableContextPropagation}`,
        },
      }),
    };
  }
  return said;
}
