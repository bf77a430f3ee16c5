import { CODES, type FindingCode } from '../model/codes.ts';
import type { Exchange } from '../model/exchange.ts';
import {
  type Cause,
  EVIDENCE_LIMIT,
  type Finding,
  type FindingRef,
  type Severity,
  type Subject,
} from '../model/finding.ts';
import type { TraceId } from '../model/ids.ts';
import type { Span } from '../model/span.ts';
import { curlLine } from './curl.ts';
import { type RunView, traceLink } from './run-view.ts';

/** One thing seen in one place; notes of one code and subject become one finding. */
export interface Note {
  readonly code: FindingCode;
  /** Default `error`; the worst of a finding's notes counts. */
  readonly severity?: Severity;
  readonly subject: Subject;
  readonly causes?: readonly Cause[];
  readonly expected: string;
  readonly received: string;
  /** Out of how many things the noted one is. */
  readonly of: number;
  /** Which things those are, where a finding's notes are of several kinds, e.g. versions: their `of` add up. */
  readonly among?: string;
  /** How many things this note stands for; default: its probe, counted once. */
  readonly affected?: number;
  readonly exchange?: Exchange;
  readonly traceId?: TraceId;
  readonly spans?: readonly Span[];
  /** Further traces to look at, e.g. the one with the other half. */
  readonly otherTraces?: readonly TraceId[];
  readonly remedy?: string;
  readonly explainedBy?: FindingRef;
}

interface Page {
  readonly first: Note;
  readonly notes: Note[];
  readonly probes: Set<string>;
  readonly received: Map<string, number>;
  readonly of: Map<string, number>;
  affected: number;
}

/** Collects what a promise finds, and makes one finding of all that is one thing. */
export class FindingCollector {
  readonly #view: RunView;
  readonly #pages = new Map<string, Page>();

  constructor(view: RunView) {
    this.#view = view;
  }

  note(note: Note): void {
    const key = `${note.code} ${subjectKey(note.subject)}`;
    const page: Page = this.#pages.get(key) ?? {
      first: note,
      notes: [],
      probes: new Set(),
      of: new Map(),
      received: new Map(),
      affected: 0,
    };
    this.#pages.set(key, page);
    page.notes.push(note);
    page.of.set(note.among ?? '', note.of);
    page.received.set(note.received, (page.received.get(note.received) ?? 0) + 1);
    if (note.affected !== undefined) page.affected += note.affected;
    else if (note.exchange !== undefined) page.probes.add(note.exchange.probe.id);
    else page.affected += 1;
  }

  /** Errors first, explained ones after those that stand for themselves; the same for the same notes. */
  findings(): Finding[] {
    return [...this.#pages.values()].map((page) => this.#toFinding(page)).toSorted(byWeight);
  }

  #toFinding({ first, notes, probes, received, affected, of }: Page): Finding {
    const { capture } = this.#view;
    const sample = notes.slice(0, EVIDENCE_LIMIT);
    // Each trace with its other half beside it.
    const traces = unique(
      sample.flatMap(({ traceId, otherTraces = [] }) => [...(traceId ? [traceId] : []), ...otherTraces]),
    ).slice(0, EVIDENCE_LIMIT);
    const shown = notes.find(({ exchange }) => exchange !== undefined)?.exchange;
    const curl = shown === undefined ? undefined : curlLine(capture, shown);
    const unexplained = notes.filter(({ explainedBy }) => explainedBy === undefined);
    const all = [...of.values()].reduce((sum, some) => sum + some, 0);
    const explainedBy = unexplained.length > 0 ? undefined : first.explainedBy;
    const severities = (unexplained.length > 0 ? unexplained : notes).map(({ severity = 'error' }) => severity);
    return {
      code: first.code,
      severity: explainedBy !== undefined ? 'info' : worst(severities),
      causes: unique(notes.flatMap(({ causes = [] }) => causes)),
      subject: mergedSubject(notes.map(({ subject }) => subject)),
      expected: first.expected,
      received: mostCommon(received),
      share: { affected: affected + probes.size, of: Math.max(all, affected + probes.size) },
      ...(explainedBy !== undefined && { explainedBy }),
      evidence: {
        probes: unique(sample.flatMap(({ exchange }) => exchange?.probe.id ?? [])),
        traces,
        spans: sample.flatMap(({ spans = [] }) =>
          spans.slice(0, 1).map(({ traceId, id }) => ({ traceId, spanId: id })),
        ),
        links: traces.flatMap((id) => traceLink(capture, id) ?? []),
        ...(curl !== undefined && { curl }),
      },
      remedy: first.remedy ?? CODES[first.code].fix,
    };
  }
}

/** Names only: the same hop of other versions is the same subject, and its finding names all of them. */
export function subjectKey(subject: Subject): string {
  switch (subject.kind) {
    case 'hop':
      return `hop ${subject.caller} ${subject.callee}`;
    case 'service':
      return `service ${subject.service} ${subject.versions?.join(',') ?? ''}`;
    case 'probe':
      return `probe ${subject.purpose ?? ''}`;
    default:
      return subject.kind;
  }
}

export function byWeight(a: Finding, b: Finding): number {
  const weight = ({ severity, explainedBy }: Finding) => WEIGHT[severity] + (explainedBy === undefined ? 0 : 0.5);
  const key = (finding: Finding) => `${finding.code} ${subjectKey(finding.subject)}`;
  return weight(a) - weight(b) || (key(a) < key(b) ? -1 : 1);
}

const WEIGHT: Readonly<Record<Severity, number>> = { error: 0, warning: 1, info: 2 };

function worst(severities: readonly Severity[]): Severity {
  return severities.toSorted((a, b) => WEIGHT[a] - WEIGHT[b])[0] ?? 'error';
}

function mergedSubject(subjects: readonly Subject[]): Subject {
  const [first] = subjects;
  if (first === undefined) return { kind: 'mesh' };
  if (first.kind !== 'hop') return first;
  const hops = subjects.filter((subject) => subject.kind === 'hop');
  const callerVersions = unique(hops.flatMap(({ callerVersions = [] }) => callerVersions)).toSorted();
  const calleeVersions = unique(hops.flatMap(({ calleeVersions = [] }) => calleeVersions)).toSorted();
  return {
    kind: 'hop',
    caller: first.caller,
    callee: first.callee,
    ...(callerVersions.length > 0 && { callerVersions }),
    ...(calleeVersions.length > 0 && { calleeVersions }),
  };
}

function mostCommon(received: ReadonlyMap<string, number>): string {
  const [most] = [...received].toSorted(([a, n], [b, m]) => m - n || (a < b ? -1 : 1));
  const others = received.size - 1;
  return `${most?.[0] ?? ''}${others > 0 ? ' (others differ in detail)' : ''}`;
}

function unique<T>(items: readonly T[]): T[] {
  return [...new Set(items)];
}
