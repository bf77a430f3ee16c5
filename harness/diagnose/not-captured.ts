import { type Application, callsFrom } from '../model/application.ts';
import { shownVersions, versionOf } from '../model/expected.ts';
import type { Cause } from '../model/finding.ts';
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
 *   captured, the headers would go on. Where the pages show which version of the callee answered, its calls are meant.
 * @param facts of every hop of the run
 * @returns true for a hop in none of these cases
 */
export function aloneIn(facts: HopFacts, input: DiagnosisInput): (hop: HopFact['hop']) => boolean {
  const { application, canSearch } = input;
  const served = servedAnywhere(input);
  const found = new Set<string>();
  for (const { fact } of facts.counted()) if (fact.context !== 'unseen') found.add(fact.hop.caller);
  const furtherOf = callsBehind(facts, application);
  return ({ caller, callee, callerVersion }) => {
    if (served.has(callee)) return false;
    const callees = new Set(callsFrom(application, caller, callerVersion).map((call) => call.callee));
    const further = furtherOf(caller, callee);
    const goesOn = !canSearch || further.length === 0 || further.some((name) => served.has(name));
    return (callees.size === 1 || found.has(caller)) && goesOn;
  };
}

/**
 * What the callee of an unseen call calls: by the versions that the pages of these requests show, where each shows one;
 * else what any version of it may call.
 */
function callsBehind(facts: HopFacts, application: Application): (caller: string, callee: string) => readonly string[] {
  const shown = new Map<string, Set<string | undefined>>();
  for (const { hop, request, context } of facts.ofOthers) {
    if (context !== 'unseen') continue;
    const key = `${hop.caller} ${hop.callee}`;
    const versions = shown.get(key) ?? new Set();
    shown.set(
      key,
      versions.add(versionOf({ service: hop.callee }, application, shownVersions(request.exchange.answer?.page))),
    );
  }
  return (caller, callee) => {
    const versions = [...(shown.get(`${caller} ${callee}`) ?? [undefined])];
    const calls = versions.includes(undefined)
      ? application.calls.filter((call) => call.caller === callee)
      : versions.flatMap((version) => callsFrom(application, callee, version));
    return calls.map((call) => call.callee);
  };
}

/**
 * Finds the calls that some requests lack while others of the same caller and callee are whole: those of one version, of
 * some pods, of some time, or now and then. The mesh sees such calls, and nothing shows that these were made: an answer may
 * come from a cache, or the call may go another way. Where all calls of a caller are missing in a request, what they share
 * is the caller.
 */
export function missingAlone(facts: HopFacts): (fact: HopFact) => boolean {
  const callsOf = tallyCalls(facts);
  const whole = new Set<string>();
  for (const { fact } of facts.counted())
    if (fact.context === 'kept' && fact.hop.half === undefined) whole.add(`${fact.hop.caller} ${fact.hop.callee}`);
  return (fact) => {
    const { seen, of } = callsOf(fact);
    return whole.has(`${fact.hop.caller} ${fact.hop.callee}`) && (of === 1 || seen > 0);
  };
}

/**
 * Weighs what would explain a call that a dump without a list of requests lacks, likeliest first. Such a dump accuses no
 * caller of it: the call may be in a trace that was not saved, and nothing shows how many requests the mesh traces. Where
 * all calls of the caller are missing together, they share the decision that it sends; where others are seen, that
 * decision went with them. A callee of which other calls show SERVER spans is captured.
 * @param harms what the caller may have done to the context
 */
export function weighInDump(facts: HopFacts, input: DiagnosisInput) {
  const served = servedAnywhere(input);
  const callsOf = tallyCalls(facts);
  return (unseen: readonly HopFact[], harms: readonly Cause[]): readonly Cause[] => {
    const isServed = unseen.some(({ hop }) => served.has(hop.callee));
    const isTogether = unseen.every((fact) => callsOf(fact).seen === 0);
    const isOnly = unseen.every((fact) => callsOf(fact).of === 1);
    const notCaptured: readonly Cause[] = isServed ? [] : ['not-captured'];
    if (!isTogether || (isOnly && !isServed)) return [...notCaptured, ...harms];
    return ['sampled-changed', ...harms.filter((cause) => cause !== 'sampled-changed'), ...notCaptured];
  };
}

/** How many calls of the caller a request should have, and how many of them were seen. Of requests in which some are missing. */
function tallyCalls(facts: HopFacts): (fact: HopFact) => { readonly seen: number; readonly of: number } {
  const calls = new Map<string, { seen: number; of: number }>();
  for (const { hop, request, context } of facts.ofOthers) {
    const at = callsAt(hop, request);
    const tally = calls.get(at) ?? { seen: 0, of: 0 };
    calls.set(at, tally);
    tally.of += 1;
    if (context !== 'unseen') tally.seen += 1;
  }
  return ({ hop, request }) => calls.get(callsAt(hop, request)) ?? { seen: 0, of: 0 };
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
