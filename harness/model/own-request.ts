import type { Span } from './span.ts';

/** Names of the spans of requests that Envoy makes by itself (docs/facts/envoy.md#own-requests). */
const OWN_REQUEST = /^(?:async\s|mirror$)/;

/**
 * True for the span of a request that a proxy makes by itself: to an authorisation service (ext_authz), to a rate limit, or
 * the copy of a request that it mirrors. No answer of it reaches a user.
 */
export function isNamedOwnRequest({ operation }: Pick<Span, 'operation'>): boolean {
  return OWN_REQUEST.test(operation);
}
