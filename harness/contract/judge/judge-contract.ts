import { byWeight } from '../../judge/by-weight.ts';
import { conclude } from '../../judge/conclude.ts';
import { EXIT_CODES, verdictOf } from '../../judge/judge.ts';
import type { ContractCapture } from '../../model/contract.ts';
import type { Fact } from '../../model/facts/facts.ts';
import { type JudgedFinding, subjectKey } from '../../model/finding.ts';
import type { Outcome } from '../../model/outcome.ts';
import type { PromiseId } from '../../model/promises.ts';
import type { JudgedRun } from '../../model/report.ts';
import { judgeContractEnvironment } from './environment.ts';
import { judgeExports } from './exports.ts';
import { judgeForwarding } from './forwarding.ts';
import { judgeIsolation } from './isolation.ts';
import { type ContractView, callsInFlight, viewContract } from './judged-calls.ts';
import { contractHops } from './matrix.ts';
import { observedOf, sentOf } from './observed.ts';

/** The promises that are judged without a mesh. */
export const CONTRACT_PROMISES = ['environment', 'propagation'] as const satisfies readonly PromiseId[];

/**
 * Judges what one service sent on. Pure: the same capture gives the same result. It has the shape of a judged run, with
 * two promises, so that every report, baseline and policy goes with it. Where nothing was sent on, it is never a pass.
 */
export function judgeContract(capture: ContractCapture): JudgedRun {
  const view = viewContract(capture);
  const outcomes = [environmentOf(view), propagationOf(view)];
  const verdict = verdictOf(outcomes);
  const { run, service, timings, exchanges } = capture;
  const calls = view.calls.length + callsInFlight(capture).length;
  const probeMs = timings.formsMs + timings.isolationMs + timings.troubleMs + timings.holdMs;
  return {
    verdict,
    exitCode: EXIT_CODES[verdict],
    run: {
      id: run.id,
      startedAt: run.startedAt,
      durationMs: Math.round(timings.startMs + probeMs),
      target: { ingress: service.url, traceBackend: { url: '' } },
      probes: exchanges.length,
      traces: 0,
      hopcheck: run.hopcheck,
      contract: {
        service: service.name,
        protocol: service.protocol,
        upstreams: capture.upstreams.map(({ name, address }) => ({ name, address })),
        calls,
        required: capture.required,
        ...(service.start !== undefined && { start: service.start }),
        ...(capture.output !== undefined && { output: capture.output }),
        holdMs: Math.round(timings.holdMs),
      },
    },
    promises: outcomes.map(({ promise, ...outcome }) => ({ id: promise, ...outcome })),
    hops: contractHops(view),
    formats: [],
    timings: {
      preflightMs: Math.round(timings.startMs),
      probeMs: Math.round(probeMs),
      settleMs: 0,
      judgeMs: 0,
      polls: 0,
      backendCalls: 0,
    },
  };
}

/** An error here makes a run inconclusive and never fails it. */
function environmentOf(view: ContractView): Outcome {
  const findings = [...judgeContractEnvironment(view)].toSorted(byWeight);
  const observed = sentOf(view);
  const worst = findings.find(({ severity }) => severity === 'error');
  const reason =
    view.capture.stopped?.why === 'interrupted' ? { kind: 'run-interrupted' as const } : worst?.facts.received;
  if (reason === undefined) return { promise: 'environment', status: 'pass', facts: { observed }, findings };
  return { promise: 'environment', status: 'inconclusive', facts: { observed, reason }, findings };
}

function propagationOf(view: ContractView): Outcome {
  const findings = oneOfEach([...judgeForwarding(view), ...judgeIsolation(view), ...judgeExports(view)]).toSorted(
    byWeight,
  );
  const reason = undecided(view);
  return conclude('propagation', { observed: observedOf(view), findings, reason });
}

/** Nothing was sent on, to no upstream or not to one of them; or the run did not end. */
function undecided({ capture, calls, usual }: ContractView): Fact | undefined {
  if (capture.stopped !== undefined)
    return { kind: capture.stopped.why === 'interrupted' ? 'run-interrupted' : 'not-checked' };
  const answered = capture.exchanges.filter(({ status }) => status !== undefined).length;
  if (calls.length === 0) return { kind: 'no-upstream-called', requests: answered };
  const silent = capture.upstreams.find(({ name }) => (usual.get(name) ?? 0) === 0);
  if (silent === undefined) return undefined;
  const called = capture.upstreams.filter(({ name }) => (usual.get(name) ?? 0) > 0).map(({ name }) => name);
  return { kind: 'upstream-uncalled', upstream: silent.name, address: silent.address, called };
}

/** A fault that shows in several tests is one finding: the first, which needs the least to be seen. */
function oneOfEach(findings: readonly JudgedFinding[]): JudgedFinding[] {
  const key = ({ code, subject }: JudgedFinding) => `${code} ${subjectKey(subject)}`;
  return [...Map.groupBy(findings, key).values()].flatMap((same) => same.slice(0, 1));
}
