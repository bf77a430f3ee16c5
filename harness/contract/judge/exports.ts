import type { JudgedFinding } from '../../model/finding.ts';
import { contractFinding } from './finding.ts';
import type { ContractView, JudgedCall } from './judged-calls.ts';
import { contextOf } from './read-context.ts';

/**
 * Whether the spans that a tracer names in its calls were exported, and hang below the context of the request. Only
 * where an OTLP endpoint was given to the service: what it exports elsewhere is not known.
 */
export function judgeExports(view: ContractView): readonly JudgedFinding[] {
  const { spans } = view.capture;
  if (spans === undefined || !Object.values(view.kinds).includes('tracer')) return [];
  return view.capture.upstreams.flatMap(({ name }) => {
    const calls = view.calls.filter(({ call, cells }) => call.upstream === name && cells.some(isChild));
    return [...unexported(view, name, calls), ...unlinked(view, name, calls)];
  });
}

const isChild = ({ outcome }: JudgedCall['cells'][number]) => outcome === 'child';

/** Only sampled calls: a tracer exports no others. */
const isSampled = ({ call }: JudgedCall) => ['1', 'd'].includes(contextOf(call.headers).sampled ?? '');

function unexported({ capture }: ContractView, callee: string, all: readonly JudgedCall[]): readonly JudgedFinding[] {
  const { spans = [], service } = capture;
  const calls = all.filter(isSampled);
  const exported = new Set(spans.map(({ spanId }) => spanId));
  const missing = calls.filter(({ call }) => !exported.has(contextOf(call.headers).spanId ?? ''));
  if (missing.length === 0) return [];
  return [
    contractFinding({
      code: 'HC506',
      causes: ['parent-phantom'],
      subject: { kind: 'hop', caller: service.name, callee },
      facts: {
        expected: { kind: 'under-caller', caller: service.name, callee },
        received: { kind: 'spans-unexported', calls: missing.length, of: calls.length, exported: spans.length },
      },
      affected: missing.length,
      of: calls.length,
      requests: missing.map(({ exchange }) => exchange.id),
    }),
  ];
}

/** Some exported span of the trace has the span of the request as its parent. */
function unlinked({ capture }: ContractView, callee: string, all: readonly JudgedCall[]): readonly JudgedFinding[] {
  const { spans = [], service } = capture;
  const parents = new Set(spans.map(({ traceId, parentSpanId }) => `${traceId} ${parentSpanId}`));
  const exported = new Set(spans.map(({ spanId }) => spanId));
  const calls = all.filter((call) => isSampled(call) && exported.has(contextOf(call.call.headers).spanId ?? ''));
  const wrong = calls.filter(({ exchange }) => {
    const { traceId, spanId } = contextOf(exchange.headers);
    return !parents.has(`${traceId} ${spanId}`);
  });
  if (wrong.length === 0) return [];
  return [
    contractFinding({
      code: 'HC505',
      causes: ['parent-wrong'],
      subject: { kind: 'hop', caller: service.name, callee },
      facts: {
        expected: { kind: 'under-caller', caller: service.name, callee },
        received: { kind: 'span-unlinked', calls: wrong.length, of: calls.length },
      },
      affected: wrong.length,
      of: calls.length,
      requests: wrong.map(({ exchange }) => exchange.id),
    }),
  ];
}
