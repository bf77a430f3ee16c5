import type { GatewayProfile } from '../model/capture.ts';
import type { Trace } from '../model/trace.ts';
import { identify } from '../model/workload.ts';

/**
 * One or two gateway spans a request, decided by the majority of the traces that show one or two; undefined when none
 * does or the votes are even. One trace alone may be incomplete, so it never decides by itself against others.
 */
export function gatewayProfileOf(
  traces: readonly Trace[],
  gateway: string,
  mapping: Readonly<Record<string, string>>,
): GatewayProfile | undefined {
  let one = 0;
  let two = 0;
  for (const trace of traces) {
    const spans = trace.spans.filter((span) => identify(span, mapping)?.service === gateway).length;
    if (spans === 1) one += 1;
    if (spans === 2) two += 1;
  }
  return one > two ? 1 : two > one ? 2 : undefined;
}
