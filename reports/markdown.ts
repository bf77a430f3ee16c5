// Over 250 lines: one document, written from top to bottom; what has to be left out is weighed over all of it.
import { CODES } from '../harness/model/codes.ts';
import type { Finding } from '../harness/model/finding.ts';
import type { ReportedHop, ReportedPolicy, ReportedPromise, RunReport } from '../harness/model/report.ts';
import { shareWords } from '../harness/model/share-words.ts';
import { snippetText } from '../harness/model/snippets.ts';
import { baselineInWords, newsFirst } from './baseline-words.ts';
import { calleeLines, versionsText } from './breakdown.ts';
import { countsInWords, oneOfEachFirst } from './finding-text.ts';
import { codeSpan, linkOf, plain, row, table } from './markdown-text.ts';
import { importInWords, runSizeInWords } from './run-words.ts';
import { snippetOf } from './snippet-of.ts';
import { titleNow } from './text/titles.ts';
import {
  docsOf,
  explainCommand,
  findingInWords,
  isWaivedPromise,
  limitInWords,
  policyInWords,
  primaryFinding,
  STATUS_WORDS,
  seconds,
  subjectInWords,
  verdictInWords,
  waiverInWords,
} from './words.ts';

const MARKS = { pass: '✅', fail: '❌', inconclusive: '❓', skipped: '➖', 'not-supported': '➖' } as const;
const CELLS = { kept: '✓', lost: '✗', changed: '~', 'not-observable': '·' } as const;

/**
 * Characters of the whole: a comment of GitHub takes 65 536 (its API answers 422 to more, and nothing is posted). Verdict
 * and promises are always there, whatever their texts.
 */
const ROOM = 60_000;
/** Of it for what comes after the findings, where that needs it. */
const RESERVED = 15_000;

/** Parts of which some may have to be left out. */
interface Section {
  readonly before: string;
  readonly parts: readonly string[];
  readonly between: string;
  readonly after: string;
  /** The line in place of the parts that are left out. */
  readonly leftOut: (count: number) => string;
}

/** For a merge request's comment and a job summary (GitHub flavoured Markdown). All foreign text is escaped. */
export function renderMarkdown(report: RunReport): string {
  const { promises, run, policy, hops } = report;
  const findings = promises.flatMap((promise) => promise.findings);
  const told = newsFirst(
    findings.filter(({ severity, explainedBy }) => severity !== 'info' && explainedBy === undefined),
  );
  const head = [
    `## ${report.verdict === 'pass' ? '✅' : report.verdict === 'fail' ? '❌' : '❓'} hopcheck: ${verdictInWords(report)}`,
    `**${plain(report.sentence)}**`,
    table(['', 'promise', 'statement', 'observed'], promises.map(promiseRow)),
  ];
  const foot = `<sub>run ${plain(run.id)} · exit ${report.exitCode} · ${runSizeInWords(run).map(plain).join(' · ')} · ${timeText(report)}</sub>`;
  const others = [consequences(findings), policyList(policy), hopTable(hops), contractCommands(hops)].filter(
    ({ parts }) => parts.length > 0,
  );
  let room = ROOM - sizeOf([...head, foot]);
  const needed = sizeOf(others.map((section) => sectionText(section, Number.POSITIVE_INFINITY)));
  const findingBlocks = blocksOf(told, room - Math.min(needed, RESERVED), report);
  room -= sizeOf(findingBlocks);
  const rest = others.map((section, index) => {
    // None takes all of it: what one does not need is there for those after it.
    const text = sectionText(section, room / (others.length - index));
    room -= sizeOf([text]);
    return text;
  });
  return `${[...head, ...findingBlocks, ...rest, foot].join('\n\n')}\n`;
}

/** With what stands between blocks. */
function sizeOf(blocks: readonly string[]): number {
  return blocks.reduce((sum, block) => sum + block.length + 2, 0);
}

/** In the order of the report; where not all fit, one of each code before a second of any. */
function blocksOf(findings: readonly Finding[], room: number, report: Pick<RunReport, 'called'>): string[] {
  const blocks = new Map(findings.map((finding) => [finding, findingBlock(finding, report)]));
  const all = [...blocks.values()];
  if (sizeOf(all) <= room) return all;
  const kept = new Set<Finding>();
  let left = room - sizeOf([leftOutText(findings)]);
  for (const finding of oneOfEachFirst(findings)) {
    left -= sizeOf([blocks.get(finding) ?? '']);
    if (left < 0) break;
    kept.add(finding);
  }
  const shown = [...blocks].filter(([finding]) => kept.has(finding)).map(([, block]) => block);
  return [...shown, leftOutText(findings.filter((finding) => !kept.has(finding)))];
}

function leftOutText(findings: readonly Finding[]): string {
  return `**${findings.length} more findings are left out here** (${countsInWords(findings.map(({ code }) => code))}): the other reports have them all.`;
}

function sectionText({ before, parts, between, after, leftOut }: Section, room: number): string {
  const textOf = (count: number) => {
    const note = count === parts.length ? [] : [leftOut(parts.length - count)];
    return `${before}${[...parts.slice(0, count), ...note].join(between)}${after}`;
  };
  let count = parts.length;
  while (count > 0 && sizeOf([textOf(count)]) > room) count -= 1;
  return textOf(count);
}

