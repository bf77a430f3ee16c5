import { decidesByRequestId } from '../formats/formats.ts';
import type { FindingCode } from '../model/codes.ts';
import { hopKey } from '../model/expected.ts';
import type { Cause } from '../model/finding.ts';
import type { TraceId } from '../model/ids.ts';
import { causesOfCall } from './call-answer.ts';
import { type ContextCause, type HopFact, readHops } from './hop-fact.ts';
import { locateServer } from './locate-call.ts';
import { carriedFormat, type DiagnosisInput, isCarriedTrial } from './request.ts';
import { type LostSpan, lostCalls, mergeVersions, type SilentService, silentServices } from './silent.ts';
import { findLoss, type SpanLoss } from './span-loss.ts';
import { tallyFormats } from './tally-formats.ts';

/** One hop of one request at which the context came to harm. */
export interface HopDefect {
  readonly fact: HopFact;
  readonly code: Extract<
    FindingCode,
    'HC501' | 'HC502' | 'HC503' | 'HC504' | 'HC505' | 'HC506' | 'HC507' | 'HC509' | 'HC510' | 'HC603'
  >;
  /** One when certain, else every cause that explains it, likeliest first. */
  readonly causes: readonly Cause[];
  readonly received: string;
}

/** What ails the requests of a run: pure, from settled traces and fragments to causes (docs/architecture.md#causes). */
export interface Diagnosis {
  readonly facts: readonly HopFact[];
  readonly hopDefects: readonly HopDefect[];
  readonly silent: readonly SilentService[];
  readonly lost: readonly LostSpan[];
  /** What silent and lost spans come to where it is nobody's in particular. */
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
  const facts = readHops(input);
  const defective = facts.filter((fact) => !isSound(fact));
  const stripped = findStripped(defective, input);
  const unanswered = defective.filter((fact) => !stripped.has(fact));
  const { silent, lost } = mergeVersions(silentServices(unanswered, input), lostCalls(input));
  const loss = findLoss(facts, silent, lost, input);
  const common = { facts, silent, lost, ...(loss !== undefined && { loss }) };
  if (defective.length === 0) return { ...common, hopDefects: [] };
  const known = defective.flatMap((fact) => hopDefectOf(fact, facts, stripped, input) ?? []);
  const lostAt = new Set(lost.map(({ request, service }) => `${request.exchange.probe.id} ${service}`));
  const unseen = defective.filter(
    ({ context, hop, request }) =>
      context === 'unseen' &&
      hop.half === 'client' &&
      hop.callerSpan !== undefined &&
      request.unidentified.length === 0 &&
      !isCarriedTrial(request) &&
      loss?.covers(hop) !== true &&
      !lostAt.has(`${request.exchange.probe.id} ${hop.caller}`),
  );
  return { ...common, hopDefects: explainUnseen(unseen, known, input) };
}

function isSound({ context, requestId, hop }: HopFact): boolean {
  return context === 'kept' && requestId !== 'lost' && hop.half === undefined;
}

/** Said without numbers, which differ from version to version: one thing is one finding. */
const SAMPLED = ' (a sample of them was looked up)';

/**
 * Answered calls whose SERVER span is in another trace, with that trace and what is said of them. A sample of each shape
 * is looked up: the others of a hop went the same way.
 */
function findStripped(
  defective: readonly HopFact[],
  input: DiagnosisInput,
): ReadonlyMap<HopFact, { readonly received: string; readonly elsewhere?: TraceId }> {
  const answered = defective.filter(
    ({ hop }) => hop.half === 'server' && hop.clientSpan !== undefined && causesOfCall(hop.clientSpan).length === 0,
  );
  const groups = Map.groupBy(answered, ({ hop }) => hopKey(hop));
  const stripped = new Map<HopFact, { received: string; elsewhere?: TraceId }>();
  for (const facts of groups.values()) {
    const servers = new Map(facts.map((fact) => [fact, locateServer(fact.hop, fact.request, input)]));
    const looked = facts.filter((fact) => servers.get(fact) !== undefined).length;
    if (looked === 0) continue;
    const known = looked === facts.length ? '' : SAMPLED;
    for (const fact of facts) {
      const elsewhere = servers.get(fact)?.traceId;
      stripped.set(fact, {
        received: `the SERVER span of ${fact.hop.callee} begins another trace${known}`,
        ...(elsewhere !== undefined && { elsewhere }),
      });
    }
  }
  return stripped;
}

function hopDefectOf(
  fact: HopFact,
  facts: readonly HopFact[],
  stripped: ReturnType<typeof findStripped>,
  input: DiagnosisInput,
): HopDefect | undefined {
  const { context, requestId, request } = fact;
  const found = context === 'kept' ? stripped.get(fact) : undefined;
  if (found !== undefined) {
    const { received, elsewhere } = found;
    const located = elsewhere === undefined ? fact : { ...fact, elsewhere };
    return { fact: located, code: 'HC510', causes: ['stripped-in-transit'], received };
  }
  if (context === 'kept' || context === 'unseen') {
    if (requestId !== 'lost') return undefined;
    return {
      fact,
      code: 'HC507',
      causes: ['request-id-dropped'],
      received: 'the call carries another x-request-id; the trace context was passed on',
    };
  }
  const isTrial = isCarriedTrial(request);
  if ((isTrial || context === 'context-dropped') && keptInOtherFormat(fact, facts, input)) {
    const other = isTrial ? 'the format of the mesh' : 'another format';
    const received = `lost on probes with ${request.exchange.probe.format}, kept on those with ${other}`;
    return { fact, code: 'HC509', causes: ['format-mismatch'], received };
  }
  // Where the mesh's own format fares no better, there is nothing to say about one that was only tried.
  if (isTrial) return undefined;
  return { fact, code: CODE_OF[context], causes: causesOf(context, fact), received: describe(context, fact) };
}

