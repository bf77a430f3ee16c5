import { describe, expect, it } from 'vitest';
import { readRecording, SCENARIOS } from '../../fixtures/recordings/load.ts';
import { BOOKINFO } from '../applications/bookinfo.ts';
import { readDefinition } from '../definition/read-definition.ts';
import { tracesOf } from '../import/read-dump.ts';
import type { Span } from '../model/span.ts';
import type { Trace } from '../model/trace.ts';
import { partDump } from './from-dump.ts';
import { type Learning, learn } from './learn.ts';
import type { LearnInput } from './learn-input.ts';

const tracesIn = (scenario: string): readonly Trace[] => tracesOf([readRecording(scenario).legacy], scenario) ?? [];
const NONE = { untraced: new Set<string>(), external: new Set<string>() };
const HEALTHY = SCENARIOS.filter((name) => name.startsWith('healthy-'));

function learnFrom(traces: readonly Trace[], more: Partial<LearnInput> = {}): Learning {
  return learn({ name: 'bookinfo', ...partDump(traces, undefined, {}), declared: NONE, names: {}, ...more });
}
/** What is refused, in short. */
const refused = (scenario: string, more?: Partial<LearnInput>) =>
  (learnFrom(tracesIn(scenario), more).troubles ?? []).map(
    ({ kind, caller = '', callee = '', requests, of }) => `${kind} ${caller} → ${callee} ${requests}/${of}`,
  );

describe('healthy Bookinfo, recorded on real Envoy', () => {
  it('is learnt as its own definition has it, but for what no healthy trace shows', () => {
    const { learnt } = learnFrom(HEALTHY.flatMap(tracesIn));
    const { productpage: own, ...calls } = BOOKINFO.calls;
    // That productpage tries reviews again shows only where the first try failed.
    expect(own).toEqual(['details', { to: 'reviews', attempts: 2 }]);
    expect(learnt?.definition).toEqual({
      version: 1,
      name: BOOKINFO.name,
      gateway: BOOKINFO.gateway,
      entry: BOOKINFO.entry,
      requests: { productpage: { get: '/productpage' } },
      calls: { productpage: ['details', 'reviews'], ...calls },
      versions: BOOKINFO.versions,
    });
  });

  it('is learnt with the counts of each call, and the condition as a guess', () => {
    const { learnt } = learnFrom(HEALTHY.flatMap(tracesIn));
    const counts = [...(learnt?.calls ?? [])].map(([edge, { made, of, isGuess }]) => ({ edge, made, of, isGuess }));
    expect(counts).toEqual([
      { edge: 'productpage->details', made: 66, of: 66, isGuess: false },
      { edge: 'productpage->reviews', made: 66, of: 66, isGuess: false },
      { edge: 'reviews->ratings', made: 44, of: 66, isGuess: true },
    ]);
    expect(Object.fromEntries(learnt?.calls.get('reviews->ratings')?.byVersion ?? [])).toEqual({
      v1: { made: 0, of: 22 },
      v2: { made: 22, of: 22 },
      v3: { made: 22, of: 22 },
    });
  });

  it.each(HEALTHY)('gives a definition that can be read: %s', (scenario) => {
    const { learnt } = learnFrom(tracesIn(scenario));
    expect(readDefinition(learnt?.definition, { from: scenario }, {})).toEqual(learnt?.definition);
  });

  it('proposes no condition that chance would give, in six requests', () => {
    const { learnt } = learnFrom(tracesIn('healthy-v1-zipkin-gw2'));
    expect(learnt?.definition.calls.reviews).toEqual([{ to: 'ratings', optional: true }]);
  });

  it('names each service by its source', () => {
    const { learnt } = learnFrom(tracesIn('healthy-60'));
    const of = (service: string) => ({ service, by: 'canonicalService', namespace: 'default' });
    expect(learnt?.identities).toEqual(['productpage', 'details', 'reviews', 'ratings'].map(of));
  });

  it('learns a service that spans know by another name, with the line that says so', () => {
    const renamed = tracesIn('healthy-60').map(({ id, spans }) => ({ id, spans: spans.map(asWorkload) }));
    const { learnt } = learnFrom(renamed);
    expect(learnt?.definition.services).toEqual({ details: { match: { workload: 'bkinfo-details' } } });
    expect(learnt?.definition.calls.productpage).toEqual(['details', 'reviews']);
  });
});

