// Over 250 lines: one table, one run per finding code, held to be complete by its type.
import { readFileSync } from 'node:fs';
import { resolve } from 'node:path';
import { Ajv2020 } from 'ajv/dist/2020.js';
import { describe, expect, it } from 'vitest';
import { readRecording, toCapture } from '../../fixtures/recordings/load.ts';
import { reportOf } from '../../fixtures/testing/report-of.ts';
import { renderJson } from '../../reports/json.ts';
import type { Call } from '../model/application.ts';
import type { Capture, Fragment, Incident, SettledTrace } from '../model/capture.ts';
import type { CONTRACT_CODES } from '../model/codes/contract.ts';
import { CODES, type FindingCode } from '../model/codes.ts';
import type { Exchange, ProbePurpose } from '../model/exchange.ts';
import { findingFactsSchema, promiseFactsSchema } from '../model/facts/facts.ts';
import type { SpanId, TraceId } from '../model/ids.ts';
import type { Span } from '../model/span.ts';
import { tailSampled } from './testing/tail-sampled.ts';

/** A real run of six probes, undecided and forced on in turn, with nothing wrong. */
const healthy = toCapture(readRecording('healthy-v1-zipkin-gw2'));

const first = (purpose: ProbePurpose) => healthy.exchanges.find(({ probe }) => probe.purpose === purpose)!.probe.id;
const UNDECIDED = first('undecided');
const FORCED_ON = first('forced-on');

function withExchange(id: string, change: (exchange: Exchange) => Exchange): Capture {
  return {
    ...healthy,
    exchanges: healthy.exchanges.map((exchange) => (exchange.probe.id === id ? change(exchange) : exchange)),
  };
}
function withPage(change: Partial<NonNullable<Exchange['answer']>['page']>): Capture {
  return withExchange(UNDECIDED, ({ answer, ...rest }) => ({
    ...rest,
    answer: { ...answer!, page: { ...answer!.page, ...change } },
  }));
}
function withTrace(id: string, change: (trace: SettledTrace) => SettledTrace): Capture {
  return { ...healthy, traces: healthy.traces.map((trace) => (trace.probe === id ? change(trace) : trace)) };
}
function withSpans(change: (spans: readonly Span[], find: Find) => readonly Span[], id = UNDECIDED): Capture {
  return withTrace(id, (trace) => ({ ...trace, spans: change(trace.spans, finder(trace.spans)) }));
}
type Find = (service: string, kind: Span['kind'], operation?: string) => Span;
function finder(spans: readonly Span[]): Find {
  return (service, kind, operation = '') =>
    spans.find((span) => span.service.startsWith(service) && span.kind === kind && span.operation.includes(operation))!;
}
const spanId = (text: string) => text.padStart(16, '0') as SpanId;
/** A span of an application's own SDK: only its place in the tree matters. */
function own(like: Span, id: string, parentId: SpanId | undefined): Span {
  const { parentId: _, ...rest } = like;
  return { ...rest, id: spanId(id), kind: 'internal', tags: {}, ...(parentId !== undefined && { parentId }) };
}
const isProductpage = ({ service, kind }: Span) => service.startsWith('productpage') && kind === 'server';
const isDetails = ({ service, operation }: Span) => service.startsWith('details') || operation.startsWith('details');
function incident(code: FindingCode): Incident {
  return { code, during: 'settle', message: 'trouble', times: 1 };
}
/** With a call of the application in place of the one that it has. */
function withCall(call: Call): Capture {
  const others = healthy.application.calls.filter(
    ({ caller, callee }) => caller !== call.caller || callee !== call.callee,
  );
  return { ...healthy, application: { ...healthy.application, calls: [...others, call] } };
}
const withIncident = (code: FindingCode) => (): Capture => ({ ...healthy, incidents: [incident(code)] });
const stopped = (code: FindingCode) => (): Capture => ({
  ...healthy,
  preflight: { ...healthy.preflight, stopped: { ...incident(code), during: 'preflight' } },
  exchanges: [],
  traces: [],
  end: 'stopped-in-preflight',
});
const shares = (value: Record<string, number>, source: 'flag' | 'assumed'): Capture => ({
  ...healthy,
  expectations: { ...healthy.expectations, shares: { value, source, from: '--shares' } },
});

