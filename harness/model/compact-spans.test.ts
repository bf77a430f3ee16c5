import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { CompactSpans } from './compact-spans.ts';
import type { SpanId, TraceId } from './ids.ts';
import { isProxySpan, SPAN_KINDS, type Span, tag } from './span.ts';
import { readTag } from './tag-names.ts';

const hex = (number: number, digits: number) => number.toString(16).padStart(digits, '0');

function spanOf(number: number, tags: Record<string, string>, more: Partial<Span> = {}): Span {
  return {
    traceId: hex(number >> 3, 32) as TraceId,
    id: hex(number, 16) as SpanId,
    ...(number % 3 > 0 && { parentId: hex(number - 1, 16) as SpanId }),
    kind: SPAN_KINDS[number % SPAN_KINDS.length] ?? 'internal',
    service: `s${number % 3}`,
    operation: `o${number % 2}`,
    startMicros: 1_764_500_000_000_000 + number,
    durationMicros: number * 1.5,
    tags,
    ...more,
  };
}

/** Kept in groups of eight, as traces. */
function kept(spans: readonly Span[]): readonly Span[] {
  const compact = new CompactSpans();
  const groups = Map.groupBy(spans, (_, index) => index >> 3);
  return [...groups.values()].flatMap((group) => compact.of(group));
}

const KEYS = ['component', 'user_agent.original', 'http.url', 'guid:x-request-id', 'constructor', '7', ''];

describe('compact spans', () => {
  // More spans than a block of a column has; fewer and more texts than a byte can number, and more than a block numbers.
  it.each([3, 300, 900, 4000])('are read and written as the spans they were made of: %i texts', (texts) => {
    const spans = Array.from({ length: 5000 }, (_, number) =>
      spanOf(number, { component: 'proxy', 'user_agent.original': `a${number % texts}`, z: `${number % 7}` }),
    );
    const small = kept(spans);
    expect(small.at(-1)?.constructor).not.toBe(Object);
    for (let at = 0; at < spans.length; at += 97) {
      const [was, is] = [spans[at]!, small[at]!];
      expect(JSON.stringify(is)).toBe(JSON.stringify(was));
      expect({ tags: is.tags, kind: is.kind, service: is.service, operation: is.operation }).toEqual({
        tags: was.tags,
        kind: was.kind,
        service: was.service,
        operation: was.operation,
      });
      expect([tag(is, 'user_agent'), tag(is, 'none'), isProxySpan(is)]).toEqual([
        was.tags['user_agent.original'],
        undefined,
        true,
      ]);
    }
  });

  it('are the same as before with any tags, in any order, of which few or many have the same keys', () => {
    const tags = fc.dictionary(fc.oneof(fc.constantFrom(...KEYS), fc.string()), fc.string({ unit: 'binary' }));
    fc.assert(
      fc.property(fc.array(tags, { minLength: 1, maxLength: 4 }), fc.string(), (sets, asked) => {
        const spans = Array.from({ length: 1500 }, (_, number) => spanOf(number, sets[number % sets.length]!));
        const small = kept(spans);
        expect(JSON.stringify(small)).toBe(JSON.stringify(spans));
        for (const at of [0, 700, 1499])
          for (const key of [asked, ...KEYS]) expect(tag(small[at]!, key)).toBe(readTag(spans[at]!.tags, key));
      }),
      { numRuns: 20 },
    );
  });
});
