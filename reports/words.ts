import { CODES } from '../harness/model/codes.ts';
import { docsPage } from '../harness/model/docs-address.ts';
import type { Finding, Subject, Waiver } from '../harness/model/finding.ts';
import { percent } from '../harness/model/numbers.ts';
import type { OutcomeStatus } from '../harness/model/outcome.ts';
import type { FindingIdentity, ReportedPolicy, ReportedPromise, RunReport } from '../harness/model/report.ts';
import { shareWords } from '../harness/model/share-words.ts';
import { baselineCounts, isNews, unseenInWords } from './baseline-words.ts';
import { safeText } from './characters/safe-text.ts';
import { tolerationInWords } from './toleration-words.ts';

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

/** ` (40 of 40 calls)`, to stand behind what was counted; empty where nothing was. */
export function shareInBrackets(finding: Finding): string {
  const words = shareWords(finding);
  return words === '' ? '' : ` (${words})`;
}

/** Counts by itself: neither waived, nor what follows from another, nor mere information. */
export function isOwnFinding({ waived, explainedBy, severity }: Finding): boolean {
  return waived === undefined && explainedBy === undefined && severity !== 'info';
}

/** Held only because a person decided that what is wrong does not count: that is not a plain pass. */
export function isWaivedPromise({
  status,
  judged,
  findings,
}: Pick<ReportedPromise, 'status' | 'findings'> & { judged?: OutcomeStatus }): boolean {
  const isWaived = findings.some(({ waived }) => waived !== undefined && waived.by !== 'max');
  return status === 'pass' && judged === 'fail' && isWaived;
}

/**
 * The finding that says why a promise does not hold: its own error or warning, or else one that follows from another
 * promise's.
 */
export function primaryFinding({ findings }: Pick<ReportedPromise, 'findings'>): Finding | undefined {
  const own = findings.filter(isOwnFinding);
  return (
    own.find((finding) => isNews(finding) && finding.severity === 'error') ??
    own.find(({ severity }) => severity === 'error') ??
    own[0] ??
    findings.find(({ waived, explainedBy }) => waived === undefined && explainedBy !== undefined)
  );
}

/** `HC301 ratings: a service is missing … (4 of 4 traces); follows from HC501 reviews v2, v3 → ratings` */
export function findingInWords(finding: Finding): string {
  const { code, subject, explainedBy } = finding;
  const by =
    explainedBy === undefined ? '' : `; follows from ${explainedBy.code} ${subjectInWords(explainedBy.subject)}`;
  return `${code} ${subjectInWords(subject)}: ${CODES[code].title}${shareInBrackets(finding)}${by}`;
}

export function docsOf({ code }: Pick<Finding, 'code'>): string {
  return docsPage(`docs/codes/${code}.md`);
}

/** The command that prints the page of a code, as a person has to call it. */
export function explainCommand(
  { code }: Pick<Finding, 'code'>,
  { called = 'hopcheck' }: Pick<RunReport, 'called'>,
): string {
  return `${called} explain ${code}`;
}

export function verdictInWords({ verdict }: Pick<RunReport, 'verdict'>): string {
  return verdict === 'pass' ? 'PASS' : verdict === 'fail' ? 'FAIL' : 'INCONCLUSIVE';
}

/** `1 of 60 is not certainly above or below 1 % (0.04–8.94 %)`; empty without a limit. */
export function limitInWords({ limit, share }: Pick<Finding, 'limit' | 'share'>): string {
  if (limit === undefined) return '';
  const { low, high, decision, confidence } = limit;
  const interval = `${percent(low)} to ${percent(high)} with ${percent(confidence)} confidence`;
  const words = { above: 'above', below: 'below', undecided: 'neither certainly above nor below' }[decision];
  return `${share.affected} of ${share.of} is ${words} the limit of ${percent(limit.share)} (${interval})`;
}

/** `6.1 s` */
export function seconds(ms: number): string {
  return `${(ms / 1000).toFixed(1)} s`;
}

/** `tolerated: fixed in the next release`, `left out: --skip statistics`, `known since run 1f (before.json)` */
export function waiverInWords({ by, reason }: Waiver): string {
  const text = safeText(reason);
  if (by === 'baseline' || by === 'max') return text;
  return by === 'tolerate' ? `tolerated: ${text}` : `left out: ${text}`;
}

/** What was asked to count, and what became of it, as names and texts. */
export function policyInWords(policy: ReportedPolicy): (readonly [name: string, text: string])[] {
  const { only, skip, failOn, tolerated, max, baseline } = policy;
  const selection = (flag: string, { what, reason }: { what: string; reason?: string }) =>
    `${flag} ${what}${reason === undefined ? '' : ` (${safeText(reason)})`}`;
  const counted = [
    ...only.map((selected) => selection('--only', selected)),
    ...skip.map((selected) => selection('--skip', selected)),
    ...failOn.map((word) => `--fail-on ${word}`),
    ...(max ?? []).map(({ code, share }) => `--max ${code}=${percent(share).replace(' ', '')}`),
  ];
  return [
    ...(counted.length === 0 ? [] : [['counted', counted.join(' · ')] as const]),
    ...tolerated.map((toleration) => ['tolerated', tolerationInWords(toleration)] as const),
    ...(baseline === undefined
      ? []
      : [
          [
            'baseline',
            `${baselineCounts(baseline)} since run ${safeText(baseline.run)} (${safeText(baseline.from)})`,
          ] as const,
          ...baseline.gone.map((finding) => ['gone', identityInWords(finding)] as const),
          ...(baseline.notSeen ?? []).map(
            (finding) => ['not seen', `${identityInWords(finding)}: ${unseenInWords(finding.why)}`] as const,
          ),
        ]),
  ];
}

function identityInWords({ code, subject, causes }: FindingIdentity): string {
  return `${code} ${subjectInWords(subject)}${causes.length === 0 ? '' : ` (${causes.join(' or ')})`}`;
}

/** Whether anything was found under this code, counted or not. */
export function isFound({ promises }: Pick<RunReport, 'promises'>, wanted: Finding['code']): boolean {
  return promises.some(({ findings }) => findings.some(({ code }) => code === wanted));
}
