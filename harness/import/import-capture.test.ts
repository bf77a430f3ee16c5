// Over 250 lines: one dump after the other, each with what its capture says.
import { describe, expect, it } from 'vitest';
import { importRecording, readRecording, SCENARIOS } from '../../fixtures/recordings/load.ts';
import { reportOf } from '../../fixtures/testing/report-of.ts';
import { bookinfo } from '../applications/bookinfo.ts';
import type { Capture } from '../model/capture.ts';
import { SLS_SPANS } from '../model/limits.ts';
import type { RunReport } from '../model/report.ts';
import type { Trace } from '../model/trace.ts';
import { importCapture } from './import-capture.ts';
import { tracesOf } from './read-dump.ts';
import { parseRequests, REQUESTS_SCHEMA } from './requests.ts';

const tracesIn = (scenario: string): readonly Trace[] => tracesOf([readRecording(scenario).legacy], scenario) ?? [];
const HEALTHY = 'healthy-v1-zipkin-gw2';

function imported(traces: readonly Trace[], more: Partial<Parameters<typeof importCapture>[0]> = {}): Capture {
  return importCapture({
    application: bookinfo,
    traces,
    files: 1,
    complete: false,
    expectations: { flushMs: { value: 5000, source: 'default', from: 'default' } },
    hopcheck: 'test',
    ...more,
  });
}
const listed = (requests: readonly object[]) => parseRequests({ schema: REQUESTS_SCHEMA, requests }, 'sent.json');
const request = (headers: Record<string, string>, more: object = {}) => ({
  ...{ headers, sentAt: 0, durationMs: 1, status: 200, page: {} },
  ...more,
});
const statusOf = (report: RunReport, id: string) => report.promises.find((promise) => promise.id === id)?.status;

describe('without a list of requests', () => {
  it('every trace with the page at the gateway is a request, whatever else is in the dump', () => {
    const other = tracesIn('drop-all-reviews').filter(({ spans }) =>
      spans.every(({ service }) => !service.startsWith('istio-ingressgateway')),
    );
    const capture = imported([...other, ...tracesIn(HEALTHY)]);
    expect(other).toHaveLength(4);
    expect(capture.exchanges.map(({ probe }) => probe.purpose)).toEqual(Array(6).fill('undecided'));
    expect(capture.imported).toEqual({ files: 1, traces: 10, foreign: 4, requests: false, complete: false });
    expect(capture.fragments).toEqual([]);
  });

  it('passes nothing where the reading of the dump was ended before its end', () => {
    const capture = imported(tracesIn(HEALTHY), { isCut: true });
    const report = reportOf(capture);
    expect({ end: capture.end, verdict: report.verdict, parentage: statusOf(report, 'parentage') }).toEqual({
      end: 'interrupted',
      verdict: 'inconclusive',
      parentage: 'inconclusive',
    });
    expect(statusOf(reportOf(imported(tracesIn(HEALTHY))), 'parentage')).toBe('pass');
  });

  it('requests of other pages are foreign', () => {
    const traces = tracesIn(HEALTHY).map(({ id, spans }) => ({
      id,
      spans: spans.map((span) => ({
        ...span,
        tags: { ...span.tags, 'http.url': (span.tags['http.url'] ?? '').replace('/productpage', '/login') },
      })),
    }));
    const capture = imported(traces);
    const sent = capture.exchanges.length;
    expect({ sent, foreign: capture.imported?.foreign }).toEqual({ sent: 0, foreign: 6 });
    const { verdict, sentence } = reportOf(capture);
    expect({ verdict, sentence }).toEqual({
      verdict: 'inconclusive',
      sentence: expect.stringContaining('none of 6 traces has a span of istio-ingressgateway for /productpage'),
    });
  });

  it('a shared user agent makes no trace a fragment of another', () => {
    const traces = tracesIn(HEALTHY).map(({ id, spans }) => ({
      id,
      spans: spans.map((span) => ({ ...span, tags: { ...span.tags, user_agent: 'curl/8.5' } })),
    }));
    const capture = imported(traces, { complete: true });
    const sent = capture.exchanges.length;
    expect({ sent, fragments: capture.fragments }).toEqual({ sent: 6, fragments: [] });
    expect(statusOf(reportOf(capture), 'propagation')).toBe('pass');
  });

  it('the other half is found without any user agent, by x-request-id or by place', () => {
    for (const scenario of ['drop-b3-productpage', 'drop-all-reviews']) {
      const traces = tracesIn(scenario).map(({ id, spans }) => ({
        id,
        spans: spans.map(({ tags: { user_agent: _, ...tags }, ...span }) => ({ ...span, tags })),
      }));
      const { fragments, imported: made } = imported(traces);
      expect(fragments.length, scenario).toBe(traces.length - 6);
      expect(made?.foreign, scenario).toBe(0);
    }
  });

  it('the ingress is the host in the spans of the gateway, and no value is invented', () => {
    expect(imported(tracesIn(HEALTHY)).run).toMatchObject({ ingress: 'http://127.0.0.1:20000/', traceBackend: '' });
    const mute = tracesIn('drop-all-reviews').map(({ id, spans }) => ({
      id,
      spans: spans.map(({ tags: { 'http.url': _, ...tags }, ...span }) => ({ ...span, tags })),
    }));
    const capture = imported(mute);
    expect(capture.run.ingress).toBe('');
    const [finding] = reportOf(capture).promises.flatMap(({ findings }) =>
      findings.filter(({ code }) => code === 'HC501'),
    );
    expect(finding?.evidence).toMatchObject({ links: [] });
    expect(finding?.evidence).not.toHaveProperty('curl');
  });

  it('the format is that of the tracer that made the spans', () => {
    expect(imported(tracesIn(HEALTHY)).preflight.format).toMatchObject({ value: 'b3', source: 'discovered' });
    expect(imported(tracesIn('healthy-v1-otel-gw2')).preflight.format).toMatchObject({ value: 'w3c' });
  });
});

