import { describe, expect, it } from 'vitest';
import { readRecording } from '../../fixtures/recordings/load.ts';
import { troubleLines, whyRefused } from '../cli/learn/words.ts';
import { tracesOf } from '../import/read-dump.ts';
import { calledService, type Span } from '../model/span.ts';
import type { Trace } from '../model/trace.ts';
import { differencesOf } from './differences.ts';
import { partDump } from './from-dump.ts';
import { learn } from './learn.ts';
import type { Declared } from './learn-input.ts';
import { mergeInto } from './merge.ts';

const TRACES = tracesOf([readRecording('healthy-60').legacy], 'healthy-60') ?? [];
const NONE: Declared = { untraced: new Set(), external: new Set() };
const learnFrom = (traces: readonly Trace[], declared = NONE) =>
  learn({ name: 'books', ...partDump(traces, undefined, {}), declared, names: {} });

/** The details call of each trace for which a code is given, as gRPC with that code. */
const withCodes = (codeOf: (index: number) => number) =>
  TRACES.map(({ id, spans }, index): Trace => {
    const call = (span: Span) =>
      (span.kind === 'client' ? calledService(span) : span.service.split('.')[0]) === 'details';
    const code = { 'grpc.status_code': String(codeOf(index)) };
    return { id, spans: spans.map((span) => (call(span) ? { ...span, tags: { ...span.tags, ...code } } : span)) };
  });

describe('a status of gRPC that is not OK', () => {
  it('is proposed as a right answer where other calls are answered with OK', () => {
    const { learnt } = learnFrom(withCodes((index) => [0, 5, 7][index % 3] ?? 0));
    expect(learnt?.definition.calls.productpage).toEqual([
      { to: 'details', statuses: ['NOT_FOUND', 'PERMISSION_DENIED'] },
      'reviews',
    ]);
  });

  it('is refused, with the line to add, where no call is answered with OK', () => {
    const { troubles = [] } = learnFrom(withCodes(() => 5));
    expect(troubles.map(({ kind }) => kind)).toEqual(['refused']);
    expect(whyRefused(troubles)).toContain('do not show whether this is right');
    expect(troubles.flatMap(troubleLines).join('\n')).toContain(
      'calls: { productpage: [{ to: details, statuses: [NOT_FOUND] }] }',
    );
  });

  it('is taken where the definition has it', () => {
    const declared = { ...NONE, statuses: new Map([['productpage->details', ['NOT_FOUND']]]) };
    expect(
      learnFrom(
        withCodes(() => 5),
        declared,
      ).troubles,
    ).toBeUndefined();
  });

  it('is a failure where it does not come from the request', () => {
    const { troubles = [] } = learnFrom(withCodes((index) => (index % 2 === 0 ? 13 : 0)));
    expect(troubles.map(({ kind }) => kind)).toEqual(['failing']);
    expect(whyRefused(troubles)).toBe(', because the traces show a fault');
  });

  it('differs from a definition where it is new, and not where it is declared', () => {
    const { learnt } = learnFrom(withCodes((index) => (index % 2 === 0 ? 5 : 0)));
    if (learnt === undefined) throw new Error('expected a proposal');
    const withStatuses = (statuses: readonly ('NOT_FOUND' | 'ABORTED')[]) => ({
      ...learnt.definition,
      calls: { ...learnt.definition.calls, productpage: [{ to: 'details', statuses: [...statuses] }, 'reviews'] },
    });
    const known = withStatuses(['NOT_FOUND', 'ABORTED']);
    const other = withStatuses(['ABORTED']);
    expect(differencesOf(known, mergeInto(known, learnt))).toEqual([]);
    expect(mergeInto(other, learnt).calls.productpage?.[0]).toEqual({
      to: 'details',
      statuses: ['ABORTED', 'NOT_FOUND'],
    });
  });
});

it('names the gateway at which a trace ends, and proposes no peer for it', () => {
  const gateway = 'outbound|80||istio-ingressgateway.istio-system.svc.cluster.local';
  const traces = TRACES.map(({ id, spans }): Trace => {
    const past = spans.filter(({ service }) => service !== 'details.default');
    const aside = (span: Span): Span =>
      span.kind === 'client' && calledService(span) === 'details'
        ? { ...span, tags: { ...span.tags, upstream_cluster: gateway, 'upstream_cluster.name': gateway } }
        : span;
    return { id, spans: past.map(aside) };
  });
  const { troubles = [] } = learnFrom(traces);
  expect(troubles.map(({ kind, caller, callee }) => `${kind} ${caller} ${callee}`)).toEqual([
    'gateway-end productpage istio-ingressgateway',
  ]);
  expect(troubles.flatMap(troubleLines).join('\n')).not.toContain('--untraced');
});
