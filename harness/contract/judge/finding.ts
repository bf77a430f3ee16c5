import type { FindingCode } from '../../model/codes.ts';
import type { FindingFacts } from '../../model/facts/facts.ts';
import type { Cause, JudgedFinding, Severity, Subject } from '../../model/finding.ts';
import { EVIDENCE_LIMIT } from '../../model/finding.ts';

interface Parts {
  readonly code: FindingCode;
  readonly severity?: Severity;
  readonly causes?: readonly Cause[];
  readonly subject: Subject;
  readonly facts: FindingFacts;
  readonly affected: number;
  readonly of: number;
  /** Ids of requests that show it. */
  readonly requests?: readonly string[];
  readonly curl?: string;
}

/** A finding of contract mode: its evidence is requests, because there are no traces. */
export function contractFinding({ severity = 'error', causes = [], requests = [], ...parts }: Parts): JudgedFinding {
  const { code, subject, facts, affected, of, curl } = parts;
  const probes = [...new Set(requests)].slice(0, EVIDENCE_LIMIT);
  return {
    code,
    severity,
    causes,
    subject,
    facts,
    share: { affected, of: Math.max(affected, of) },
    evidence: { probes, traces: [], spans: [], links: [], ...(curl !== undefined && { curl }) },
  };
}
