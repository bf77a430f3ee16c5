// Over 250 lines: the order in which causes are weighed, in one place.
import { decidesByRequestId } from '../formats/formats.ts';
import type { FindingCode } from '../model/codes.ts';
import { hopKey } from '../model/expected.ts';
import type { HopReceived, UnseenWhere } from '../model/facts/propagation.ts';
import type { Cause } from '../model/finding.ts';
import type { TraceId } from '../model/ids.ts';
import { belowBreaks } from './below-break.ts';
import { causesOfCall } from './call-answer.ts';
import { endsAtGateway, type GatewayEnd } from './ends-at-gateway.ts';
import type { ContextCause, HopFact } from './hop-fact.ts';
import { HopFacts, isSound } from './hop-facts.ts';
import { locateServer } from './locate-call.ts';
import { type Named, nameVersions } from './losing-versions.ts';
import { aloneIn, missingAlone, weighInDump } from './not-captured.ts';
import { carriedFormat, type DiagnosisInput, type ExaminedRequest, isCarriedTrial } from './request.ts';
import {
  type LostSpan,
  lostCalls,
  lostPeerCalls,
  lostSharedCalls,
  type SilentService,
  silentBelow,
  silentGateway,
  silentServices,
} from './silent.ts';
import { findLoss, type SpanLoss } from './span-loss.ts';
import { tallyFormats } from './tally-formats.ts';

/** One hop of one request that harms the context. */
export interface HopDefect {
  readonly fact: HopFact;
  readonly code: Extract<
    FindingCode,
    'HC501' | 'HC502' | 'HC503' | 'HC504' | 'HC505' | 'HC506' | 'HC507' | 'HC509' | 'HC510' | 'HC603'
  >;
  /** One when certain, else every cause that explains it, likeliest first. */
  readonly causes: readonly Cause[];
  readonly received: HopReceived;
  /** False: the call itself was not looked up, and others of its hop speak for it. */
  readonly checked: boolean;
}

/** A call that no trace shows, with everything that would explain it, likeliest first. */
export interface UncapturedCall {
  readonly fact: HopFact;
  readonly causes: readonly Cause[];
  readonly where: UnseenWhere;
}

/**
 * The defects in the requests of a run: pure, from settled traces and fragments to causes
 * (docs/architecture.md#causes).
 */
export interface Diagnosis {
  readonly facts: HopFacts;
  readonly hopDefects: readonly HopDefect[];
  /** Calls of which neither half was seen, and which no evidence calls harmed. */
  readonly uncaptured: readonly UncapturedCall[];
  readonly silent: readonly Named<SilentService>[];
  readonly lost: readonly Named<LostSpan>[];
  /** Calls of which the trace ends at the gateway that they go through. */
  readonly gatewayEnds: readonly GatewayEnd[];
  /** Fragments below breaks, each examined as a part of its request. */
  readonly parts: readonly ExaminedRequest[];
  /** Silent and lost spans, where no single service loses them. */
  readonly loss?: SpanLoss;
}

const CODE_OF: Readonly<Record<ContextCause, HopDefect['code']>> = {
  'context-dropped': 'HC501',
  'trace-restarted': 'HC502',
  'id-truncated': 'HC503',
  'context-reused': 'HC504',
  'parent-wrong': 'HC505',
  'parent-phantom': 'HC506',
};

export function diagnose(input: DiagnosisInput): Diagnosis {
  const above = HopFacts.of(input);
  const below = belowBreaks(above, input);
  const facts = above.with(below.facts);
  const defective = facts.ofOthers.filter((fact) => !isSound(fact));
  const stripped = findStripped(defective, input);
  const unanswered = [...defective.filter((fact) => !stripped.has(fact)), ...below.halves];
  const all = { ...input, requests: [...input.requests, ...below.requests] };
  const ends = endsAtGateway(unanswered, all);
  const ended = new Set(ends.map(({ fact }) => fact));
  const answering = silentServices(
    unanswered.filter((fact) => !ended.has(fact)),
    facts,
    all,
  );
  const { silent, lost } = nameVersions(
    [...answering, ...silentBelow(answering, all), ...silentGateway(above, input)],
    [...lostCalls(all), ...lostSharedCalls(above), ...lostPeerCalls(facts, answering, all)],
    all,
  );
  const loss = findLoss(above, silent, lost, input);
  const gatewayEnds = ends.filter(({ fact }) => loss?.covers(fact.hop) !== true);
  const common = {
    facts,
    silent,
    lost,
    gatewayEnds,
    parts: below.requests,
    ...(loss !== undefined && { loss }),
  };
  if (defective.length === 0) return { ...common, hopDefects: [], uncaptured: [] };
  const known = defective.flatMap((fact) => hopDefectOf(fact, facts, stripped, input) ?? []);
  const lostAt = new Set(lost.map(({ request, service }) => `${request.exchange.probe.id} ${service}`));
  const unseen = defective.filter(
    ({ context, hop, request }) =>
      context === 'unseen' &&
      hop.half === 'client' &&
      hop.callerSpan !== undefined &&
      hop.instead === undefined &&
      // A search for one break need not bring the next one.
      request.isPart === undefined &&
      request.unidentified.length === 0 &&
      !isCarriedTrial(request) &&
      loss?.covers(hop) !== true &&
      !lostAt.has(`${request.exchange.probe.id} ${hop.caller}`),
  );
  return { ...common, ...explainUnseen(unseen, known, facts, input) };
}

