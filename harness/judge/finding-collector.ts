import type { FindingCode } from '../model/codes.ts';
import type { Exchange } from '../model/exchange.ts';
import { factKey } from '../model/facts/fact-key.ts';
import type { Fact } from '../model/facts/facts.ts';
import {
  type Cause,
  EVIDENCE_LIMIT,
  type FindingRef,
  type JudgedFinding,
  type Severity,
  type Subject,
  subjectKey,
} from '../model/finding.ts';
import type { TraceId } from '../model/ids.ts';
import type { Span } from '../model/span.ts';
import { byWeight, WEIGHT } from './by-weight.ts';
import { explainedByCircumstance } from './circumstances.ts';
import { curlLine } from './curl.ts';
import { type RunView, traceLink } from './run-view.ts';
import { type ByVersion, VersionTally } from './version-tally.ts';
import { MESH_CHANGED } from './weigh-change.ts';

/** One thing seen in one place; notes of one code and subject become one finding. */
export interface Note {
  readonly code: FindingCode;
  /** Default `error`; the worst of a finding's notes counts. */
  readonly severity?: Severity;
  readonly subject: Subject;
  readonly causes?: readonly Cause[];
  readonly expected: Fact;
  readonly received: Fact;
  /** Out of how many things the noted one is. */
  readonly of: number;
  /** Which things those are, where a finding's notes are of several kinds, e.g. versions: their `of` add up. */
  readonly among?: string;
  /** Where versions of the caller are known: whose it is, and how much there is of each. */
  readonly byVersion?: ByVersion;
  /** How many things this note stands for; default: its probe, counted once. */
  readonly affected?: number;
  readonly exchange?: Exchange;
  readonly traceId?: TraceId;
  readonly spans?: readonly Span[];
  /** Further traces to look at, e.g. the one with the other half. */
  readonly otherTraces?: readonly TraceId[];
  /** The advice, where it is not that of the code's page. */
  readonly remedy?: Fact;
  readonly explainedBy?: FindingRef;
}

/** A fact that was received, and how often. */
interface Received {
  readonly fact: Fact;
  readonly key: string;
  times: number;
}

interface Page {
  readonly first: Note;
  readonly notes: Note[];
  readonly probes: Set<string>;
  readonly received: Map<string, Received>;
  readonly of: Map<string, number>;
  readonly versions: VersionTally;
  affected: number;
}

/** Collects what a promise finds, and makes one finding of all that is one thing. */
export class FindingCollector {
  readonly #view: RunView;
  readonly #pages = new Map<string, Page>();
  #notes = 0;

  constructor(view: RunView) {
    this.#view = view;
  }

  /** How many were noted. */
  get notes(): number {
    return this.#notes;
  }

  note(given: Note): void {
    this.#notes += 1;
    const circumstance = explainedByCircumstance(given, this.#view);
    const note = circumstance === undefined ? given : { ...given, explainedBy: circumstance };
    const key = `${note.code} ${subjectKey(note.subject)}`;
    const page: Page = this.#pages.get(key) ?? {
      first: note,
      notes: [],
      probes: new Set(),
      of: new Map(),
      received: new Map(),
      versions: new VersionTally(),
      affected: 0,
    };
    this.#pages.set(key, page);
    page.notes.push(note);
    page.of.set(note.among ?? '', note.of);
    count(page.received, note.received);
    if (note.byVersion !== undefined) page.versions.add(note.byVersion, note.exchange?.probe.id);
    if (note.affected !== undefined) page.affected += note.affected;
    else if (note.exchange !== undefined) page.probes.add(note.exchange.probe.id);
    else page.affected += 1;
  }

