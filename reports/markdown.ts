import { CODES } from '../harness/model/codes.ts';
import type { Finding } from '../harness/model/finding.ts';
import type { ReportedHop, ReportedPromise, RunReport } from '../harness/model/report.ts';
import { shareWords } from '../harness/model/share-words.ts';
import { importInWords } from './run-words.ts';
import { safeText } from './safe-text.ts';
import {
  docsOf,
  findingInWords,
  policyInWords,
  STATUS_WORDS,
  seconds,
  subjectInWords,
  tellingFinding,
  verdictInWords,
  waiverInWords,
} from './words.ts';

const MARKS = { pass: '✅', fail: '❌', inconclusive: '❓', skipped: '➖', 'not-supported': '➖' } as const;
const CELLS = { kept: '✓', lost: '✗', changed: '~', 'not-observable': '·' } as const;

/** For a merge request's comment and a job summary (GitHub flavoured Markdown). All foreign text is escaped. */
export function renderMarkdown(report: RunReport): string {
  const { promises, run, policy, hops } = report;
  const findings = promises.flatMap((promise) => promise.findings);
  const told = findings.filter(({ severity, explainedBy }) => severity !== 'info' && explainedBy === undefined);
  const blocks = [
    `## ${report.verdict === 'pass' ? '✅' : report.verdict === 'fail' ? '❌' : '❓'} hopcheck: ${verdictInWords(report)}`,
    `**${plain(report.sentence)}**`,
    table(['', 'promise', 'holds when', 'observed'], promises.map(promiseRow)),
    ...told.map(findingBlock),
    ...consequences(findings),
    ...(policy === undefined
      ? []
      : [
          policyInWords(policy)
            .map(([name, text]) => `* ${name}: ${plain(text)}`)
            .join('\n'),
        ]),
    ...hopBlock(hops),
    `<sub>run ${plain(run.id)} · exit ${report.exitCode} · ${run.probes} probes · ${run.traces} traces · ${timeText(report)}</sub>`,
  ];
  return `${blocks.join('\n\n')}\n`;
}

function timeText({ run, timings }: RunReport): string {
  const imported = importInWords(run);
  return imported ?? `${seconds(run.durationMs)} (waiting for spans ${seconds(timings.settleMs)})`;
}

function promiseRow(promise: ReportedPromise): string[] {
  const { id, title, status, observed, reason, judged } = promise;
  // What is wrong with it is told elsewhere: without a word it would look as if nothing said why it failed.
  const by = status === 'fail' ? tellingFinding(promise)?.explainedBy : undefined;
  const follows = by === undefined ? '' : `follows from ${by.code} ${subjectInWords(by.subject)}`;
  const waived = judged === 'fail' && status === 'pass';
  const word = waived ? 'waived' : status === 'pass' ? '' : STATUS_WORDS[status];
  const texts = [word, observed, reason ?? '', follows].filter((text) => text !== '').map(plain);
  return [waived ? '➖' : MARKS[status], id, plain(title), texts.join(' · ')];
}

function findingBlock(finding: Finding): string {
  const { code, severity, subject, expected, received, causes, remedy, evidence, waived, baseline } = finding;
  const [link] = evidence.links;
  const rows = [
    ...(waived === undefined ? [] : [`* **${plain(waiverInWords(waived))}**`]),
    `* expected: ${plain(expected)}`,
    `* received: ${plain(received)}`,
    ...(causes.length === 0 ? [] : [`* cause: ${causes.map((cause) => `\`${cause}\``).join(' or ')}`]),
    `* do: ${plain(remedy)}`,
    ...(link === undefined ? [] : [`* trace: ${linkOf(link)}`]),
    `* more: \`hopcheck explain ${code}\`, ${docsOf(finding)}`,
  ];
  const head = [`${code} ${severity}`, plain(subjectInWords(subject)), plain(CODES[code].title), shareWords(finding)];
  const parts = [...head, baseline ?? ''].filter((part) => part !== '');
  return `### ${parts.join(' · ')}\n\n${rows.join('\n')}`;
}

/** What follows from another finding needs no block of its own, but a reader who looks for it must find it. */
function consequences(findings: readonly Finding[]): string[] {
  const lines = findings
    .filter(({ explainedBy }) => explainedBy !== undefined)
    .map((finding) => `* ${plain(findingInWords(finding))}`);
  return lines.length === 0 ? [] : [`**Follows from another finding**\n\n${lines.join('\n')}`];
}

function hopBlock(hops: readonly ReportedHop[]): string[] {
  const headers = [...new Set(hops.flatMap((hop) => Object.keys(hop.headers)))];
  if (hops.length === 0) return [];
  const rows = hops.map(({ caller, callee, seen, expected, headers: cells }) => [
    `${plain(caller)} → ${plain(callee)}`,
    `${seen} of ${expected}`,
    ...headers.map((header) => {
      const found = cells[header];
      return found === undefined ? '' : CELLS[found.cell];
    }),
  ]);
  const matrix = table(['hop', 'seen', ...headers.map(plain)], rows);
  return [
    `<details><summary>Hops and headers (✓ kept, ✗ lost, ~ changed, · not observable)</summary>\n\n${matrix}\n\n</details>`,
  ];
}

function table(head: readonly string[], rows: readonly (readonly string[])[]): string {
  return [head, head.map(() => '---'), ...rows].map((cells) => `| ${cells.join(' | ')} |`).join('\n');
}

/** Only what is a web address becomes a link; what could end it is percent-encoded. */
function linkOf(link: string): string {
  const safe = safeText(link, 2000);
  if (!/^https?:\/\//.test(safe)) return plain(safe);
  const target = safe.replace(/[\s<>()[\]\\"`|*_]/g, (character) =>
    encodeURIComponent(character).replace(/[()*_]/g, hex),
  );
  return `[open](<${target}>)`;
}

function hex(character: string): string {
  return `%${(character.codePointAt(0) ?? 0).toString(16).toUpperCase()}`;
}

/**
 * Foreign text as text: the punctuation that Markdown reads is escaped (CommonMark §2.4), & and < become entities, for
 * HTML is read first, and what GitHub makes links and mentions of by itself is broken by a character without width.
 */
function plain(text: string): string {
  return safeText(text)
    .replaceAll('&', '&amp;')
    .replaceAll('<', '&lt;')
    .replace(/[\\`*_{}[\]()+!|~>$^]/g, (character) => `\\${character}`)
    .replace(/[@#]/g, (character) => `${character}&#8203;`)
    .replace(/:(?=\/\/)|\b(?:www|mailto|xmpp)(?=[.:])/gi, (found) => `${found}&#8203;`);
}
