import { type Application, callsFrom } from '../model/application.ts';
import type { FindingCode } from '../model/codes.ts';
import { countsCalls } from '../model/counted-share.ts';
import type { Fact } from '../model/facts/facts.ts';
import { EVIDENCE_LIMIT, type FindingRef, type JudgedFinding, type Subject, subjectKey } from '../model/finding.ts';
import type { Outcome } from '../model/outcome.ts';
import type { JudgedPromise } from '../model/report.ts';

/** Codes of a caller that does something to its calls, or whose calls its own proxy does not see. */
export const OF_CALLER: ReadonlySet<FindingCode> = new Set([
  'HC302',
  'HC501',
  'HC502',
  'HC503',
  'HC504',
  'HC505',
  'HC506',
  'HC507',
  'HC509',
  'HC602',
  'HC603',
]);

/**
 * Takes findings apart again where a policy names a part of them. Findings that follow from them follow from the
 * part then.
 */
export function splitFindings(
  promises: readonly JudgedPromise[],
  isToSplit: (finding: JudgedFinding, promise: JudgedPromise) => boolean,
): readonly JudgedPromise[] {
  const split = new Set<string>();
  const taken = promises.map((promise) => ({
    ...promise,
    findings: promise.findings.flatMap((finding) => {
      if (finding.parts === undefined || !isToSplit(finding, promise)) return [finding];
      split.add(keyOf(promise.id, finding.code, finding.subject));
      return finding.parts;
    }),
  }));
  if (split.size === 0) return promises;
  return taken.map((promise) => ({
    ...promise,
    findings: promise.findings.map(({ explainedByPart, ...finding }): JudgedFinding => {
      const { explainedBy } = finding;
      const isSplit = explainedBy && split.has(keyOf(explainedBy.promise, explainedBy.code, explainedBy.subject));
      return isSplit === true && explainedByPart !== undefined ? { ...finding, explainedBy: explainedByPart } : finding;
    }),
  }));
}

type HopFinding = JudgedFinding & { readonly subject: Extract<Subject, { kind: 'hop' }> };

/**
 * Makes one finding of those about all callees of one caller that fare alike: the caller is the part that they share. Its
 * subject is the caller, and `callees` counts for each. References to the findings it is made of lead to it.
 */
export function mergeFindings(outcomes: readonly Outcome[], application: Application): readonly Outcome[] {
  const merged = new Map<string, Subject>();
  const joined = outcomes.map((outcome) => ({
    ...outcome,
    findings: mergeIn(outcome.findings, application, (part, whole) => {
      merged.set(keyOf(outcome.promise, part.code, part.subject), whole.subject);
    }),
  }));
  if (merged.size === 0) return outcomes;
  return joined.map((outcome) => ({
    ...outcome,
    findings: outcome.findings.map((finding) => {
      const { explainedBy } = finding;
      const whole = explainedBy && merged.get(keyOf(explainedBy.promise, explainedBy.code, explainedBy.subject));
      return explainedBy === undefined || whole === undefined
        ? finding
        : { ...finding, explainedBy: { ...explainedBy, subject: whole }, explainedByPart: explainedBy };
    }),
  }));
}

function keyOf(promise: FindingRef['promise'], code: FindingCode, subject: Subject): string {
  return `${promise} ${code} ${subjectKey(subject)}`;
}

function mergeIn(
  findings: readonly JudgedFinding[],
  application: Application,
  onMerge: (part: JudgedFinding, whole: JudgedFinding) => void,
): readonly JudgedFinding[] {
  const groups = Map.groupBy(findings, (finding, index) => (isOfCaller(finding) ? likeness(finding) : String(index)));
  return [...groups.values()].flatMap((alike) => {
    const parts = alike.filter(isOfCaller);
    const [first] = parts;
    if (first === undefined || !areAllCallees(parts, application)) return alike;
    const whole = asOne(first, parts, application);
    for (const part of parts) onMerge(part, whole);
    return [whole];
  });
}

function isOfCaller(finding: JudgedFinding): finding is HopFinding {
  const { code, subject, explainedBy, facts, causes } = finding;
  if (!OF_CALLER.has(code) || subject.kind !== 'hop' || explainedBy !== undefined) return false;
  // A call that is only not there may be the callee's matter. One that arrived left its caller, whose proxy made no span; and
  // where all calls are missing together, they share the caller.
  return code !== 'HC302' || facts.received.kind === 'arrived-uncaptured' || causes[0] === 'sampled-changed';
}

function likeness({ code, severity, causes, subject }: HopFinding): string {
  return JSON.stringify([code, severity, causes, subject.caller, subject.callerVersions]);
}

