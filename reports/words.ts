import type { Finding, Subject } from '../harness/model/finding.ts';
import type { OutcomeStatus } from '../harness/model/outcome.ts';
import type { RunReport } from '../harness/model/report.ts';
import { safeText } from './safe-text.ts';

export const STATUS_WORDS: Readonly<Record<OutcomeStatus, string>> = {
  pass: 'pass',
  fail: 'FAIL',
  inconclusive: 'INCONCLUSIVE',
  skipped: 'skipped',
  'not-supported': 'not supported',
};

/** `reviews v2, v3 → ratings`, `details`, `the mesh` */
export function subjectInWords(subject: Subject): string {
  const withVersions = (name: string, versions: readonly string[] | undefined) =>
    versions === undefined || versions.length === 0 ? name : `${name} ${versions.join(', ')}`;
  switch (subject.kind) {
    case 'hop':
      return safeText(
        `${withVersions(subject.caller, subject.callerVersions)} → ${withVersions(subject.callee, subject.calleeVersions)}`,
      );
    case 'service':
      return safeText(withVersions(subject.service, subject.versions));
    case 'probe':
      return `${subject.purpose ?? ''} probes`.trim();
    case 'mesh':
      return 'the mesh';
    case 'backend':
      return 'the trace backend';
  }
}

/** `40 of 40` */
export function shareInWords({ share }: Finding): string {
  return `${share.affected} of ${share.of}`;
}

export function docsOf({ code }: Pick<Finding, 'code'>): string {
  return `docs/codes/${code}.md`;
}

export function verdictInWords({ verdict }: Pick<RunReport, 'verdict'>): string {
  return verdict === 'pass' ? 'PASS' : verdict === 'fail' ? 'FAIL' : 'INCONCLUSIVE';
}

/** `6.1 s` */
export function seconds(ms: number): string {
  return `${(ms / 1000).toFixed(1)} s`;
}