/**
 * Answered calls whose SERVER span is in another trace, with that trace where it was looked up. A sample of each shape is:
 * the others of a hop went the same way.
 */
function findStripped(
  defective: readonly HopFact[],
  input: DiagnosisInput,
): ReadonlyMap<HopFact, { readonly elsewhere: TraceId | undefined }> {
  const answered = defective.filter(
    ({ hop }) => hop.half === 'server' && hop.clientSpan !== undefined && causesOfCall(hop.clientSpan).length === 0,
  );
  const groups = Map.groupBy(answered, ({ hop }) => hopKey(hop));
  const stripped = new Map<HopFact, { elsewhere: TraceId | undefined }>();
  for (const facts of groups.values()) {
    const servers = new Map(facts.map((fact) => [fact, locateServer(fact.hop, fact.request, input)]));
    if (facts.every((fact) => servers.get(fact) === undefined)) continue;
    for (const fact of facts) stripped.set(fact, { elsewhere: servers.get(fact)?.traceId });
  }
  return stripped;
}

function hopDefectOf(
  fact: HopFact,
  facts: HopFacts,
  stripped: ReturnType<typeof findStripped>,
  input: DiagnosisInput,
): HopDefect | undefined {
  const { context, requestId, request } = fact;
  const found = context === 'kept' ? stripped.get(fact) : undefined;
  if (found !== undefined) {
    const { elsewhere } = found;
    const located = elsewhere === undefined ? fact : { ...fact, elsewhere };
    const received = { kind: 'server-elsewhere', callee: fact.hop.callee } as const;
    const checked = elsewhere !== undefined;
    return { fact: located, code: 'HC510', causes: ['stripped-in-transit'], received, checked };
  }
  if (context === 'kept' || context === 'unseen') {
    if (requestId !== 'lost') return undefined;
    return {
      fact,
      code: 'HC507',
      causes: ['request-id-dropped'],
      received: { kind: 'other-request-id' },
      checked: true,
    };
  }
  const isTrial = isCarriedTrial(request);
  if ((isTrial || context === 'context-dropped') && keptInOtherFormat(fact, facts, input)) {
    const kept = isTrial ? 'own' : 'other';
    const received = { kind: 'format-lost', lost: request.exchange.probe.format, kept } as const;
    return { fact, code: 'HC509', causes: ['format-mismatch'], received, checked: true };
  }
  // Where the mesh's own format fares no better, there is nothing to say about one that was only tried.
  if (isTrial) return undefined;
  const received = { kind: 'context-harmed', how: context, requestId } as const;
  return { fact, code: CODE_OF[context], causes: causesOf(context, fact), received, checked: true };
}

/** Where x-request-id is forwarded and no header of the mesh's format is, headers of another format may be. */
function causesOf(context: ContextCause, { requestId }: HopFact): readonly Cause[] {
  if (context === 'context-dropped' && requestId === 'kept') return ['context-dropped', 'format-mismatch'];
  return [context];
}

/** The same hop, reached by another format, and whole there. */
function keptInOtherFormat({ hop, request }: HopFact, facts: HopFacts, { format: mesh }: DiagnosisInput): boolean {
  const own = carriedFormat(request, mesh);
  const tallies = [...(tallyFormats(facts, mesh).get(`${hop.caller} ${hop.callee}`) ?? [])];
  const others = tallies.filter(([format]) => format !== own);
  return (
    others.length > 0 &&
    others.every(([, { isKeptOnly }]) => isKeptOnly) &&
    tallies.every(([format, { isKept }]) => format !== own || !isKept)
  );
}

/**
 * Calls that were found nowhere. Fragments are searched for a sample of each shape, so where some of a hop's were found
 * the others went the same way. Where none was, and a lost context would have begun a new trace, the call carried the
 * decision not to trace; on a mesh that does not trace everything both look alike. Where nothing shows that the mesh
 * sees calls of this hop at all, nothing is held against its caller; nor where a dump without a list of requests lacks all
 * calls of a caller.
 */
