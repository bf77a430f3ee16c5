import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { readRecording } from '../../fixtures/recordings/load.ts';
import { readDefinition } from '../definition/read-definition.ts';
import { tracesOf } from '../import/read-dump.ts';
import type { Span } from '../model/span.ts';
import type { Trace } from '../model/trace.ts';
import { differencesOf } from './differences.ts';
import { newDocument } from './document.ts';
import { nameFor, partDump } from './from-dump.ts';
import { learn } from './learn.ts';
import { mergeInto } from './merge.ts';
import { requestsToSee, seenShare } from './missable.ts';

const traces = tracesOf([readRecording('healthy-60').legacy], 'healthy-60') ?? [];
const NONE = { untraced: new Set<string>(), external: new Set<string>() };
const learnFrom = (some: readonly Trace[]) =>
  learn({ name: 'books', ...partDump(some, undefined, {}), declared: NONE, names: {} });

/** What a dump may look like after a bad day: spans gone, twice, or with another's id, parent, kind, name or tags. */
const spoilt = fc
  .array(
    fc.record({
      trace: fc.nat(traces.length - 1),
      span: fc.nat(20),
      how: fc.constantFrom('gone', 'twice', 'own parent', 'no parent', 'parent', 'kind', 'service', 'tags', 'time'),
      text: fc.string({ unit: 'binary', maxLength: 12 }),
    }),
    { minLength: 1, maxLength: 12 },
  )
  .map((changes) =>
    traces.map((trace, index): Trace => {
      const own = changes.filter((change) => change.trace === index);
      return { ...trace, spans: own.reduce((spans, change) => spoil(spans, change), trace.spans) };
    }),
  );

function spoil(
  spans: readonly Span[],
  { span: at, how, text }: { span: number; how: string; text: string },
): readonly Span[] {
  const span = spans[at % Math.max(1, spans.length)];
  const other = spans[(at * 7 + 3) % Math.max(1, spans.length)];
  if (span === undefined || other === undefined) return spans;
  const changed: Readonly<Record<string, readonly Span[]>> = {
    gone: [],
    twice: [span, { ...span, startMicros: span.startMicros + 1 }],
    'own parent': [{ ...span, parentId: span.id }],
    'no parent': [withoutParent(span)],
    parent: [{ ...span, parentId: other.id }],
    kind: [{ ...span, kind: other.kind }],
    service: [{ ...span, service: text }],
    tags: [{ ...span, tags: { component: 'proxy', upstream_cluster: text, node_id: text } }],
    time: [{ ...span, startMicros: -1, durationMicros: Number.MAX_SAFE_INTEGER }],
  };
  return spans.flatMap((one) => (one === span ? (changed[how] ?? [one]) : [one]));
}

function withoutParent({ parentId: _, ...span }: Span): Span {
  return span;
}

describe('any traces at all', () => {
  it('are refused, or give a definition that can be read and that differs from itself in nothing', () => {
    fc.assert(
      fc.property(spoilt, (some) => {
        const { learnt, troubles } = learnFrom(some);
        if (learnt === undefined) {
          expect(troubles.length).toBeGreaterThan(0);
          return;
        }
        expect(newDocument(learnt, 'a test')).toContain('version: 1');
        const read = readDefinition(learnt.definition, { from: 'what was learnt' }, {});
        expect(differencesOf(read, mergeInto(read, learnt))).toEqual([]);
      }),
      { numRuns: 150 },
    );
  });

  it('give the same in any order', () => {
    fc.assert(
      fc.property(fc.shuffledSubarray([...traces], { minLength: traces.length }), (some) => {
        expect(learnFrom(some).learnt?.definition).toEqual(learnFrom(traces).learnt?.definition);
      }),
      { numRuns: 20 },
    );
  });

  it('have requests with names that a definition can have', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'binary' }), fc.array(fc.constantFrom('root', 'a', 'b')), (path, taken) => {
        const name = nameFor(
          `/${path}`,
          taken.map((one) => ({ name: one })),
        );
        expect(name).toMatch(/^[A-Za-z0-9](?:[-\w]*[A-Za-z0-9])?$/);
        expect(taken).not.toContain(name);
      }),
    );
  });
});

it('says how rare a call may be and still be seen: 5 % in 90 requests, with 99 %', () => {
  expect({ requests: requestsToSee(0.05), share: seenShare(90).toFixed(3), none: seenShare(0) }).toEqual({
    requests: 90,
    share: '0.050',
    none: 1,
  });
});
