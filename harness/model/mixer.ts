import type { PromiseId } from './promises.ts';
import { type Span, tag } from './span.ts';

/**
 * What a mesh with Mixer cannot be held to, promise by promise, with the reason (its text: reports/text/run.ts). Mixer was asked by every proxy about every
 * request (Istio up to 1.4; off since 1.5, gone in 1.8), and those calls are in the traces (docs/facts/istio.md#mixer).
 */
export const NOT_WITH_MIXER = {
  'trace-shape': 'foreign-calls',
  parentage: 'foreign-parents',
  // istio#12019
  sampling: 'two-decisions',
} as const satisfies Partial<Record<PromiseId, string>>;

export type MixerReason = (typeof NOT_WITH_MIXER)[keyof typeof NOT_WITH_MIXER];

/** undefined: Mixer takes nothing from this promise. */
export function mixerReason(promise: PromiseId): MixerReason | undefined {
  return promise in NOT_WITH_MIXER ? NOT_WITH_MIXER[promise as keyof typeof NOT_WITH_MIXER] : undefined;
}

/** The last Istio 1.x whose proxies ask Mixer by default. */
const LAST_MINOR = 4;

const SERVERS: ReadonlySet<string> = new Set(['istio-policy', 'istio-telemetry', 'istio-mixer']);
/** A call of one of its servers, or of its gRPC service. */
const CALL = /\|istio-(?:policy|telemetry)\.|istio\.mixer\.v1\.Mixer\//;

/** Made by Mixer, or by a proxy that asks it. */
export function isOfMixer(span: Span): boolean {
  const end = span.service.indexOf('.');
  const name = end < 0 ? span.service : span.service.slice(0, end);
  return SERVERS.has(name) || CALL.test(span.operation) || CALL.test(tag(span, 'upstream_cluster') ?? '');
}

/** @param version as an image says it: `1.4.3`; undefined: not known. */
export function hasMixer(version: string | undefined): boolean {
  const [, minor] = /^1\.(\d+)/.exec(version ?? '') ?? [];
  return minor !== undefined && Number(minor) <= LAST_MINOR;
}
