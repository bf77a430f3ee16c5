import { calledService, isProxySpan, type Span } from './span.ts';
import { type Assembly, assemble, proxyAbove, type Trace } from './trace.ts';
import { isDuring } from './while-open.ts';
import { identify, type Naming } from './workload.ts';

/**
 * Calls that a trace begins with: CLIENT spans whose parent is not in it. A call that was restarted under an id of the
 * application's own names a parent that no span has.
 */
export function beginningCalls({ spans }: Trace): readonly Span[] {
  const ids = new Set(spans.map(({ id }) => id));
  return spans.filter(({ kind, parentId }) => kind === 'client' && (parentId === undefined || !ids.has(parentId)));
}

/**
 * Calls that carry the context of an earlier request: CLIENT spans below a SERVER span that was not open when they were
 * made.
 */
export function strayCalls(trace: Trace): readonly Span[] {
  const assembly = assemble(trace);
  return trace.spans.filter((span) => isStrayCall(span, assembly));
}

/** The same of one span. */
export function isStrayCall(span: Span, assembly: Assembly): boolean {
  const above = serverAbove(span, assembly);
  return above !== undefined && !isDuring(span, above);
}

/** The SERVER span that a proxy's CLIENT span is below; undefined: it is another span, or below another one. */
export function serverAbove(span: Span, assembly: Assembly): Span | undefined {
  if (span.kind !== 'client' || !isProxySpan(span)) return undefined;
  const above = proxyAbove(span, assembly);
  return above?.kind === 'server' ? above : undefined;
}

/** A call of the one service to the other. */
export function isCallOf(
  span: Span,
  {
    caller,
    callee,
    calledAs = callee,
  }: { readonly caller: string; readonly callee: string; readonly calledAs?: string },
  naming?: Naming,
): boolean {
  return (
    span.kind === 'client' &&
    calledService(span, naming?.homes) === calledAs &&
    identify(span, naming)?.service === caller
  );
}
