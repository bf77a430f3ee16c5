import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { SpanId, TraceId } from './ids.ts';
import type { Span, SpanKind } from './span.ts';
import { assemble } from './trace.ts';

const TRACE = '1'.padStart(32, '0') as TraceId;
const id = (number: number | string) => String(number).padStart(16, '0') as SpanId;
function span(number: number, parent?: number, kind: SpanKind = 'internal', startMicros = number): Span {
  return {
    traceId: TRACE,
    id: id(number),
    ...(parent !== undefined && { parentId: id(parent) }),
    kind,
    service: 's',
    operation: 'o',
    startMicros,
    durationMicros: 1,
    tags: {},
  };
}
const put = (spans: readonly Span[], carried?: SpanId) => assemble({ id: TRACE, spans }, carried);

describe('assemble', () => {
  it('finds entry, parents and children whatever the order', () => {
    const [root, left, right, leaf] = [span(1), span(2, 1), span(3, 1), span(4, 2)];
    const { entries, childrenOf, parentOf, orphans, duplicates, cycles, selfParents } = put([
      leaf!,
      right!,
      left!,
      root!,
    ]);
    expect(entries).toEqual([root]);
    expect(childrenOf.get(root!)).toEqual([left, right]);
    expect(parentOf.get(leaf!)).toBe(left);
    expect({ orphans, duplicates, cycles, selfParents }).toEqual({
      orphans: [],
      duplicates: [],
      cycles: [],
      selfParents: [],
    });
  });

  it("takes a span below the probe's own span for the entry, and any other span without its parent for an orphan", () => {
    const { entries, orphans } = put([span(1, 90), span(2, 91)], id(90));
    expect(entries.map((entry) => entry.id)).toEqual([id(1)]);
    expect(orphans.map((orphan) => orphan.id)).toEqual([id(2)]);
  });

  it('joins a SERVER span to the CLIENT whose id it shares, and does not call it a duplicate', () => {
    const client = span(1, undefined, 'client', 1);
    const server = span(1, undefined, 'server', 2);
    const call = span(2, 1, 'client', 3);
    const { entries, parentOf, duplicates } = put([server, client, call]);
    expect(entries).toEqual([client]);
    expect(parentOf.get(server)).toBe(client);
    expect(parentOf.get(call)).toBe(server);
    expect(duplicates).toEqual([]);
  });

  it('names duplicates of one kind, self-parents and cycles', () => {
    expect(put([span(1), span(1, undefined, 'internal', 9)]).duplicates).toHaveLength(1);
    expect(put([span(1, 1)]).selfParents).toHaveLength(1);
    const { cycles } = put([span(1, 3), span(2, 1), span(3, 2), span(4, 1)]);
    expect(cycles.map((cycle) => cycle.map((member) => member.id).toSorted())).toEqual([[id(1), id(2), id(3)]]);
  });

  it('counts identical copies of a span once', () => {
    const told = [span(1), span(2, 1), span(1), span(2, 1), span(2, 1)];
    const { trace, copies, duplicates, entries, childrenOf } = put(told);
    expect(trace.spans).toEqual([span(1), span(2, 1)]);
    expect({ copies: copies.length, duplicates: duplicates.length, entries: entries.length }).toEqual({
      copies: 3,
      duplicates: 0,
      entries: 1,
    });
    expect([...childrenOf.values()].flat()).toHaveLength(1);
  });

  it('assembles a chain of 10 000 spans without recursion', () => {
    const chain = Array.from({ length: 10_000 }, (_, index) => span(index + 1, index === 0 ? undefined : index));
    const { entries, parentOf } = put(chain.toReversed());
    expect({ entries: entries.length, parents: parentOf.size }).toEqual({ entries: 1, parents: 9999 });
  });

  it('counts every span once, whatever the links', () => {
    const link = fc.record({
      id: fc.integer({ min: 1, max: 12 }),
      parent: fc.option(fc.integer({ min: 1, max: 14 }), { nil: undefined }),
      kind: fc.constantFrom<SpanKind>('client', 'server', 'internal'),
    });
    fc.assert(
      fc.property(fc.array(link, { maxLength: 20 }), (links) => {
        const spans = links.map(({ id: number, parent, kind }) => span(number, parent, kind));
        const { entries, orphans, selfParents, parentOf, childrenOf, copies } = put(spans);
        const placed = entries.length + orphans.length + selfParents.length + parentOf.size;
        expect(placed + copies.length).toBe(spans.length);
        expect([...childrenOf.values()].flat()).toHaveLength(parentOf.size);
      }),
    );
  });
});
