import { oneOfEach } from '../diagnose/alike.ts';
import type { Exchange } from '../model/exchange.ts';
import { isComplete } from '../model/expected.ts';
import { isProxySpan } from '../model/span.ts';
import { MARKER_TAGS, type MarkerTag, markerTagOf } from '../model/tag-names.ts';
import { blocksPValue } from '../stats/runs-test.ts';
import { inProbeOrder } from './attempts.ts';
import type { FindingCollector } from './finding-collector.ts';
import type { RunView } from './run-view.ts';

/** A collector waits before it decides; a span of a mesh that reports by itself is seen sooner, of some probe at least. ms */
const WAITS_MS = 3000;
/** One trace or two are lost in other ways. */
const LEAST_DROPPED = 3;
/** Less likely than this by chance, the lost ones come in a block: something was away for a time. */
const BLOCK_P = 0.001;
/** The backend gave traces up, or could not be asked. */
const LOSSES = new Set(['HC701', 'HC702', 'HC703', 'HC704', 'HC718']);

/** What makes a run look as if a collector keeps only some traces. */
export interface TailSampling {
  /** Forced-on probes that left a whole trace. */
  readonly kept: number;
  /** Those that left not one span, in the order they were sent. */
  readonly dropped: readonly Exchange[];
  /** From an answer to the first span of its trace, ms: the least of all. */
  readonly earliestMs: number;
  /** The tag by which a policy can keep the probes. */
  readonly markerTag: MarkerTag;
}

/**
 * Whether a collector seems to decide about whole traces (docs/facts/collector.md#tail-sampling). All of this must hold:
 * some forced-on probes left whole traces and others not one span; no trace is there in part and none under another id;
 * the kept ones came seconds after their answers, every one of them; kept and dropped stand in random order. A fault of a
 * proxy or an application leaves traces in part, a backend that was away leaves a block, and a gateway that did not trace
 * leaves the others on time.
 */
export function tailSamplingIn(view: RunView): TailSampling | undefined {
  const { capture, application, traces, fragments, settled, exchanges } = view;
  if (capture.imported !== undefined) return undefined;
  const isOwn = ({ probe, answer }: Exchange) =>
    probe.purpose === 'forced-on' && probe.trial === undefined && answer !== undefined;
  const own = inProbeOrder(capture.exchanges).filter(isOwn);
  const seen = traces.filter(({ exchange }) => isOwn(exchange));
  if (oneOfEach(seen).some(({ assembly, context }) => !isComplete(assembly, application, context))) return undefined;
  if ([...fragments.keys()].some((id) => exchanges.get(id)?.probe.purpose === 'forced-on')) return undefined;
  const kept = new Set(seen.map(({ exchange }) => exchange.probe.id));
  const dropped = own.filter(({ probe }) => !kept.has(probe.id) && settled.has(probe.id));
  if (kept.size === 0 || dropped.length < LEAST_DROPPED) return undefined;
  // A trace whose arrival is not known does not show a wait.
  const earliestMs = Math.min(...seen.map((trace) => trace.settled.arrivalMs ?? 0));
  if (earliestMs < WAITS_MS) return undefined;
  if (blocksPValue(own.map(({ probe }) => kept.has(probe.id))) < BLOCK_P) return undefined;
  if (capture.incidents.some(({ code }) => LOSSES.has(code))) return undefined;
  const tags = oneOfEach(seen).flatMap(({ assembly }) =>
    assembly.trace.spans.filter(isProxySpan).flatMap((span) => markerTagOf(span.tags) ?? []),
  );
  return { kept: kept.size, dropped, earliestMs, markerTag: tags[0] ?? MARKER_TAGS[0] };
}

/** Not a fault of the mesh: which of its traces are missing, and why, cannot be seen behind it. */
export function noteTailSampling(view: RunView, collector: FindingCollector): void {
  const tail = tailSamplingIn(view);
  if (tail === undefined) return;
  const { kept, dropped, earliestMs, markerTag } = tail;
  const of = kept + dropped.length;
  const [first] = dropped;
  collector.note({
    code: 'HC724',
    subject: { kind: 'backend' },
    causes: ['tail-sampling'],
    expected: { kind: 'every-trace' },
    received: { kind: 'traces-kept', kept, of, earliestMs },
    of,
    affected: dropped.length,
    ...(first !== undefined && { exchange: first }),
    remedy: { kind: 'keep-probes', tag: markerTag },
  });
}