/** The call of this service to details and all that hangs below, taken out of the trace into a fragment. */
function fragmented(
  id: string,
  change: (span: Span, find: Find) => Span,
  traceId: TraceId = 'f'.repeat(32) as TraceId,
): Capture {
  const { spans } = healthy.traces.find(({ probe }) => probe === id)!;
  const find = finder(spans);
  const gone = spans
    .filter(isDetails)
    .map((span) => ({ ...(span.kind === 'client' ? change(span, find) : span), traceId }));
  const fragment: Fragment = { probe: id, traceId, spans: gone };
  return { ...withSpans((all) => all.filter((span) => !isDetails(span)), id), fragments: [fragment] };
}
function rootless({ parentId: _, ...span }: Span): Span {
  return span;
}
/** Proxies send on what came in: all spans but the first have one parent. */
function flat(spans: readonly Span[]): readonly Span[] {
  const ids = new Set(spans.map(({ id }) => id));
  const root = spans.find(({ parentId }) => parentId === undefined || !ids.has(parentId))!;
  return spans.map((span) => (span === root ? span : { ...span, parentId: root.parentId ?? root.id }));
}
const otherGuid = (span: Span): Span => ({ ...span, tags: { ...span.tags, 'guid:x-request-id': 'another' } });
const changed = (pick: (span: Span) => boolean, change: (span: Span, find: Find) => Span, id = UNDECIDED): Capture =>
  withSpans((spans, find) => spans.map((span) => (pick(span) ? change(span, find) : span)), id);
const isCallOfDetails = (span: Span) => span.kind === 'client' && isDetails(span);

/** As imported without a list of requests: no page is known. */
function asDump(capture: Capture): Capture {
  return {
    ...capture,
    imported: { files: 1, traces: capture.traces.length, foreign: 0, requests: false, complete: true },
    exchanges: capture.exchanges.map(({ answer: _, ...rest }) => rest),
  };
}

const withIssue =
  (code: FindingCode, severity: 'error' | 'warning' = 'error') =>
  (): Capture => ({
    ...healthy,
    cluster: {
      context: 'kind-demo',
      dataPlane: 'sidecar',
      found: [],
      steps: [{ id: 'api', title: 'the Kubernetes API answers', status: 'ok', detail: 'kind-demo' }],
      issues: [
        {
          code,
          severity,
          subject: { kind: 'mesh' },
          expected: 'this',
          received: 'that',
          remedy: 'kubectl edit something',
        },
      ],
    },
  });

/** Probes of three versions in rotation, by one worker. */
const rotating = toCapture(readRecording('healthy-60'));
/** Of those, only few of v3's turns. */
const lame = without(rotating, 'v3', 5);
const flag = { source: 'flag', from: '--flag' } as const;
const given = (value: Record<string, number>) => ({ shares: { ...flag, value } });

function without(capture: Capture, version: string, probes: number): Capture {
  const gone = new Set(
    capture.exchanges
      .filter(({ answer }) => answer?.page.version === version)
      .slice(0, probes)
      .map(({ probe }) => probe.id),
  );
  return {
    ...capture,
    exchanges: capture.exchanges.filter(({ probe }) => !gone.has(probe.id)),
    traces: capture.traces.filter(({ probe }) => !gone.has(probe)),
  };
}

const isServerOf =
  (service: string) =>
  (span: Span): boolean =>
    span.kind === 'server' && span.service.startsWith(service);

