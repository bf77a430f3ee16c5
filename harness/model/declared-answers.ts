import type { Application } from './application.ts';
import type { Capture } from './capture.ts';
import { asDeclaredAnswer, grpcStatus } from './grpc-status.ts';
import { calledService, isProxySpan, type Span } from './span.ts';
import { identify, type Naming } from './workload.ts';

/**
 * The capture, with each span known to be a right answer that shows a status of gRPC which the definition has for its call
 * (`statuses`). The tags stay as they are. A CLIENT span goes by its caller and callee, a SERVER span by its service. The
 * same capture where the definition has none.
 */
export function withDeclaredAnswers(capture: Capture, naming: Naming): Capture {
  const declared = capture.application.calls.filter(({ grpcStatuses }) => grpcStatuses !== undefined);
  if (declared.length === 0) return capture;
  const isDeclared = isDeclaredIn(declared, naming);
  const marked = <Of extends { readonly spans: readonly Span[] }>(of: Of): Of =>
    of.spans.some(isDeclared)
      ? { ...of, spans: of.spans.map((span) => (isDeclared(span) ? asDeclaredAnswer(span) : span)) }
      : of;
  return { ...capture, traces: capture.traces.map(marked), fragments: capture.fragments.map(marked) };
}

function isDeclaredIn(calls: Application['calls'], naming: Naming): (span: Span) => boolean {
  return (span) => {
    const code = grpcStatus(span);
    if (code === undefined || code === 0 || !isProxySpan(span)) return false;
    const own = calls.filter(({ grpcStatuses = [] }) => grpcStatuses.includes(code));
    if (own.length === 0) return false;
    const maker = identify(span, naming)?.service;
    if (span.kind === 'server') return own.some(({ callee }) => callee === maker);
    const called = calledService(span, naming.homes);
    return own.some(({ caller, callee }) => caller === maker && callee === called);
  };
}
