import type { Capture } from '../model/capture.ts';
import type { ProbePurpose } from '../model/exchange.ts';
import type { Fact } from '../model/facts/facts.ts';
import type { TraceId } from '../model/ids.ts';
import type { Outcome } from '../model/outcome.ts';
import { CLUSTER_PROMISES, PROMISES, type PromiseId, RATE_PROMISES } from '../model/promises.ts';
import type { JudgedRun, Verdict, VerdictExitCode } from '../model/report.ts';
import type { ReportedVersions } from '../model/reported-versions.ts';
import type { Sensitivity } from '../model/sensitivity.ts';
import type { FormFinder } from '../model/trace-form.ts';
import { reportAmong } from './among-targets.ts';
import { judgeConfiguration } from './configuration.ts';
import { detailRun } from './detail.ts';
import { judgeEnvironment } from './environment.ts';
import { reportFormats } from './formats.ts';
import { judgeIngress } from './ingress.ts';
import { linkExplanations } from './link-explanations.ts';
import { judgeLoadBalancing } from './load-balancing.ts';
import { mergeFindings } from './merge-findings.ts';
import { notApplicable } from './not-applicable.ts';
import { judgeParentage } from './parentage.ts';
import { whyNotWhole, withoutControls } from './parts.ts';
import { judgePropagation, reportHops } from './propagation.ts';
import { type RunView, viewRun } from './run-view.ts';
import { judgeSampling } from './sampling.ts';
import { judgeSamplingRate } from './sampling-rate.ts';
import { sensitivityOf } from './sensitivity.ts';
import { probesOf } from './sent.ts';
import { judgeTraceShape } from './trace-shape.ts';
import { describeEach } from './versions.ts';
import { reportCluster } from './walk-through.ts';
import { weighMeshChange } from './weigh-change.ts';

const JUDGES: Readonly<Record<PromiseId, (view: RunView) => Outcome>> = {
  environment: judgeEnvironment,
  configuration: judgeConfiguration,
  ingress: judgeIngress,
  'load-balancing': judgeLoadBalancing,
  'trace-shape': judgeTraceShape,
  parentage: judgeParentage,
  propagation: judgePropagation,
  sampling: judgeSampling,
  'sampling-rate': judgeSamplingRate,
};

/** These say nothing about any trace: they alone make no pass, and a run that was cut short takes nothing from them. */
const NO_TRAFFIC: ReadonlySet<PromiseId> = new Set(['environment', 'configuration']);

export const EXIT_CODES: Readonly<Record<Verdict, VerdictExitCode>> = { pass: 0, fail: 1, inconclusive: 2 };

/**
 * Judges a run. Pure, and the only place that decides: the same capture gives the same result, on any machine. It makes no
 * text: `renderReport()` in reports/text/ does. It never throws: a promise whose check crashed is `inconclusive` with
 * HC714. `timings.judgeMs` is 0, because only a caller has a clock.
 * @param options.detail adds what pictures need (default false).
 * @param options.forms of the traces, where they are known (default: found here). They change no result.
 */
export function judge(
  given: Capture,
  options: { readonly detail?: boolean; readonly forms?: FormFinder } = {},
): JudgedRun {
  const capture = withoutControls(given);
  const view = viewRun(capture, options.forms);
  const promises = promisesOf(capture);
  const linked = linkExplanations(promises.map(({ id }) => judgePromise(id, view)));
  const outcomes = mergeFindings(weighMeshChange(linked), view.application);
  const verdict = verdictOf(outcomes);
  const { run, imported, timings, preflight, exchanges } = capture;
  const [versions, ...further] = describeEach(view);
  const cluster = reportCluster(view);
  return {
    verdict,
    exitCode: EXIT_CODES[verdict],
    run: {
      id: run.id,
      startedAt: run.startedAt,
      durationMs: Math.round(timings.preflightMs + timings.probeMs + timings.settleMs),
      target: {
        ingress: run.ingress,
        traceBackend: {
          url: preflight.backendBase ?? run.traceBackend,
          ...(preflight.api !== undefined && { api: preflight.api }),
          ...(preflight.backendVersion !== undefined && { version: preflight.backendVersion }),
        },
      },
      probes: exchanges.length,
      traces: view.traces.length,
      ...secondStageOf(capture),
      hopcheck: run.hopcheck,
      ...(cluster !== undefined && { cluster }),
      ...(imported !== undefined && { imported }),
      ...reportAmong(capture.expectations),
    },
    promises: outcomes.map(({ promise, ...outcome }) => ({ id: promise, ...outcome })),
    hops: reportHops(view),
    formats: reportFormats(view),
    ...(versions !== undefined && { versions }),
    ...(further.length > 0 && { furtherVersions: further }),
    ...(exchanges.length > 0 &&
      capture.imported?.requests !== false && { reach: sensitivityOfRun(view, [versions, ...further]) }),
    timings: {
      preflightMs: Math.round(timings.preflightMs),
      probeMs: Math.round(timings.probeMs),
      settleMs: Math.round(timings.settleMs),
      judgeMs: 0,
      polls: timings.polls,
      backendCalls: timings.backendCalls,
    },
    ...(options.detail === true && { detail: detailRun(view, evidenceOf(outcomes)) }),
  };
}