/** Its workload is labelled otherwise than its Service. */
const renamed =
  (from: string, to: string) =>
  (span: Span): Span => {
    if (span.tags['istio.canonical_service'] !== from) return span;
    const node = span.tags.node_id?.replace(`~${from}-`, `~${to}-`);
    const tags = { ...span.tags, 'istio.canonical_service': to, ...(node !== undefined && { node_id: node }) };
    return { ...span, service: span.service.replace(from, to), tags };
  };

/** Each of the spans is missing in another trace. */
function losing(capture: Capture, lost: readonly ((span: Span) => boolean)[]): Capture {
  const traces = capture.traces.map((trace, index) => {
    const isLost = lost[index];
    return isLost === undefined ? trace : { ...trace, spans: trace.spans.filter((span) => !isLost(span)) };
  });
  return { ...capture, traces };
}

const schema: object = JSON.parse(readFileSync(resolve(import.meta.dirname, '../../docs/report.schema.json'), 'utf8'));
const validate = new Ajv2020({ allErrors: true, strict: false }).compile(schema);

/** For each code a run that differs from the healthy one in just what the code is about. */
/** Those of contract mode have a table beside its judge (harness/contract/judge/codes.test.ts). */
const TRIGGERS: Readonly<Record<Exclude<FindingCode, keyof typeof CONTRACT_CODES>, () => Capture>> = {
  HC101: () =>
    withExchange(UNDECIDED, ({ answer: _, ...rest }) => ({ ...rest, error: { kind: 'reset', message: 'closed' } })),
  HC102: () => withExchange(UNDECIDED, ({ answer, ...rest }) => ({ ...rest, answer: { ...answer!, status: 503 } })),
  HC103: () => withPage({ banners: [{ text: 'Error fetching product details', service: 'details' }] }),
  HC104: () => withPage({ whole: false }),
  HC105: () => withPage({ pod: 'reviews-v1-5c6d7f8b9-other' }),
  HC201: () => shares({ v1: 1, v2: 1, v3: 1, v9: 30 }, 'assumed'),
  HC202: () => ({ ...rotating, expectations: { ...rotating.expectations, ...given({ v1: 98, v2: 1, v3: 1 }) } }),
  HC203: () => shares({ v1: 1, v2: 1 }, 'flag'),
  HC204: () => ({ ...lame, expectations: { ...lame.expectations, rotatingWorkers: { ...flag, value: 2 } } }),
  HC205: withIssue('HC205', 'warning'),
  HC301: () => ({
    ...healthy,
    traces: healthy.traces.map((trace) => ({
      ...trace,
      spans: trace.spans.filter(({ service }) => !service.startsWith('details')),
    })),
  }),
  HC302: () => withSpans((spans) => spans.filter((span) => !isDetails(span))),
  HC303: () =>
    withSpans((spans) =>
      spans
        .filter(({ service }) => !service.startsWith('details'))
        .map((span) => (isDetails(span) ? { ...span, tags: { ...span.tags, response_flags: 'UH' } } : span)),
    ),
  HC304: () =>
    withSpans((spans, find) => {
      const call = find('productpage', 'client', 'details');
      const tags = { ...call.tags, upstream_cluster: 'outbound|9080||payments.default.svc.cluster.local' };
      return [...spans, { ...call, id: spanId('a1'), tags }];
    }),
  HC305: () =>
    withSpans((spans, find) => [...spans, { ...find('productpage', 'client', 'details'), id: spanId('a1') }]),
  HC306: () => withSpans((spans) => spans.filter((span) => !(isDetails(span) && span.kind === 'server'))),
  HC307: () => changed(isCallOfDetails, (span) => ({ ...span, tags: { ...span.tags, response_flags: 'DI' } })),
  HC308: () => losing(rotating, [isServerOf('details'), isServerOf('reviews'), isServerOf('productpage')]),
  HC309: () =>
    asDump(
      changed(isDetails, (span) => ({
        ...span,
        tags: { ...span.tags, 'http.status_code': '503', response_flags: 'UF' },
      })),
    ),
  HC310: () => withCall({ caller: 'details', callee: 'ratings', pending: true }),
  HC311: () => withCall({ caller: 'productpage', callee: 'details', pending: true }),
  HC401: () => withSpans((spans, find) => [...spans, own(find('productpage', 'server'), 'a1', undefined)]),
  HC402: () => withSpans((spans, find) => [...spans, own(find('productpage', 'server'), 'a1', spanId('dead'))]),
  HC403: () => withSpans((spans, find) => [...spans, own(find('productpage', 'server'), 'a1', spanId('a1'))]),
  HC404: () =>
    withSpans((spans, find) => {
      const server = find('productpage', 'server');
      const again = own({ ...server, startMicros: server.startMicros + 5 }, 'a1', server.id);
      return [...spans, own(server, 'a1', server.id), again];
    }),
  HC405: () =>
    withSpans((spans, find) => {
      const server = find('productpage', 'server');
      return [...spans, own(server, 'a1', spanId('a2')), own(server, 'a2', spanId('a1'))];
    }),
  HC406: () =>
    withSpans((spans, find) => {
      const server = find('productpage', 'server');
      return [...spans, { ...server, id: spanId('a1'), parentId: server.id }];
    }),
  HC407: () =>
    withSpans((spans, find) => [
      ...spans,
      { ...find('details', 'server'), id: spanId('a1'), parentId: find('productpage', 'client', 'reviews').id },
    ]),
  HC408: () =>
    withSpans((spans, find) => {
      const call = find('productpage', 'client', 'details');
      return spans.map((span) =>
        span === call ? { ...span, parentId: find('istio-ingressgateway', 'client').id } : span,
      );
    }),
  HC501: () => fragmented(UNDECIDED, rootless),
  HC502: () => fragmented(UNDECIDED, (span) => span),
  HC503: () => {
    const { traceId } = healthy.exchanges.find(({ probe }) => probe.id === FORCED_ON)!.probe;
    return fragmented(FORCED_ON, (span) => span, traceId!.slice(16).padStart(32, '0') as TraceId);
  },
  HC504: () => {
    const capture = fragmented(UNDECIDED, (span, find) => ({ ...span, parentId: find('productpage', 'server').id }));
    const server = healthy.traces.find(({ probe }) => probe === FORCED_ON)!.spans.find(isProductpage)!;
    return {
      ...capture,
      fragments: capture.fragments.map((fragment) => ({
        ...fragment,
        spans: [
          { ...server, traceId: fragment.traceId },
          ...fragment.spans.map((span) => (span.kind === 'client' ? { ...span, parentId: server.id } : span)),
        ],
      })),
    };
  },
  HC505: () =>
    changed(isCallOfDetails, (span, find) => ({ ...span, parentId: find('istio-ingressgateway', 'client').id })),
  HC506: () => changed(isCallOfDetails, (span) => ({ ...span, parentId: spanId('dead') })),
  HC507: () => changed(isDetails, otherGuid),
  HC509: () => {
    const capture = fragmented(FORCED_ON, rootless);
    const exchanges = capture.exchanges.map((exchange) =>
      exchange.probe.id === FORCED_ON
        ? { ...exchange, probe: { ...exchange.probe, format: 'b3-single' as const } }
        : exchange,
    );
    return { ...capture, exchanges };
  },
  HC510: () => {
    const { spans } = healthy.traces.find(({ probe }) => probe === UNDECIDED)!;
    const server = spans.find((span) => isDetails(span) && span.kind === 'server')!;
    const traceId = 'e'.repeat(32) as TraceId;
    return {
      ...withSpans((all) => all.filter((span) => span !== server)),
      fragments: [{ probe: UNDECIDED, traceId, spans: [{ ...rootless(server), traceId }] }],
    };
  },
  HC511: () => ({
    ...healthy,
    traces: healthy.traces.map((trace) => ({ ...trace, spans: flat(trace.spans) })),
  }),
  HC601: () => withTrace(FORCED_ON, (trace) => ({ ...trace, spans: [], reason: 'absent' })),
  HC602: () =>
    withExchange(UNDECIDED, (exchange) => ({ ...exchange, probe: { ...exchange.probe, purpose: 'forced-off' } })),
  HC603: () => withSpans((spans) => spans.filter((span) => !isDetails(span)), FORCED_ON),
  HC604: () => ({
    ...withTrace(UNDECIDED, ({ traceId: _, ...trace }) => ({ ...trace, spans: [], reason: 'absent' })),
    expectations: { ...healthy.expectations, samplingPercent: { value: 100, source: 'flag', from: '--sampling' } },
  }),
  HC606: () => healthy,
  HC701: withIncident('HC701'),
  HC702: withIncident('HC702'),
  HC703: withIncident('HC703'),
  HC704: withIncident('HC704'),
  HC705: () => withTrace(UNDECIDED, (trace) => ({ ...trace, reason: 'deadline' })),
  HC706: () => ({ ...healthy, preflight: { ...healthy.preflight, markerSearch: 'not-supported' } }),
  HC707: () => ({
    ...healthy,
    preflight: { ...healthy.preflight, spanClock: { offsetMs: 10_000, uncertaintyMs: 20 } },
  }),
  HC708: stopped('HC708'),
  HC709: stopped('HC709'),
  HC710: () =>
    withSpans((spans, find) => {
      const server = find('productpage', 'server');
      return [...spans, { ...own(server, 'a1', server.id), service: '', tags: { component: 'proxy' } }];
    }),
  HC711: () => ({ ...healthy, end: 'cut' }),
  HC712: withIncident('HC712'),
  HC713: withIncident('HC713'),
  HC714: () => ({ ...healthy, incidents: null as never }),
  HC715: () => ({ ...healthy, end: 'interrupted' }),
  HC717: () =>
    changed(
      (span) => isDetails(span) && span.kind === 'server',
      (span) => ({ ...span, startMicros: span.startMicros - 60_000_000 }),
    ),
  HC716: () => ({ ...healthy, timings: { ...healthy.timings, longestLagMs: 9000 } }),
  HC718: withIncident('HC718'),
  HC719: () =>
    withSpans((spans) => [...spans, ...spans.filter((span) => isDetails(span)).map((span) => ({ ...span }))]),
  HC720: stopped('HC720'),
  HC721: stopped('HC721'),
  HC722: stopped('HC722'),
  HC723: () => ({
    ...healthy,
    traces: healthy.traces.map((trace) => ({ ...trace, spans: trace.spans.map(renamed('details', 'catalogue')) })),
  }),
  HC724: () => tailSampled(rotating, (index) => [2, 3, 7, 12].includes(index)),
  HC725: () => ({
    ...healthy,
    changes: [{ kind: 'pods', service: 'reviews', version: 'v2', came: ['b'], gone: ['a'], restarted: [] }],
  }),
  HC726: () => ({ ...healthy, parts: [{ index: 2, of: 3, run: 'r', startedAt: healthy.run.startedAt }] }),
  HC727: () => ({
    ...healthy,
    parts: [1, 2].map((index) => ({
      ...{ index, of: 2, run: 'r', startedAt: healthy.run.startedAt },
      ...(index === 2 && { differs: ['context format'] }),
    })),
  }),
  HC801: withIssue('HC801'),
  HC802: withIssue('HC802'),
  HC803: withIssue('HC803'),
  HC804: withIssue('HC804'),
  HC805: withIssue('HC805', 'warning'),
  HC806: withIssue('HC806'),
  HC807: withIssue('HC807', 'warning'),
  HC808: withIssue('HC808'),
  HC809: withIssue('HC809'),
  HC810: withIssue('HC810', 'warning'),
  HC811: withIssue('HC811'),
  HC812: withIssue('HC812'),
};