/** As a mesh without Istio's tags has the spans of a Deployment `bkinfo-details` behind the Service `details`. */
function asWorkload(span: Span): Span {
  if (!span.service.startsWith('details')) return span;
  const { 'istio.canonical_service': _, 'istio.canonical_revision': __, ...tags } = span.tags;
  const node = 'sidecar~10.0.0.9~bkinfo-details-5c6d7f8b9-lab01.default~default.svc.cluster.local';
  return { ...span, service: 'bkinfo-details.default', tags: { ...tags, node_id: node } };
}

describe('a mesh that is broken', () => {
  it.each([
    ['drop-all-reviews', ['lost-context reviews → ratings 4/6']],
    ['drop-traceid-reviews', ['lost-context reviews → ratings 4/6']],
    ['drop-all-productpage', ['lost-context productpage → details 6/6', 'lost-context productpage → reviews 6/6']],
    ['otel-drop-w3c-productpage', ['lost-context productpage → details 6/6', 'lost-context productpage → reviews 6/6']],
    ['no-sidecar-details', ['no-server productpage → details 6/6']],
    ['no-report-ratings', ['no-server reviews → ratings 4/4']],
    ['no-report-productpage', ['orphan  → details 6/6', 'orphan  → reviews 6/6', 'no-service  →  6/6']],
    ['new-spanid-productpage', ['orphan productpage → reviews 6/6', 'orphan productpage → details 6/6']],
    ['swap-spanid-productpage', ['wrong-parent productpage → details 6/6', 'wrong-parent productpage → reviews 6/6']],
    ['missing-details', ['failing productpage → details 6/6']],
    ['down-ratings', ['failing reviews → ratings 4/4']],
    ['down-reviews', ['failing productpage → reviews 6/6']],
    ['force-unsampled-productpage', ['no-calls  →  6/6']],
    ['sampling-0', ['too-few  →  3/5']],
  ])('is refused, with the hop: %s', (scenario, troubles) => {
    expect(refused(scenario).toSorted()).toEqual(troubles.toSorted());
  });

  it('is not broken where a person declares that the service has no sidecar', () => {
    const declared = { ...NONE, untraced: new Set(['details']) };
    const { learnt } = learnFrom(tracesIn('no-sidecar-details'), { declared });
    expect(learnt?.definition.calls.productpage).toEqual([{ to: 'details', traced: false }, 'reviews']);
  });

  it('is refused where half of a hop is lost now and then, and no line would declare that', () => {
    const [first, ...others] = tracesIn('healthy-60');
    const without = first!.spans.filter(({ service, kind }) => !(service.startsWith('details') && kind === 'server'));
    const { troubles } = learnFrom([{ ...first!, spans: without }, ...others]);
    expect(troubles).toEqual([{ kind: 'lost-spans', caller: 'productpage', callee: 'details', requests: 1, of: 18 }]);
  });
});

it('takes calls that a service makes by itself for no requests of ours', () => {
  const traces = tracesIn('healthy-60');
  const call = traces
    .flatMap(({ spans }) => spans)
    .find(({ service, kind }) => service.startsWith('reviews') && kind === 'client')!;
  const { parentId: _, ...root } = call;
  const at = (startMicros: number, index: number): Trace => {
    const id = String(index).padStart(32, 'b') as Trace['id'];
    return { id, spans: [{ ...root, traceId: id, startMicros }] };
  };
  const timer = Array.from({ length: 5 }, (_, index) => at(call.startMicros + (index + 1) * 60_000_000, index));
  expect(learnFrom([...traces, ...timer]).troubles).toBeUndefined();
  expect(learnFrom([...traces, ...timer, at(call.startMicros, 9)]).troubles).toBeUndefined();
  expect(learnFrom([...traces, at(call.startMicros, 9)]).troubles).toMatchObject([{ kind: 'lost-context' }]);
});
