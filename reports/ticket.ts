import { CODES } from '../harness/model/codes.ts';
import type { Finding } from '../harness/model/finding.ts';
import type { RunReport } from '../harness/model/report.ts';
import { shareWords } from '../harness/model/share-words.ts';
import { calleeLines, versionsText } from './breakdown.ts';
import { safeText } from './characters/safe-text.ts';
import { linkOf, plain } from './markdown-text.ts';
import { docsOf, subjectInWords } from './words.ts';

/** Longest curl line that is taken along. */
const LONGEST_CURL = 1900;

/** A finding as Markdown for a ticket: what is wrong, what to do, how it is known, and of which run. All foreign text is escaped. */
export function ticketText({ run }: RunReport, finding: Finding): string {
  const { code, severity, subject, expected, received, causes, remedy, evidence } = finding;
  const share = shareWords(finding);
  const callees = calleeLines(finding);
  const versions = versionsText(finding);
  const rows = [
    `* expected: ${plain(expected)}`,
    `* received: ${plain(received)}`,
    ...(callees.length === 0 ? [] : [`* calls to: ${plain(callees.join('; '))}`]),
    ...(versions === undefined ? [] : [`* versions: ${plain(versions)}`]),
    ...(causes.length === 0 ? [] : [`* cause: ${causes.join(' or ')}`]),
    ...evidence.links.map((link) => `* trace: ${linkOf(link)}`),
    `* run: ${plain(run.id)}, started ${plain(run.startedAt)}${run.target.ingress === '' ? '' : `, of ${plain(run.target.ingress)}`}`,
    `* more: ${docsOf(finding)}`,
  ];
  const { curl } = evidence;
  const again =
    curl === undefined || curl.length > LONGEST_CURL ? [] : ['', '```sh', safeText(curl, LONGEST_CURL), '```'];
  return [
    `### ${plain(subjectInWords(subject))}: ${plain(CODES[code].title)}`,
    '',
    `${code} ${severity}${share === '' ? '' : ` · ${plain(share)}`}`,
    '',
    `**What to do:** ${plain(remedy)}`,
    '',
    ...rows,
    ...again,
  ].join('\n');
}
