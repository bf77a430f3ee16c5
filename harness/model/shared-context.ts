import { calledService, endMicros, type Span, tag } from './span.ts';
import { isDuring } from './while-open.ts';
import { identify } from './workload.ts';

/**
 * True for SERVER spans with one id that are not one span reported twice. Under a shared span context a SERVER span takes the id
 * that came with the request (docs/facts/envoy.md#shared-span-context). Where a service passes its headers on and its
 * proxy makes no span of the call, or no span at all, the next proxy takes the same id; and a proxy that is asked again
 * takes it again. Two spans that one proxy made at the same time are another matter.
 * @param span a SERVER span, with the id of `others`
 */
export function isSharing(span: Span, others: readonly Span[]): boolean {
  return others.every((other) => !isOfProxy(other, span) || isAfter(other, span) || isAfter(span, other));
}

/** The one that the same proxy made, where there are several the one that was open then; undefined: none of them. */
export function ofSameProxy(span: Span, sharing: readonly Span[]): Span | undefined {
  const own = sharing.filter((other) => isOfProxy(other, span));
  return own.find((other) => isDuring(span, other)) ?? own[0];
}

/**
 * What is above a SERVER span that shares its id with others. The service that the call names has the call above it. The others
 * have that service's span above them, because the id came through it. Where the call names none of them, its service made
 * no span and passed the id on. Without the call, the span that was open all the while is above the others.
 * @returns undefined where none of them is above it
 */
export function aboveSharing(span: Span, sharing: readonly Span[], call: Span | undefined): Span | undefined {
  if (call === undefined) {
    const open = sharing.find((one) => sharing.every((other) => other === one || isWithin(other, one)));
    return open === span ? undefined : open;
  }
  const called = calledService(call);
  const asked = sharing.filter((one) => identify(one)?.service === called);
  const [first] = asked.toSorted(inTime);
  if (first === undefined || asked.includes(span)) return call;
  return asked.findLast((one) => isDuring(span, one)) ?? first;
}

/** A call that the proxy of the caller makes by itself, such as one to an authorisation service, below the call with this id. */
export function isOfCaller(span: Span, client: Span, server: Span): boolean {
  return span.kind === 'client' && isOfProxy(span, client) && !isOfProxy(span, server);
}

/** Of those with its id the ones that were open when it began. */
export function openAbove(span: Span, sharing: readonly Span[]): readonly Span[] {
  return sharing.filter((other) => other !== span && inTime(other, span) < 0 && isDuring(span, other));
}

function isOfProxy(a: Span, b: Span): boolean {
  return a.service === b.service && tag(a, 'node_id') === tag(b, 'node_id');
}

function isWithin(a: Span, b: Span): boolean {
  return a.startMicros >= b.startMicros && endMicros(a) <= endMicros(b);
}

function isAfter(a: Span, b: Span): boolean {
  return a.startMicros >= endMicros(b);
}

function inTime(a: Span, b: Span): number {
  return a.startMicros - b.startMicros;
}