function evidenceOf(outcomes: readonly Outcome[]): ReadonlySet<TraceId> {
  return new Set(outcomes.flatMap(({ findings }) => findings.flatMap(({ evidence }) => evidence.traces)));
}

/** Fail beats inconclusive; `skipped` and `not-supported` change nothing, unless nothing at all was judged. */
export function verdictOf(outcomes: readonly Outcome[]): Verdict {
  if (outcomes.some(({ status }) => status === 'fail')) return 'fail';
  if (outcomes.some(({ status }) => status === 'inconclusive')) return 'inconclusive';
  return outcomes.some(({ status, promise }) => status === 'pass' && !NO_TRAFFIC.has(promise))
    ? 'pass'
    : 'inconclusive';
}

function judgePromise(id: PromiseId, view: RunView): Outcome {
  try {
    const outcome = notApplicable(id, view) ?? JUDGES[id](view);
    if (NO_TRAFFIC.has(id)) return outcome;
    return outcome.status === 'inconclusive' ? unlessStopped(outcome, view) : unlessIncomplete(outcome, view);
  } catch (error) {
    return crashed(id, error);
  }
}

/** Before the first probe there is nothing that a promise could say for itself. */
function unlessStopped(outcome: Outcome, { capture: { preflight, exchanges } }: RunView): Outcome {
  if (preflight.stopped === undefined || exchanges.length > 0) return outcome;
  const reason = { kind: 'stopped-in-preflight', code: preflight.stopped.code } as const;
  return { ...outcome, facts: { observed: { kind: 'not-checked' }, reason } };
}

const INCOMPLETE: Readonly<Record<Capture['end'], Fact | undefined>> = {
  complete: undefined,
  'stopped-in-preflight': { kind: 'stopped-in-preflight' },
  interrupted: { kind: 'run-interrupted' },
  cut: { kind: 'capture-cut' },
};

/** A run that did not end, or of which a part is missing, may have shown only its good half. */
function unlessIncomplete(outcome: Outcome, { capture }: RunView): Outcome {
  const reason = INCOMPLETE[capture.end] ?? whyNotWhole(capture);
  if (reason === undefined || outcome.status !== 'pass') return outcome;
  return { ...outcome, status: 'inconclusive', facts: { ...outcome.facts, reason } };
}

function crashed(promise: PromiseId, error: unknown): Outcome {
  const text = error instanceof Error ? `${error.name}: ${error.message}` : String(error);
  const crash = { kind: 'check-crashed', error: text } as const;
  return {
    promise,
    status: 'inconclusive',
    facts: { observed: { kind: 'not-judged' }, reason: crash },
    findings: [
      {
        code: 'HC714',
        severity: 'error',
        causes: [],
        subject: { kind: 'mesh' },
        facts: { expected: { kind: 'a-verdict' }, received: crash, remedy: { kind: 'report-crash' } },
        share: { affected: 1, of: 1 },
        evidence: { probes: [], traces: [], spans: [], links: [] },
      },
    ],
  };
}

/** Absent without a second stage; 0 where it was not needed. */
function secondStageOf({ plan, exchanges }: Capture): { secondStage?: number } {
  if (!plan.some(({ stage }) => stage === 2)) return {};
  return { secondStage: exchanges.filter(({ probe }) => probe.stage === 2).length };
}

/** By the probes with a result: of a run that did not end, those until then. */
function sensitivityOfRun(view: RunView, versions: readonly (ReportedVersions | undefined)[]): Sensitivity {
  const count = (purpose: ProbePurpose) => {
    const { closed, open } = probesOf(view, purpose);
    return purpose === 'undecided' ? closed.length + open : closed.length;
  };
  const byService = new Map(
    versions.flatMap((one) => (one === undefined ? [] : [[one.service, one.attempts] as const])),
  );
  const sample = {
    attempts: versions[0]?.attempts ?? 0,
    byService,
    forcedOn: count('forced-on'),
    undecided: count('undecided'),
  };
  return sensitivityOf(view.application, view.capture.expectations, sample);
}

/** The promises that a run with these expectations judges. */
export function judgedPromises(held: Held): readonly PromiseId[] {
  return promisesOf(held).map(({ id }) => id);
}

type Held = Pick<Capture, 'expectations' | 'cluster'>;

/** Those for which there is something to hold the mesh to. */
function promisesOf({ expectations, cluster }: Held) {
  return [
    ...PROMISES,
    ...(expectations.samplingPercent === undefined ? [] : RATE_PROMISES),
    ...(cluster === undefined ? [] : CLUSTER_PROMISES),
  ];
}
