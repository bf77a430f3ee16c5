import type { HeaderOutcome } from './forms.ts';
import { readB3, readTraceparent, sameDecision, sameTraceForm } from './read-context.ts';

/** In which way a header was changed. The first six mean the same as what was sent. */
export const HOWS = [
  'trimmed',
  'joined',
  'id-case',
  'zero-padded',
  'same-decision',
  'translated',
  'debug-as-sampled',
  'own-member',
  'generated',
  'truncated',
  're-cased',
  'one-of-several',
  'emptied',
  'parent-as-span',
  'other-trace',
  'other-span',
  'same-span',
  'sampled-changed',
  'unreadable',
  'malformed-kept',
  'other-value',
] as const;
export type How = (typeof HOWS)[number];

export interface Compared {
  readonly outcome: HeaderOutcome;
  readonly how?: How;
}

/**
 * What a service that copies made of a header. Allowed: white space around it and several headers joined by a comma
 * (RFC 9110 §5.2, §5.5), and for B3 the case of its digits and a trace id padded to 128 bits. traceparent may not change
 * (W3C Trace Context §3.2.2.3).
 */
export function compareValues(header: string, sent: readonly string[], got: readonly string[]): Compared {
  if (got.length === 0) return { outcome: 'dropped' };
  if (sent.length === 0) return { outcome: 'invented' };
  if (sent.length === got.length && sent.every((value, index) => value === got[index])) return { outcome: 'unchanged' };
  const before = members(sent);
  const after = members(got);
  if (before === after) return { outcome: 'allowed', how: sent.length === got.length ? 'trimmed' : 'joined' };
  const how = allowedFor(header, before, after);
  if (how !== undefined) return { outcome: 'allowed', how };
  return { outcome: 'changed', how: changeOf(header, sent, got) };
}

/** As one list, without the white space that may be there or not. */
function members(values: readonly string[]): string {
  return values
    .join(',')
    .split(',')
    .map((value) => value.trim())
    .join(',');
}

function allowedFor(header: string, before: string, after: string): How | undefined {
  if (/^x-b3-(trace|span|parentspan)id$/.test(header) && before !== '' && after !== '') {
    if (before.toLowerCase() === after.toLowerCase()) return 'id-case';
    if (header === 'x-b3-traceid' && sameTraceForm(before) === sameTraceForm(after)) return 'zero-padded';
  }
  if (header === 'x-b3-sampled' && sameDecision(before) === sameDecision(after)) return 'same-decision';
  if (header === 'b3' && before.toLowerCase() === after.toLowerCase()) return 'id-case';
  return undefined;
}

function changeOf(header: string, sent: readonly string[], got: readonly string[]): How {
  const before = members(sent);
  const after = members(got);
  if (after === '') return 'emptied';
  if (sent.length > 1 && sent.some((value) => members([value]) === after)) return 'one-of-several';
  if (before.toLowerCase() === after.toLowerCase()) return 're-cased';
  if (header === 'traceparent' && hasOtherTrace(before, after)) return 'other-trace';
  const context = header === 'traceparent' ? contextChange(readTraceparent(before), readTraceparent(after)) : undefined;
  const single = header === 'b3' ? contextChange(readB3(before), readB3(after)) : undefined;
  const ofContext = context ?? single;
  if (ofContext !== undefined) return ofContext;
  if (header === 'x-b3-sampled' || header === 'x-b3-flags') return 'sampled-changed';
  if (isPartOf(after, before) || isCutTraceparent(header, before, after)) return 'truncated';
  if (/^x-b3-traceid$/.test(header))
    return sameTraceForm(before).endsWith(sameTraceForm(after).slice(16)) ? 'truncated' : 'other-trace';
  if (header === 'x-b3-spanid') return 'other-span';
  return 'other-value';
}

/** A trace id that was not sent, in place of those that were. */
function hasOtherTrace(before: string, after: string): boolean {
  const ids = (text: string): readonly string[] =>
    text.toLowerCase().match(/(?<![0-9a-f])[0-9a-f]{32}(?![0-9a-f])/g) ?? [];
  const sent = ids(before);
  const got = ids(after);
  const isCut = got.some((id) => sent.some((other) => id.endsWith(other.slice(16))));
  return got.length > 0 && !isCut && !got.some((id) => sent.includes(id));
}

/** A beginning or an end; a single character is one by chance. */
function isPartOf(part: string, whole: string): boolean {
  const bare = part.replace(/^0+/, '');
  return [part, bare].some(
    (text) => text.length >= 4 && text.length < whole.length && (whole.startsWith(text) || whole.endsWith(text)),
  );
}

/** Its trace id alone is cut, and the rest stands. */
function isCutTraceparent(header: string, before: string, after: string): boolean {
  const [, id = ''] = after.split('-');
  return header === 'traceparent' && id.length >= 8 && isPartOf(id, before.split('-')[1] ?? '');
}

type Read = ReturnType<typeof readTraceparent>;

function contextChange(before: Read, after: Read): How | undefined {
  if (after?.traceId === undefined) return undefined;
  // One that could not be read was replaced.
  if (before?.traceId === undefined) return 'other-trace';
  if (before.traceId !== after.traceId)
    return after.traceId.endsWith(before.traceId.slice(16)) ? 'truncated' : 'other-trace';
  if (before.spanId !== after.spanId) return 'other-span';
  return before.sampled !== after.sampled ? 'sampled-changed' : undefined;
}
