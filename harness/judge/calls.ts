import type { Application } from '../model/application.ts';
import type { Cause, Subject } from '../model/finding.ts';
import { httpStatus, responseFlags, type Span } from '../model/span.ts';

/** A hop as a subject; versions are named only where the application tells a service's versions apart. */
export function hopSubject(
  application: Application,
  hop: { caller: string; callee: string; callerVersion?: string },
): Subject {
  const { caller, callee, callerVersion } = hop;
  const told = application.services.some(({ name, versions }) => name === caller && versions !== undefined);
  return {
    kind: 'hop',
    caller,
    callee,
    ...(told && callerVersion !== undefined && { callerVersions: [callerVersion] }),
  };
}

/**
 * What a call that failed, or has no other half, says about the callee (facts/envoy.md §2.4, facts/envoy-observed.md §5):
 * UH no endpoint, UF no connection, 0/DC/UT the caller gave up, FI a fault rule. Empty: the call itself was answered.
 */
export function causesOfCall(client: Span, server?: Span): readonly Cause[] {
  const flags = new Set([...responseFlags(client), ...(server === undefined ? [] : responseFlags(server))]);
  const status = httpStatus(client);
  if (flags.has('FI') || flags.has('DI')) return ['fault-injected'];
  if (flags.has('UH') || flags.has('NR') || flags.has('NC')) return ['callee-unreachable'];
  if (status === 0 || flags.has('DC') || flags.has('UT')) return ['callee-slow'];
  if (flags.has('UF') || flags.has('UC')) return ['callee-down'];
  if (status !== undefined && status >= 500) return server === undefined ? ['callee-down'] : ['callee-error'];
  return [];
}

/** `503 UH`, `200`, `no answer DC`. */
export function describeAnswer(span: Span): string {
  const status = httpStatus(span);
  const flags = responseFlags(span);
  const word = status === undefined ? 'no status' : status === 0 ? 'no answer' : String(status);
  return [word, ...flags].join(' ');
}

export function plural(count: number, one: string, many = `${one}s`): string {
  return `${count} ${count === 1 ? one : many}`;
}
