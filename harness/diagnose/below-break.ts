import { checkHops, madeSpans } from '../model/expected.ts';
import { isProxySpan, type Span } from '../model/span.ts';
import type { Assembly } from '../model/trace.ts';
import { callOf, type HopFact, readHop } from './hop-fact.ts';
import type { HopFacts } from './hop-facts.ts';
import type { DiagnosisInput, ExaminedRequest } from './request.ts';

/** The parts of requests below breaks of their traces, as far as they were found. */
export interface BelowBreak {
  /** A part of a request each: the fragment that a broken call begins. */
  readonly requests: readonly ExaminedRequest[];
  /** Hops of these parts. */
  readonly facts: readonly HopFact[];
  /** The broken calls themselves, where their callee left no span: half hops, of which the break shows nothing. */
  readonly halves: readonly HopFact[];
}

/**
 * Judges the part of a request below a break in its fragment, where that was found: whether the callee of the broken call reports, and
 * whether it passes its own headers on. A break further down leads to another fragment. Spans in another request's
 * trace (a context used again) are judged with that request.
 */
export function belowBreaks(above: HopFacts, input: DiagnosisInput): BelowBreak {
  const found: { requests: ExaminedRequest[]; facts: HopFact[]; halves: HopFact[] } = {
    requests: [],
    facts: [],
    halves: [],
  };
  const seen = new Set<string>();
  // Grows while it is gone through. A fragment is looked into once for a request, so this ends.
  const broken = [...above.ofOthers];
  for (const fact of broken) {
    const { request, hop } = fact;
    const call = callOf(fact);
    if (call === undefined || call.inOwnTrace || fact.context === 'context-reused') continue;
    if (request.exchange.probe.trial === true) continue;
    const part = partOf(request, call.assembly, input);
    const key = `${request.exchange.probe.id} ${call.assembly.trace.id}`;
    if (!hasNoSpans(hop, input.application) && !answers(part, call.span, hop, input.application))
      found.halves.push({
        hop: { ...hop, half: 'server', clientSpan: call.span },
        request: part,
        call: { span: call.span, assembly: part.assembly, inOwnTrace: true },
        context: 'kept',
        requestId: 'unseen',
      });
    if (seen.has(key)) continue;
    seen.add(key);
    const below = part.hops.map((one) => readHop(one, part, input));
    found.requests.push(part);
    found.facts.push(...below);
    broken.push(...below);
  }
  return found;
}

const parts = new WeakMap<Assembly, Map<ExaminedRequest, ExaminedRequest>>();

/** The fragment, examined like a whole request; its gateway is in the trace above. */
function partOf(request: ExaminedRequest, assembly: Assembly, { naming }: DiagnosisInput): ExaminedRequest {
  const of = parts.get(assembly) ?? new Map<ExaminedRequest, ExaminedRequest>();
  parts.set(assembly, of);
  const known = of.get(request);
  if (known !== undefined) return known;
  const made = madeSpans(assembly, naming);
  const { exchange, context, application } = request;
  const part: ExaminedRequest = {
    exchange,
    context,
    application,
    assembly,
    made,
    makers: new Map(made.map(({ span, workload }) => [span, workload])),
    hops: checkHops(assembly, application, context, made).filter(({ caller }) => caller !== application.gateway),
    unidentified: made
      .filter(({ span, workload }) => workload === undefined && isProxySpan(span))
      .map(({ span }) => span),
    isPart: true,
  };
  of.set(request, part);
  return part;
}

/** A peer: the CLIENT span of its caller is all that there is to see. */
function hasNoSpans({ caller, callee }: HopFact['hop'], { calls }: DiagnosisInput['application']): boolean {
  return calls.some((call) => call.caller === caller && call.callee === callee && call.peer !== undefined);
}

/**
 * The callee has a SERVER span below this call; a call that leaves for the gateway has the gateway's spans between. A proxy
 * of a name that the application does not have may be the callee's: another finding names it (HC723).
 */
function answers(
  { assembly, makers }: ExaminedRequest,
  call: Span,
  { callee, calledAs }: HopFact['hop'],
  { services }: DiagnosisInput['application'],
): boolean {
  const onTheWay = new Set([call]);
  // Grows while it is gone through: a set gives what is added on the way.
  for (const above of onTheWay) {
    for (const span of assembly.childrenOf.get(above) ?? []) {
      const maker = makers.get(span)?.service;
      if (calledAs !== undefined && maker === calledAs) onTheWay.add(span);
      else if (span.kind === 'server' && isProxySpan(span)) {
        if (maker === callee || !services.some(({ name }) => name === maker)) return true;
      }
    }
  }
  return false;
}