/** Codes that never stand alone: a missing hop accounts for them, and comes first. */
const ACCOUNTED_FOR: Partial<Record<FindingCode, FindingCode>> = {
  HC301: 'HC306',
  HC302: 'HC603',
  HC408: 'HC505',
};

/** Codes whose fix is in the words of the cluster's issue, which this test makes up. */
const CLUSTER_STATED: ReadonlySet<string> = new Set(Object.keys(TRIGGERS).filter((code) => code.startsWith('HC8')));
/** An option, a command, a URL, a header, a key of a file or a product that a person can look for. */
const CONCRETE =
  /--[a-z]|kubectl|curl|https?:|[a-z]+-[a-z]+-[a-z]+|"services"|chrony|otelcol|docs\/|[Oo]pen |retries|hopcheck-/;

describe('every code', () => {
  it.each(Object.keys(TRIGGERS) as (keyof typeof TRIGGERS)[])('%s has a run that triggers this code alone', (code) => {
    const report = reportOf(TRIGGERS[code]());
    const findings = report.promises.flatMap((promise) =>
      promise.findings.map((finding) => ({ promise: promise.id, ...finding })),
    );
    const found = findings.filter((finding) => finding.code === code);
    expect(found).toHaveLength(1);
    if (code !== 'HC714') expect(found[0]?.promise).toBe(CODES[code].promise);
    const explainer = ACCOUNTED_FOR[code];
    const standing = findings.filter(({ explainedBy }) => explainedBy === undefined).map((finding) => finding.code);
    expect([...new Set(standing)].filter((other) => other !== 'HC606' || code === 'HC606')).toEqual([
      explainer ?? code,
    ]);
    if (explainer !== undefined) expect(found[0]).toMatchObject({ severity: 'info', explainedBy: { code: explainer } });
  });

  it.each(Object.keys(TRIGGERS) as (keyof typeof TRIGGERS)[])(
    '%s has a text for the expectation, the observation, the share and the fix',
    (code) => {
      const report = reportOf(TRIGGERS[code]());
      const finding = report.promises.flatMap(({ findings }) => findings).find((candidate) => candidate.code === code)!;
      expect(finding.expected).not.toBe('');
      expect(finding.received).not.toBe('');
      const { subject } = finding;
      if (subject.kind === 'hop') expect(finding.remedy).toMatch(new RegExp(`${subject.caller}|${subject.callee}`));
      else if (subject.kind === 'service') expect(finding.remedy).toContain(subject.service);
      // Without a name in the finding there is an option, a command, a place or a setting to name.
      else if (!CLUSTER_STATED.has(code)) expect(finding.remedy).toMatch(CONCRETE);
      for (const promise of report.promises) {
        expect(promise.observed).not.toBe('');
        expect(promise.reason).not.toBe('');
        expect(promiseFactsSchema.parse(promise.facts)).toEqual(promise.facts);
        for (const { facts } of promise.findings) expect(findingFactsSchema.parse(facts)).toEqual(facts);
      }
      validate(JSON.parse(renderJson(report)));
      expect(validate.errors ?? []).toEqual([]);
      expect(finding.share.affected).toBeLessThanOrEqual(finding.share.of);
      expect(finding.evidence.traces.length).toBeLessThanOrEqual(3);
      for (const link of finding.evidence.links)
        expect(link).toMatch(/^http:\/\/127\.0\.0\.1:16686\/trace\/[0-9a-f]{32}$/);
    },
  );
});