describe('with a list of requests', () => {
  // One of those that carried nothing.
  const trace = tracesIn(HEALTHY).find(({ spans }) => spans.some(({ parentId }) => parentId === undefined));
  const marker = trace?.spans.find(({ tags }) => tags.user_agent)?.tags.user_agent ?? '';

  it('a request finds its trace by the id listed, or by its user agent', () => {
    const byAgent = imported(tracesIn(HEALTHY), { requests: listed([request({ 'user-agent': marker })]) });
    expect(byAgent.traces[0]).toMatchObject({ traceId: trace?.id, reason: 'imported' });
    const byId = imported(tracesIn(HEALTHY), { requests: listed([request({}, { traceId: trace?.id })]) });
    expect(byId.traces[0]?.traceId).toBe(trace?.id);
    expect(byId.imported?.foreign).toBe(5);
  });

  it('a user agent of two requests identifies neither', () => {
    const requests = listed([request({ 'user-agent': marker }), request({ 'user-agent': marker })]);
    expect(imported(tracesIn(HEALTHY), { requests }).traces.map(({ traceId }) => traceId)).toEqual([
      undefined,
      undefined,
    ]);
  });

  it('a request without a trace is open, unless the dump is complete', () => {
    const requests = listed([request({ 'user-agent': marker }), request({ 'user-agent': 'never-seen' })]);
    const open = imported(tracesIn(HEALTHY), { requests });
    expect(open.traces.map(({ reason }) => reason)).toEqual(['imported', 'deadline']);
    const report = reportOf(open);
    expect(report.verdict).toBe('inconclusive');
    expect(report.sentence).toContain('its trace is not in the dump, and may be elsewhere');
    expect(report.promises[0]?.findings).toMatchObject([
      { code: 'HC705', remedy: expect.stringContaining('--complete') },
    ]);
    const closed = imported(tracesIn(HEALTHY), { requests, complete: true });
    expect(closed.traces.map(({ reason }) => reason)).toEqual(['imported', 'imported']);
  });

  it('a forced-on request without a trace is a finding only where the dump is complete', () => {
    const headers = { 'user-agent': 'x', 'x-b3-traceid': 'abc', 'x-b3-spanid': 'def', 'x-b3-sampled': '1' };
    const requests = listed([request({ 'user-agent': marker }), request(headers)]);
    const codesOf = (complete: boolean) =>
      reportOf(imported(tracesIn(HEALTHY), { requests, complete })).promises.flatMap(({ findings }) =>
        findings.filter(({ severity }) => severity === 'error').map(({ code }) => code),
      );
    expect(codesOf(true)).toEqual(['HC601']);
    expect(codesOf(false)).toEqual(['HC705']);
  });

  it('the run is undecided where the list is empty', () => {
    const { verdict, sentence } = reportOf(imported(tracesIn(HEALTHY), { requests: [], complete: true }));
    const expected = expect.stringContaining('the list names no request');
    expect({ verdict, sentence }).toEqual({ verdict: 'inconclusive', sentence: expected });
  });
});

