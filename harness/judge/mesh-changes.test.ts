import { describe, expect, it } from 'vitest';
import { judged, readState } from '../../fixtures/istio/recorded-states.ts';
import { reportOf } from '../../fixtures/testing/report-of.ts';
import type { Capture } from '../model/capture.ts';
import type { MeshChange } from '../model/mesh-change.ts';
import type { Span } from '../model/span.ts';

/** The same run as spans alone show it, and with what the second reading of the cluster found. */
function recorded(name: string): { readonly spans: Capture; readonly read: Capture } {
  const read = readState(name);
  const { changes: _changes, ...spans } = read;
  return { spans, read };
}
const { spans: rollout, read: withCluster } = recorded('rollout');
const [replaced] = withCluster.changes as readonly [MeshChange & { kind: 'pods' }];
const wrong = rollout.exchanges.filter(({ answer }) => answer!.page.banners.length > 0).length;
const isOf = (service: string, kind: Span['kind']) => (span: Span) =>
  span.service === `${service}.default` && span.kind === kind;
const without = (capture: Capture, isGone: (span: Span) => boolean): Capture => ({
  ...capture,
  traces: capture.traces.map((trace) => ({ ...trace, spans: trace.spans.filter((span) => !isGone(span)) })),
});

describe('a rollout during a run', () => {
  it.each([
    ['as spans show it', rollout],
    ['as the cluster says', withCluster],
  ])('is named %s, with what users saw of it', (_how, capture) => {
    const { verdict, sentence, findings } = judged(capture);
    expect({ verdict, findings }).toEqual({ verdict: 'inconclusive', findings: ['HC725 mesh-changed · the mesh'] });
    expect(sentence).toMatch(
      /the mesh changed while it was tested: reviews v2 restarted at \d\d:\d\d:\d\d UTC; \d+ of 86 answers show an error$/,
    );
    expect(sentence).toContain(`; ${wrong} of 86 answers`);
    expect(wrong).toBeGreaterThan(0);
    const pages = reportOf(capture).promises.find(({ id }) => id === 'ingress')!;
    expect(pages).toMatchObject({
      status: 'inconclusive',
      findings: [{ code: 'HC103', explainedBy: { code: 'HC725' }, share: { affected: wrong, of: 86 } }],
    });
  });

  it('explains nothing of another service', () => {
    const { verdict, findings } = judged(without(rollout, isOf('details', 'server')));
    expect(verdict).toBe('fail');
    expect(findings).toEqual(
      expect.arrayContaining([expect.stringMatching(/^HC306 .*details$/), 'HC725 mesh-changed · the mesh']),
    );
  });

  it('explains nothing of what was so before it', () => {
    const { verdict, findings } = judged(without(rollout, isOf('reviews', 'server')));
    expect({ verdict, silent: findings.some((text) => /^HC306 .*reviews/.test(text)) }).toEqual({
      verdict: 'fail',
      silent: true,
    });
  });

  it('is information where nothing follows from it', () => {
    const capture = readState('istiod-restart');
    const report = reportOf({ ...capture, changes: [{ ...replaced, atMs: Date.parse(capture.run.startedAt) }] });
    expect(report.verdict).toBe('pass');
    expect(report.promises.find(({ id }) => id === 'environment')).toMatchObject({
      status: 'pass',
      findings: expect.arrayContaining([expect.objectContaining({ code: 'HC725', severity: 'info' })]),
    });
  });

  it('is not seen where the cluster was the same', () => {
    expect(judged({ ...rollout, changes: [] }).verdict).toBe('fail');
  });

  it('passes over a kind of change that a newer version wrote', () => {
    const changes = [{ kind: 'weather', service: 'reviews' } as unknown as MeshChange];
    expect(judged({ ...rollout, changes }).findings).not.toContain('HC725 mesh-changed · the mesh');
  });
});

describe('pods in spans', () => {
  const healthy = readState('istiod-restart');
  const ordered = healthy.exchanges.toSorted((a, b) => a.sentAtMs - b.sentAtMs).map(({ probe }) => probe.id);
  /** The pods of reviews v1 by the place of their request in the run. */
  const withPods = (name: (at: number) => string): Capture => ({
    ...healthy,
    traces: healthy.traces.map((trace) => ({
      ...trace,
      spans: trace.spans.map((span) =>
        (span.tags.node_id ?? '').includes('~reviews-v1-')
          ? {
              ...span,
              tags: {
                ...span.tags,
                node_id: `sidecar~10.0.0.1~${name(ordered.indexOf(trace.probe))}.default~default.svc.cluster.local`,
              },
            }
          : span,
      ),
    })),
  });
  const changed = (capture: Capture) =>
    reportOf(capture).promises.some(({ findings }) => findings.some(({ code }) => code === 'HC725'));
  /** Ten requests of v1 are sent before, eleven after: by chance one pod serves just the first in 1 of 350 000 runs. */
  const half = 59;

  it.each<[string, boolean, (at: number) => string]>([
    ['one ReplicaSet after the other', true, (at) => `reviews-v1-${at < half ? '6654685b49' : '7fb65b678b'}-aaaaa`],
    ['two ReplicaSets side by side', false, (at) => `reviews-v1-${at % 2 ? '6654685b49' : '7fb65b678b'}-aaaaa`],
    ['one pod after the other', true, (at) => `reviews-v1-6654685b49-${at < half ? 'aaaaa' : 'bbbbb'}`],
    ['two pods side by side', false, (at) => `reviews-v1-6654685b49-${at % 2 ? 'aaaaa' : 'bbbbb'}`],
    ['another pod for one request', false, (at) => `reviews-v1-6654685b49-${at < 83 ? 'aaaaa' : 'bbbbb'}`],
    ['two Deployments', false, (at) => `reviews-v1${at < half ? '' : 'b'}-6654685b49-aaaaa`],
  ])('%s: a change is seen: %s', (_what, isChange, name) => {
    expect(changed(withPods(name))).toBe(isChange);
  });
});

describe('another provider during a run', () => {
  const { spans, read } = recorded('provider-change');

  it.each([
    ['as spans show it', spans],
    ['as the cluster says', read],
  ])('is named %s, and no application is accused', (_how, given) => {
    const { verdict, sentence, findings } = judged(given);
    expect({ verdict, findings }).toEqual({ verdict: 'inconclusive', findings: ['HC725 mesh-changed · the mesh'] });
    expect(sentence).toMatch(/tracing was configured anew( \(zipkin, then otel\))? at \d\d:\d\d:\d\d UTC/);
  });

  it('is not seen where requests were split from the start', () => {
    const ids = new Set(spans.fragments.map(({ probe }) => probe));
    const split = { ...spans, traces: spans.traces.filter(({ probe }) => ids.has(probe)) };
    expect(judged(split).findings).not.toContain('HC725 mesh-changed · the mesh');
  });
});
