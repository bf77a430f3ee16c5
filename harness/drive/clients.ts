import type { Settings } from '../config/settings.ts';
import { createHttpClient } from '../http/undici-client.ts';
import { type ReasonSince, withReason } from '../http/with-reason.ts';
import { systemClock } from '../system/system-clock.ts';

export interface Reasons {
  readonly reasonSince: { readonly ingress: ReasonSince; readonly jaeger: ReasonSince };
}

/** The HTTP clients of a run; where a port-forward knows more of a failure than the socket does, they say it. */
export function clientsOf(settings: Settings, cluster: Reasons | undefined) {
  return {
    ingress: withReason(createHttpClient(settings.ingress), systemClock, cluster?.reasonSince.ingress),
    jaeger: withReason(createHttpClient(settings.jaeger), systemClock, cluster?.reasonSince.jaeger),
  };
}