describe('a dump', () => {
  it.each(SCENARIOS)('of %s makes the same capture whatever the order of its traces and spans', (scenario) => {
    const traces = tracesIn(scenario);
    const turned = traces.toReversed().map(({ id, spans }) => ({ id, spans: spans.toReversed() }));
    const words = (capture: Capture) => {
      const { promises, verdict } = reportOf(capture);
      return {
        verdict,
        promises: promises.map(({ id, status, findings }) => [
          id,
          status,
          findings.map(({ code, share }) => [code, share]),
        ]),
      };
    };
    expect(words(imported(turned))).toEqual(words(imported(traces)));
    expect(imported(turned).run.id).toBe(imported(traces).run.id);
  });

  it('with a trace of exactly a thousand spans is not judged, because the trace may be cut there', () => {
    const [first, ...rest] = tracesIn(HEALTHY);
    const [span] = first?.spans ?? [];
    if (first === undefined || span === undefined) throw new Error('no trace');
    const filler = Array.from({ length: SLS_SPANS - first.spans.length }, (_, n) => ({
      ...span,
      id: n.toString(16).padStart(16, 'f') as typeof span.id,
      kind: 'internal' as const,
      parentId: span.id,
    }));
    const report = reportOf(imported([{ id: first.id, spans: [...first.spans, ...filler] }, ...rest]));
    expect(report.verdict).toBe('inconclusive');
    expect(report.sentence).toContain('exactly 1000 spans: some backends cut a trace there');
  });

  it('with one trace for a thousand requests is not written a thousand times', () => {
    const [trace] = tracesIn(HEALTHY);
    if (trace === undefined) throw new Error('no trace');
    const many = Array.from({ length: 1000 }, (_, n) => n);
    // Each request ends at productpage; all their calls are in one trace, whose context is used again and again.
    const shared = many.flatMap((n) =>
      trace.spans.slice(0, 1).map((span) => ({
        ...span,
        id: (n + 1).toString(16).padStart(16, 'c') as typeof span.id,
        tags: { ...span.tags, user_agent: `probe-${n}`, 'guid:x-request-id': `id-${n}` },
      })),
    );
    const own = many.map((n): Trace => {
      const id = (n + 1).toString(16).padStart(32, 'd') as typeof trace.id;
      const tags = { user_agent: `probe-${n}`, 'guid:x-request-id': `id-${n}` };
      return {
        id,
        spans: trace.spans.slice(0, 3).map((span) => ({ ...span, traceId: id, tags: { ...span.tags, ...tags } })),
      };
    });
    const capture = imported([...own, { id: trace.id, spans: shared }]);
    expect(capture.fragments.reduce((sum, { spans }) => sum + spans.length, 0)).toBeLessThan(50_000);
  });

  it('with times beyond every calendar still has a date', () => {
    const traces = tracesIn(HEALTHY).map(({ id, spans }) => ({
      id,
      spans: spans.map((span) => ({ ...span, startMicros: span.startMicros * 1e9 })),
    }));
    expect(imported(traces).run.startedAt).toBe('1970-01-01T00:00:00.000Z');
  });
});

describe('a cut dump', () => {
  const HEALTHY_ONES = [...SCENARIOS.filter((name) => name.startsWith('healthy-v')), 'shared-context-gw1'];
  it.each(HEALTHY_ONES)('of %s never passes, whichever one span is missing', (scenario) => {
    const traces = tracesIn(scenario);
    const { expectations, exchanges } = importRecording(readRecording(scenario));
    const requests = exchanges.map(({ probe, answer }) =>
      request(Object.fromEntries(probe.headers), { page: { version: answer?.page.version ?? '' } }),
    );
    for (const list of [undefined, listed(requests)]) {
      const more = { expectations, complete: true, ...(list !== undefined && { requests: list }) };
      expect(reportOf(imported(traces, more)).verdict).toBe('pass');
      for (const [at, { id, spans }] of traces.entries())
        for (const [index, { service, kind }] of spans.entries()) {
          const cut = traces.with(at, { id, spans: spans.toSpliced(index, 1) });
          expect(reportOf(imported(cut, more)).verdict, `${service} ${kind} of ${id}`).not.toBe('pass');
        }
    }
  });
});
