import { answerOf } from '../diagnose/call-answer.ts';
import type { HopDefect } from '../diagnose/diagnose.ts';
import { callOf, type HopFact } from '../diagnose/hop-fact.ts';
import { assembleFragment } from '../diagnose/locate-call.ts';
import { CODES } from '../model/codes.ts';
import { type CheckedHop, type MadeSpan, madeSpans } from '../model/expected.ts';
import type { JudgedFinding } from '../model/finding.ts';
import type { JudgedPromise } from '../model/report.ts';
import type { CallSeen, SeenCall, SeenDefect } from '../model/seen-trace.ts';
import { calledService, isProxySpan, type Span } from '../model/span.ts';
import { type Assembly, proxyAbove } from '../model/trace.ts';
import type { RunView, TraceView } from './run-view.ts';
import { untouchedContext } from './untouched-context.ts';

interface Counting {
  readonly promises: readonly JudgedPromise[];
}

/**
 * The calls of one request: those that its trace should show, by what the diagnosis found of them, and every other call
 * of a proxy that was seen, in the trace or in a fragment of it.
 * @param facts of this request, the parts below its breaks included.
 */
export function callsIn(
  trace: TraceView,
  facts: readonly HopFact[],
  view: RunView,
  counting: Counting,
): readonly SeenCall[] {
  const defects = defectsOf(view);
  const expected = facts.map((fact) => expectedCall(fact, defects.get(fact.hop), view, counting));
  const known = new Set(expected.map(pairOf));
  const isNew = (call: SeenCall) => !known.has(pairOf(call));
  const fragments = view.fragments.get(trace.exchange.probe.id) ?? [];
  const others = fragments.flatMap((fragment) => {
    const assembly = assembleFragment(fragment);
    return callsOf(assembly, madeSpans(assembly, view.naming), view).map(
      (call): SeenCall => ({ ...call, seen: 'elsewhere', context: 'unknown', elsewhere: fragment.traceId }),
    );
  });
  return [...expected, ...[...callsOf(trace.assembly, trace.made, view), ...others].filter(isNew)];
}

const pairOf = ({ caller, callee }: Pick<SeenCall, 'caller' | 'callee'>) => `${caller} ${callee}`;

const looked = new WeakMap<RunView, ReadonlyMap<CheckedHop, HopDefect>>();

/** Defects by the very hop of the very request. */
function defectsOf(view: RunView): ReadonlyMap<CheckedHop, HopDefect> {
  const known = looked.get(view);
  if (known !== undefined) return known;
  const defects = new Map(view.diagnosis.hopDefects.map((defect) => [defect.fact.hop, defect]));
  looked.set(view, defects);
  return defects;
}

function expectedCall(fact: HopFact, found: HopDefect | undefined, view: RunView, counting: Counting): SeenCall {
  const { hop } = fact;
  const call = callOf(fact);
  // Where proxies do not write the context, no application can be blamed for it (HC511).
  const hidden = untouchedContext(view)?.callers.has(hop.caller) === true;
  const weighed = found === undefined || hidden ? undefined : weigh(found, counting);
  const span = hop.clientSpan ?? call?.span;
  const elsewhere = found?.fact.elsewhere ?? fact.elsewhere;
  return {
    caller: hop.caller,
    ...(hop.callerVersion !== undefined && { callerVersion: hop.callerVersion }),
    callee: hop.callee,
    seen: seenOf(fact, found),
    context: hidden ? 'unknown' : contextOf(fact, weighed),
    declared: true,
    ...(span !== undefined && { answer: answerOf(span) }),
    ...(elsewhere !== undefined && { elsewhere }),
    ...(weighed !== undefined && { defect: weighed.defect, ...(weighed.waived && { waived: weighed.waived }) }),
  };
}

function seenOf(fact: HopFact, found: HopDefect | undefined): CallSeen {
  const { hop, request } = fact;
  const call = callOf(fact);
  // Below a break: whole in itself, and in another trace.
  if (hop.half === undefined || hop.arrived !== undefined) return request.isPart === true ? 'elsewhere' : 'whole';
  if (call !== undefined && !call.inOwnTrace) return 'elsewhere';
  if (hop.half === 'server' || call !== undefined) return request.isPart === true ? 'elsewhere' : 'half';
  return found === undefined ? 'unknown' : 'nowhere';
}

function contextOf({ context, hop }: HopFact, weighed: ReturnType<typeof weigh> | undefined): SeenCall['context'] {
  if (weighed !== undefined) return weighed.decided ? 'harmed' : 'unknown';
  // With one span missing, nothing shows that the context arrived.
  const isWhole = hop.half === undefined || hop.arrived !== undefined;
  return context === 'kept' && isWhole ? 'kept' : 'unknown';
}

/** A defect with what the policy made of its finding; not decided: the mesh changed meanwhile, or the run could not tell. */
function weigh(found: HopDefect, { promises }: Counting) {
  const { code, causes, received, fact } = found;
  const defect: SeenDefect = { code, causes, received };
  const promise = promises.find(({ id }) => id === CODES[code].promise);
  const finding = promise?.findings.find((one) => one.code === code && isAbout(one, fact.hop));
  const decided = promise?.status !== 'inconclusive';
  const { waived } = finding ?? {};
  // --only and --skip choose promises of the run. An assertion of a spec is not left out by them.
  if (waived === undefined || waived.by === 'only' || waived.by === 'skip') return { defect, decided };
  return { defect, decided, waived: { by: waived.by, ...('reason' in waived && { reason: waived.reason }) } };
}

/** Also where calls of one caller to several callees became one finding. */
function isAbout({ subject, callees = [] }: JudgedFinding, { caller, callee }: CheckedHop): boolean {
  const isAmong = callees.some((one) => one.callee === callee);
  if (subject.kind === 'hop') return subject.caller === caller && (subject.callee === callee || isAmong);
  return subject.kind === 'service' && subject.service === caller && isAmong;
}

/** Every call that a proxy made a CLIENT span of. */
function callsOf(assembly: Assembly, made: readonly MadeSpan[], view: RunView): readonly SeenCall[] {
  const makers = new Map(made.map(({ span, workload }) => [span, workload?.service]));
  return made.flatMap(({ span, workload }): SeenCall[] => {
    const callee = span.kind === 'client' && isProxySpan(span) ? calledService(span, view.naming.homes) : undefined;
    if (callee === undefined || workload === undefined) return [];
    const { service, version } = workload;
    const isCallee = (child: Span) => child.kind === 'server' && makers.get(child) === callee;
    const above = proxyAbove(span, assembly);
    const isOwn = above?.kind === 'server' && makers.get(above) === service;
    const isWhole = assembly.childrenOf.get(span)?.some(isCallee) === true;
    return [
      {
        caller: service,
        ...(version !== undefined && { callerVersion: version }),
        callee,
        seen: isWhole ? 'whole' : 'half',
        context: isOwn && isWhole ? 'kept' : 'unknown',
        declared: view.application.calls.some((call) => call.caller === service && call.callee === callee),
        answer: answerOf(span),
      },
    ];
  });
}
