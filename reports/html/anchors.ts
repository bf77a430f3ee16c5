import { type Finding, type FindingRef, SEVERITIES, type Subject } from '../../harness/model/finding.ts';
import type { RunReport } from '../../harness/model/report.ts';
import { slug } from './shared/format.ts';

/** Findings on the page. A run of more is broken in one way, many times; the other formats have all. */
const FINDINGS_SHOWN = 200;

/** Every finding's place in the page: `HC302-reviews-ratings`. The same finding has the same anchor in every run. */
export interface Anchors {
  /** undefined: it is not on the page. */
  of(finding: Finding): string | undefined;
  /** Of the finding a reference points to. */
  to(reference: FindingRef): string | undefined;
  /** Findings that are not on the page, the least weighty ones. */
  readonly leftOut: number;
}

export function anchorsOf({ promises }: Pick<RunReport, 'promises'>): Anchors {
  const anchors = new Map<Finding, string>();
  const taken = new Set<string>();
  const all = promises.flatMap(({ findings }) => findings).toSorted((a, b) => weightOf(a) - weightOf(b));
  for (const finding of all.slice(0, FINDINGS_SHOWN)) {
    const wanted = [finding.code, ...subjectParts(finding.subject)].map(slug).filter(Boolean).join('-');
    let anchor = wanted;
    for (let more = 2; taken.has(anchor); more += 1) anchor = `${wanted}-${more}`;
    taken.add(anchor);
    anchors.set(finding, anchor);
  }
  return {
    of: (finding) => anchors.get(finding),
    to: ({ promise, code, subject }) => {
      const findings = promises.find(({ id }) => id === promise)?.findings ?? [];
      const wanted = namesOf(subject);
      const found = findings.find((finding) => finding.code === code && namesOf(finding.subject) === wanted);
      return found === undefined ? undefined : anchors.get(found);
    },
    leftOut: Math.max(0, all.length - FINDINGS_SHOWN),
  };
}

/** Findings that count before those that do not, errors before warnings. */
function weightOf({ severity, explainedBy, waived }: Finding): number {
  return SEVERITIES.indexOf(severity) + (explainedBy === undefined && waived === undefined ? 0 : 10);
}

function subjectParts(subject: Subject): readonly string[] {
  if (subject.kind === 'hop') return [subject.caller, subject.callee];
  if (subject.kind === 'service') return [subject.service, ...(subject.versions ?? [])];
  if (subject.kind === 'probe') return [subject.purpose ?? 'probes'];
  return [subject.kind];
}

/** A finding's versions are those of all its probes; a reference names only some. */
function namesOf(subject: Subject): string {
  if (subject.kind === 'hop') return `${subject.caller} ${subject.callee}`;
  return subject.kind === 'service' ? subject.service : subject.kind;
}
