import { type ExpectedContext, missingHops, shownVersions } from '../model/expected.ts';
import { ofRequest } from '../model/of-request.ts';
import { assemble } from '../model/trace.ts';
import type { Arrived } from '../preflight/first-span.ts';
import type { RunContext } from '../survey/context.ts';

/** The state of the traces of the forced-on requests. */
export interface BrokenTraces {
  /** Traces that lack a hop, or have a span whose parent is not there. */
  readonly broken: number;
  readonly of: number;
  /** `a → b`, likeliest first, each once. */
  readonly hops: readonly string[];
}

/** Whether traces that came are whole, once every span has had its time. undefined: none came. */
export function brokenTraces(
  arrived: readonly Arrived[],
  { application, names, head }: Pick<RunContext, 'application' | 'names' | 'head'>,
): BrokenTraces | undefined {
  if (arrived.length === 0) return undefined;
  const counts = new Map<string, number>();
  let broken = 0;
  for (const { exchange, trace } of arrived) {
    const { probe, answer } = exchange;
    const assembly = assemble(trace, probe.spanId);
    const context: ExpectedContext = { ...shownVersions(answer?.page), naming: names.naming };
    const missing = missingHops(assembly, ofRequest(application, probe.request, head.run.startedAt), context);
    if (missing.length > 0 || assembly.orphans.length > 0) broken += 1;
    for (const { caller, callee } of missing) {
      const hop = `${caller} → ${callee}`;
      counts.set(hop, (counts.get(hop) ?? 0) + 1);
    }
  }
  const hops = [...counts].toSorted(([, a], [, b]) => b - a).map(([hop]) => hop);
  return { broken, of: arrived.length, hops };
}
