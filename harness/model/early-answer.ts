import type { Application } from './application.ts';
import { isDeclaredAnswer } from './grpc-status.ts';
import { httpStatus, isProxySpan, responseFlags, type Span } from './span.ts';
import type { Assembly } from './trace.ts';

/** Flags of a refusal by a filter of the proxy: a rate limit, an authorisation service (docs/facts/envoy.md#tags). */
const REFUSED: ReadonlySet<string> = new Set(['RL', 'UAEX', 'RLSE']);

/** Answered by such a filter: no service was asked. */
export function isRefusedByProxy(span: Span): boolean {
  return responseFlags(span).some((flag) => REFUSED.has(flag));
}

/** Statuses that refuse a caller, whatever it asks for: not known, not allowed, too often. */
const REFUSALS: ReadonlySet<number> = new Set([401, 403, 407, 429]);

/** Answered with a status that refuses the caller. Envoy sets no flag for RBAC and JWT (docs/facts/envoy.md#refusals). */
export function isRefusal(span: Span): boolean {
  return isRefusedByProxy(span) || REFUSALS.has(httpStatus(span) ?? 0);
}

/**
 * Answered with a redirect or a refusal, 3xx or 4xx, that no request of the application asks for. Who answers so need not
 * have called anything: that its calls are not seen is evidence of nothing (docs/architecture.md#rule-10).
 */
export function isEarlyAnswer(span: Span, { requests = [] }: Application): boolean {
  // A status of gRPC that is right and not OK may be the answer before any call.
  if (isDeclaredAnswer(span)) return true;
  const status = httpStatus(span);
  if (status === undefined || status < 300 || status >= 500) return false;
  return !requests.some(({ statuses }) => statuses?.includes(status) === true);
}

/**
 * The gateway gave such an answer and nothing shows that it sent the request on: a redirect to https, a token that is
 * missing, a limit. Its CLIENT span, where it makes two, is not there, and neither is a span of any other proxy. Not where
 * a flag says that it found nowhere to send it.
 */
export function isAnsweredByGateway(
  first: Span,
  others: readonly Span[],
  { childrenOf }: Pick<Assembly, 'childrenOf'>,
  application: Application,
): boolean {
  if (!isEarlyAnswer(first, application) || others.some(isProxySpan)) return false;
  if (childrenOf.get(first)?.some((child) => child.kind === 'client' && isProxySpan(child)) === true) return false;
  return responseFlags(first).every((flag) => REFUSED.has(flag));
}