describe('a healthy run', () => {
  it('holds every promise', () => {
    const report = reportOf(healthy);
    expect(report.promises.map(({ status }) => status)).toEqual(report.promises.map(() => 'pass'));
    expect({ verdict: report.verdict, exitCode: report.exitCode }).toEqual({ verdict: 'pass', exitCode: 0 });
  });

  it('is judged the same twice, and in any order of its spans', () => {
    const reversed = {
      ...healthy,
      traces: healthy.traces.map((trace) => ({ ...trace, spans: trace.spans.toReversed() })),
    };
    expect(reportOf(reversed)).toEqual(reportOf(healthy));
  });

  it.each(['interrupted', 'cut'] as const)('is never a pass when its capture is %s', (end) => {
    const report = reportOf({ ...healthy, end });
    expect({ verdict: report.verdict, exitCode: report.exitCode }).toEqual({ verdict: 'inconclusive', exitCode: 2 });
    expect(report.promises.some(({ status }) => status === 'pass')).toBe(false);
  });
});

describe('traces that did not settle', () => {
  const open = (backendAwayMs?: number): Capture => ({
    ...withTrace(UNDECIDED, (trace) => ({ ...trace, reason: 'deadline' })),
    incidents: [incident('HC701')],
    timings: { ...healthy.timings, ...(backendAwayMs !== undefined && { backendAwayMs }) },
  });
  const found = (capture: Capture) =>
    reportOf(capture).promises[0]!.findings.map(({ code, severity, explainedBy }) => [
      code,
      severity,
      explainedBy?.code,
    ]);

  it('because the backend went away give a finding that the first one explains, without advice to wait longer', () => {
    expect(found(open(15_000))).toEqual([
      ['HC701', 'error', undefined],
      ['HC705', 'info', 'HC701'],
    ]);
    expect(reportOf(open(15_000))).toMatchObject({ verdict: 'inconclusive', exitCode: 2 });
  });

  it('although the backend came back give a finding that stands for itself', () => {
    expect(found(open())).toEqual([
      ['HC701', 'error', undefined],
      ['HC705', 'error', undefined],
    ]);
  });
});

