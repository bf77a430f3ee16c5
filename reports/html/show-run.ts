import type { RunDetail, SpanDetail, TraceDetail } from '../../harness/model/detail.ts';
import { grpcStatus } from '../../harness/model/grpc-status.ts';
import { safeText } from '../characters/safe-text.ts';
import { grpcCodeText } from '../text/values.ts';
import type { ShownRun, ShownSpan, ShownTrace } from './shared/shown.ts';
import { isWrong } from './shared/trace-words.ts';

export const SPANS_A_TRACE = 400;
const FRAGMENTS_A_TRACE = 4;
const TAGS_A_SPAN = 60;
const LONGEST = { name: 80, operation: 160, tag: 300 } as const;
/** Characters of tags in the whole page; traces that tell most come first. */
const TAG_BUDGET = 1_000_000;

/** A name as it is shown, cut. */
export function shownName(name: string): string {
  return safeText(name, LONGEST.name);
}

/** Cuts a run's detail to what a page can carry, so that one long text or one long trace cannot fill it. */
export function showRun(detail: RunDetail, evidence: ReadonlySet<string>): ShownRun {
  const tagged = withTags(detail, evidence);
  const { pages } = detail;
  return {
    traces: detail.traces.map((trace) => showTrace(trace, tagged.has(trace))),
    expected: detail.expected,
    versions: versionsOf(detail),
    services: servicesOf(detail),
    ...(pages !== undefined && /^https?:\/\//.test(pages.trace) && { pages }),
    graceMs: detail.waiting.graceMs,
    tagged: tagged.size,
  };
}

/** Versions in the order of the shares, then those that are not expected: their place gives them colour and shape. */
export function versionsOf({ expected, traces }: Pick<RunDetail, 'expected' | 'traces'>): readonly string[] {
  const versions = [...expected, ...traces].flatMap(({ version }) => version ?? []);
  return [...new Set(versions.map(shownName))];
}

/** In the order of the definition, then those that are not in it. */
function servicesOf({ application, traces }: RunDetail): readonly string[] {
  const seen = traces.flatMap(({ spans, fragments }) => [...spans, ...fragments.flatMap((fragment) => fragment.spans)]);
  const names = [application.gateway, ...application.services.map(({ name }) => name), ...seen.map(nameOf)];
  return [...new Set(names.map(shownName))];
}

const nameOf = ({ service }: SpanDetail) => service;

function withTags({ traces }: RunDetail, evidence: ReadonlySet<string>): ReadonlySet<TraceDetail> {
  const rank = (trace: TraceDetail) => (evidence.has(trace.id) ? 0 : isWrong(trace.state) ? 1 : 2);
  const chosen = new Set<TraceDetail>();
  let left = TAG_BUDGET;
  for (const trace of traces.toSorted((a, b) => rank(a) - rank(b))) {
    left -= trace.spans.reduce((sum, { tags }) => sum + tagSize(tags), 0);
    if (left < 0) break;
    chosen.add(trace);
  }
  return chosen;
}

function tagSize(tags: Readonly<Record<string, string>>): number {
  return Object.entries(tags)
    .slice(0, TAGS_A_SPAN)
    .reduce((sum, [name, value]) => sum + Math.min(name.length, LONGEST.name) + Math.min(value.length, LONGEST.tag), 0);
}

function showTrace(trace: TraceDetail, tagged: boolean): ShownTrace {
  const { spans, fragments, gaps, link: _, version, ...rest } = trace;
  const kept = spans.slice(0, SPANS_A_TRACE);
  return {
    ...rest,
    ...(version !== undefined && { version: shownName(version) }),
    spans: kept.map((span) => showSpan(span, tagged)),
    spansLeftOut: spans.length - kept.length,
    gaps: gaps.map((gap) => ({ ...gap, ...(gap.below !== undefined && gap.below >= kept.length && { below: 0 }) })),
    fragments: fragments.slice(0, FRAGMENTS_A_TRACE).map(({ id, spans: all }) => ({
      id,
      spans: all.slice(0, SPANS_A_TRACE).map((span) => showSpan(span, tagged)),
      spansLeftOut: Math.max(0, all.length - SPANS_A_TRACE),
    })),
  };
}

/** Behind HTTP's 200 it is what went wrong, so it stands where Envoy's flags do. */
function grpcError(tags: SpanDetail['tags']): readonly string[] {
  const code = grpcStatus({ tags }) ?? 0;
  return code === 0 ? [] : [`gRPC ${grpcCodeText(code)}`];
}

function showSpan({ tags, ...span }: SpanDetail, tagged: boolean): ShownSpan {
  return {
    ...span,
    fullName: shownName(span.fullName),
    service: shownName(span.service),
    operation: safeText(span.operation, LONGEST.operation),
    ...(span.version !== undefined && { version: shownName(span.version) }),
    ...(span.pod !== undefined && { pod: shownName(span.pod) }),
    ...(span.callee !== undefined && { callee: shownName(span.callee) }),
    flags: [...grpcError(tags), ...span.flags.slice(0, 10).map(shownName)],
    ...(tagged && {
      tags: Object.entries(tags)
        .slice(0, TAGS_A_SPAN)
        .map(([name, value]) => [shownName(name), safeText(value, LONGEST.tag)] as const),
    }),
  };
}
