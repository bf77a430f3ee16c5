import { callsFrom } from '../model/application.ts';
import { isProxySpan, type Span } from '../model/span.ts';
import { identify } from '../model/workload.ts';
import { oneOfEach } from './alike.ts';
import type { HopFact } from './hop-fact.ts';
import type { HopFacts } from './hop-facts.ts';
import type { DiagnosisInput } from './request.ts';

/**
 * Finds the hops of which nothing shows that the mesh sees their calls (docs/architecture.md#rule-10). Where neither half
 * of a call was seen, that accuses its caller in three cases only:
 * - the callee has SERVER spans of other calls, so that its side is captured: this call went without its context;
 * - the calls of all the caller's callees are missing: the caller is the part that they share;
 * - the calls of the callee are missing too, and other traces were searched for them: behind a call that is only not
 *   captured, the headers would go on.
 * @param facts of every hop of the run
 * @returns true for a hop in none of these cases
 */
export function aloneIn(facts: HopFacts, input: DiagnosisInput): (hop: HopFact['hop']) => boolean {
  const { application, canSearch } = input;
  const served = servedAnywhere(input);
  const found = new Set<string>();
  for (const { fact } of facts.counted()) if (fact.context !== 'unseen') found.add(fact.hop.caller);
  return ({ caller, callee, callerVersion }) => {
    if (served.has(callee)) return false;
    const callees = new Set(callsFrom(application, caller, callerVersion).map((call) => call.callee));
    const further = application.calls.filter((call) => call.caller === callee).map((call) => call.callee);
    const goesOn = !canSearch || further.length === 0 || further.some((name) => served.has(name));
    return (callees.size === 1 || found.has(caller)) && goesOn;
  };
}

/**
 * Finds the calls that some requests lack while others of the same caller and callee are whole: those of one version, of
 * some pods, of some time, or now and then. The mesh sees such calls, and nothing shows that these were made: an answer may
 * come from a cache, or the call may go another way. Where all calls of a caller are missing in a request, what they share
 * is the caller.
 */
export function missingAlone(facts: HopFacts): (fact: HopFact) => boolean {
  const whole = new Set<string>();
  const calls = new Map<string, { seen: number; of: number }>();
  for (const { fact } of facts.counted())
    if (fact.context === 'kept' && fact.hop.half === undefined) whole.add(`${fact.hop.caller} ${fact.hop.callee}`);
  // Nothing is missing in the others.
  for (const { hop, request, context } of facts.ofOthers) {
    const at = callsAt(hop, request);
    const tally = calls.get(at) ?? { seen: 0, of: 0 };
    calls.set(at, tally);
    tally.of += 1;
    if (context !== 'unseen') tally.seen += 1;
  }
  return ({ hop, request }) => {
    const { seen = 0, of = 0 } = calls.get(callsAt(hop, request)) ?? {};
    return whole.has(`${hop.caller} ${hop.callee}`) && (of === 1 || seen > 0);
  };
}

/** The calls of one service in one request. */
function callsAt({ caller }: HopFact['hop'], { exchange }: HopFact['request']): string {
  return `${exchange.probe.id} ${caller}`;
}

/** Services with a SERVER span in any trace or fragment of the run. */
function servedAnywhere({ requests, fragments, naming }: DiagnosisInput): ReadonlySet<string> {
  const served = new Set<string>();
  const add = (span: Span, service: string | undefined) => {
    if (span.kind === 'server' && isProxySpan(span) && service !== undefined) served.add(service);
  };
  for (const { made } of oneOfEach(requests)) for (const { span, workload } of made) add(span, workload?.service);
  for (const { spans } of [...fragments.values()].flat())
    for (const span of spans) add(span, identify(span, naming)?.service);
  return served;
}