/** Where x-request-id is forwarded and no header of the mesh's format is, headers of another format may be. */
function causesOf(context: ContextCause, { requestId }: HopFact): readonly Cause[] {
  if (context === 'context-dropped' && requestId === 'kept') return ['context-dropped', 'format-mismatch'];
  return [context];
}

function describe(context: ContextCause, { requestId }: HopFact): string {
  const id =
    requestId === 'kept' ? '; x-request-id was passed on' : requestId === 'lost' ? '; x-request-id was lost too' : '';
  switch (context) {
    case 'context-dropped':
      return `the call begins a trace of its own${id}`;
    case 'trace-restarted':
      return `the call is in another trace, not at its beginning${id}`;
    case 'id-truncated':
      return `the call is in the trace of the lower 64 bits of the id${id}`;
    case 'context-reused':
      return 'the call is in the trace of another request';
    case 'parent-wrong':
      return 'the call is in the trace, beside its caller and not below it';
    case 'parent-phantom':
      return 'the call is in the trace, below a span that nobody reported';
  }
}

/** The same hop, reached by another format, and whole there. */
function keptInOtherFormat(
  { hop, request }: HopFact,
  facts: readonly HopFact[],
  { format: mesh }: DiagnosisInput,
): boolean {
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
 * the others went the same way. Where none was, and a lost context would have begun a trace of its own, the call was told
 * not to be traced; on a mesh that does not trace everything both look alike.
 */
function explainUnseen(unseen: readonly HopFact[], known: readonly HopDefect[], input: DiagnosisInput): HopDefect[] {
  const groups = Map.groupBy(unseen, ({ hop }) => hopKey(hop));
  const wentAlike = new Map<string, Likeness>();
  const explained = [...groups].flatMap(([key, facts]) => {
    const alike = findAlike(key, known);
    if (alike !== undefined) wentAlike.set(key, alike);
    const [first] = facts;
    const explanation = alike ?? (first === undefined ? undefined : explainNowhere(first.hop.caller, known, input));
    return explanation === undefined ? [] : facts.map((fact): HopDefect => ({ ...explanation, fact }));
  });
  // Those that were looked up say the same: it is one finding.
  const looked = known.map((hopDefect) => {
    const alike = wentAlike.get(hopKey(hopDefect.fact.hop));
    return alike?.code === hopDefect.code ? { ...hopDefect, received: alike.received } : hopDefect;
  });
  return [...looked, ...explained];
}

/** What would leave the call under another trace id, where nobody could look. */
const ELSEWHERE: readonly Cause[] = ['trace-restarted', 'format-mismatch', 'id-truncated', 'context-reused'];

type Likeness = Pick<HopDefect, 'code' | 'causes' | 'received'>;

/** What most of the hop's calls came to that were found elsewhere. */
function findAlike(key: string, known: readonly HopDefect[]): Likeness | undefined {
  const alike = known.filter(
    ({ fact }) => hopKey(fact.hop) === key && fact.elsewhere !== undefined && !isCarriedTrial(fact.request),
  );
  const [most = []] = [...Map.groupBy(alike, ({ code }) => code).values()].toSorted((a, b) => b.length - a.length);
  const [first] = most;
  if (first === undefined) return undefined;
  const { code, causes, received } = first;
  return { code, causes, received: `${received}${SAMPLED}` };
}

/** Not one of the hop's calls was found: what the mesh does by itself tells what may have become of them. */
function explainNowhere(caller: string, known: readonly HopDefect[], input: DiagnosisInput): Likeness {
  const { canSearch, everythingIsTraced, format } = input;
  // A new x-request-id may veto the trace (docs/facts/envoy.md#headers-seen).
  if (decidesByRequestId(format) && known.some(({ code, fact }) => code === 'HC507' && fact.hop.caller === caller)) {
    const received = 'no span of the call: with a new x-request-id its proxy decided anew';
    return { code: 'HC507', causes: ['request-id-dropped'], received };
  }
  if (canSearch && everythingIsTraced) {
    const received = 'no span of the call, in this trace or another';
    return { code: 'HC603', causes: ['sampled-changed'], received };
  }
  const where = canSearch
    ? 'in this trace, and none with the marker in another'
    : 'in this trace; others could not be searched';
  const vetoes: readonly Cause[] = decidesByRequestId(format) ? ['request-id-dropped'] : [];
  const causes: readonly Cause[] = ['context-dropped', ...(canSearch ? [] : ELSEWHERE), 'sampled-changed', ...vetoes];
  return { code: 'HC501', causes, received: `no span of the call ${where}` };
}