  /** Errors first, explained ones after those that stand for themselves; the same for the same notes. */
  findings(): JudgedFinding[] {
    return [...this.#pages.values()].map((page) => this.#toFinding(page)).toSorted(byWeight);
  }

  #toFinding({ first, notes, probes, received, affected, of, versions }: Page): JudgedFinding {
    const { capture } = this.#view;
    const sample = notes.slice(0, EVIDENCE_LIMIT);
    // Each trace with its other half beside it.
    const traces = unique(
      sample.flatMap(({ traceId, otherTraces = [] }) => [...(traceId ? [traceId] : []), ...otherTraces]),
    ).slice(0, EVIDENCE_LIMIT);
    const shown = notes.find(({ exchange }) => exchange !== undefined)?.exchange;
    const curl = shown === undefined ? undefined : curlLine(capture, shown);
    const unexplained = notes.filter(({ explainedBy }) => explainedBy === undefined);
    // By version, what was looked at is there for versions too of which nothing was noted.
    const counted = first.among === undefined ? undefined : versions.of();
    const all = counted ?? [...of.values()].reduce((sum, some) => sum + some, 0);
    const explainedBy = unexplained.length > 0 ? undefined : tellingExplanation(notes);
    const severities = (unexplained.length > 0 ? unexplained : notes).map(({ severity = 'error' }) => severity);
    const { named, ...byVersion } = versions.result();
    return {
      code: first.code,
      severity: explainedBy !== undefined ? 'info' : worst(severities),
      causes: unique(notes.flatMap(({ causes = [] }) => causes)),
      subject: mergedSubject(
        notes.map(({ subject }) => subject),
        named,
      ),
      facts: {
        expected: first.expected,
        ...mostCommon([...received.values()]),
        ...(first.remedy !== undefined && { remedy: first.remedy }),
      },
      share: { affected: affected + probes.size, of: Math.max(all, affected + probes.size) },
      ...byVersion,
      ...(explainedBy !== undefined && { explainedBy }),
      ...(explainedBy !== undefined && worst(severities) !== 'error' && { isMild: true as const }),
      evidence: {
        probes: unique(sample.flatMap(({ exchange }) => exchange?.probe.id ?? [])),
        traces,
        spans: sample.flatMap(({ spans = [] }) =>
          spans.slice(0, 1).map(({ traceId, id }) => ({ traceId, spanId: id })),
        ),
        links: traces.flatMap((id) => traceLink(capture, id) ?? []),
        ...(curl !== undefined && { curl }),
      },
    };
  }
}

/** A change of the mesh is the weakest explanation: a finding that has another one as well does not follow from it alone. */
function tellingExplanation(notes: readonly Note[]): FindingRef | undefined {
  const refs = notes.flatMap(({ explainedBy }) => explainedBy ?? []);
  return refs.find(({ code }) => code !== MESH_CHANGED) ?? refs[0];
}

function worst(severities: readonly Severity[]): Severity {
  return severities.toSorted((a, b) => WEIGHT[a] - WEIGHT[b])[0] ?? 'error';
}

/** @param named the versions of the caller to name; undefined: those of the notes */
function mergedSubject(subjects: readonly Subject[], named: readonly string[] | undefined): Subject {
  const [first] = subjects;
  if (first === undefined) return { kind: 'mesh' };
  if (first.kind !== 'hop') return first;
  const hops = subjects.filter((subject) => subject.kind === 'hop');
  const callerVersions = named ?? unique(hops.flatMap(({ callerVersions = [] }) => callerVersions)).toSorted();
  const calleeVersions = unique(hops.flatMap(({ calleeVersions = [] }) => calleeVersions)).toSorted();
  return {
    kind: 'hop',
    caller: first.caller,
    callee: first.callee,
    ...(callerVersions.length > 0 && { callerVersions }),
    ...(calleeVersions.length > 0 && { calleeVersions }),
  };
}

function count(received: Map<string, Received>, fact: Fact): void {
  const key = factKey(fact);
  const known = received.get(key);
  if (known === undefined) received.set(key, { fact, key, times: 1 });
  else known.times += 1;
}

/** The same for the same notes in any order: of facts that are as common the first by its key. */
function mostCommon(received: readonly Received[]): { readonly received: Fact; readonly others?: number } {
  const [most, ...others] = received.toSorted((a, b) => b.times - a.times || (a.key < b.key ? -1 : 1));
  if (most === undefined) throw new RangeError('a finding has no note');
  const times = others.reduce((sum, other) => sum + other.times, 0);
  return { received: most.fact, ...(times > 0 && { others: times }) };
}

function unique<T>(items: readonly T[]): T[] {
  return [...new Set(items)];
}
