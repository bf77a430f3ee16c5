import { describe, expect, it } from 'vitest';
import { readRecording, toCapture } from '../../fixtures/recordings/load.ts';
import { JUDGED_SAMPLES } from '../../fixtures/testing/sample-reports.ts';
import { judge } from '../../harness/judge/judge.ts';
import type { Cause, JudgedFinding, JudgedWaiver, Subject } from '../../harness/model/finding.ts';
import type { JudgedPromise, JudgedRun } from '../../harness/model/report.ts';
import { sentenceOf } from './sentence.ts';

const HOP: Subject = { kind: 'hop', caller: 'productpage', callee: 'details' };

function finding(code: JudgedFinding['code'], change: Partial<JudgedFinding> = {}): JudgedFinding {
  return {
    code,
    severity: 'error',
    causes: [],
    subject: HOP,
    facts: { expected: { kind: 'one-call' }, received: { kind: 'no-call' } },
    share: { affected: 4, of: 72 },
    evidence: { probes: [], traces: [], spans: [], links: [] },
    ...change,
  };
}

function runWith(status: JudgedPromise['status'], findings: readonly JudgedFinding[], verdict = status): JudgedRun {
  const run = JUDGED_SAMPLES.pass?.();
  if (run === undefined) throw new Error('no sample called pass');
  const promises = run.promises.map((promise) =>
    promise.id === 'propagation' ? { ...promise, status, findings } : promise,
  );
  return { ...run, verdict: verdict as JudgedRun['verdict'], promises };
}

describe('the sentence of a failure', () => {
  it.each([
    {
      code: 'HC501',
      causes: ['context-dropped'],
      subject: HOP,
      text: 'productpage does not pass the trace context on to details (4 of 72 calls)',
    },
    {
      code: 'HC506',
      causes: ['parent-phantom'],
      subject: HOP,
      text: "productpage's tracing library creates spans that it never exports (4 of 72 calls)",
    },
    {
      code: 'HC506',
      causes: ['parent-phantom'],
      subject: { ...HOP, callerVersions: ['v2', 'v3'] },
      text: 'the tracing library of productpage v2, v3 creates spans that it never exports (4 of 72 calls)',
    },
    {
      code: 'HC306',
      causes: ['sidecar-absent'],
      subject: { kind: 'service', service: 'details' },
      text: 'details sends no spans (4 of 72 traces)',
    },
    {
      code: 'HC306',
      causes: ['spans-lost'],
      subject: { kind: 'service', service: 'details' },
      text: 'details loses some of its spans (4 of 72 traces)',
    },
  ] as const satisfies readonly {
    code: JudgedFinding['code'];
    causes: readonly Cause[];
    subject: Subject;
    text: string;
  }[])('$code $causes begins with its subject', ({ code, causes, subject, text }) => {
    expect(sentenceOf(runWith('fail', [finding(code, { causes, subject })]))).toBe(text);
  });

  it('names an injected fault, and how often it was applied', () => {
    const received = { kind: 'fault-injected', effect: 'aborted', answer: { status: 503, flags: ['FI'] } } as const;
    const injected = finding('HC307', { facts: { expected: { kind: 'untouched-call' }, received } });
    expect(sentenceOf(runWith('fail', [injected]))).toMatch(
      /^productpage → details: an Istio fault injection rule aborted calls in 4 of 72 traces$/,
    );
  });
});

it('counts what is waived, each way in its words', () => {
  const waivers: readonly JudgedWaiver[] = [
    { by: 'tolerate', reason: 'known' },
    { by: 'baseline', run: '1f', from: 'before.json' },
    { by: 'skip', selections: [{ what: 'HC501' }] },
    { by: 'only', selections: [{ what: 'smoke' }] },
  ];
  const findings = waivers.map((waived) => finding('HC501', { waived }));
  expect(sentenceOf(runWith('pass', findings))).toBe(
    'passed, 1 finding tolerated, 1 known, 2 left out: 6 probes, 6 traces',
  );
});

describe('the sentence of a run that was ended early', () => {
  const sentence = (recording: string) =>
    sentenceOf(judge({ ...toCapture(readRecording(recording)), end: 'interrupted' }));

  it('is preliminary, with the number of probes that the report has', () => {
    const { run } = judge({ ...toCapture(readRecording('drop-all-reviews')), end: 'interrupted' });
    expect(sentence('drop-all-reviews')).toMatch(
      new RegExp(
        `^reviews v2, v3 do not pass .* \\(preliminary: the run was ended after ${run.probes} of \\d+ probes, when \\d+ of their traces were complete\\)$`,
      ),
    );
  });

  it('counts no trace as complete in words', () => {
    const capture = toCapture(readRecording('drop-all-reviews'));
    const traces = capture.traces.map((trace) => ({ ...trace, reason: 'deadline' as const }));
    expect(sentenceOf(judge({ ...capture, traces, end: 'interrupted' }))).toMatch(
      /^could not decide: the run was ended after 6 of \d+ probes, when none of their traces was complete$/,
    );
  });

  it('does not decide on what was good until then', () => {
    expect(sentence('healthy-v1-zipkin-gw2')).toMatch(
      /^could not decide: the run was ended after 6 of \d+ probes, when 6 of their traces were complete$/,
    );
  });
});