describe('the command to send a probe again', () => {
  const commands = (ingress: string) =>
    reportOf({ ...withPage({ whole: false }), run: { ...healthy.run, ingress } }).promises.flatMap(({ findings }) =>
      findings.flatMap(({ evidence }) => evidence.curl ?? []),
    );
  it('exists where the ingress has a URL', () => {
    expect(commands('http://shop:8080/').join()).toContain('"http://shop:8080/productpage"');
  });
  it.each(['', 'imported', 'mailto:shop'])('is left out, and nothing fails, where the ingress is %j', (ingress) => {
    expect(commands(ingress)).toEqual([]);
  });
});

describe('an empty run', () => {
  it('is never a pass', () => {
    const report = reportOf({ ...healthy, exchanges: [], traces: [] });
    expect(report.verdict).toBe('inconclusive');
    expect(report.promises.filter(({ status }) => status === 'pass')).toEqual([]);
    const noSpans = reportOf({
      ...healthy,
      traces: healthy.traces.map((trace) => ({ ...trace, spans: [], reason: 'deadline' as const })),
    });
    expect(noSpans.verdict).toBe('inconclusive');
  });
});

describe('the curl line', () => {
  it('sends a like probe with fresh ids, and secrets as variables', () => {
    const run = {
      ...healthy.run,
      ingressHost: 'shop.example',
      ingressHeaders: [['authorization', '$INGRESS_AUTHORIZATION']] as const,
    };
    const capture = { ...withSpans((spans) => spans.filter((span) => !isDetails(span)), FORCED_ON), run };
    const curl =
      reportOf(capture)
        .promises.flatMap(({ findings }) => findings)
        .find(({ code }) => code === 'HC302')?.evidence.curl ?? '';
    expect(curl).toContain('-H "host: shop.example"');
    expect(curl).toContain('-H "authorization: $INGRESS_AUTHORIZATION"');
    expect(curl).toContain('-H "x-b3-traceid: $id"');
    expect(curl).toContain('-H "x-b3-sampled: 1"');
    expect(curl).toContain('"http://127.0.0.1:8080/productpage"; echo; echo "');
    expect(curl).toMatch(/\/trace\/\$id"$/);
  });
});