function explainUnseen(
  unseen: readonly HopFact[],
  known: readonly HopDefect[],
  all: HopFacts,
  input: DiagnosisInput,
): Pick<Diagnosis, 'hopDefects' | 'uncaptured'> {
  const standsAlone = aloneIn(all, input);
  const isMissingAlone = missingAlone(all);
  const weighedInDump = weighInDump(all, input);
  const wentAlike = new Map<string, Likeness>();
  const explained: HopDefect[] = [];
  const uncaptured: UncapturedCall[] = [];
  for (const [key, facts] of Map.groupBy(unseen, ({ hop }) => hopKey(hop))) {
    const alike = findAlike(key, known);
    if (alike !== undefined) wentAlike.set(key, alike);
    const [first] = facts;
    if (first === undefined) continue;
    const nowhere = alike ?? explainNowhere(first.hop.caller, known, input);
    const isUndeclared = alike === undefined && input.undeclared.has(first.hop.callee);
    const isAlone =
      alike === undefined &&
      nowhere.code !== 'HC507' &&
      (standsAlone(first.hop) || (!input.samplingIsKnown && facts.every(isMissingAlone)));
    const where = nowhere.received.kind === 'call-unseen' ? nowhere.received.where : 'own-trace';
    const isInDump = alike === undefined && nowhere.code === 'HC501' && !input.samplingIsKnown;
    const inDump = isInDump ? weighedInDump(facts, nowhere.causes) : undefined;
    for (const fact of facts) {
      if (isUndeclared) uncaptured.push({ fact, causes: ['not-captured'], where });
      else if (isAlone)
        uncaptured.push({ fact, causes: weighAlone(first.hop, nowhere.causes, standsAlone, input), where });
      else if (inDump !== undefined) uncaptured.push({ fact, causes: inDump, where });
      else explained.push({ ...nowhere, fact, checked: alike === undefined });
    }
  }
  // Those that were looked up get the same facts: it is one finding.
  const looked = known.map((hopDefect) => {
    const alike = wentAlike.get(hopKey(hopDefect.fact.hop));
    return alike?.code === hopDefect.code ? { ...hopDefect, received: alike.received } : hopDefect;
  });
  return { hopDefects: [...looked, ...explained], uncaptured };
}

/**
 * Causes of calls of which nothing shows that the mesh sees them, likeliest first. Where the cluster says that proxies see
 * both sides of such a hop, those of its caller come first.
 */
function weighAlone(
  hop: HopFact['hop'],
  harms: readonly Cause[],
  standsAlone: (hop: HopFact['hop']) => boolean,
  { captured }: DiagnosisInput,
): readonly Cause[] {
  const isSeenByConfiguration = standsAlone(hop) && captured.has(hop.caller) && captured.has(hop.callee);
  return isSeenByConfiguration ? [...harms, 'not-captured'] : ['not-captured', ...harms];
}

/** Causes that leave the call under another trace id, where no search is possible. */
const ELSEWHERE: readonly Cause[] = ['trace-restarted', 'format-mismatch', 'id-truncated', 'context-reused'];

type Likeness = Pick<HopDefect, 'code' | 'causes' | 'received'>;

/** The most common defect of the hop's calls that were found elsewhere. */
function findAlike(key: string, known: readonly HopDefect[]): Likeness | undefined {
  const alike = known.filter(
    ({ fact }) => hopKey(fact.hop) === key && fact.elsewhere !== undefined && !isCarriedTrial(fact.request),
  );
  const [most = []] = [...Map.groupBy(alike, ({ code }) => code).values()].toSorted((a, b) => b.length - a.length);
  const [first] = most;
  if (first === undefined) return undefined;
  const { code, causes, received } = first;
  return { code, causes, received };
}

/** Not one of the hop's calls was found: the mesh's own behaviour shows what may have become of them. */
function explainNowhere(caller: string, known: readonly HopDefect[], input: DiagnosisInput): Likeness {
  const { canSearch, everythingIsTraced, format } = input;
  // A new x-request-id may veto the trace (docs/facts/envoy.md#headers-seen).
  if (decidesByRequestId(format) && known.some(({ code, fact }) => code === 'HC507' && fact.hop.caller === caller)) {
    return { code: 'HC507', causes: ['request-id-dropped'], received: { kind: 'call-unseen', where: 'decided-anew' } };
  }
  if (canSearch && everythingIsTraced) {
    return { code: 'HC603', causes: ['sampled-changed'], received: { kind: 'call-unseen', where: 'any-trace' } };
  }
  const where = canSearch ? 'marked-traces' : 'own-trace';
  const vetoes: readonly Cause[] = decidesByRequestId(format) ? ['request-id-dropped'] : [];
  const causes: readonly Cause[] = ['context-dropped', ...(canSearch ? [] : ELSEWHERE), 'sampled-changed', ...vetoes];
  return { code: 'HC501', causes, received: { kind: 'call-unseen', where } };
}