function timeText({ run, timings }: RunReport): string {
  const imported = importInWords(run);
  return imported ?? `${seconds(run.durationMs)} (waiting for spans ${seconds(timings.settleMs)})`;
}

function promiseRow(promise: ReportedPromise): string[] {
  const { id, status, observed, reason } = promise;
  // Its finding stands under another promise. Without a word here, a reader would see no reason for the failure.
  const by = status === 'fail' ? primaryFinding(promise)?.explainedBy : undefined;
  const follows = by === undefined ? '' : `follows from ${by.code} ${subjectInWords(by.subject)}`;
  const waived = isWaivedPromise(promise);
  const word = waived ? 'waived' : status === 'pass' ? '' : STATUS_WORDS[status];
  const texts = [word, observed, reason ?? '', follows].filter((text) => text !== '').map(plain);
  return [waived ? '➖' : MARKS[status], id, plain(titleNow(promise)), texts.join(' · ')];
}

function findingBlock(finding: Finding, report: Pick<RunReport, 'called'>): string {
  const { code, severity, subject, expected, received, causes, remedy, evidence, waived, baseline } = finding;
  const [link] = evidence.links;
  const callees = calleeLines(finding);
  const versions = versionsText(finding);
  const rows = [
    ...(waived === undefined ? [] : [`* **${plain(waiverInWords(waived))}**`]),
    ...(finding.comparison === undefined ? [] : [`* baseline: ${plain(baselineInWords(finding))}`]),
    ...(finding.limit === undefined ? [] : [`* limit: ${plain(limitInWords(finding))}`]),
    `* expected: ${plain(expected)}`,
    `* received: ${plain(received)}`,
    ...(callees.length === 0 ? [] : [`* calls to: ${plain(callees.join('; '))}`]),
    ...(versions === undefined ? [] : [`* versions: ${plain(versions)}`]),
    ...(causes.length === 0 ? [] : [`* cause: ${causes.map((cause) => `\`${cause}\``).join(' or ')}`]),
    `* do: ${plain(remedy)}`,
    ...(link === undefined ? [] : [`* trace: ${linkOf(link)}`]),
    `* more: \`${explainCommand(finding, report)}\`, ${docsOf(finding)}`,
  ];
  const head = [`${code} ${severity}`, plain(subjectInWords(subject)), plain(CODES[code].title), shareWords(finding)];
  const parts = [...head, baseline ?? ''].filter((part) => part !== '');
  return `### ${parts.join(' · ')}\n\n${rows.join('\n')}${codeOf(finding)}`;
}

/** The code to paste, where the service's stack is known. It is ours, so that nothing in it needs escaping. */
function codeOf({ facts }: Finding): string {
  const snippet = snippetOf(facts?.remedy);
  if (snippet === undefined) return '';
  const text = `\`\`\`${snippet.fence}\n${snippetText(snippet)}\n\`\`\``;
  return `\n\n<details><summary>Code that copies the headers</summary>\n\n${text}\n\n</details>`;
}

/** A finding that follows from another needs no block, but a reader who looks for it must find it. */
function consequences(findings: readonly Finding[]): Section {
  return {
    before: '**Follows from another finding**\n\n',
    parts: findings
      .filter(({ explainedBy }) => explainedBy !== undefined)
      .map((finding) => `* ${plain(findingInWords(finding))}`),
    between: '\n',
    after: '',
    leftOut: (count) => `* ${count} more`,
  };
}

function policyList(policy: ReportedPolicy | undefined): Section {
  const lines = policy === undefined ? [] : policyInWords(policy);
  return {
    before: '',
    parts: lines.map(([name, text]) => `* ${name}: ${plain(text)}`),
    between: '\n',
    after: '',
    leftOut: (count) => `* ${count} more of what was asked to count`,
  };
}

/** What shows the headers that no mesh can show. */
function contractCommands(hops: readonly ReportedHop[]): Section {
  const commands = new Set(
    hops.flatMap(({ headers }) => Object.values(headers).flatMap(({ command }) => command ?? [])),
  );
  return {
    before: '<details><summary>Commands that show the other headers, without a mesh</summary>\n\n',
    parts: [...commands].map((command) => `* ${codeSpan(command)}`),
    between: '\n',
    after: '\n\n</details>',
    leftOut: (count) => `* ${count} more`,
  };
}

function hopTable(hops: readonly ReportedHop[]): Section {
  const headers = [...new Set(hops.flatMap((hop) => Object.keys(hop.headers)))];
  const rows = hops.map(({ caller, callee, seen, expected, headers: cells }) =>
    row([
      `${plain(caller)} → ${plain(callee)}`,
      `${seen} of ${expected}`,
      ...headers.map((header) => {
        const found = cells[header];
        return found === undefined ? '' : CELLS[found.cell];
      }),
    ]),
  );
  const summary = 'Hops and headers (✓ kept, ✗ lost, ~ changed, · not observable)';
  return {
    before: `<details><summary>${summary}</summary>\n\n${table(['hop', 'seen', ...headers.map(plain)], [])}\n`,
    parts: rows,
    between: '\n',
    after: '\n\n</details>',
    leftOut: (count) => row([`${count} more hops are left out here`, ...[...headers, ''].map(() => '')]),
  };
}
