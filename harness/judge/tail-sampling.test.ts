import { describe, expect, it } from 'vitest';
import { readRecording, toCapture } from '../../fixtures/recordings/load.ts';
import type { Capture } from '../model/capture.ts';
import { judge } from './judge.ts';
import { viewRun } from './run-view.ts';
import { tailSamplingIn } from './tail-sampling.ts';
import { tailSampled } from './testing/tail-sampled.ts';

const rotating = toCapture(readRecording('healthy-60'));
const few = (index: number) => [2, 3, 7, 12].includes(index);
const sampled = tailSampled(rotating, few);
const codes = (capture: Capture) =>
  judge(capture).promises.flatMap(({ findings }) =>
    findings.flatMap(({ code, severity }) => (severity === 'info' ? [] : code)),
  );

/** The first trace that came, changed. */
function withFirst(change: (trace: Capture['traces'][number]) => Capture['traces'][number]): Capture {
  const at = sampled.traces.findIndex(({ spans }) => spans.length > 0);
  return { ...sampled, traces: sampled.traces.map((trace, index) => (index === at ? change(trace) : trace)) };
}

describe('a collector that keeps only some traces', () => {
  it('is suspected where whole traces come late, of some probes only, in any order', () => {
    expect(tailSamplingIn(viewRun(sampled))).toMatchObject({ kept: 4, earliestMs: 31_000, markerTag: 'user_agent' });
    const report = judge(sampled);
    expect(report.verdict).toBe('inconclusive');
    expect(codes(sampled)).toEqual(['HC724']);
    expect(report.promises.filter(({ status }) => status !== 'pass').map(({ id, status }) => [id, status])).toEqual([
      ['environment', 'inconclusive'],
      ['sampling', 'inconclusive'],
    ]);
  });

  it('leaves no verdict about a rate, whatever was traced', () => {
    const samplingPercent = { value: 100, source: 'flag', from: '--sampling' } as const;
    const report = judge({ ...sampled, expectations: { ...sampled.expectations, samplingPercent } });
    expect(report.promises.find(({ id }) => id === 'sampling-rate')?.status).toBe('inconclusive');
  });

  it('accounts for traces that stay open because the control after them was dropped', () => {
    const open = {
      ...sampled,
      traces: sampled.traces.map((trace, index) => (index > 12 ? { ...trace, reason: 'deadline' as const } : trace)),
    };
    expect(codes(open)).toEqual(['HC724']);
  });

  it('names the tag by which the proxies carry a marker', () => {
    const renamed = {
      ...sampled,
      traces: sampled.traces.map((trace) => ({
        ...trace,
        spans: trace.spans.map(({ tags: { user_agent, ...tags }, ...span }) => ({
          ...span,
          tags: user_agent === undefined ? tags : { ...tags, 'user_agent.original': user_agent },
        })),
      })),
    };
    expect(tailSamplingIn(viewRun(renamed))?.markerTag).toBe('user_agent.original');
  });

  it.each<readonly [string, Capture]>([
    ['nothing is missing', tailSampled(rotating, () => true)],
    ['nothing came', tailSampled(rotating, () => false)],
    ['two are missing', tailSampled(rotating, (index) => index !== 4 && index !== 9)],
    ['the traces came on time', tailSampled(rotating, few, 900)],
    ['one of the traces came on time', withFirst((trace) => ({ ...trace, arrivalMs: 900 }))],
    ['it is not known when a trace came', withFirst(({ arrivalMs: _, ...trace }) => trace)],
    ['the missing ones are a block', tailSampled(rotating, (index) => index < 9)],
    ['a trace is there in part', withFirst((trace) => ({ ...trace, spans: trace.spans.slice(0, -1) }))],
    [
      'a part is under another id',
      {
        ...sampled,
        fragments: [
          { ...rotating.traces[0]!, probe: sampled.exchanges[0]!.probe.id, traceId: 'f'.repeat(32) as never },
        ],
      },
    ],
    [
      'the backend gave traces up',
      { ...sampled, incidents: [{ code: 'HC718', during: 'settle', message: 'gone', times: 1 }] },
    ],
  ])('is not where %s', (_title, capture) => {
    expect(tailSamplingIn(viewRun(capture))).toBeUndefined();
  });

  it('is not where a mesh of 1 % traces what it is asked for', () => {
    const undecided = { ...sampled, exchanges: rotating.exchanges };
    expect(tailSamplingIn(viewRun(undecided))).toBeUndefined();
  });
});
