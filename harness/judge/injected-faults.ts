import { onceOfKind } from '../diagnose/alike.ts';
import type { Application } from '../model/application.ts';
import type { FindingCode } from '../model/codes.ts';
import { type FindingRef, refTo } from '../model/finding.ts';
import { calledService, responseFlags } from '../model/span.ts';
import { attemptsOf } from './attempts.ts';
import { hopSubject } from './calls.ts';
import { type Circumstance, type Noted, traceOf } from './circumstance.ts';
import type { RunView, TraceView } from './run-view.ts';

/** A call that a fault rule aborted or held up, as its span shows it (docs/facts/envoy.md#tags). */
interface InjectedCall {
  readonly caller: string;
  readonly callee: string;
}

/** Its effects further up: pages with errors, calls made again, versions that do not answer in time. */
const SYMPTOMS: ReadonlySet<FindingCode> = new Set(['HC103', 'HC201', 'HC202', 'HC305']);

/**
 * Faults that Istio injects. Where the cluster was read, its rule is the cause (HC810), else the calls that show it
 * (HC307). They explain symptoms of the same request at the call itself and above it.
 */
export function injectedFaults(view: RunView): Circumstance | undefined {
  const callsIn = onceOfKind(injectedIn);
  const all = view.traces.filter((trace) => callsIn(trace).length > 0).flatMap(callsIn);
  if (all.length === 0) return undefined;
  const configured = new Set(
    (view.capture.expectations.excuses ?? []).filter(({ kind }) => kind === 'errors').map(({ service }) => service),
  );
  const refOf = ({ caller, callee }: InjectedCall): FindingRef =>
    configured.has(callee)
      ? refTo('HC810', { kind: 'service', service: callee })
      : refTo('HC307', hopSubject(view.application, { caller, callee }));
  return {
    explains: (note) => {
      if (note.code === 'HC307') {
        const { subject } = note;
        return subject.kind === 'hop' && configured.has(subject.callee) ? refOf(subject) : undefined;
      }
      if (!SYMPTOMS.has(note.code)) return undefined;
      const trace = traceOf(note, view);
      // A page without a trace, and shares of a whole run: as the others of the run.
      const calls = trace === undefined ? all : callsIn(trace);
      const cause = calls.find((call) => isAbove(note, call, view));
      return cause && refOf(cause);
    },
  };
}

function injectedIn({ made }: TraceView): readonly InjectedCall[] {
  return made.flatMap(({ span, workload }): InjectedCall[] => {
    if (span.kind !== 'client' || workload === undefined) return [];
    if (!responseFlags(span).some((flag) => flag === 'FI' || flag === 'DI')) return [];
    const callee = calledService(span);
    return callee === undefined ? [] : [{ caller: workload.service, callee }];
  });
}

function isAbove({ code, subject, received }: Noted, { caller, callee }: InjectedCall, view: RunView): boolean {
  const { application } = view;
  if (subject.kind === 'service') {
    // Only where it had its turns and did not answer in time.
    const late =
      received.kind === 'never-served'
        ? received.unanswered > 0
        : code === 'HC202' && attemptsOf(view, subject.service).made.some(({ served }) => !served);
    return late && reaches(subject.service, caller, application);
  }
  if (subject.kind !== 'hop') return false;
  const isItself = subject.caller === caller && subject.callee === callee;
  return (isItself && code === 'HC103') || reaches(subject.callee, caller, application);
}

/** A service calls another one, directly or over others. */
function reaches(from: string, to: string, { calls }: Application): boolean {
  const below = new Set([from]);
  // Grows while it is gone through: a set gives what is added on the way.
  for (const name of below) for (const { caller, callee } of calls) if (caller === name) below.add(callee);
  return below.has(to);
}