/** Every callee of these versions of the caller, and at least two. */
function areAllCallees(parts: readonly HopFinding[], application: Application): boolean {
  const [first] = parts;
  if (first === undefined || parts.length < 2) return false;
  const { caller, callerVersions } = first.subject;
  const versions = callerVersions ?? application.services.find(({ name }) => name === caller)?.versions ?? [undefined];
  const calls = versions.flatMap((version) => callsFrom(application, caller, version));
  const affected = new Set(parts.map(({ subject }) => subject.callee));
  // No span ever shows a call of a peer that is not seen.
  return calls.every(({ callee, peer }) => peer === 'unseen' || affected.has(callee));
}

function asOne(first: HopFinding, unordered: readonly HopFinding[], { calls }: Application): JudgedFinding {
  const order = (part: HopFinding) => calls.findIndex(({ callee }) => callee === part.subject.callee);
  const parts = unordered.toSorted((a, b) => order(a) - order(b));
  const { caller, callerVersions } = first.subject;
  const most = parts.toSorted((a, b) => b.share.affected - a.share.affected)[0] ?? first;
  const sum = (of: (part: HopFinding) => number) => parts.reduce((total, part) => total + of(part), 0);
  // The same probes are counted at each callee; each call is another one.
  const share = countsCalls(first.code)
    ? { affected: sum((part) => part.share.affected), of: sum((part) => part.share.of) }
    : most.share;
  const { shareByVersion: _, versionTest: __, ...rest } = first;
  return {
    ...rest,
    subject: { kind: 'service', service: caller, ...(callerVersions !== undefined && { versions: callerVersions }) },
    facts: factsOf(parts, most),
    share,
    callees: parts.map(({ subject, share: ofCallee, shareByVersion, versionTest }) => ({
      callee: subject.callee,
      share: ofCallee,
      ...(shareByVersion !== undefined && { shareByVersion }),
      ...(versionTest !== undefined && { versionTest }),
    })),
    evidence: {
      ...most.evidence,
      probes: unique(parts.flatMap(({ evidence }) => evidence.probes)),
      traces: unique(parts.flatMap(({ evidence }) => evidence.traces)),
      links: unique(parts.flatMap(({ evidence }) => evidence.links)),
    },
    parts,
  };
}

/** Those of most calls, stated of all callees. */
function factsOf(parts: readonly HopFinding[], most: HopFinding): JudgedFinding['facts'] {
  const callees = parts.map(({ subject }) => subject.callee);
  const { expected, received, remedy } = most.facts;
  const others = parts.reduce((sum, { facts }) => sum + (facts.others ?? 0), 0);
  const ofEach = (fact: Fact): Fact => (isOfCall(fact) ? { ...fact, callees } : fact);
  return {
    expected: ofEach(expected),
    received: ofEach(withoutExtent(received, parts)),
    ...(others > 0 && { others }),
    ...(remedy !== undefined && { remedy: ofEach(remedy) }),
  };
}

/** Facts about a call that hold for the calls to several callees as well. */
const OF_CALL = [
  'same-trace',
  'same-trace-id',
  'whole-trace-id',
  'own-context',
  'under-caller',
  'same-request-id',
  'call-traced',
  'copy-headers',
  'export-spans',
  'keep-decision',
  'call-in-trace',
  'call-not-captured',
  'arrived-uncaptured',
  'capture-call',
] as const;

function isOfCall(fact: Fact): fact is Extract<Fact, { kind: (typeof OF_CALL)[number] }> {
  return OF_CALL.some((kind) => kind === fact.kind);
}

const AT_HOP = ['context-harmed', 'other-request-id', 'format-lost', 'call-unseen'] as const;

function isAtHop(fact: Fact): fact is Extract<Fact, { kind: (typeof AT_HOP)[number] }> {
  return AT_HOP.some((kind) => kind === fact.kind);
}

/** How many were looked up, of all calls; the table has how many are affected. */
function withoutExtent(received: Fact, parts: readonly HopFinding[]): Fact {
  if (!isAtHop(received)) return received;
  const { rate: _, checked: __, ...rest } = received;
  const each = parts.flatMap(({ facts, share }) => {
    if (!isAtHop(facts.received)) return [];
    return facts.received.checked ?? { calls: share.affected, of: share.affected };
  });
  const calls = each.reduce((sum, one) => sum + one.calls, 0);
  const of = each.reduce((sum, one) => sum + one.of, 0);
  return calls === of ? rest : { ...rest, checked: { calls, of } };
}

function unique<T>(items: readonly T[]): T[] {
  return [...new Set(items)].slice(0, EVIDENCE_LIMIT);
}
